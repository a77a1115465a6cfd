import { Effect } from "effect"
import { OwnerChoice } from "leadline"
import { Crm, CrmStore } from "leadline/ports"
import { deleteRecord, OwnCrm } from "leadline/use-cases"
import { describe, expect, it } from "vitest"
import {
  account,
  agent,
  asUser,
  chatId,
  counting,
  dealtBy,
  emailKey,
  everything,
  happened,
  importer,
  lead,
  leadRef,
  leads,
  newLead,
  notices,
  owned,
  payloads,
  person,
  poolOf,
  run,
  saveRecords,
  saveUsers,
  user,
  userId
} from "./World.ts"

describe("creating a lead", () => {
  it("makes a lead of the visitor's details that says it came from this chat (E3, E4)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        const crm = yield* Crm
        const made = yield* crm.createLead(
          account,
          newLead({ email: " Ann@Example.com", phone: "+1 212 555 2368" }),
          "k"
        )
        const record = yield* crm.read(account, everything, { kind: "lead", id: made.lead })
        expect(record).toMatchObject({
          _tag: "Lead",
          ownerId: "owner",
          firstName: "Ann",
          lastName: "Lee",
          emails: [" Ann@Example.com"],
          phones: ["+1 212 555 2368"],
          keys: { emails: ["ann@example.com"], phones: ["+12125552368"] },
          status: "New",
          source: "Chat",
          addedFrom: { _tag: "Chat", chatId: "chat-1" },
          lifecycle: { _tag: "Live" }
        })
      })
    ))

  it("stores who got the lead and why with the lead, and names the owner (E3, F1, F4)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"), user("gone", { isActive: false }))
        const crm = yield* Crm
        const owner = owned(OwnerChoice.user(userId("gone")), OwnerChoice.user(userId("owner")))
        const made = yield* crm.createLead(account, newLead({ owner }), "k")
        const decision = {
          owner: "owner",
          reason: { _tag: "OnlyChoice" },
          passedOver: [{ userId: "gone", reason: "inactive" }]
        }
        expect(made).toMatchObject({ owner: "owner", decision })
        expect(yield* leads).toMatchObject([{ assignment: decision }])
      })
    ))

  it("has the lead's history begin with where it came from (E3, H1)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        const crm = yield* Crm
        const made = yield* crm.createLead(account, newLead(), "k")
        const { activities } = yield* crm.activities(account, everything, all({ kind: "lead", id: made.lead }))
        expect(activities).toMatchObject([{ _tag: "AddedFromChat", chatId: "chat-1", by: agent("a1") }])
      })
    ))

  it("numbers the lead's events without gaps, and its pool's (K2)", () =>
    run(
      Effect.gen(function* () {
        yield* poolOf("p", "u1")
        const crm = yield* Crm
        yield* crm.createLead(account, newLead({ owner: dealtBy("p"), note: "Call her" }), "k")
        const [made] = yield* leads
        const events = (yield* happened).filter(({ stream }) => /^(lead|pool)/.test(stream))
        expect(events.map(({ number, payload, stream }) => [stream.split("/")[0], number, payload._tag])).toEqual([
          ["pool", 1, "PoolCreated"],
          ["pool", 2, "LeadDealt"],
          ["lead", 1, "RecordAdded"],
          ["lead", 2, "LeadAddedFromChat"],
          ["lead", 3, "NoteAdded"],
          ["lead", 4, "NoticeDue"]
        ])
        expect(made?.eventCount).toBe(4)
      })
    ))

  it("takes two statements: the facts, the commit", () =>
    run(
      Effect.gen(function* () {
        yield* poolOf("p", "u1")
        const { asked, store } = counting(yield* CrmStore)
        const wanted = newLead({ owner: dealtBy("p"), note: "Call her", phone: "+12125552368" })
        yield* OwnCrm.make(store).createLead(account, wanted, "k")
        expect(asked).toEqual(["leadFacts", "commit"])
      })
    ))

  it("answers what it answered before in one statement (K1)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        const { asked, store } = counting(yield* CrmStore)
        const crm = OwnCrm.make(store)
        const first = yield* crm.createLead(account, newLead(), "k")
        expect(yield* crm.createLead(account, newLead(), "k")).toEqual(first)
        expect(asked).toEqual(["leadFacts", "commit", "leadFacts"])
      })
    ))
})

