import { Result, Schema } from "effect"
import { fitting } from "./Fitting.ts"

/** Lifts a stored envelope by one schema version (K5): `from` to `from + 1`. */
export interface Upcaster {
  readonly from: number
  readonly lift: (envelope: Readonly<Record<string, unknown>>) => Record<string, unknown>
}

/** A stored value that cannot be read: of a version nobody here knows, or not as the version says. */
export const Unreadable = Schema.TaggedStruct("Unreadable", { problem: Schema.String })
export type Unreadable = typeof Unreadable.Type

/** Lifts a stored envelope, step by step, to `current`. */
export const upcast = (
  stored: unknown,
  upcasters: ReadonlyArray<Upcaster>,
  current: number
): Result.Result<unknown, Unreadable> => {
  if (typeof stored !== "object" || stored === null) return unreadable("not an object")
  let envelope: Record<string, unknown> = { ...stored }
  const { schemaVersion: storedVersion } = envelope
  if (typeof storedVersion !== "number") return unreadable("no schemaVersion")
  let version = storedVersion
  while (version !== current) {
    const at = version
    const step = upcasters.find(({ from }) => from === at)
    if (step === undefined) return unreadable(`schemaVersion ${at}: this release reads up to ${current}`)
    version = at + 1
    envelope = { ...step.lift(envelope), schemaVersion: version }
  }
  return Result.succeed(envelope)
}

const unreadable = (problem: string): Result.Result<never, Unreadable> => Result.fail({ _tag: "Unreadable", problem })

/**
 * Reads a stored JSON value of any earlier version as the current one's `schema` says (K5). What this release stored is
 * looked at and taken as it is.
 */
export const reader = <A>(
  schema: Schema.Codec<A, unknown>,
  upcasters: ReadonlyArray<Upcaster>,
  current: number
): ((stored: unknown) => Result.Result<A, Unreadable>) => {
  const decode = Schema.decodeUnknownResult(schema, { errors: "all" })
  const fits = fitting(schema)
  return (stored) =>
    fits(stored)
      ? Result.succeed(stored as A)
      : Result.flatMap(upcast(stored, upcasters, current), (lifted) =>
          Result.mapError(decode(lifted), (error): Unreadable => ({ _tag: "Unreadable", problem: String(error) }))
        )
}
