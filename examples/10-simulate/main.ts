import { parseArgs } from "node:util"
import { Effect } from "effect"
import { layer as memory } from "leadline/memory"
import { Report, Simulator } from "leadline/testing/simulator"
import { progress } from "../02-replay/Progress.ts"

/** Plays histories in which everything goes wrong that can: `--seed` of the first, `--runs` how many. */
const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, runs: { type: "string", default: "100" } }
})
const [seed, runs] = [Number(values.seed), Number(values.runs)]

if (Number.isInteger(seed) && Number.isInteger(runs) && runs > 0) {
  const bar = progress(runs, "histories")
  const tried = await Effect.runPromise(
    Simulator.simulate({ seed, runs, ports: () => memory(), progress: bar.advance })
  )
  bar.end()
  console.log(Report.lines(tried).join("\n"))
  if (tried.failure !== null) process.exitCode = 1
} else {
  console.error("--seed and --runs are whole numbers, at least one run")
  process.exitCode = 1
}
