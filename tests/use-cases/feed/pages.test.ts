import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { ActivityFilter } from "leadline"
import { Crm, DeskStore, StoreError } from "leadline/ports"
import { logActivity, readFeed } from "leadline/use-cases"
import { importer, lead, leadRef, person, personRef, run, saveRecords } from "../crm/World.ts"
import { chatted, chatting, world } from "../panel/Chats.ts"
import { cast, readAll, wordOf } from "./Feeds.ts"

const email = "ann@example.com"
const record = personRef("p")

/** Something happens to the record: at the same instant as what came before, or later. `opens`: a chat that goes on. */
interface Happening {
  readonly what: "chat" | "call" | "opens"
  readonly isLater: boolean
}

const happening: fc.Arbitrary<Happening> = fc.record({
  what: fc.constantFrom("chat", "call", "opens"),
  isLater: fc.boolean()
})

const happen = Effect.fnUntraced(function* (name: string, all: ReadonlyArray<Happening>) {
  for (const [at, { isLater, what }] of all.entries()) {
    if (isLater) yield* TestClock.adjust("1 second")
    if (what === "chat") yield* chatted(`${name}${at}`, { email })
    else if (what === "opens") yield* chatting(`${name}${at}`, { email })
    else yield* logActivity(importer, { record, type: "Call", text: `${name}${at}` })
  }
})

const setUp = Effect.gen(function* () {
  yield* cast
  yield* saveRecords(person("p", [email]))
})

const timed = <A, E>(effect: Parameters<typeof run<A, E>>[0]) => run(Effect.provide(effect, TestClock.layer()))

describe("a chain of pages", () => {
  it("holds once each entry there was at its first page, newest first, whatever is added meanwhile (H4)", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(happening, { maxLength: 14 }),
        fc.array(fc.array(happening, { maxLength: 2 }), { maxLength: 4 }),
        fc.integer({ min: 1, max: 5 }),
        (before, growth, pageSize) =>
          timed(
            Effect.gen(function* () {
              yield* setUp
              yield* happen("old", before)
              const { entries: there } = yield* readFeed(importer, { record, pageSize: 200 })
              const open = before.flatMap(({ what }, at) => (what === "opens" ? [`old${at}`] : []))
              expect(there.length).toBe(before.length - open.length)
              let grown = 0
              const grow = Effect.gen(function* () {
                const closes = open.shift()
                if (closes !== undefined) yield* chatted(closes, { by: null, email })
                yield* happen(`new${grown}-`, growth[grown++] ?? [])
              })
              const pages = yield* readAll(importer, { record, pageSize }, grow)
              const seen = pages.flatMap(({ entries }) => entries)
              const ids = seen.map(({ _tag, id }) => `${_tag} ${id}`)
              expect(new Set(ids).size).toBe(ids.length)
              const wanted = there.map(({ _tag, id }) => `${_tag} ${id}`)
              expect(ids.filter((id) => wanted.includes(id))).toEqual(wanted)
              expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).toSorted((a, b) => b - a))
              for (const page of pages.slice(0, -1)) expect(page.entries.length).toBe(pageSize)
              for (const page of pages) expect(page.completeness).toEqual({ _tag: "Complete" })
            })
          )
      ),
      { numRuns: 30 }
    ))

  it("is the same entries in the same order for every page size (H4)", () =>
    fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 12 }), (all) =>
        timed(
          Effect.gen(function* () {
            yield* setUp
            yield* happen("e", all)
            const { entries } = yield* readFeed(importer, { record })
            expect(entries.length).toBe(all.filter(({ what }) => what !== "opens").length)
            for (const pageSize of [1, 2, 3, 7]) {
              const pages = yield* readAll(importer, { record, pageSize }, Effect.void)
              expect(pages.flatMap((page) => page.entries)).toEqual(entries)
            }
          })
        )
      ),
      { numRuns: 15 }
    ))

  it.effect("has 50 entries a page unless asked, at least 1 and at most 200 (H4)", () =>
    world(
      Effect.gen(function* () {
        yield* setUp
        for (let n = 0; n < 202; n++) yield* logActivity(importer, { record, type: "Call", text: `${n}` })
        const size = (pageSize?: number) =>
          Effect.map(
            readFeed(importer, { record, ...(pageSize === undefined ? {} : { pageSize }) }),
            ({ entries, next }) => [entries.length, next !== null]
          )
        expect(yield* size()).toEqual([50, true])
        for (const [asked, given] of [
          [0, 1],
          [-5, 1],
          [2.9, 2],
          [200, 200],
          [1_000_000, 200]
        ] as const) {
          expect(yield* size(asked)).toEqual([given, true])
        }
      })
    )
  )
})

