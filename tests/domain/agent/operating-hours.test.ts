import { Schema } from "effect"
import fc from "fast-check"
import { Instant, OperatingHours } from "leadline"
import { describe, expect, it } from "vitest"
import { DAY, isOpenWhen, jumps, later, MINUTE, type Reading, read } from "./WallClock.ts"

const { isOpen, nextChange } = OperatingHours
type Hours = OperatingHours.OperatingHours

const zones = [
  ...["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata"],
  ...["Pacific/Apia", "America/Sao_Paulo", "Europe/Dublin", "UTC"]
]

const utc = (text: string): Instant.Instant => Instant.fromMillis(Date.parse(text))
const plus = Instant.plusMillis

/** Minutes that people write, and those where clocks jump; any other as well. */
const minute = (max: number) =>
  fc.oneof(
    fc.constantFrom(0, 30, 60, 90, 105, 120, 150, 180, 1_380, 1_410, 1_439, Math.min(max, 1_440)),
    fc.integer({ min: 0, max })
  )

const interval = fc.record({ day: fc.integer({ min: 1, max: 7 }), from: minute(1_439), to: minute(1_440) })

const hoursIn = (timeZone: fc.Arbitrary<string>, dates: fc.Arbitrary<string>): fc.Arbitrary<Hours> =>
  fc.record({
    timeZone,
    weekly: fc.array(interval, { maxLength: 10 }),
    holidays: fc.array(dates, { maxLength: 4 })
  })

const around = (date: string) => fc.integer({ min: -2, max: 2 }).map((days) => later(date, days))

const zone = fc.constantFrom(...zones)

/** Every change of `isOpen` in (from, to], by asking again and again. */
const changes = (hours: Hours, from: Instant.Instant, to: Instant.Instant): ReadonlyArray<Instant.Instant> => {
  const found: Array<Instant.Instant> = []
  for (let at = nextChange(hours, from); at !== null && at <= to; at = nextChange(hours, at)) found.push(at)
  return found
}

const weekdaysOpen = (timeZone: string, from: number, to: number, holidays: ReadonlyArray<string> = []): Hours => ({
  timeZone,
  weekly: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from, to })),
  holidays
})

const iso = (instants: ReadonlyArray<Instant.Instant>) => instants.map((at) => Instant.format(at).slice(0, 16))

describe("operating hours", () => {
  it("are open when the clock on the wall of their zone says so, at any instant (B8)", () => {
    const moment = fc.integer({ min: utc("1880-01-01"), max: utc("2090-01-01") }).map(Instant.fromMillis)
    const nearby = fc
      .tuple(zone, moment)
      .chain(([name, at]) => fc.tuple(hoursIn(fc.constant(name), around(read(name, at).date)), fc.constant(at)))
    fc.assert(
      fc.property(nearby, ([hours, at]) => {
        expect(isOpen(hours, at)).toBe(isOpenWhen(hours, read(hours.timeZone, at)))
      }),
      { numRuns: 3_000 }
    )
  })

  it("are always open where none are set, and that never changes (B8)", () => {
    expect(isOpen(null, utc("2026-01-01"))).toBe(true)
    expect(nextChange(null, utc("2026-01-01"))).toBe(null)
  })

  it("of an empty week never open, of a whole one never close (B8)", () => {
    const empty: Hours = { timeZone: "Europe/Berlin", weekly: [], holidays: ["2026-01-06"] }
    const start = utc("2026-01-01")
    expect([isOpen(empty, start), nextChange(empty, start)]).toEqual([false, null])
    for (const to of [0, 1_440]) {
      const whole = weekdaysOpen("Europe/Berlin", 0, to)
      expect([isOpen(whole, start), nextChange(whole, start)]).toEqual([true, null])
    }
    const fromNine = weekdaysOpen("Europe/Berlin", 540, 540)
    expect([isOpen(fromNine, start), nextChange(fromNine, start)]).toEqual([true, null])
  })

  it("that begin on a holiday do not take place; it closes its whole date, past midnight on both ends (B8)", () => {
    const nights = weekdaysOpen("Europe/Berlin", 22 * 60, 2 * 60, ["2026-12-24"])
    expect(iso(changes(nights, utc("2026-12-23T12:00Z"), utc("2026-12-26T12:00Z")))).toEqual([
      "2026-12-23T21:00",
      "2026-12-23T23:00",
      "2026-12-25T21:00",
      "2026-12-26T01:00"
    ])
  })

  it("go on past midnight, past the end of the week and of the year (B8)", () => {
    const sunday: Hours = { timeZone: "UTC", weekly: [{ day: 7, from: 1_380, to: 60 }], holidays: [] }
    expect(iso(changes(sunday, utc("2028-12-31T00:00Z"), utc("2029-01-02T00:00Z")))).toEqual([
      "2028-12-31T23:00",
      "2029-01-01T01:00"
    ])
  })
})

