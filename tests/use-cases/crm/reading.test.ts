import { Effect } from "effect"
import fc from "fast-check"
import { Id, Instant, type RecordRef, User } from "leadline"
import { Crm, CrmStore, type Viewer } from "leadline/ports"
import { convertLead, deleteRecord, mergeRecords, OwnCrm, saveRecord, saveUser } from "leadline/use-cases"
import { describe, expect, it } from "vitest"
import {
  account,
  asUser,
  chatId,
  company,
  companyRef,
  counting,
  deal,
  dealRef,
  emailKey,
  everything,
  importer,
  lead,
  leadRef,
  newLead,
  person,
  personRef,
  recordId,
  run,
  saveRecords,
  saveUsers,
  user,
  userId
} from "./World.ts"

const ann = { email: emailKey("ann@example.com"), phone: null }

const scopeOf = (ref: RecordRef.RecordRef, viewer: Viewer = everything) =>
  Effect.flatMap(Crm, (crm) => crm.feedScope(account, viewer, ref))

const keysOf = (ref: RecordRef.RecordRef) => Effect.map(scopeOf(ref), ({ keys }) => [...keys].sort())

describe("matching", () => {
  it("finds all live records, persons first, then companies, then leads, the latest first (A3, A4)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(
          lead("l1", ["ann@example.com"]),
          company("c1", ["ann@example.com"]),
          person("p1", ["ann@example.com"]),
          person("p2", ["ann@example.com"], { updatedAt: Instant.fromMillis(2000) }),
          person("p3", ["bob@example.com"])
        )
        yield* deleteRecord(importer, { record: companyRef("c1") })
        const crm = yield* Crm
        const found = yield* crm.match(account, everything, ann)
        expect(found.matched.map(({ ref }) => ref)).toEqual([personRef("p2"), personRef("p1"), leadRef("l1")])
        expect(found.visible).toEqual(found.matched.map(({ ref }) => ref))
      })
    ))

  it("lets a survivor answer to the addresses of who was merged or converted into it, and nobody else (A5)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(person("p1", []), person("p2", ["ann@example.com"]), lead("l1", ["ann@home.example"]))
        yield* mergeRecords(importer, { kind: "person", survivor: recordId("p1"), loser: recordId("p2") })
        yield* convertLead(importer, { lead: recordId("l1"), to: personRef("p1") })
        const crm = yield* Crm
        const home = { email: emailKey("ann@home.example"), phone: null }
        expect((yield* crm.match(account, everything, ann)).visible).toEqual([personRef("p1")])
        expect((yield* crm.match(account, everything, home)).visible).toEqual([personRef("p1")])
      })
    ))

  it("finds nothing without evidence, and asks nobody (A3)", () =>
    run(
      Effect.gen(function* () {
        const { asked, store } = counting(yield* CrmStore)
        const found = yield* OwnCrm.make(store).match(account, everything, { email: null, phone: null })
        expect(found).toEqual({ matched: [], visible: [] })
        expect(asked).toEqual([])
      })
    ))

  it("sees a right that was taken away at once (J1)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("me"))
        yield* saveRecords(person("p1", ["ann@example.com"]))
        const crm = yield* Crm
        expect((yield* crm.match(account, asUser("me"), ann)).visible).toEqual([personRef("p1")])
        yield* saveUser(importer, user("me", { visibility: "own" }))
        expect(yield* crm.match(account, asUser("me"), ann)).toMatchObject({
          matched: [{ ref: personRef("p1"), by: "email" }],
          visible: []
        })
      })
    ))
})

