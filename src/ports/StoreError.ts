import { Data } from "effect"

/**
 * What went wrong in the world. An adapter maps every error of its driver to one of these in one function.
 *
 * | reason | meaning | usually retryable |
 * |---|---|---|
 * | `unavailable` | not reached, connection lost, shutting down | yes |
 * | `timeout` | no answer in time: a write may have happened | yes, under an idempotency key |
 * | `overloaded` | refused for load: too many connections, rate limit | yes |
 * | `contention` | deadlock or serialization failure that retries inside the adapter did not settle | yes |
 * | `readOnly` | writes are refused for now | yes |
 * | `full` | no space, no memory | no |
 * | `corrupt` | stored data does not decode | no |
 * | `misconfigured` | wrong credentials, missing schema, version too new | no |
 * | `unsupported` | the other side cannot do this; its capabilities say so | no |
 */
export type StoreErrorReason =
  | "unavailable"
  | "timeout"
  | "overloaded"
  | "contention"
  | "readOnly"
  | "full"
  | "corrupt"
  | "misconfigured"
  | "unsupported"

/** A failure of the world (K3). Callers decide by `reason` and `isRetryable`, never by message texts. */
export class StoreError extends Data.TaggedError("StoreError")<{
  readonly reason: StoreErrorReason
  readonly isRetryable: boolean
  /** `DeskStore.commit`, `Crm.match` …: for people and spans. */
  readonly operation: string
  readonly cause?: unknown
}> {}

/**
 * A commit whose expectations no longer hold; nothing was written. Names every key whose version differs, so that the
 * caller knows what to load again.
 */
export class Conflict extends Data.TaggedError("Conflict")<{
  readonly keys: ReadonlyArray<{ readonly kind: string; readonly id: string }>
}> {}
