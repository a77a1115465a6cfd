import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import {
  changeVisitorDetails,
  convertLead,
  createLead,
  deleteRecord,
  endChat,
  mergeRecords,
  readFeed,
  readTranscript,
  saveRecord
} from "leadline/use-cases"
import {
  chatId,
  company,
  companyRef,
  deal,
  dealRef,
  importer,
  lead,
  leadRef,
  person,
  personRef,
  recordId,
  run,
  saveRecords
} from "../crm/World.ts"
import { agentAt, chatted, chatting, visitorAt, world } from "../panel/Chats.ts"
import { cast, chatsIn, wordOf } from "./Feeds.ts"

const email = "ann@example.com"

/** A company, above it a parent; two colleagues in it; a stranger. */
const house = Effect.gen(function* () {
  yield* cast
  yield* saveRecords(
    company("parent", ["parent@x.example"]),
    company("works", ["works@x.example"], { custom: { parent: "parent" } }),
    person("ann", ["ann@x.example"], { companyId: recordId("works") }),
    person("bob", ["bob@x.example"], { companyId: recordId("works") }),
    person("eve", ["eve@x.example"]),
    lead("leo", ["leo@x.example"])
  )
  for (const name of ["ann", "bob", "eve", "leo", "works", "parent"]) {
    yield* chatted(name, { email: `${name.toUpperCase()}@X.example` })
  }
})

const sorted = (ids: ReadonlyArray<string>) => ids.toSorted()

describe("a chat shows", () => {
  it.effect("on every lead, person and company with its email (A4, H2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(lead("l", [email]), person("p", ["x@x.example", email]), company("o", [email]))
        yield* saveRecords(person("other", ["other@x.example"]))
        yield* chatted("c", { email })
        for (const ref of [leadRef("l"), personRef("p"), companyRef("o")]) expect(yield* chatsIn(ref)).toEqual(["c"])
        expect(yield* chatsIn(personRef("other"))).toEqual([])
      })
    )
  )

  it.effect("on the company of a matching person, not on its parent, nor on colleagues (H2)", () =>
    world(
      Effect.gen(function* () {
        yield* house
        expect(sorted(yield* chatsIn(companyRef("works")))).toEqual(["ann", "bob", "works"])
        expect(yield* chatsIn(companyRef("parent"))).toEqual(["parent"])
        expect(yield* chatsIn(personRef("ann"))).toEqual(["ann"])
        yield* saveRecord(importer, person("bob", ["bob@x.example"], { companyId: null }))
        expect(sorted(yield* chatsIn(companyRef("works")))).toEqual(["ann", "works"])
      })
    )
  )

  it.effect("on deals through the primary contact, an associated one and the company: a colleague's, too (H2)", () =>
    world(
      Effect.gen(function* () {
        yield* house
        yield* saveRecords(
          deal("byPrimary", { primaryContact: personRef("ann") }),
          deal("byAssociated", { primaryContact: personRef("ann"), associatedContacts: [personRef("eve")] }),
          deal("byCompany", { companyId: recordId("works") }),
          deal("byPrimaryCompany", { primaryContact: companyRef("works") }),
          deal("alone")
        )
        expect(yield* chatsIn(dealRef("byPrimary"))).toEqual(["ann"])
        expect(sorted(yield* chatsIn(dealRef("byAssociated")))).toEqual(["ann", "eve"])
        expect(sorted(yield* chatsIn(dealRef("byCompany")))).toEqual(["ann", "bob", "works"])
        expect(sorted(yield* chatsIn(dealRef("byPrimaryCompany")))).toEqual(["ann", "bob", "works"])
        expect(yield* chatsIn(dealRef("alone"))).toEqual([])
      })
    )
  )

  it.effect("once, however many ways lead to it (H4, H7)", () =>
    world(
      Effect.gen(function* () {
        yield* house
        yield* saveRecords(
          person("ann", ["ann@x.example", "works@x.example"], { companyId: recordId("works") }),
          deal("d", {
            primaryContact: personRef("ann"),
            associatedContacts: [personRef("ann"), personRef("bob")],
            companyId: recordId("works")
          })
        )
        expect(sorted(yield* chatsIn(dealRef("d")))).toEqual(["ann", "bob", "works"])
      })
    )
  )

  it("exactly on the records whose keys hold its closing key now (A7)", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 6 }),
        fc.array(fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { maxLength: 3 }), { minLength: 1, maxLength: 4 }),
        (chats, addresses) =>
          run(
            Effect.gen(function* () {
              yield* cast
              for (const [at, key] of chats.entries()) yield* chatted(`c${at}`, { email: `${key}@x.example` })
              for (const keys of addresses) {
                yield* saveRecord(
                  importer,
                  person(
                    "p",
                    keys.map((key) => `${key.toUpperCase()}@x.example`)
                  )
                )
                const wanted = chats.flatMap((key, at) => (keys.includes(key) ? [`c${at}`] : []))
                expect(sorted(yield* chatsIn(personRef("p")))).toEqual(wanted)
              }
            })
          )
      ),
      { numRuns: 20 }
    ))
})

