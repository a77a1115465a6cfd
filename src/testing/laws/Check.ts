/**
 * Checks an implementation against the laws of its port. Needs no test runner; `leadline/testing/vitest` registers the same
 * as tests, `npx leadline laws` prints them as a table.
 *
 * @example
 * ```ts
 * import { Effect } from "effect"
 * import * as Memory from "leadline/memory"
 * import { Check, Laws, Report } from "leadline/testing"
 *
 * const report = await Effect.runPromise(Check.check(Laws.signals, Memory.layer()))
 * const faults = Report.broken(report) // []
 * ```
 *
 * @module
 */
import { Duration, Effect, Layer, Random, Result } from "effect"
import * as Law from "./Law.ts"
import type { Judged, Report, Verdict } from "./Report.ts"

/** The laws of one port. */
export interface Suite<R> {
  /** The port's name. */
  readonly port: string
  readonly laws: ReadonlyArray<Law.Law<R>>
}

export interface Options {
  /** Of everything random; one seed where nothing is said, so that a run can be had again. */
  readonly seed?: number
  /** How many examples each law of many examples tries; by default what it takes about a second for. */
  readonly numRuns?: number
  /** When a law that does not end is broken. */
  readonly limitMillis?: number
  /**
   * `suite`: one build for all laws, which have accounts of their own; `law`: one for each, for an implementation that
   * knows no accounts.
   */
  readonly buildPer?: "suite" | "law"
}

/** decision: any seed does; this one is the day on which the laws became data. */
export const SEED = 20261123

/** decision: some hundred times what a law takes in memory, and some ten times what it takes on a server. */
export const LIMIT_MILLIS = 15_000

/** Judges every law of a suite. Fails only where the implementation cannot be built. */
export const check = <R, E>(
  { laws, port }: Suite<R>,
  layer: Layer.Layer<R, E>,
  options: Options = {}
): Effect.Effect<Report, E> => {
  const judgeAll = Effect.forEach(laws, (law) =>
    options.buildPer === "law" ? Effect.provide(judge(law, options), Layer.fresh(layer)) : judge(law, options)
  )
  return Effect.map(
    // built even if every law builds its own: it gives R, and costs little
    Effect.provide(judgeAll, layer),
    (judged) => ({ port, judged })
  )
}

/** Judges one law. */
export const judge = <R>(law: Law.Law<R>, options: Options = {}): Effect.Effect<Judged, never, R> =>
  Effect.gen(function* () {
    const seed = options.seed ?? SEED
    const because = yield* outside(law)
    const verdict: Verdict = because === null ? yield* verdictOf(law, seed, options) : { _tag: "DoesNotApply", because }
    const { group, id, rules, sentence } = law
    return { law: id, sentence, group, rules, verdict, seed }
  })

/** Why a law does not bind this implementation; `null`: it does. */
const outside = <R>({ forbids, needs }: Law.Law<R>): Effect.Effect<string | null, never, R> =>
  Effect.gen(function* () {
    if (needs !== null && !(yield* needs.isDeclared)) return `it does not declare ${needs.name}`
    if (forbids !== null && (yield* forbids.isDeclared)) return `it declares ${forbids.name}`
    return null
  })

const verdictOf = <R>(law: Law.Law<R>, seed: number, options: Options): Effect.Effect<Verdict, never, R> =>
  Effect.gen(function* () {
    const limitMillis = options.limitMillis ?? LIMIT_MILLIS
    const unique = (yield* Random.nextInt).toString(36).replace("-", "z")
    const trial = Law.Trial.of({ seed, numRuns: options.numRuns ?? null, accounts: Law.accountsOf(unique) })
    const late: Verdict = { _tag: "Broken", script: [], expected: "an end", got: `none after ${limitMillis} ms` }
    const judged = Effect.map(Effect.result(Effect.provideService(law.check, Law.Trial, trial)), (done): Verdict => {
      if (Result.isSuccess(done)) return { _tag: "Holds" }
      const { expected, got, script } = done.failure
      return { _tag: "Broken", script, expected, got }
    })
    return yield* Effect.raceFirst(judged, Effect.as(Law.trueSleep(Duration.millis(limitMillis)), late))
  })
