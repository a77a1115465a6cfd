import type { OperatingHours } from "leadline"

/** What a clock on the wall shows, as `Intl` tells it in parts: the oracle of the operating hours. */
export interface Reading {
  readonly date: string
  readonly weekday: number
  readonly minute: number
}

export const MINUTE = 60_000
export const DAY = 86_400_000

const weekdays = ["", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

const formats = new Map<string, Intl.DateTimeFormat>()

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-GB", {
      ...{ timeZone, calendar: "gregory", hourCycle: "h23", weekday: "short" },
      ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }
    })
  formats.set(timeZone, format)
  return format
}

export const read = (timeZone: string, at: number): Reading => {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value])
  )
  return {
    date: `${parts.year?.padStart(4, "0")}-${parts.month}-${parts.day}`,
    weekday: weekdays.indexOf(parts.weekday ?? ""),
    minute: Number(parts.hour) * 60 + Number(parts.minute)
  }
}

const plain = ({ date, minute }: Reading): number => Date.parse(date) + minute * MINUTE

/** Minutes at which the clock jumps in [from, to): it shows something else than a minute after what it showed before. */
export const jumps = (timeZone: string, from: number, to: number): ReadonlyArray<number> => {
  const ahead = (at: number) => plain(read(timeZone, at)) - at
  const found: Array<number> = []
  for (let day = from; day < to; day += DAY) {
    if (ahead(day) === ahead(day + DAY)) continue
    let at = day + MINUTE
    while (ahead(at) === ahead(day)) at += MINUTE
    found.push(at)
  }
  return found
}

/** The date `days` after `date`. */
export const later = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10)

/** Whether hours are open when the clock shows this, said the long way round: the rule, interval by interval. */
export const isOpenWhen = (
  { weekly, holidays }: OperatingHours.OperatingHours,
  { date, weekday, minute }: Reading
): boolean => {
  if (holidays.includes(date)) return false
  return weekly.some(({ day, from, to }) => {
    const length = to > from ? to - from : to + 1_440 - from
    const sinceToday = minute - from
    const sinceYesterday = minute + 1_440 - from
    if (day === weekday && sinceToday >= 0 && sinceToday < length) return true
    return (day % 7) + 1 === weekday && sinceYesterday < length && !holidays.includes(later(date, -1))
  })
}