describe("what a viewer sees", () => {
  const visibility = fc.constantFrom("all" as const, "team" as const, "own" as const)
  const viewing = fc.record({
    visibility,
    isActive: fc.boolean(),
    isCrmAdministrator: fc.boolean(),
    shareTeam: fc.boolean(),
    reports: fc.boolean(),
    owner: fc.constantFrom("me", "owner", "nobody")
  })

  it("is what they may see of the owner's records: in matches, records, feeds and histories alike (E2, J1)", () =>
    fc.assert(
      fc.asyncProperty(viewing, (facts) =>
        run(
          Effect.gen(function* () {
            const team = Id.TeamId.make("t")
            const { isActive, isCrmAdministrator } = facts
            const me = user("me", { visibility: facts.visibility, isActive, isCrmAdministrator, teams: [team] })
            const owner = user("owner", {
              teams: facts.shareTeam ? [team] : [],
              reportsTo: facts.reports ? userId("me") : null
            })
            yield* saveUsers(me, owner)
            yield* saveRecords(person("p1", ["ann@example.com"], { ownerId: userId(facts.owner) }))
            const crm = yield* Crm
            const directory = new Map([me, owner].map((one) => [one.id, one]))
            const isSeen = User.maySeeRecordOf(directory, me, userId(facts.owner))
            const ref = personRef("p1")
            const query = { record: ref, types: null, byAny: null, after: null, from: null, until: null, limit: 1 }
            const viewer = asUser("me")
            const { matched, visible } = yield* crm.match(account, viewer, ann)
            expect(matched.length).toBe(1)
            expect(visible).toEqual(isSeen ? [ref] : [])
            const reads = [crm.read(account, viewer, ref), scopeOf(ref, viewer), crm.activities(account, viewer, query)]
            for (const read of reads) {
              const answer = yield* Effect.match(read as Effect.Effect<unknown, { readonly _tag: string }>, {
                onFailure: ({ _tag }) => _tag,
                onSuccess: () => "seen"
              })
              expect(answer).toBe(isSeen ? "seen" : "RecordHidden")
            }
          })
        )
      ),
      { numRuns: 60 }
    ))

  it("is nothing for a user who is not there (J1)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(person("p1", ["ann@example.com"]))
        const crm = yield* Crm
        expect((yield* crm.match(account, asUser("gone"), ann)).visible).toEqual([])
        expect(yield* Effect.flip(crm.read(account, asUser("gone"), personRef("p1")))).toMatchObject({
          _tag: "RecordHidden"
        })
      })
    ))

  it("is one account's only, even where ids and emails are the same (J2)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        yield* saveRecords(person("p1", ["ann@example.com"], { lastName: "here" }))
        const other = Id.AccountId.make("other")
        const crm = yield* Crm
        expect((yield* crm.match(other, everything, ann)).matched).toEqual([])
        expect(yield* Effect.flip(crm.read(other, everything, personRef("p1")))).toMatchObject({
          _tag: "RecordNotFound"
        })
        expect(yield* crm.users(other)).toEqual([])
        yield* saveUser({ ...importer, account: other }, user("owner"))
        yield* saveRecord({ ...importer, account: other }, person("p1", [], { lastName: "there" }))
        expect(yield* crm.createLead(other, newLead(), "k")).toMatchObject({ owner: "owner" })
        expect(yield* crm.read(account, everything, personRef("p1"))).toMatchObject({ lastName: "here" })
        expect((yield* crm.match(account, everything, ann)).visible).toEqual([personRef("p1")])
      })
    ))
})