describe("a cursor", () => {
  const cursorOf = Effect.gen(function* () {
    yield* setUp
    yield* saveRecords(lead("l", [email]))
    for (const id of ["c1", "c2", "c3"]) yield* chatted(id, { email })
    return (yield* readFeed(importer, { record, pageSize: 1 })).next
  })

  it.effect("fits its own feed and filter only, whatever the page size (H4)", () =>
    world(
      Effect.gen(function* () {
        const cursor = yield* cursorOf
        const other = { _tag: "BadCursor", reason: "otherFeed" }
        expect(yield* Effect.flip(readFeed(importer, { record: leadRef("l"), cursor }))).toEqual(other)
        for (const filter of [
          { ...ActivityFilter.all, includeMissed: true },
          { ...ActivityFilter.all, types: ["Chat" as const] }
        ]) {
          expect(yield* Effect.flip(readFeed(importer, { record, cursor, filter }))).toEqual(other)
        }
        expect(yield* Effect.flip(readFeed(importer, { record, cursor, profile: "mobile" }))).toEqual(other)
        const { entries } = yield* readFeed(importer, {
          record,
          cursor,
          filter: { ...ActivityFilter.all },
          pageSize: 9
        })
        expect(entries.map(wordOf)).toEqual(["c2", "c1"])
      })
    )
  )

  it("that is no cursor is refused, whatever it is (H4)", () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.base64String(),
          fc.json().map((text) => Buffer.from(text).toString("base64url"))
        ),
        (cursor) =>
          run(
            Effect.gen(function* () {
              yield* setUp
              const refused = yield* Effect.flip(readFeed(importer, { record, cursor }))
              expect(refused).toEqual({ _tag: "BadCursor", reason: "unreadable" })
            })
          )
      ),
      { numRuns: 40 }
    ))
})

