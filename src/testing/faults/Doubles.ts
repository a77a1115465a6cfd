/**
 * What goes wrong in the world, as visits around any adapter (see `around`): none of them breaks a port's contract, so
 * whatever is built on the ports must bear all of them, in any number and any mixture.
 *
 * | double | what its caller sees | what has happened below |
 * |---|---|---|
 * | `slow` | the answer, late | the call, later than its caller thinks |
 * | `unavailable` | `StoreError`, `unavailable` | nothing |
 * | `lostAnswer` | `StoreError`, `timeout` | the write |
 * | `twice` | the first answer | the write, sent again: versions or ids make it one |
 * | `stale` | what a search knew up to `stalenessMillis` ago | nothing |
 * | `wakesTwice` | every wake-up twice | nothing |
 *
 * Each takes the question whether it strikes: by chance, by count, by operation.
 *
 * @module
 */
import { Clock, Effect, Stream } from "effect"
import type { StoreError } from "../../ports/StoreError.ts"
import { type Call, isRepeatable, isWrite, passing, type StreamVisit, type Visit } from "./Around.ts"

/** Whether a double strikes this call. Asked once per call, in order. */
export type Strikes = (call: Call) => boolean

/** Waits before the call and again before its answer. */
export const slow =
  (strikes: Strikes, wait: Effect.Effect<void>): Visit =>
  <A, E>(call: Call, does: Effect.Effect<A, E>) =>
    Effect.suspend(
      (): Effect.Effect<A, E | StoreError> =>
        strikes(call)
          ? Effect.andThen(
              wait,
              Effect.tap(does, () => wait)
            )
          : does
    )

/** Nothing happens, and the caller is told so. */
export const unavailable =
  (strikes: Strikes): Visit =>
  <A, E>(call: Call, does: Effect.Effect<A, E>) =>
    Effect.suspend(
      (): Effect.Effect<A, E | StoreError> => (strikes(call) ? Effect.fail(passing(call, "unavailable")) : does)
    )

/** The write happens; its answer does not arrive. Reads are left alone: nobody can tell their loss from `unavailable`. */
export const lostAnswer =
  (strikes: Strikes): Visit =>
  <A, E>(call: Call, does: Effect.Effect<A, E>) =>
    Effect.suspend(
      (): Effect.Effect<A, E | StoreError> =>
        isWrite(call) && strikes(call) ? Effect.andThen(does, Effect.fail(passing(call, "timeout"))) : does
    )

/** The write is sent twice, as a network that repeats does: whatever the second brings is lost. */
export const twice =
  (strikes: Strikes): Visit =>
  <A, E>(call: Call, does: Effect.Effect<A, E>) =>
    Effect.suspend(
      (): Effect.Effect<A, E | StoreError> =>
        isRepeatable(call) && strikes(call) ? Effect.tap(does, () => Effect.exit(does)) : does
    )

/** Searches of a CRM that may be as old as it declares. */
const searches: ReadonlySet<string> = new Set(["match", "findWritten", "chatCopies"])

/**
 * A search answers what it answered before, as long as that is not older than the CRM declares (`stalenessMillis`). With
 * 0 it never strikes: the CRM promised to see every write.
 */
export const stale = (strikes: Strikes, stalenessMillis: number): Visit => {
  const known = new Map<string, { readonly at: number; readonly answer: unknown }>()
  return <A, E>(call: Call, does: Effect.Effect<A, E>) =>
    Effect.gen(function* () {
      if (stalenessMillis === 0 || !searches.has(call.operation)) return yield* does
      const name = JSON.stringify([call.operation, ...call.given])
      const now = yield* Clock.currentTimeMillis
      const before = known.get(name)
      if (before !== undefined && now - before.at < stalenessMillis && strikes(call)) return before.answer as A
      const answer = yield* does
      known.set(name, { at: now, answer })
      return answer
    })
}

/** Duplicate delivery: each wake-up comes twice. */
export const wakesTwice: StreamVisit = (_, does) => Stream.flatMap(does, (one) => Stream.make(one, one))
