import { Effect } from "effect"
import fc from "fast-check"
import { PhoneKey } from "leadline"
import { Crm, type CrmShape, CrmStore } from "leadline/ports"
import { mergeRecords, OwnCrm } from "leadline/use-cases"
import { describe, expect, it } from "vitest"
import {
  account,
  agent,
  asUser,
  chatId,
  counting,
  everything,
  happened,
  importer,
  lead,
  leadRef,
  newLead,
  notices,
  payloads,
  person,
  personRef,
  recordId,
  run,
  saveRecords,
  saveUsers,
  user,
  userId
} from "./World.ts"

type Note = Parameters<CrmShape["addNote"]>[1]
type Change = Parameters<CrmShape["changePhone"]>[1]

const note = (more: Partial<Note> = {}): Note => ({
  record: personRef("p1"),
  text: "Wants a quote",
  chatId: chatId("chat-1"),
  author: agent("a1"),
  authorUser: null,
  viewer: everything,
  ...more
})

const change = (more: Partial<Change> = {}): Change => ({
  lead: recordId("l1"),
  phone: "+1 212 555 2368",
  by: agent("a1"),
  viewer: everything,
  defaultRegion: null,
  ...more
})

const history = (record: ReturnType<typeof personRef> | ReturnType<typeof leadRef>) =>
  Effect.gen(function* () {
    const crm = yield* Crm
    const query = { record, types: null, byAny: null, after: null, from: null, until: null, limit: 100 }
    return (yield* crm.activities(account, everything, query)).activities
  })

const leadNow = Effect.gen(function* () {
  const crm = yield* Crm
  return yield* crm.read(account, everything, leadRef("l1"))
})

describe("a note to sales", () => {
  it("is stored on the record with its author and a link to the chat, and the owner is told (G1)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        yield* saveRecords(person("p1", []))
        const crm = yield* Crm
        const added = yield* crm.addNote(account, note(), "k")
        expect(added.told).toEqual({ told: "owner", why: "owner" })
        expect(yield* history(personRef("p1"))).toMatchObject([
          { _tag: "Note", id: added.activityId, text: "Wants a quote", chatId: "chat-1", by: agent("a1") }
        ])
        expect(yield* notices).toMatchObject([
          { to: "owner", about: personRef("p1"), reason: "noteLeft", activityId: added.activityId, chatId: "chat-1" }
        ])
        const [added1, noted, told] = (yield* happened).filter(({ stream }) => stream === "person/p1")
        expect([added1, noted, told].map((event) => event?.number)).toEqual([1, 2, 3])
      })
    ))

  it("by the record's owner is stored and tells nobody (G3)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        yield* saveRecords(person("p1", []))
        const crm = yield* Crm
        const added = yield* crm.addNote(account, note({ authorUser: userId("owner") }), "k")
        expect(added.told).toEqual({ told: null, why: "ownerIsAuthor" })
        expect((yield* history(personRef("p1"))).length).toBe(1)
        expect(yield* notices).toEqual([])
      })
    ))

  it("tells the nearest active manager of an inactive owner, and says so (G3)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("boss"), user("owner", { isActive: false, reportsTo: userId("boss") }))
        yield* saveRecords(person("p1", []))
        const crm = yield* Crm
        expect((yield* crm.addNote(account, note(), "k1")).told).toEqual({
          told: "boss",
          why: "managerOfInactiveOwner"
        })
        const byBoss = note({ authorUser: userId("boss") })
        expect((yield* crm.addNote(account, byBoss, "k2")).told).toEqual({ told: null, why: "recipientIsAuthor" })
        expect((yield* notices).map(({ to }) => to)).toEqual(["boss"])
      })
    ))

  it("is stored once and told of once, however often it is sent under one key (G4, K1)", () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), (times) =>
        run(
          Effect.gen(function* () {
            yield* saveUsers(user("owner"))
            yield* saveRecords(person("p1", []))
            const crm = yield* Crm
            const sending = Array.from({ length: times }, () => crm.addNote(account, note(), "k"))
            const answers = yield* Effect.all(sending, { concurrency: "unbounded" })
            expect(new Set(answers.map(({ activityId }) => activityId)).size).toBe(1)
            expect((yield* history(personRef("p1"))).length).toBe(1)
            expect((yield* notices).length).toBe(1)
          })
        )
      ),
      { numRuns: 6 }
    ))

  it("beside others at once is kept, and all are numbered in one row (K2)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        yield* saveRecords(person("p1", []))
        const crm = yield* Crm
        const sending = Array.from({ length: 8 }, (_, n) => crm.addNote(account, note({ text: `note ${n}` }), `k${n}`))
        yield* Effect.all(sending, { concurrency: "unbounded" })
        expect((yield* history(personRef("p1"))).length).toBe(8)
        const numbers = (yield* happened).filter(({ stream }) => stream === "person/p1").map(({ number }) => number)
        expect(numbers).toEqual(numbers.map((_, at) => at + 1))
      })
    ))

  it("is refused on a record that is not there, merged away, or hidden from the author (A5, J1)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"), user("me", { visibility: "own" }))
        yield* saveRecords(person("p1", []), person("p2", []))
        yield* mergeRecords(importer, { kind: "person", survivor: recordId("p1"), loser: recordId("p2") })
        const crm = yield* Crm
        const refused = (more: Partial<Note>) => Effect.flip(crm.addNote(account, note(more), "k"))
        const before = yield* payloads
        expect(yield* refused({ record: personRef("no") })).toMatchObject({ _tag: "RecordNotFound" })
        expect(yield* refused({ record: personRef("p2") })).toMatchObject({ _tag: "RecordNotFound" })
        expect(yield* refused({ viewer: asUser("me") })).toEqual({ _tag: "RecordHidden", record: personRef("p1") })
        expect(yield* payloads).toEqual(before)
      })
    ))
})

