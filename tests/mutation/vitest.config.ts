import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

/** `leadline/*` means what Stryker built of its copy of the sources: a worker starts in a third of the time. */
const conditions = ["module", "node", "development|production"]

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["node"] } },
  test: {
    setupFiles: ["tests/mutation/Fewer.ts"],
    include: (process.env.MUTATION_TESTS ?? "tests/domain,tests/properties")
      .split(",")
      .map((path) => `${path}/**/*.test.ts`),
    testTimeout: 20_000,
    isolate: false,
    server: { deps: { external: [/\/dist\//] } }
  }
})