describe("the key a chat closed with", () => {
  it.effect("is the one that counts, not the one it had before (A6)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p1", ["one@x.example"]), person("p2", ["two@x.example"]))
        yield* chatting("c", { email: "one@x.example" })
        yield* changeVisitorDetails(visitorAt("v-c"), { chatId: chatId("c"), email: "two@x.example" })
        yield* endChat(visitorAt("v-c"), { chatId: chatId("c") })
        expect(yield* chatsIn(personRef("p1"))).toEqual([])
        expect(yield* chatsIn(personRef("p2"))).toEqual(["c"])
      })
    )
  )

  it.effect("an address that is added brings its past chats, one that is removed takes them away (A7)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatted("old", { email: "old@x.example" })
        yield* chatted("new", { email: "new@x.example" })
        yield* saveRecords(person("p", ["new@x.example"]))
        expect(yield* chatsIn(personRef("p"))).toEqual(["new"])
        yield* saveRecords(person("p", ["new@x.example", "Old@x.example"]))
        expect(sorted(yield* chatsIn(personRef("p")))).toEqual(["new", "old"])
        yield* saveRecords(person("p", ["old@x.example"]))
        expect(yield* chatsIn(personRef("p"))).toEqual(["old"])
      })
    )
  )

  it.effect("does not matter for the chat a lead was made from, nor for that lead's feed later (A7, E7)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        const { lead: id } = yield* createLead(agentAt("a1"), { chatId: chatId("c") })
        yield* changeVisitorDetails(visitorAt("v-c"), { chatId: chatId("c"), email: null })
        yield* endChat(visitorAt("v-c"), { chatId: chatId("c") })
        expect(yield* chatsIn(leadRef(id))).toEqual(["c"])
        yield* saveRecords(lead(id, ["elsewhere@x.example"]))
        expect(yield* chatsIn(leadRef(id))).toEqual(["c"])
        yield* chatted("d", { email })
        expect(yield* chatsIn(leadRef(id))).toEqual(["c"])
      })
    )
  )

  it.effect("a phone never puts a chat into a feed, whatever the strategy (A2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email], { phones: ["+12125552368"] }))
        yield* chatted("c", { phone: "+12125552368", email: "other@x.example" })
        expect(yield* chatsIn(personRef("p"))).toEqual([])
      })
    )
  )
})

describe("records that are no more", () => {
  it.effect("the survivor of a merge shows the loser's chats; the loser has no feed (A5)", () =>
    world(
      Effect.gen(function* () {
        yield* house
        yield* mergeRecords(importer, { kind: "person", survivor: recordId("ann"), loser: recordId("eve") })
        expect(sorted(yield* chatsIn(personRef("ann")))).toEqual(["ann", "eve"])
        expect(yield* Effect.flip(readFeed(importer, { record: personRef("eve") }))).toEqual({
          _tag: "RecordNotFound",
          record: personRef("eve")
        })
        yield* saveRecords(person("ann", ["ann@x.example"], { companyId: recordId("works") }))
        expect(sorted(yield* chatsIn(personRef("ann")))).toEqual(["ann", "eve"])
        expect(sorted(yield* chatsIn(companyRef("works")))).toEqual(["ann", "bob", "eve", "works"])
      })
    )
  )

  it.effect("the contact a lead was converted into shows the lead's chats (A5)", () =>
    world(
      Effect.gen(function* () {
        yield* house
        yield* convertLead(importer, { lead: recordId("leo"), to: { kind: "person", id: recordId("eve") } })
        expect(sorted(yield* chatsIn(personRef("eve")))).toEqual(["eve", "leo"])
        expect(yield* Effect.flip(readFeed(importer, { record: leadRef("leo") }))).toMatchObject({
          _tag: "RecordNotFound"
        })
      })
    )
  )

  it.effect("a deal whose contact was merged shows what the survivor shows (A5, H2)", () =>
    world(
      Effect.gen(function* () {
        yield* house
        yield* saveRecords(deal("d", { primaryContact: personRef("eve") }))
        yield* mergeRecords(importer, { kind: "person", survivor: recordId("ann"), loser: recordId("eve") })
        expect(sorted(yield* chatsIn(dealRef("d")))).toEqual(["ann", "eve"])
      })
    )
  )

  it.effect("a deleted record has no feed; its chats stay, and show again on whoever takes the address (A5)", () =>
    world(
      Effect.gen(function* () {
        yield* house
        yield* deleteRecord(importer, { record: personRef("ann") })
        expect(yield* Effect.flip(readFeed(importer, { record: personRef("ann") }))).toEqual({
          _tag: "RecordNotFound",
          record: personRef("ann")
        })
        expect(sorted(yield* chatsIn(companyRef("works")))).toEqual(["bob", "works"])
        expect((yield* readTranscript(agentAt("a1"), { chatId: chatId("ann") })).chat.id).toBe("ann")
        yield* saveRecords(person("heir", ["ann@x.example"]))
        expect(yield* chatsIn(personRef("heir"))).toEqual(["ann"])
      })
    )
  )

  it.effect("the chat a deleted lead was made from may make another, and shows on that one (E5, E7)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        const first = yield* createLead(agentAt("a1"), { chatId: chatId("c") })
        yield* deleteRecord(importer, { record: leadRef(first.lead) })
        const second = yield* createLead(agentAt("a1"), { chatId: chatId("c") })
        yield* endChat(visitorAt("v-c"), { chatId: chatId("c") })
        expect(second.lead).not.toBe(first.lead)
        const { entries } = yield* readFeed(importer, { record: leadRef(second.lead) })
        expect(sorted(entries.map(wordOf))).toEqual(["AddedFromChat", "c"])
      })
    )
  )
})