describe("the chats of a record's feed", () => {
  it("are those of all its addresses and aliases as they are now (A5, A7)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(person("p1", ["a@x.example", "b@x.example"]), person("p2", ["c@x.example"]))
        yield* mergeRecords(importer, { kind: "person", survivor: recordId("p1"), loser: recordId("p2") })
        expect(yield* keysOf(personRef("p1"))).toEqual(["a@x.example", "b@x.example", "c@x.example"])
        yield* saveRecord(importer, person("p1", ["a@x.example", "d@x.example"]))
        expect(yield* keysOf(personRef("p1"))).toEqual(["a@x.example", "c@x.example", "d@x.example"])
      })
    ))

  it("disappear with an address, also where it was an alias first (A7)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(person("p1", []), person("p2", ["c@x.example"]))
        yield* mergeRecords(importer, { kind: "person", survivor: recordId("p1"), loser: recordId("p2") })
        yield* saveRecord(importer, person("p1", ["c@x.example"]))
        yield* saveRecord(importer, person("p1", []))
        expect(yield* keysOf(personRef("p1"))).toEqual([])
      })
    ))

  it("are those of its emails only, whatever phones match (A2)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(person("p1", ["a@x.example"], { phones: ["+12125552368"] }))
        expect(yield* scopeOf(personRef("p1"))).toEqual({
          record: personRef("p1"),
          name: "p1",
          keys: ["a@x.example"],
          chatIds: []
        })
      })
    ))

  it("have the chat that a lead was made from, whatever it closes with (E7)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        const crm = yield* Crm
        const made = yield* crm.createLead(account, newLead(), "k")
        const ref = { kind: "lead" as const, id: made.lead }
        expect(yield* scopeOf(ref)).toMatchObject({ name: "Ann Lee", chatIds: [chatId("chat-1")] })
      })
    ))

  it("of a company are those of its live people, too (H2)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(
          company("c1", ["info@x.example"]),
          person("p1", ["a@x.example"], { companyId: recordId("c1") }),
          person("p2", ["b@x.example"], { companyId: recordId("c1") }),
          person("p3", ["c@x.example"], { companyId: recordId("c2") })
        )
        yield* deleteRecord(importer, { record: personRef("p2") })
        expect(yield* keysOf(companyRef("c1"))).toEqual(["a@x.example", "info@x.example"])
        expect(yield* keysOf(personRef("p1"))).toEqual(["a@x.example"])
      })
    ))

  it("of a deal are those of its contacts, of its company, and of a colleague there (H2)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(
          company("c1", ["info@x.example"]),
          person("colleague", ["colleague@x.example"], { companyId: recordId("c1") }),
          person("primary", ["primary@y.example"]),
          person("associated", ["associated@z.example"]),
          person("stranger", ["stranger@x.example"]),
          deal("d1", {
            emails: ["deal@x.example"],
            primaryContact: personRef("primary"),
            associatedContacts: [personRef("associated"), personRef("primary"), personRef("missing")],
            companyId: recordId("c1")
          })
        )
        expect(yield* keysOf(dealRef("d1"))).toEqual([
          "associated@z.example",
          "colleague@x.example",
          "info@x.example",
          "primary@y.example"
        ])
      })
    ))

  it("of a deal stay where its contact was merged into another, and go where it was deleted (A5, H2)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(
          person("p1", ["a@x.example"]),
          person("p2", ["b@x.example"]),
          person("p3", ["c@x.example"]),
          deal("d1", { primaryContact: personRef("p2"), associatedContacts: [personRef("p3")] })
        )
        yield* mergeRecords(importer, { kind: "person", survivor: recordId("p1"), loser: recordId("p2") })
        yield* deleteRecord(importer, { record: personRef("p3") })
        expect(yield* keysOf(dealRef("d1"))).toEqual(["a@x.example", "b@x.example"])
      })
    ))

  it("are nobody's where the record was deleted, merged or converted (A5)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(person("p1", []), person("p2", []), person("p3", []), lead("l1", []))
        yield* mergeRecords(importer, { kind: "person", survivor: recordId("p1"), loser: recordId("p2") })
        yield* convertLead(importer, { lead: recordId("l1"), to: personRef("p1") })
        yield* deleteRecord(importer, { record: personRef("p3") })
        for (const ref of [personRef("p2"), personRef("p3"), leadRef("l1"), personRef("no")]) {
          expect(yield* Effect.flip(scopeOf(ref))).toEqual({ _tag: "RecordNotFound", record: ref })
        }
      })
    ))
})
