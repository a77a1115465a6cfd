import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { RecordRef } from "leadline"
import { CrmStore } from "leadline/ports"
import {
  changeVisitorDetails,
  convertLead,
  createLead,
  endChat,
  logActivity,
  mergeRecords,
  openTranscript,
  readFeed,
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
  saveRecords
} from "../crm/World.ts"
import { agentAt, chatted, chatting, userAt, visitorAt, world } from "../panel/Chats.ts"
import { inProcess, NEVER } from "../panel/Crash.ts"
import { cast, chatsIn, readAll } from "./Feeds.ts"

/** A lead made from a chat that closed without its email (E7). */
const madeElsewhere = Effect.fnUntraced(function* (id: string) {
  yield* chatting(id, { email: `${id}@x.example` })
  const made = yield* createLead(agentAt("a1"), { chatId: chatId(id) })
  yield* changeVisitorDetails(visitorAt(`v-${id}`), { chatId: chatId(id), email: null })
  yield* endChat(visitorAt(`v-${id}`), { chatId: chatId(id) })
  return made.lead
})

const note = (record: RecordRef.RecordRef, text: string) => logActivity(importer, { record, type: "Note", text })

const textsIn = (record: RecordRef.RecordRef) =>
  Effect.map(readFeed(importer, { record }), ({ entries }) =>
    entries.flatMap((entry) =>
      entry._tag === "Activity" && entry.activity._tag === "Note" ? [entry.activity.text] : []
    )
  )

const merge = (kind: RecordRef.RecordKind, survivor: string, loser: string) =>
  mergeRecords(importer, { kind, survivor: recordId(survivor), loser: recordId(loser) })