describe("where the clock jumps", () => {
  const berlin = (from: number, to: number) => weekdaysOpen("Europe/Berlin", from, to)
  const springOf2026 = [utc("2026-03-28T12:00Z"), utc("2026-03-29T12:00Z")] as const
  const autumnOf2026 = [utc("2026-10-24T12:00Z"), utc("2026-10-25T12:00Z")] as const

  it.each([
    ["all of it is skipped: they stay closed", 120, 180, []],
    ["the end is skipped: they close at the jump", 90, 150, ["2026-03-29T00:30", "2026-03-29T01:00"]],
    ["the beginning is skipped: they open at the jump", 150, 210, ["2026-03-29T01:00", "2026-03-29T01:30"]]
  ])("forward and %s (B8)", (_, from, to, expected) => {
    expect(iso(changes(berlin(from, to), ...springOf2026))).toEqual(expected)
  })

  it.each([
    ["all of it comes twice: they are open for both", 120, 180, ["2026-10-25T00:00", "2026-10-25T02:00"]],
    ["a part comes twice", 60, 150, ["2026-10-24T23:00", "2026-10-25T00:30", "2026-10-25T01:00", "2026-10-25T01:30"]],
    ["it ends there: they do not open again", 60, 120, ["2026-10-24T23:00", "2026-10-25T00:00"]]
  ])("back and %s (B8)", (_, from, to, expected) => {
    expect(iso(changes(berlin(from, to), ...autumnOf2026))).toEqual(expected)
  })

  it("over a date, that date is never open: Apia had no 30 December 2011 (B8)", () => {
    const fridays: Hours = { timeZone: "Pacific/Apia", weekly: [{ day: 5, from: 0, to: 1_440 }], holidays: [] }
    expect(iso(changes(fridays, utc("2011-12-27T00:00Z"), utc("2012-01-08T00:00Z")))).toEqual([
      "2012-01-05T10:00",
      "2012-01-06T10:00"
    ])
  })

  const years = [utc("2008-01-01"), utc("2030-01-01")] as const

  it.each(zones)("in %s, every change is where a scan by the minute sees it (B8)", (name) => {
    const found = jumps(name, ...years)
    expect(found.length > 0).toBe(!["Asia/Kolkata", "UTC"].includes(name))
    for (const jump of found.length > 0 ? found : [utc("2026-02-28T18:30Z")]) {
      const start = Instant.fromMillis(jump - DAY)
      const clock: Array<Reading> = []
      for (let at = jump - DAY; at <= jump + DAY; at += MINUTE) clock.push(read(name, at))
      fc.assert(
        fc.property(hoursIn(fc.constant(name), around(read(name, jump).date)), (hours) => {
          const open = clock.map((reading) => isOpenWhen(hours, reading))
          const expected = open.flatMap((is, index) =>
            index > 0 && is !== open[index - 1] ? [plus(start, index * MINUTE)] : []
          )
          expect(changes(hours, start, plus(start, 2 * DAY))).toEqual(expected)
          for (const at of expected) expect(isOpen(hours, plus(at, -1))).not.toBe(isOpen(hours, at))
        }),
        { numRuns: found.length > 0 ? 12 : 200 }
      )
    }
  })
})

