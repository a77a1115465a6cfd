import { Bench } from "tinybench"
import type { Case, Opened, Options, Result, Side, Timed } from "./Case.ts"

/** decision: an odd number, so that there is a middle; each costs a round of every side. */
const ROUNDS = { full: 7, quick: 5 }

const median = (numbers: ReadonlyArray<number>): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

/** A task that says what it cost with all that is not counted, because that is what a round's time is for. */
const whole = (task: Side["task"]) => async () => {
  const began = performance.now()
  const timed = (await task()) as Timed | undefined
  const overriddenIterationCost = performance.now() - began
  return typeof timed?.overriddenDuration === "number" ? { ...timed, overriddenIterationCost } : undefined
}

/** Milliseconds per unit of work. */
const measure = async (side: Side, { takes = "mean" }: Case, millis: number): Promise<number> => {
  const bench = new Bench({ time: millis, iterations: 1, warmup: false, throws: true })
  // said, because tinybench would call the task once more to find out
  bench.add("side", side.isSync === true ? side.task : whole(side.task), { async: side.isSync !== true })
  const [task] = await bench.run()
  if (task?.result.state !== "completed") throw new Error("a task did not end")
  return task.result.latency[takes] / (side.units ?? 1)
}

/**
 * Alternating rounds: in each every side runs once, and the order turns by one, so that what the machine does meanwhile
 * hits all. A ratio is of two sides in the same round; the median of the rounds is quoted, with the least and the largest.
 */
export const compare = async (one: Case, opened: Opened, { isQuick }: Options): Promise<ReadonlyArray<Result>> => {
  await opened.check?.()
  const sides: ReadonlyArray<Side> = [opened.ours, ...opened.baselines]
  const millis = (one.roundMillis ?? 400) / (isQuick ? 4 : 1)
  for (const side of sides) await measure(side, one, millis)
  const rounds = isQuick ? ROUNDS.quick : ROUNDS.full
  const costs = sides.map((): Array<number> => [])
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < sides.length; turn++) {
      const n = (round + turn) % sides.length
      const side = sides[n]
      if (side !== undefined) costs[n]?.push(await measure(side, one, millis))
    }
  }
  const [ours = [], ...others] = costs
  return opened.baselines.map(({ against }, n) => {
    const theirs = others[n] ?? []
    const ratios = ours.map((cost, round) => {
      const other = theirs[round] ?? Number.NaN
      return one.kind === "growth" ? cost / other : other / cost
    })
    const shown = (cost: number) => (one.unit === "per second" ? 1000 / cost : cost)
    return {
      case: one.name,
      against,
      ratio: median(ratios),
      unit: one.unit,
      ours: shown(median(ours)),
      baseline: shown(median(theirs)),
      rounds,
      min: Math.min(...ratios),
      max: Math.max(...ratios)
    }
  })
}
