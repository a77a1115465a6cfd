import * as History from "./History.ts"
import type { Tried } from "./Simulator.ts"

/** What a simulation tried, and the shortened history of what it found, as people read it. */
export const lines = ({ actions, events, failure, histories, struck }: Tried): ReadonlyArray<string> => {
  const faults = [...struck].map(([kind, times]) => `  ${kind.padEnd(12)} ${String(times).padStart(8)}`)
  const tried = [`${histories} histories, ${actions} actions, ${events} events; faults that struck:`, ...faults]
  if (failure === null) return [...tried, "Every rule held."]
  const { breaches, history, shortened } = failure
  return [
    ...tried,
    `Seed ${history.seed} fails; of its ${history.steps.length} steps these ${shortened.steps.length} are left:`,
    ...History.lines(shortened),
    "What did not hold:",
    ...breaches.map(({ rule, what }) => `  ✗ ${rule}: ${what}`)
  ]
}
