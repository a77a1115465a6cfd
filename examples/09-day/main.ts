import { Effect } from "effect"
import { run } from "./Run.ts"

await Effect.runPromise(run(process.argv.slice(2))).catch((error: unknown) => {
  console.error("the day failed:", error)
  process.exitCode = 1
})