describe("a lead's phone", () => {
  it("is changed, and its history says who changed it from what to what (E6)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(lead("l1", [], { phones: ["555", "666"] }))
        const crm = yield* Crm
        expect(yield* crm.changePhone(account, change(), "k")).toEqual({ isChanged: true })
        expect(yield* leadNow).toMatchObject({ phones: ["+1 212 555 2368", "666"], keys: { phones: ["+12125552368"] } })
        const [entry] = yield* history(leadRef("l1"))
        expect(entry).toMatchObject({ _tag: "PhoneChanged", from: "555", to: "+1 212 555 2368", by: agent("a1") })
        const last = (yield* happened).at(-1)
        expect(last).toMatchObject({
          actor: agent("a1"),
          number: 2,
          payload: { _tag: "LeadPhoneChanged", record: leadRef("l1"), activityId: entry?.id }
        })
      })
    ))

  it("is added where there was none (E6)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(lead("l1", []))
        const crm = yield* Crm
        expect(yield* crm.changePhone(account, change(), "k")).toEqual({ isChanged: true })
        expect(yield* leadNow).toMatchObject({ phones: ["+1 212 555 2368"] })
        expect(yield* history(leadRef("l1"))).toMatchObject([{ from: null }])
      })
    ))

  it("moves to the front where the lead has it as another (E6)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(lead("l1", [], { phones: ["555", "+12125552368"] }))
        const crm = yield* Crm
        yield* crm.changePhone(account, change(), "k")
        expect(yield* leadNow).toMatchObject({ phones: ["+1 212 555 2368"] })
      })
    ))

  const digits = fc.constantFrom(
    "+12125552368",
    "+1 (212) 555-2368",
    "2125552368",
    " 212 555 2368 ",
    "555",
    " 555 ",
    "556"
  )

  it("that is equal changes nothing: one key, or one text but for outer blanks (E6)", () =>
    fc.assert(
      fc.asyncProperty(digits, digits, fc.constantFrom("US", null), (before, phone, defaultRegion) =>
        run(
          Effect.gen(function* () {
            yield* saveRecords(lead("l1", [], { phones: [before] }))
            const crm = yield* Crm
            const [was, log] = [yield* leadNow, yield* payloads]
            const { isChanged } = yield* crm.changePhone(account, change({ phone, defaultRegion }), "k")
            const [left, right] = [PhoneKey.make(before, defaultRegion), PhoneKey.make(phone, defaultRegion)]
            const isEqual = left !== null && right !== null ? left === right : before.trim() === phone.trim()
            expect(isChanged).toBe(!isEqual)
            if (isEqual) {
              expect(yield* leadNow).toEqual(was)
              expect(yield* payloads).toEqual(log)
            }
          })
        )
      ),
      { numRuns: 60 }
    ))

  it("makes the lead match by it at once, and no more by the old one (A2, E6)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(lead("l1", [], { phones: ["+12125550000"] }))
        const crm = yield* Crm
        yield* crm.changePhone(account, change(), "k")
        const found = (phone: string) =>
          crm.match(account, everything, { email: null, phone: PhoneKey.make(phone, null) })
        expect((yield* found("+12125552368")).visible).toEqual([leadRef("l1")])
        expect((yield* found("+12125550000")).matched).toEqual([])
      })
    ))

  it("that is given to another lead meanwhile is seen by whoever creates one by it (A2, E3)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        yield* saveRecords(lead("l1", []))
        const crm = yield* Crm
        const phone = "+12125552368"
        yield* Effect.all(
          [crm.changePhone(account, change(), "k1"), Effect.result(crm.createLead(account, newLead({ phone }), "k2"))],
          {
            concurrency: "unbounded"
          }
        )
        const log = (yield* payloads).map(({ _tag }) => _tag)
        expect(log.indexOf("LeadAddedFromChat")).toBeLessThan(log.indexOf("LeadPhoneChanged"))
      })
    ))

  it("is changed on leads only, live ones that the agent may see (E6, J1)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"), user("me", { visibility: "own" }))
        yield* saveRecords(person("p1", []), lead("l1", []), lead("l2", []))
        yield* mergeRecords(importer, { kind: "lead", survivor: recordId("l1"), loser: recordId("l2") })
        const crm = yield* Crm
        const refused = (more: Partial<Change>) => Effect.flip(crm.changePhone(account, change(more), "k"))
        expect(yield* refused({ lead: recordId("p1") })).toMatchObject({ _tag: "RecordNotFound" })
        expect(yield* refused({ lead: recordId("l2") })).toMatchObject({ _tag: "RecordNotFound" })
        expect(yield* refused({ viewer: asUser("me") })).toMatchObject({ _tag: "RecordHidden" })
      })
    ))
})

describe("statements of", () => {
  it("a note: the record, the users, the commit", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        yield* saveRecords(person("p1", []))
        const { asked, store } = counting(yield* CrmStore)
        yield* OwnCrm.make(store).addNote(account, note(), "k")
        expect(asked).toEqual(["get", "users", "commit"])
      })
    ))

  it("a phone: the lead, the keys that move, the commit; an equal one, of a lead in hand: its answer", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(lead("l1", []))
        const { asked, store } = counting(yield* CrmStore)
        const crm = OwnCrm.make(store)
        yield* crm.changePhone(account, change(), "k1")
        expect(asked.splice(0)).toEqual(["get", "get", "commit"])
        yield* crm.changePhone(account, change(), "k2")
        expect(asked).toEqual(["commit"])
      })
    ))
})