describe("the next change", () => {
  it("follows the one before, turns open to closed and back, and nothing changes in between (B8)", () => {
    const start = fc.integer({ min: utc("1890-01-01"), max: utc("2060-01-01") }).map(Instant.fromMillis)
    const nearby = start.chain((at) =>
      fc.tuple(hoursIn(zone, around(Instant.format(at).slice(0, 10))), fc.constant(at))
    )
    const share = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), {
      minLength: 5,
      maxLength: 5
    })
    fc.assert(
      fc.property(nearby, share, ([hours, first], shares) => {
        let at = first
        for (let step = 0; step < 12; step++) {
          const next = nextChange(hours, at)
          const end = next ?? plus(at, OperatingHours.HORIZON_MILLIS)
          expect(end).toBeGreaterThan(at)
          for (const part of shares) {
            expect(isOpen(hours, plus(at, Math.floor((end - at) * part)))).toBe(isOpen(hours, at))
          }
          expect(isOpen(hours, plus(end, -1))).toBe(isOpen(hours, at))
          if (next === null) return
          expect(isOpen(hours, next)).toBe(!isOpen(hours, at))
          // From anywhere before it, the answer is the same.
          expect(nextChange(hours, plus(at, Math.floor((next - at) * (shares[0] ?? 0))))).toBe(next)
          at = next
        }
      }),
      { numRuns: 400 }
    )
  })

  it("is found however far within the horizon, past any row of holidays (B8)", () => {
    const quarter = fc.integer({ min: 0, max: 3 }).map((part) => part * 360)
    const coarse = fc.record({ day: fc.integer({ min: 1, max: 7 }), from: quarter, to: quarter })
    const first = "2027-01-01"
    const runs = fc
      .array(fc.record({ begin: fc.integer({ min: -3, max: 410 }), length: fc.integer({ min: 1, max: 30 }) }), {
        maxLength: 6
      })
      .map((all) => all.flatMap(({ begin, length }) => Array.from({ length }, (_, day) => later(first, begin + day))))
    const everyDay = weekdaysOpen("UTC", 0, 0).weekly
    const weekly = fc.oneof(fc.array(coarse, { minLength: 1, maxLength: 4 }), fc.constant(everyDay))
    fc.assert(
      fc.property(weekly, runs, fc.integer({ min: 0, max: 28 }), (weekly, holidays, quarters) => {
        const hours: Hours = { timeZone: "UTC", weekly, holidays }
        const start = plus(utc(first), (quarters * DAY) / 4)
        const end = start + OperatingHours.HORIZON_MILLIS
        let at = start + DAY / 4
        while (at <= end && isOpenWhen(hours, read("UTC", at)) === isOpen(hours, start)) at += DAY / 4
        expect(nextChange(hours, start)).toBe(at <= end ? at : null)
      }),
      { numRuns: 150 }
    )
  })

  it.each([399, 400, 401])("is none where it lies beyond the horizon of 400 days: here it is %i (B8)", (days) => {
    const start = utc("2026-05-01T00:00Z")
    const hours = weekdaysOpen("UTC", 0, 0, [later("2026-05-01", days)])
    expect(nextChange(hours, start)).toBe(days <= 400 ? plus(start, days * DAY) : null)
    expect(nextChange(hours, plus(start, DAY))).toBe(plus(start, days * DAY))
  })

  /** Open on one weekday alone, and that is a holiday `weeks` times, from `first` on. */
  const rarely = (timeZone: string, first: string, weeks: number, from: number, to: number): Hours => ({
    timeZone,
    weekly: [{ day: read("UTC", Date.parse(first)).weekday, from, to }],
    holidays: Array.from({ length: weeks }, (_, week) => later(first, 7 * week))
  })

  it("is none a millisecond before it comes within the horizon (B8)", () => {
    const opens = utc("2027-06-08T18:00Z")
    const tuesdays = rarely("UTC", later("2027-06-08", -57 * 7), 57, 18 * 60, 19 * 60)
    const start = plus(opens, -OperatingHours.HORIZON_MILLIS)
    expect([nextChange(tuesdays, plus(start, -1)), nextChange(tuesdays, start)]).toEqual([null, opens])
  })

  it("passes over no ordinary day: today's hours are over, the same day next week is a holiday (B8)", () => {
    for (let weeks = 1; weeks < 5; weeks++) {
      const mornings = rarely("UTC", "2027-06-08", weeks, 9 * 60, 10 * 60)
      expect(nextChange(mornings, utc("2027-06-01T12:00Z"))).toBe(plus(utc("2027-06-08T09:00Z"), 7 * weeks * DAY))
    }
  })

  it("is at the jump back into what is over, though the calendar has nothing else to come (B8)", () => {
    const once = rarely("Europe/Berlin", "2026-11-01", 58, 120, 150)
    expect(iso(changes(once, utc("2026-10-25T00:45Z"), utc("2027-10-25T00:00Z")))).toEqual([
      "2026-10-25T01:00",
      "2026-10-25T01:30"
    ])
  })

  it("is exact where clocks still went by the sun, to the second (B8)", () => {
    const berlin = weekdaysOpen("Europe/Berlin", 9 * 60, 17 * 60)
    const opens = nextChange(berlin, utc("1890-06-02T00:00:00Z"))
    expect(opens).toBe(utc("1890-06-02T08:06:32Z"))
  })

  it("has an answer at the ends of time (B8)", () => {
    const daily = weekdaysOpen("America/New_York", 540, 1_020)
    for (const end of [-8.64e15, 8.64e15 - 1, 8.64e15].map(Instant.fromMillis)) {
      expect(typeof isOpen(daily, end)).toBe("boolean")
      const next = nextChange(daily, end)
      expect(next === null).toBe(end > 0)
    }
  })
})

