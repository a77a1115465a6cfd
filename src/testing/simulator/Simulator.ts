import { Effect, type Layer } from "effect"
import { type Kind, kinds } from "./Faults.ts"
import type { History } from "./History.ts"
import * as Invention from "./Invention.ts"
import { shorten } from "./Shortening.ts"
import { type Breach, type Ports, play } from "./Simulation.ts"

/** What to simulate. */
export interface Asked {
  /** The first history's; the others are counted on. */
  readonly seed: number
  readonly runs: number
  /** Adapters that start empty, each time. */
  readonly ports: () => Layer.Layer<Ports, unknown>
  /** How often a failing history is played again to shorten it; 0: not at all. Default 400. */
  readonly budget?: number
  /** After each history: how many are over. */
  readonly progress?: (over: number) => void
}

/** A history in which a rule did not hold. */
export interface Failure {
  /** As it was made of its seed. */
  readonly history: History
  /** The shortest found that breaks the same rule. */
  readonly shortened: History
  /** What the shortened history breaks. */
  readonly breaches: ReadonlyArray<Breach>
}

/** What was tried, and what was found: the first failure, if any, ends the simulation. */
export interface Tried {
  readonly histories: number
  readonly actions: number
  readonly events: number
  /** How often each kind of fault struck. */
  readonly struck: ReadonlyMap<Kind, number>
  readonly failure: Failure | null
}

/** Plays histories, one after another, until one fails. */
export const simulate = Effect.fnUntraced(function* ({ budget = 400, ports, progress, runs, seed }: Asked) {
  const struck = new Map<Kind, number>(kinds.map((kind) => [kind, 0]))
  const tried = { histories: 0, actions: 0, events: 0 }
  for (let run = 0; run < runs; run++) {
    const history = Invention.history(seed + run)
    const outcome = yield* play(history, ports)
    tried.histories++
    tried.actions += outcome.actions
    tried.events += outcome.events
    for (const [kind, times] of outcome.struck) struck.set(kind, (struck.get(kind) ?? 0) + times)
    if (outcome.breaches.length > 0) {
      const failure = yield* shortened(history, outcome.breaches, ports, budget)
      return { ...tried, struck, failure } satisfies Tried
    }
    progress?.(run + 1)
  }
  return { ...tried, struck, failure: null } satisfies Tried
})

/** A shorter history counts as the same failure if it breaks one of the same rules. */
const shortened = Effect.fnUntraced(function* (
  history: History,
  breaches: ReadonlyArray<Breach>,
  ports: Asked["ports"],
  budget: number
) {
  const rules = new Set(breaches.map(({ rule }) => rule))
  const shorter = yield* shorten(
    history,
    (one) => Effect.map(play(one, ports), (outcome) => outcome.breaches.some(({ rule }) => rules.has(rule))),
    budget
  )
  const outcome = yield* play(shorter, ports)
  return { history, shortened: shorter, breaches: outcome.breaches } satisfies Failure
})
