import { DateTime, Schema } from "effect"

/** Furthest from 1970 that calendars reach. Source: ECMA-262, time values. */
const MAX_MILLIS = 8.64e15

/**
 * A moment: whole milliseconds since 1970-01-01T00:00:00Z, UTC.
 *
 * decision: a branded number and not `DateTime.Utc`, because states are frozen (a `DateTime` writes caches into
 * itself), compared, hashed into the transcript's digest (D7) and used as keyset cursors (H4) on hot paths.
 */
export const Instant = Schema.Int.check(Schema.isBetween({ minimum: -MAX_MILLIS, maximum: MAX_MILLIS })).pipe(
  Schema.brand("Instant")
)
export type Instant = typeof Instant.Type

/** From epoch milliseconds that are known to be whole. */
export const fromMillis = (epochMillis: number): Instant => epochMillis as Instant

/** From Effect's clock-bound type. */
/** The last instant that there is (ECMA-262, 21.4.1.1): everything that is due at all is due by then. */
export const latest: Instant = fromMillis(MAX_MILLIS)

export const fromDateTime = (dateTime: DateTime.DateTime): Instant => fromMillis(dateTime.epochMilliseconds)

/** To Effect's type, for calendars and formatting. */
export const toDateTime = (instant: Instant): DateTime.Utc => DateTime.makeUnsafe(instant)

/** ISO 8601 with milliseconds and `Z`. */
export const format = (instant: Instant): string => DateTime.formatIso(toDateTime(instant))

/** The later of two. */
export const max = (a: Instant, b: Instant): Instant => (a > b ? a : b)

/** `instant` moved forward by `millis` (backward if negative). */
export const plusMillis = (instant: Instant, millis: number): Instant => fromMillis(instant + millis)
