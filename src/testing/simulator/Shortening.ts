import { Effect } from "effect"
import type { History, Step } from "./History.ts"

/**
 * The shortest history found that still fails: leaves out steps as long as it does (delta debugging, ddmin: A. Zeller,
 * "Yesterday, my program worked", 1999). `fails` is asked at most `budget` times.
 */
export const shorten = Effect.fnUntraced(function* <E, R>(
  history: History,
  fails: (shorter: History) => Effect.Effect<boolean, E, R>,
  budget = 400
) {
  let { steps } = history
  let left = budget
  const without = (from: number, until: number): ReadonlyArray<Step> => [...steps.slice(0, from), ...steps.slice(until)]
  for (let size = Math.ceil(steps.length / 2); size >= 1 && left > 0; ) {
    let isShorter = false
    for (let from = 0; from < steps.length && left > 0; ) {
      const fewer = without(from, from + size)
      left--
      if (yield* fails({ ...history, steps: fewer })) {
        steps = fewer
        isShorter = true
      } else from += size
    }
    // one by one until nothing more can go
    if (!isShorter || size > 1) size = size === 1 ? 0 : Math.ceil(size / 2)
  }
  return { ...history, steps } satisfies History
})