describe("hours", () => {
  const isHours = Schema.is(OperatingHours.OperatingHours)
  const good = weekdaysOpen("Europe/Berlin", 0, 1_440, ["2024-02-29"])
  const on = (interval: object) => ({ weekly: [{ day: 1, from: 0, to: 1, ...interval }] })

  it("are a zone, weekly intervals and dates (B8)", () => {
    expect(isHours(good)).toBe(true)
    for (const timeZone of [...zones, "Europe/Kyiv", "Etc/GMT+5", "America/Argentina/Buenos_Aires"]) {
      expect(isHours({ ...good, timeZone })).toBe(true)
    }
    for (const edge of [{ day: 7 }, { from: 1_439 }, { to: 1_440 }, { to: 0 }]) {
      expect(isHours({ ...good, ...on(edge) })).toBe(true)
    }
    for (const date of ["2000-02-29", "0001-01-01", "9999-12-31"]) {
      expect(isHours({ ...good, holidays: [date] })).toBe(true)
    }
  })

  it.each([
    ...["", " ", "Berlin", "Europe/Atlantis", "+01:00", "-05", "Local"].map((timeZone) => ({ timeZone })),
    ...[{ day: 0 }, { day: 8 }, { day: 1.5 }, { from: -1 }, { from: 1_440 }, { from: 0.5 }].map(on),
    ...[{ to: -1 }, { to: 1_441 }, { to: 0.5 }].map(on),
    ...["2026-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00"].map((date) => ({
      holidays: [date]
    })),
    ...["", "2026-1-1", "26-01-01", "2026-01-01T00:00", " 2026-01-01", "+002026-01-01"].map((date) => ({
      holidays: [date]
    }))
  ])("cannot be %j (B8)", (change) => {
    expect(isHours({ ...good, ...change })).toBe(false)
  })

  it("have at most 168 intervals and 360 holidays (B8)", () => {
    const intervals = (length: number) => ({
      ...good,
      weekly: Array.from({ length }, () => ({ day: 1, from: 1, to: 2 }))
    })
    const dates = (length: number) => ({
      ...good,
      holidays: Array.from({ length }, (_, day) => later("2026-01-01", day))
    })
    expect([intervals(168), intervals(169), dates(360), dates(361)].map((hours) => isHours(hours))).toEqual([
      ...[true, false],
      ...[true, false]
    ])
  })
})
