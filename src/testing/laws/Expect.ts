/** What laws are said with: comparisons that fail with data, so that no test runner is needed. */
import { Data, Effect } from "effect"
import * as Render from "./Render.ts"

/** What was found is not what the law says. `what` names the thing that was looked at. */
export class Mismatch extends Data.TaggedError("Mismatch")<{
  readonly what: string
  readonly expected: string
  readonly got: string
}> {}

const mismatch = (what: string, expected: string, got: string): Effect.Effect<never, Mismatch> =>
  Effect.fail(new Mismatch({ what, expected, got }))

/** Equal as data: fields in any order, an absent field and an `undefined` one alike. */
export const same = (what: string, got: unknown, expected: unknown): Effect.Effect<void, Mismatch> =>
  isSame(got, expected) ? Effect.void : mismatch(what, Render.value(expected), Render.value(got))

/** As {@link same}, of the fields that are expected; others may be there. */
export const matches = (what: string, got: unknown, expected: unknown): Effect.Effect<void, Mismatch> =>
  includes(got, expected)
    ? Effect.void
    : mismatch(what, `${Render.value(expected)}, perhaps with more`, Render.value(got))

/** A condition on what was found, in words. */
export const holds = (what: string, isSo: boolean, got: unknown, expected: string): Effect.Effect<void, Mismatch> =>
  isSo ? Effect.void : mismatch(what, expected, Render.value(got))

/** Fails, with these fields at least: a refusal, a conflict, a `StoreError`. */
export const refused = <A, E, R>(
  what: string,
  effect: Effect.Effect<A, E, R>,
  expected: unknown
): Effect.Effect<E, Mismatch, R> =>
  Effect.matchEffect(effect, {
    onFailure: (refusal) => Effect.as(matches(what, refusal, expected), refusal),
    onSuccess: (done) => mismatch(what, `the refusal ${Render.value(expected)}`, `done: ${Render.value(done)}`)
  })

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

const fieldsOf = (value: object): ReadonlyMap<string, unknown> =>
  new Map(Object.entries(value).filter(([, field]) => field !== undefined))

/** Compared by hand, not by `Equal`, which may remember what a law changes on purpose. */
export const isSame = (one: unknown, other: unknown): boolean => {
  if (Object.is(one, other)) return true
  if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other)) return false
  if (one instanceof Map || other instanceof Map) {
    if (!(one instanceof Map && other instanceof Map) || one.size !== other.size) return false
    return [...one].every(([key, value]) => other.has(key) && isSame(value, other.get(key)))
  }
  if (one instanceof Set || other instanceof Set) {
    return one instanceof Set && other instanceof Set && isSame([...one].sort(), [...other].sort())
  }
  const [ones, others] = [fieldsOf(one), fieldsOf(other)]
  return (
    ones.size === others.size && [...ones].every(([key, value]) => others.has(key) && isSame(value, others.get(key)))
  )
}

const includes = (got: unknown, expected: unknown): boolean => {
  if (!isObject(got) || !isObject(expected) || expected instanceof Map) return isSame(got, expected)
  if (Array.isArray(expected)) {
    return Array.isArray(got) && got.length === expected.length && expected.every((one, n) => includes(got[n], one))
  }
  return Object.entries(expected).every(([name, field]) => includes(Reflect.get(got, name), field))
}
