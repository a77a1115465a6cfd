/**
 * `npm run fuzz -- --requests N --seed S`: requests that mean no good, against a server in memory. Prints how many of which
 * status there were, and what memory grew by; ends with 1, and the smallest such request, where an answer is not as
 * described.
 *
 * @module
 */
import { parseArgs } from "node:util"
import { Effect } from "effect"
import { servedWith } from "../Served.ts"
import { fuzz, unlimited } from "./Fuzzing.ts"

const { values } = parseArgs({
  options: { requests: { type: "string", default: "100000" }, seed: { type: "string", default: String(Date.now()) } }
})
const requests = Number(values.requests)
const seed = Number(values.seed)

/** Many rounds, each with a server of its own: what one round leaves behind would show. */
const ROUND = 10_000

const heap = (): number => {
  globalThis.gc?.()
  return Math.round(process.memoryUsage().heapUsed / 1_048_576)
}

const total = new Map<number, number>()
const began = Date.now()
let before: number | null = null
for (let done = 0; done < requests; done += ROUND) {
  const round = { requests: Math.min(ROUND, requests - done), seed: seed + done }
  const statuses = await Effect.runPromise(fuzz(round).pipe(Effect.provide(servedWith(unlimited))))
  for (const [status, count] of statuses) total.set(status, (total.get(status) ?? 0) + count)
  before ??= heap()
  console.log(`${done + round.requests} requests, heap ${heap()} MiB (after the first round ${before})`)
}
const table = [...total].sort(([one], [other]) => one - other).map(([status, count]) => `${status}: ${count}`)
console.log(`seed ${seed}, ${Math.round((Date.now() - began) / 1_000)} s; ${table.join(", ")}`)
