import { hoursToMilliseconds, minutesToMilliseconds } from "date-fns"
import { Schema } from "effect"
import type { Instant } from "../account/Instant.ts"
import * as Instants from "../account/Instant.ts"
import { nextTransition, offsetMillis, TimeZone } from "./TimeZone.ts"

/**
 * When an account is open (B8). All is read off the wall clock of the zone at the instant in question: an hour that
 * comes twice is judged twice alike, an hour (or, in Apia, a date) that is skipped is never open.
 */

const MINUTE = minutesToMilliseconds(1)
const DAY = hoursToMilliseconds(24)

/** decision: 24 a day, because people plan in hours; it keeps judging within microseconds. */
const MAX_INTERVALS = 7 * 24

/** decision: 36 a year for ten years, because more would be weekly hours. */
const MAX_HOLIDAYS = 360

/** decision: a year and a month, so that what happens once a year is seen from anywhere in it. */
export const HORIZON_MILLIS = 400 * DAY

/**
 * Open in [from, to), in minutes of the day (B8). It belongs to the ISO weekday it begins on (Monday 1, Sunday 7).
 * `to <= from`: it ends on the next day, so `0..0` and `0..1440` are both the whole day. Intervals may overlap.
 */
export const WeeklyInterval = Schema.Struct({
  day: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 7 })),
  from: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_439 })),
  to: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_440 }))
})
export type WeeklyInterval = typeof WeeklyInterval.Type

/** Whether the calendar has this date: `Date.parse` knows no 13th month, but takes the 30th of February for March. */
const isDate = (text: string): boolean => {
  const millis = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  return !Number.isNaN(millis) && new Date(millis).toISOString().startsWith(text)
}

/** A date of the Gregorian calendar, `YYYY-MM-DD`, without a zone. */
export const LocalDate = Schema.String.check(
  Schema.makeFilter((text) => isDate(text) || "a date of the calendar, YYYY-MM-DD", {
    identifier: "LocalDate",
    arbitraryConstraint: {
      patterns: [{ source: "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$", flags: "" }]
    }
  })
)
export type LocalDate = typeof LocalDate.Type

/**
 * An account's operating hours (B8). decision: a holiday closes its whole local date, and an interval that would begin
 * on it does not take place, because who is off on the 24th has no night shift that begins then. So its tail on the
 * next morning is closed, too, and so is what the evening before would carry into the holiday.
 */
export const OperatingHours = Schema.Struct({
  timeZone: TimeZone,
  weekly: Schema.Array(WeeklyInterval).check(Schema.isMaxLength(MAX_INTERVALS)),
  holidays: Schema.Array(LocalDate).check(Schema.isMaxLength(MAX_HOLIDAYS))
})
export type OperatingHours = typeof OperatingHours.Type

/** Whether the account is open at `at` (B8); without hours always. Cost: one pass over the weekly intervals. */
export const isOpen = (hours: OperatingHours | null, at: Instant): boolean =>
  hours === null || isOpenAt(hours, at + offsetMillis(hours.timeZone, at))

/**
 * The first instant after `after` at which `isOpen` changes (B8): where an interval begins or ends, or where the wall
 * clock jumps over such a point. `null`: none within `HORIZON_MILLIS`; then ask again before that has passed.
 */
export const nextChange = (hours: OperatingHours | null, after: Instant): Instant | null => {
  if (hours === null) return null
  const was = isOpen(hours, after)
  const until = Instants.fromMillis(Math.min(after + HORIZON_MILLIS, LAST_INSTANT))
  let from = after
  while (true) {
    const offset = offsetMillis(hours.timeZone, from)
    const local = nextChangeAt(hours, from + offset, until + offset)
    const reached = local === null ? until : Instants.fromMillis(local - offset)
    const jump = nextTransition(hours.timeZone, from, reached)
    if (jump === null) return local === null ? null : reached
    if (isOpen(hours, jump) !== was) return jump
    from = jump
  }
}

/** Source: ECMA-262, time values. */
const LAST_INSTANT = 8.64e15

// What follows lives on the wall clock: days and milliseconds since 1970-01-01T00:00 as the clock shows it.

/** Thursday, the first of January 1970, is day 0. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1

/** Holidays as day numbers: read once for each list, because hours are judged at every command. */
const holidaysRead = new WeakMap<ReadonlyArray<LocalDate>, ReadonlySet<number>>()

const holidaysOf = ({ holidays }: OperatingHours): ReadonlySet<number> => {
  const known = holidaysRead.get(holidays)
  if (known !== undefined) return known
  const read = new Set(holidays.map((date) => Date.parse(date) / DAY))
  holidaysRead.set(holidays, read)
  return read
}

const endsNextDay = ({ from, to }: WeeklyInterval): boolean => to <= from

const isOpenAt = (hours: OperatingHours, local: number): boolean => {
  const day = Math.floor(local / DAY)
  const minute = Math.floor((local - day * DAY) / MINUTE)
  const holidays = holidaysOf(hours)
  if (holidays.has(day)) return false
  const today = weekdayOf(day)
  const yesterday = holidays.has(day - 1) ? null : weekdayOf(day - 1)
  return hours.weekly.some((interval) =>
    endsNextDay(interval)
      ? (interval.day === today && minute >= interval.from) || (interval.day === yesterday && minute < interval.to)
      : interval.day === today && minute >= interval.from && minute < interval.to
  )
}

/** The minutes of a day at which anything may begin or end. Midnight always: a holiday may. */
const boundariesOf = (hours: OperatingHours, day: number): ReadonlyArray<number> => {
  const minutes = [0]
  const today = weekdayOf(day)
  const yesterday = weekdayOf(day - 1)
  for (const interval of hours.weekly) {
    if (interval.day === today) minutes.push(interval.from)
    if (interval.day === (endsNextDay(interval) ? yesterday : today)) minutes.push(interval.to)
  }
  return minutes.sort((a, b) => a - b)
}

/**
 * The first moment in (after, until] at which it opens or closes on a wall clock that never jumps. After eight days in
 * a row without holiday and change, only a holiday can bring one: the days until then are passed over. Eight, because
 * the first is seen in part (from `after` on, or without what a holiday before it would have carried over).
 */
const nextChangeAt = (hours: OperatingHours, after: number, until: number): number | null => {
  const was = isOpenAt(hours, after)
  let ordinary = 0
  for (
    let day = Math.floor(after / DAY);
    day * DAY <= until;
    day = ordinary > 7 ? holidayFrom(hours, day + 1) : day + 1
  ) {
    for (const minute of boundariesOf(hours, day)) {
      const moment = day * DAY + minute * MINUTE
      if (moment > after && isOpenAt(hours, moment) !== was) return moment <= until ? moment : null
    }
    ordinary = holidaysOf(hours).has(day) ? 0 : ordinary + 1
  }
  return null
}

/** The first holiday on `day` or after it; `Infinity`: none. */
const holidayFrom = (hours: OperatingHours, day: number): number => {
  let first = Number.POSITIVE_INFINITY
  for (const holiday of holidaysOf(hours)) if (holiday >= day && holiday < first) first = holiday
  return first
}
