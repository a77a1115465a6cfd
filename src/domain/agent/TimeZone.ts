import { hoursToMilliseconds } from "date-fns"
import { Result, Schema } from "effect"
import type { Instant } from "../account/Instant.ts"
import * as Instants from "../account/Instant.ts"

/**
 * A name in IANA's time zone database, `Europe/Berlin` (B8). The engine's own copy of the database decides which names
 * exist and what they mean, so a name that is younger than the engine is refused.
 */
export const TimeZone = Schema.String.check(
  Schema.makeFilter((name) => isKnown(name) || "an IANA time zone that is known here", {
    identifier: "TimeZone",
    arbitraryConstraint: { patterns: [{ source: "^(UTC|Europe/Dublin|Asia/Kolkata|America/Sao_Paulo)$", flags: "" }] }
  })
)
export type TimeZone = typeof TimeZone.Type

/** What is known of a zone so far: offsets at the start of UTC days, and the change within a day, where there is one. */
interface Zone {
  readonly format: Intl.DateTimeFormat
  readonly offsets: Map<number, number>
  readonly changes: Map<number, Instant>
}

const DAY = hoursToMilliseconds(24)

/** Source: ECMA-262, time values; `Intl` formats none beyond. */
const LAST_DAY = 100_000_000

/** decision: IANA has about 600 names, so all fit; the same names in odd capitals must not fill the memory. */
const MAX_ZONES = 1_000

/** decision: ten years of days. When they are full they are forgotten: they are a memory of pure answers. */
const MAX_DAYS = 3_660

const zones = new Map<string, Zone>()

/** Offsets like `+01:00` are no zones of IANA; some engines take them. */
const isKnown = (name: string): boolean => /^[A-Za-z]/.test(name) && Result.isSuccess(Result.try(() => formatOf(name)))

const formatOf = (name: string) =>
  new Intl.DateTimeFormat("en-US", { timeZone: name, calendar: "gregory", timeZoneName: "longOffset" })

const zoneOf = (name: TimeZone): Zone => {
  const known = zones.get(name)
  if (known !== undefined) return known
  if (zones.size >= MAX_ZONES) zones.clear()
  const zone: Zone = { format: formatOf(name), offsets: new Map(), changes: new Map() }
  zones.set(name, zone)
  return zone
}

/** Reads the offset at the end of `1/1/1890, GMT+00:53:28`; `GMT` alone is none. */
const readOffset = (zone: Zone, epochMillis: number): number => {
  const [, sign, hours, minutes, seconds] =
    /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(zone.format.format(epochMillis)) ?? []
  const millis = ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1_000
  return sign === "-" ? -millis : millis
}

const startOf = (day: number): number => Math.min(day, LAST_DAY) * DAY

const offsetAtStartOf = (zone: Zone, day: number): number => {
  const known = zone.offsets.get(day)
  if (known !== undefined) return known
  if (zone.offsets.size >= MAX_DAYS) zone.offsets.clear()
  const offset = readOffset(zone, startOf(day))
  zone.offsets.set(day, offset)
  return offset
}

/**
 * The instant within (start of `day`, start of the next] from which on the offset is another. One at most: the
 * shortest time between two changes is four days (IANA 2026c: Africa/Freetown, September 1939).
 */
const changeIn = (zone: Zone, day: number): Instant | null => {
  const before = offsetAtStartOf(zone, day)
  if (before === offsetAtStartOf(zone, day + 1)) return null
  const known = zone.changes.get(day)
  if (known !== undefined) return known
  let last = startOf(day)
  let first = startOf(day + 1)
  while (first - last > 1) {
    const middle = Math.floor((last + first) / 2)
    if (readOffset(zone, middle) === before) last = middle
    else first = middle
  }
  if (zone.changes.size >= MAX_DAYS) zone.changes.clear()
  const change = Instants.fromMillis(first)
  zone.changes.set(day, change)
  return change
}

/** How far the zone's wall clock is ahead of UTC at `at`, in milliseconds. */
export const offsetMillis = (name: TimeZone, at: Instant): number => {
  const zone = zoneOf(name)
  const day = Math.floor(at / DAY)
  const change = changeIn(zone, day)
  return offsetAtStartOf(zone, change === null || at < change ? day : day + 1)
}

/** The first instant in (after, until] from which on the wall clock has another offset; `null`: none. */
export const nextTransition = (name: TimeZone, after: Instant, until: Instant): Instant | null => {
  const zone = zoneOf(name)
  for (let day = Math.floor(after / DAY); startOf(day) < until; day++) {
    const change = changeIn(zone, day)
    if (change !== null && change > after) return change <= until ? change : null
  }
  return null
}