describe("the feed of a survivor", () => {
  it.effect("shows the chat that a merged or converted lead was made from, whatever it closed with (A5, E7)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const made = yield* madeElsewhere("c")
        yield* saveRecords(lead("l", []), person("p", []), person("heir", []))
        yield* merge("lead", "l", made)
        expect(yield* chatsIn(leadRef("l"))).toEqual(["c"])
        yield* convertLead(importer, { lead: recordId("l"), to: { kind: "person", id: recordId("p") } })
        expect(yield* chatsIn(personRef("p"))).toEqual(["c"])
        yield* merge("person", "heir", "p")
        expect(yield* chatsIn(personRef("heir"))).toEqual(["c"])
        const asked = { chatId: chatId("c"), record: personRef("heir") }
        expect(yield* openTranscript(userAt("u2"), asked)).toMatchObject({ chatId: "c" })
        yield* saveRecord(importer, person("heir", ["new@x.example"]))
        expect(yield* chatsIn(personRef("heir"))).toEqual(["c"])
      })
    )
  )

  it.effect("passes that chat on to the survivor's company and deals, as its others (A5, E7, H2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const made = yield* madeElsewhere("c")
        yield* saveRecords(
          company("co", []),
          person("p", [], { companyId: recordId("co") }),
          deal("d", { primaryContact: personRef("p") })
        )
        yield* convertLead(importer, { lead: made, to: { kind: "person", id: recordId("p") } })
        for (const record of [personRef("p"), companyRef("co"), dealRef("d")]) {
          expect(yield* chatsIn(record)).toEqual(["c"])
        }
      })
    )
  )

  it.effect("shows the losers' notes among its own, newest first, page by page, each once (A5, H4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("a", []), person("b", []), person("c", []))
        for (const [at, id] of ["a", "b", "c", "b", "a"].entries()) {
          yield* TestClock.adjust("1 minute")
          yield* note(personRef(id), `${id}${at}`)
        }
        yield* merge("person", "b", "c")
        yield* merge("person", "a", "b")
        const wanted = ["a4", "b3", "c2", "b1", "a0"]
        expect(yield* textsIn(personRef("a"))).toEqual(wanted)
        const pages = yield* readAll(importer, { record: personRef("a"), pageSize: 2 }, Effect.void)
        const texts = pages.flatMap(({ entries }) =>
          entries.flatMap((entry) =>
            entry._tag === "Activity" && entry.activity._tag === "Note" ? [entry.activity.text] : []
          )
        )
        expect(texts).toEqual(wanted)
        yield* TestClock.adjust("1 minute")
        yield* note(personRef("a"), "after")
        expect(yield* textsIn(personRef("a"))).toEqual(["after", ...wanted])
      })
    )
  )

  it.effect("shows the lead's history, added from Chat included, once it is a contact (A5, H1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const made = yield* madeElsewhere("c")
        yield* saveRecords(person("p", []))
        yield* convertLead(importer, { lead: made, to: { kind: "person", id: recordId("p") } })
        const { entries } = yield* readFeed(importer, { record: personRef("p") })
        const words = entries.map((entry) => (entry._tag === "Chat" ? entry.id : entry.activity._tag))
        expect(words.toSorted()).toEqual(["AddedFromChat", "c"])
      })
    )
  )

  it.effect("of companies shows what the people of both show (A5, H2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(
          company("new", []),
          company("old", []),
          company("oldest", []),
          person("ann", ["ann@x.example"], { companyId: recordId("new") }),
          person("bob", ["bob@x.example"], { companyId: recordId("old") }),
          person("cid", ["cid@x.example"], { companyId: recordId("oldest") }),
          deal("d", { companyId: recordId("oldest") })
        )
        for (const name of ["ann", "bob", "cid"]) yield* chatted(name, { email: `${name}@x.example` })
        yield* merge("company", "old", "oldest")
        yield* merge("company", "new", "old")
        expect((yield* chatsIn(companyRef("new"))).toSorted()).toEqual(["ann", "bob", "cid"])
        expect((yield* chatsIn(dealRef("d"))).toSorted()).toEqual(["ann", "bob", "cid"])
      })
    )
  )

  it.effect("of a company shows no people of another that has the id of a lead it took over (A5, H2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(
          company("co", []),
          company("same", []),
          lead("same", []),
          person("ann", ["ann@x.example"], { companyId: recordId("same") })
        )
        yield* chatted("ann", { email: "ann@x.example" })
        yield* convertLead(importer, { lead: recordId("same"), to: { kind: "company", id: recordId("co") } })
        expect(yield* chatsIn(companyRef("co"))).toEqual([])
      })
    )
  )

  it.effect("shows nobody else's history: a person of the company, the contact of a deal keep their own (H2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(company("co", []), person("p", [], { companyId: recordId("co") }), person("q", []))
        yield* note(personRef("q"), "q's")
        yield* merge("person", "p", "q")
        expect(yield* textsIn(personRef("p"))).toEqual(["q's"])
        expect(yield* textsIn(companyRef("co"))).toEqual([])
      })
    )
  )

  it.effect("costs as many reads after a hundred merges as before them (cost law)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(company("co", []), company("alone", []))
        for (let n = 0; n < 100; n++) {
          yield* saveRecords(company(`c${n}`, []))
          yield* merge("company", "co", `c${n}`)
        }
        const asked = (id: string) =>
          Effect.map(inProcess(readFeed(importer, { record: companyRef(id) }), NEVER), (process) => process.asked)
        expect(yield* asked("co")).toEqual(yield* asked("alone"))
      })
    )
  )
})

describe("a merge that goes wrong", () => {
  it.effect("is refused above 200 records in one, and leaves both as they are (A5)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", []))
        for (let n = 0; n < 201; n++) yield* saveRecords(person(`p${n}`, [`p${n}@x.example`]))
        for (let n = 0; n < 200; n++) yield* merge("person", "p", `p${n}`)
        const refused = { _tag: "TooMany", field: "absorbed", limit: 200, size: 201 }
        expect(yield* Effect.flip(merge("person", "p", "p200"))).toEqual(refused)
        const crm = yield* CrmStore
        const [loser] = yield* crm.get(importer.account, [{ kind: "person", id: "p200" }])
        expect(loser.value?.lifecycle).toEqual({ _tag: "Live" })
      })
    )
  )
})
