import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const root = fileURLToPath(new URL("..", import.meta.url))

/** Inside the repository `leadline/*` means the sources, as it does for tsc and for `node --conditions`. */
const conditions = ["leadline-source", "module", "node", "development|production"]

/** Count the steps of compiled code, so they need processes in which nothing was compiled before. */
const alone = ["cost", "chat-search"].map((name) => `tests/adapters/memory/${name}.test.ts`)

export default defineConfig({
  root,
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["leadline-source", "node"] } },
  test: {
    setupFiles: ["tests/Seed.ts"],
    globalSetup: ["tests/adapters/postgres/GlobalServer.ts"],
    testTimeout: 20_000,
    projects: [
      { extends: true, test: { name: "alone", include: alone } },
      {
        extends: true,
        test: {
          name: "together",
          include: ["tests/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/.cache/**", "**/.stryker/**", ...alone],
          // modules are evaluated once per worker, not once per file: no file leaves anything behind in them
          isolate: false
        }
      }
    ]
  }
})
