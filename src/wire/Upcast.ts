import { Result } from "effect"

/** Lifts a stored envelope by one schema version (K5): `from` to `from + 1`. */
export interface Upcaster {
  readonly from: number
  readonly lift: (envelope: Readonly<Record<string, unknown>>) => Record<string, unknown>
}

/** A stored value whose version nobody here knows: written by a newer release, or not by Leadline. */
export interface UnreadableVersion {
  readonly _tag: "UnreadableEvent"
  readonly problem: string
}

/** Lifts a stored envelope, step by step, to `current`. */
export const upcast = (
  stored: unknown,
  upcasters: ReadonlyArray<Upcaster>,
  current: number
): Result.Result<unknown, UnreadableVersion> => {
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

const unreadable = (problem: string): Result.Result<never, UnreadableVersion> =>
  Result.fail({ _tag: "UnreadableEvent", problem })