describe("a page says whether it is complete", () => {
  it.effect("a phone is shown 50 chats over the chain; from there on every page says so, other types go on (H5)", () =>
    world(
      Effect.gen(function* () {
        yield* setUp
        for (let n = 0; n < 55; n++) {
          yield* chatted(`c${n}`, { email })
          yield* logActivity(importer, { record, type: "Call", text: `${n}` })
          yield* TestClock.adjust("1 second")
        }
        const pages = yield* readAll(importer, { record, profile: "mobile", pageSize: 20 }, Effect.void)
        const entries = pages.flatMap((page) => page.entries)
        expect(entries.filter(({ _tag }) => _tag === "Chat").length).toBe(50)
        expect(entries.filter(({ _tag }) => _tag === "Activity").length).toBe(55)
        const limited = {
          _tag: "Truncated",
          reason: "clientLimit",
          source: "chats",
          shown: 50,
          limit: 50
        }
        expect(pages.map(({ completeness }) => completeness)).toEqual([
          ...Array.from({ length: 5 }, () => ({ _tag: "Complete" })),
          limited
        ])
        const full = yield* readAll(importer, { record, pageSize: 20 }, Effect.void)
        expect(full.every(({ completeness }) => completeness._tag === "Complete")).toBe(true)
        expect(full.flatMap((page) => page.entries).length).toBe(110)
      })
    )
  )

  it.effect("a phone with 50 chats exactly is shown all of them (H5)", () =>
    world(
      Effect.gen(function* () {
        yield* setUp
        for (let n = 0; n < 50; n++) yield* chatted(`c${n}`, { email })
        const { completeness, entries } = yield* readFeed(importer, { record, profile: "mobile", pageSize: 100 })
        expect(entries.length).toBe(50)
        expect(completeness).toEqual({ _tag: "Complete" })
      })
    )
  )

  const down = (isRetryable: boolean) =>
    Effect.fail(new StoreError({ reason: "timeout", isRetryable, operation: "test" }))

  it.effect("activities that cannot be read hide nothing but themselves, and the chain says so to its end (H5)", () =>
    world(
      Effect.gen(function* () {
        yield* setUp
        for (const id of ["c1", "c2", "c3"]) yield* chatted(id, { email })
        yield* logActivity(importer, { record, type: "Call", text: "Rang" })
        const crm = yield* Crm
        const without = Crm.of({ ...crm, activities: () => down(true) })
        const first = yield* readFeed(importer, { record, pageSize: 2 }).pipe(Effect.provideService(Crm, without))
        const unavailable = {
          _tag: "Truncated",
          reason: "sourceUnavailable",
          source: "activities",
          shown: null,
          limit: null
        }
        expect(first.entries.map(wordOf)).toEqual(["c3", "c2"])
        expect(first.completeness).toEqual(unavailable)
        const second = yield* readFeed(importer, { record, pageSize: 2, cursor: first.next })
        expect(second.entries.map(wordOf)).toContain("c1")
        expect(second.completeness).toEqual(unavailable)
        expect((yield* readFeed(importer, { record })).completeness).toEqual({ _tag: "Complete" })
      })
    )
  )

  it.effect("chats that cannot be read, likewise (H5)", () =>
    world(
      Effect.gen(function* () {
        yield* setUp
        yield* chatted("c", { email })
        yield* logActivity(importer, { record, type: "Call", text: "Rang" })
        const desk = yield* DeskStore
        const without = DeskStore.of({ ...desk, closedChats: () => down(true) })
        const page = yield* readFeed(importer, { record }).pipe(Effect.provideService(DeskStore, without))
        expect(page.entries.map(wordOf)).toEqual(["Call"])
        expect(page.completeness).toMatchObject({ reason: "sourceUnavailable", source: "chats", shown: 0 })
      })
    )
  )

  it.effect("a failure that will not pass is no page at all (H5, K3)", () =>
    world(
      Effect.gen(function* () {
        yield* setUp
        const crm = yield* Crm
        const broken = Crm.of({ ...crm, activities: () => down(false) })
        expect(
          yield* Effect.flip(readFeed(importer, { record }).pipe(Effect.provideService(Crm, broken)))
        ).toMatchObject({ _tag: "StoreError", isRetryable: false })
      })
    )
  )

  it.effect("a CRM that shows no more than so many is named, with its limit (H5)", () =>
    world(
      Effect.gen(function* () {
        yield* setUp
        yield* chatted("c", { email })
        yield* TestClock.adjust("1 second")
        for (let n = 0; n < 5; n++) yield* logActivity(importer, { record, type: "Call", text: `${n}` })
        const crm = yield* Crm
        const short = Crm.of({
          ...crm,
          activities: (account, viewer, query) =>
            Effect.map(crm.activities(account, viewer, query), ({ activities }) => ({
              activities: activities.slice(0, 3),
              limitReached: 3
            }))
        })
        const page = yield* readFeed(importer, { record }).pipe(Effect.provideService(Crm, short))
        expect(page.entries.map(wordOf)).toEqual(["Call", "Call", "Call", "c"])
        expect(page.completeness).toEqual({
          _tag: "Truncated",
          reason: "sourceLimit",
          source: "activities",
          shown: null,
          limit: 3
        })
      })
    )
  )
})