describe("creating a lead is refused", () => {
  it("where a record matches that the viewer may see, naming those (E5)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"), user("me", { visibility: "own" }))
        yield* saveRecords(
          person("p1", ["ann@example.com"]),
          lead("l1", ["ann@example.com"], { ownerId: userId("me") }),
          lead("l2", ["other@example.com"], { ownerId: userId("me") })
        )
        const crm = yield* Crm
        const refused = yield* Effect.flip(crm.createLead(account, newLead({ viewer: asUser("me") }), "k"))
        expect(refused).toEqual({ _tag: "AlreadyMatched", records: [leadRef("l1")], noteStored: false })
      })
    ))

  it("where a contact has the email, as it is where a lead has (A4)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        yield* saveRecords(lead("l1", ["ann@example.com"]), person("p1", ["ANN@example.com"]))
        const crm = yield* Crm
        const refused = yield* Effect.flip(crm.createLead(account, newLead(), "k"))
        expect(refused).toMatchObject({ _tag: "AlreadyMatched", records: [{ kind: "person" }, { kind: "lead" }] })
      })
    ))

  it("where all that matches is hidden from the viewer, without naming it (E1)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"), user("me", { visibility: "own" }))
        yield* saveRecords(person("p1", ["ann@example.com"]))
        const crm = yield* Crm
        const refused = yield* Effect.flip(crm.createLead(account, newLead({ viewer: asUser("me") }), "k"))
        expect(refused).toEqual({ _tag: "MatchHidden", noteStored: false })
      })
    ))

  it("where a live lead was made from this chat, whatever its email is now (E5)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        const crm = yield* Crm
        const made = yield* crm.createLead(account, newLead(), "k1")
        const again = newLead({ email: "ann@new.example", creator: agent("a2") })
        expect(yield* Effect.flip(crm.createLead(account, again, "k2"))).toEqual({
          _tag: "AlreadyCreated",
          lead: made.lead,
          owner: "owner",
          noteStored: false
        })
      })
    ))

  it("as made from this chat before it is refused as matching (E5)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"), user("me", { visibility: "own" }))
        const crm = yield* Crm
        yield* crm.createLead(account, newLead(), "k1")
        const again = newLead({ viewer: asUser("me") })
        expect(yield* Effect.flip(crm.createLead(account, again, "k2"))).toMatchObject({ _tag: "AlreadyCreated" })
      })
    ))

  it("before anything is decided about its owner (E5, F1)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(person("p1", ["ann@example.com"]))
        const crm = yield* Crm
        expect(yield* Effect.flip(crm.createLead(account, newLead(), "k"))).toMatchObject({ _tag: "AlreadyMatched" })
      })
    ))

  it("where nobody can own it, or the owner must be picked (F1, F5)", () =>
    run(
      Effect.gen(function* () {
        const crm = yield* Crm
        expect(yield* Effect.flip(crm.createLead(account, newLead(), "k"))).toEqual({ _tag: "NoActiveUser" })
        yield* saveUsers(user("u1"), user("u2"))
        const [u1, u2] = [OwnerChoice.user(userId("u1")), OwnerChoice.user(userId("u2"))]
        const unpicked = yield* Effect.flip(crm.createLead(account, newLead({ owner: owned(u1, u2) }), "k"))
        expect(unpicked).toEqual({ _tag: "OwnerRequired", allowed: [u1, u2] })
      })
    ))

  it("without a turn, a note, a notice, or a remembered answer (E5, K1)", () =>
    run(
      Effect.gen(function* () {
        yield* poolOf("p", "u1", "u2")
        yield* saveRecords(person("p1", ["ann@example.com"]))
        const crm = yield* Crm
        const before = (yield* payloads).length
        const wanted = newLead({ owner: dealtBy("p"), note: "Call her" })
        yield* Effect.flip(crm.createLead(account, wanted, "k"))
        expect((yield* payloads).length).toBe(before)
        expect(yield* crm.pools(account)).toMatchObject([{ members: ["u1", "u2"] }])
        yield* deleteRecord(importer, { record: { kind: "person", id: person("p1", []).id } })
        expect(yield* crm.createLead(account, wanted, "k")).toMatchObject({ owner: "u1", noteStored: true })
      })
    ))

  it("only by phone where phones are evidence (A2)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        yield* saveRecords(person("p1", ["bob@example.com"], { phones: ["+12125552368"] }))
        const crm = yield* Crm
        const phone = "+1 (212) 555-2368"
        expect(yield* Effect.flip(crm.createLead(account, newLead({ phone }), "k"))).toMatchObject({
          _tag: "AlreadyMatched"
        })
        const byEmail = newLead({ phone, evidence: { email: emailKey("ann@example.com"), phone: null } })
        expect(yield* crm.createLead(account, byEmail, "k")).toMatchObject({ owner: "owner" })
      })
    ))
})

describe("who is told of a new lead", () => {
  const told = (asked: Parameters<typeof newLead>[0]) =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"), user("other"))
        const crm = yield* Crm
        const made = yield* crm.createLead(account, newLead(asked), "k")
        return { told: made.told, notices: yield* notices }
      })
    )

  it("is its owner (F6)", async () => {
    expect(await told({ creatorUser: userId("other") })).toMatchObject({
      told: { told: "owner", why: "owner" },
      notices: [{ to: "owner", reason: "leadDealt", activityId: null, chatId: "chat-1", from: agent("a1") }]
    })
  })

  it("is nobody where the owner made it themselves, with a note or without (F6, G3)", async () => {
    const nobody = { told: { told: null, why: "ownerIsAuthor" }, notices: [] }
    expect(await told({ creatorUser: userId("owner") })).toMatchObject(nobody)
    expect(await told({ creatorUser: userId("owner"), note: "Call her" })).toMatchObject(nobody)
  })

  it("is its owner once of a lead with a note, which the notice points at (F6, G2)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        const crm = yield* Crm
        const made = yield* crm.createLead(account, newLead({ note: "Call her" }), "k")
        const { activities } = yield* crm.activities(account, everything, all({ kind: "lead", id: made.lead }))
        const note = activities.find(({ _tag }) => _tag === "Note")
        expect(note).toMatchObject({ text: "Call her", chatId: chatId("chat-1"), by: agent("a1") })
        expect(made.noteStored).toBe(true)
        expect(yield* notices).toMatchObject([{ to: "owner", reason: "leadDealtWithNote", activityId: note?.id }])
      })
    ))

  it("is told under one id on every try (G4)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        const crm = yield* Crm
        yield* crm.createLead(account, newLead(), "k")
        yield* crm.createLead(account, newLead(), "k")
        const [notice, ...others] = yield* notices
        expect(notice?.id).toMatch(/./)
        expect(others).toEqual([])
      })
    ))
})

const all = (record: ReturnType<typeof leadRef>) => ({
  record,
  types: null,
  byAny: null,
  after: null,
  from: null,
  until: null,
  limit: 100
})
