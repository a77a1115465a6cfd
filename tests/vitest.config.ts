import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const root = fileURLToPath(new URL("..", import.meta.url))

/** Inside the repository `leadline/*` means the sources, as it does for tsc and for `node --conditions`. */
const conditions = ["leadline-source", "module", "node", "development|production"]

export default defineConfig({
  root,
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["leadline-source", "node"] } },
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/.cache/**"],
    setupFiles: ["tests/Seed.ts"],
    // modules are evaluated once per worker, not once per file: no file leaves anything behind in them
    isolate: false,
    testTimeout: 20_000
  }
})
