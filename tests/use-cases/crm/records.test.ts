import { Effect } from "effect"
import fc from "fast-check"
import type { RecordRef } from "leadline"
import { Crm, CrmStore } from "leadline/ports"
import { convertLead, deleteRecord, mergeRecords, saveRecord } from "leadline/use-cases"
import { describe, expect, it } from "vitest"
import {
  account,
  company,
  companyRef,
  deal,
  everything,
  importer,
  lead,
  leadRef,
  newLead,
  payloads,
  person,
  personRef,
  poolId,
  poolOf,
  recordId,
  run,
  saveRecords,
  saveUsers,
  user
} from "./World.ts"

const recordOf = (ref: RecordRef.RecordRef) => Effect.flatMap(Crm, (crm) => crm.read(account, everything, ref))

describe("a record", () => {
  it("is changed in place: its beginning and how it came to be stay (E3, F4)", () =>
    run(
      Effect.gen(function* () {
        yield* poolOf("p", "u1")
        const crm = yield* Crm
        const owner = {
          ...newLead().owner,
          anyOwnerAllowed: true,
          picked: { _tag: "Pool" as const, poolId: poolId("p") }
        }
        const made = yield* crm.createLead(account, newLead({ owner }), "k")
        const ref = { kind: "lead" as const, id: made.lead }
        const before = yield* recordOf(ref)
        yield* saveRecord(importer, lead(made.lead, ["ann@work.example", " "], { lastName: "Li" }))
        const after = yield* recordOf(ref)
        expect(after).toMatchObject({
          lastName: "Li",
          emails: ["ann@work.example"],
          keys: { emails: ["ann@work.example"] },
          addedFrom: { _tag: "Chat", chatId: "chat-1" },
          assignment: made.decision,
          createdAt: before.createdAt,
          updatedAt: 1000,
          eventCount: before.eventCount + 1
        })
      })
    ))

  it("may share its email with others: imports may duplicate (A4, E5)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(lead("l1", ["ann@example.com"]), lead("l2", ["Ann@example.com"]))
        const crm = yield* Crm
        const evidence = newLead().evidence
        expect((yield* crm.match(account, everything, evidence)).visible).toEqual([leadRef("l1"), leadRef("l2")])
      })
    ))

  it("is not changed, merged or converted once it is not live (A5)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(person("p1", []), person("p2", []), lead("l1", []), lead("l2", []))
        yield* mergeRecords(importer, { kind: "person", survivor: recordId("p1"), loser: recordId("p2") })
        yield* deleteRecord(importer, { record: leadRef("l1") })
        const lifecycle = { _tag: "Merged", into: personRef("p1") }
        const refused = yield* Effect.flip(saveRecord(importer, person("p2", [])))
        expect(refused).toEqual({ _tag: "NotLive", record: personRef("p2"), lifecycle })
        const again = { kind: "person" as const, survivor: recordId("p1"), loser: recordId("p2") }
        expect(yield* Effect.flip(mergeRecords(importer, again))).toMatchObject({ _tag: "NotLive" })
        const converting = { lead: recordId("l1"), to: personRef("p1") }
        expect(yield* Effect.flip(convertLead(importer, converting))).toMatchObject({ _tag: "NotLive" })
        const itself = { kind: "lead" as const, survivor: recordId("l2"), loser: recordId("l2") }
        expect(yield* Effect.flip(mergeRecords(importer, itself))).toMatchObject({ _tag: "SameRecord" })
        const missing = { kind: "lead" as const, survivor: recordId("l2"), loser: recordId("no") }
        expect(yield* Effect.flip(mergeRecords(importer, missing))).toMatchObject({ _tag: "RecordNotFound" })
      })
    ))

  it("of any kind can be deleted, and deleted again without another event (A5)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(lead("x", []), person("x", []), company("x", []), deal("x"))
        for (const kind of ["lead", "person", "company", "deal"] as const) {
          const record = { kind, id: recordId("x") }
          yield* deleteRecord(importer, { record })
          const log = yield* payloads
          yield* deleteRecord(importer, { record })
          expect(yield* payloads).toEqual(log)
          expect(yield* Effect.flip(recordOf(record))).toEqual({ _tag: "RecordNotFound", record })
        }
        const missing = { record: companyRef("no") }
        expect(yield* Effect.flip(deleteRecord(importer, missing))).toMatchObject({ _tag: "RecordNotFound" })
      })
    ))

  const emails = fc.uniqueArray(fc.constantFrom("a", "b", "c").map((name) => `${name}@x.example`))

  it("moves every key that it gains or loses, and no other (E3, E5)", () =>
    fc.assert(
      fc.asyncProperty(emails, emails, fc.boolean(), (before, after, isDeleted) =>
        run(
          Effect.gen(function* () {
            const store = yield* CrmStore
            const keys = ["a@x.example", "b@x.example", "c@x.example"]
            const asked = keys.map((key) => ({ kind: "identityKey" as const, id: `email/${key}` }))
            const versions = Effect.map(store.get(account, asked), (reads) => reads.map(({ version }) => version))
            yield* saveRecords(person("p1", before))
            const was = yield* versions
            expect(was.map((version) => version > 0)).toEqual(keys.map((key) => before.includes(key)))
            yield* isDeleted ? deleteRecord(importer, { record: personRef("p1") }) : saveRecords(person("p1", after))
            const left = isDeleted ? [] : after
            const moved = (yield* versions).map((version, at) => version !== was[at])
            expect(moved).toEqual(keys.map((key) => before.includes(key) !== left.includes(key)))
          })
        )
      ),
      { numRuns: 40 }
    ))

  it("that was made from a chat and is merged or converted frees the chat: no live lead was made from it (E3, E5)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        yield* saveRecords(person("p1", []), lead("l1", []))
        const crm = yield* Crm
        const first = yield* crm.createLead(account, newLead(), "k1")
        yield* convertLead(importer, { lead: first.lead, to: personRef("p1") })
        const second = yield* crm.createLead(account, newLead({ email: "ann@two.example" }), "k2")
        yield* mergeRecords(importer, { kind: "lead", survivor: recordId("l1"), loser: second.lead })
        const third = yield* crm.createLead(account, newLead({ email: "ann@three.example" }), "k3")
        expect(new Set([first.lead, second.lead, third.lead]).size).toBe(3)
        for (const email of ["ann@example.com", "ann@two.example"]) {
          const refused = yield* Effect.flip(crm.createLead(account, newLead({ chat: "chat-2", email }), "k4"))
          expect(refused).toMatchObject({ _tag: "AlreadyMatched" })
        }
      })
    ))

  it("that an import says was made from a chat is that chat's lead, unless the chat has one (E5)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        const addedFrom = { _tag: "Chat", chatId: newLead().chatId }
        yield* saveRecords(lead("l1", [], { addedFrom }), lead("l2", [], { addedFrom }))
        const crm = yield* Crm
        const refused = Effect.flip(crm.createLead(account, newLead(), "k"))
        expect(yield* refused).toMatchObject({ _tag: "AlreadyCreated", lead: "l1" })
        yield* deleteRecord(importer, { record: leadRef("l2") })
        expect(yield* refused).toMatchObject({ _tag: "AlreadyCreated", lead: "l1" })
        yield* deleteRecord(importer, { record: leadRef("l1") })
        expect(yield* crm.createLead(account, newLead(), "k")).toMatchObject({ owner: "owner" })
      })
    ))
})
