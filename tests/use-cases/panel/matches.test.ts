import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { Id, Instant } from "leadline"
import {
  changeVisitorDetails,
  deleteRecord,
  editLayout,
  endChat,
  mergeRecords,
  publishLayout,
  readPanel,
  saveFields,
  saveRecord
} from "leadline/use-cases"
import {
  chatId,
  company,
  companyRef,
  importer,
  lead,
  leadRef,
  person,
  personRef,
  recordId,
  saveRecords,
  saveUsers,
  user,
  userId
} from "../crm/World.ts"
import { agentAt, agentOf, chatting, hire, settle, visitorAt, world } from "./Chats.ts"

const email = "ann@example.com"

/** Agent `a1` has no CRM licence; `a2` is the user `u2`; `a3` the administrator `u3`. */
const cast = Effect.gen(function* () {
  yield* saveUsers(user("owner"), user("u2"), user("u3", { isCrmAdministrator: true }))
  yield* hire(agentOf("a1"), agentOf("a2", { userId: userId("u2") }), agentOf("a3", { userId: userId("u3") }))
})

const panelOf = (agent: string, chat = "c") =>
  Effect.map(readPanel(agentAt(agent), { chatId: chatId(chat) }), ({ panel }) => panel)

describe("what matches", () => {
  it.effect("persons before companies before leads, then the most recently updated, then the id (A3, A4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const at = (millis: number) => ({ updatedAt: Instant.fromMillis(millis) })
        yield* saveRecords(
          lead("l1", [email], at(9)),
          lead("l2", [email], at(9)),
          company("o", [email], at(5)),
          person("old", [email], at(1)),
          person("new", [email], at(2))
        )
        yield* chatting("c", { email: " ANN@Example.com " })
        expect(yield* panelOf("a1")).toMatchObject({
          record: personRef("new"),
          others: [personRef("old"), companyRef("o"), leadRef("l1"), leadRef("l2")]
        })
      })
    )
  )

  it.effect("a phone matches only where the strategy says so, after every email (A2, A3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("byPhone", [], { phones: ["+1 212 555 2368"] }), lead("byEmail", [email]))
        yield* chatting("both", { email, phone: "(212) 555-2368" })
        yield* chatting("phone", { phone: "+1-212-555-2368" })
        expect(yield* panelOf("a1", "both")).toMatchObject({ record: leadRef("byEmail"), others: [] })
        expect(yield* panelOf("a1", "phone")).toEqual({ _tag: "NeedsEmail", actions: [] })
        yield* settle({ matchBy: "emailOrPhone" })
        expect(yield* panelOf("a1", "phone")).toMatchObject({ record: personRef("byPhone"), others: [] })
        expect(yield* panelOf("a1", "both")).toMatchObject({ record: leadRef("byEmail"), others: [] })
        yield* settle({ defaultRegion: "US" })
        yield* changeVisitorDetails(visitorAt("v-both"), { chatId: chatId("both"), phone: "(212) 555-2368" })
        expect(yield* panelOf("a1", "both")).toMatchObject({
          record: leadRef("byEmail"),
          others: [personRef("byPhone")]
        })
      })
    )
  )

  it.effect("merged records do not match, but their addresses do (A5)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p1", ["one@x.example"]), person("p2", [email]))
        yield* chatting("c", { email })
        expect(yield* panelOf("a1")).toMatchObject({ record: personRef("p2") })
        yield* mergeRecords(importer, { kind: "person", survivor: recordId("p1"), loser: recordId("p2") })
        expect(yield* panelOf("a1")).toMatchObject({ record: personRef("p1"), others: [] })
        yield* deleteRecord(importer, { record: personRef("p1") })
        expect(yield* panelOf("a1")).toMatchObject({ _tag: "CanCreateLead" })
      })
    )
  )

  it.effect("an email changed in mid-chat matches again at once; cleared, nothing matches (A6)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p1", [email]), person("p2", ["bob@example.com"]))
        yield* chatting("c", {})
        const change = (by: typeof importer, to: string | null) =>
          changeVisitorDetails(by, { chatId: chatId("c"), email: to })
        yield* change(visitorAt("v-c"), email)
        expect(yield* panelOf("a1")).toMatchObject({ record: personRef("p1") })
        yield* change(agentAt("a1"), "Bob@Example.com")
        expect(yield* panelOf("a1")).toMatchObject({ record: personRef("p2") })
        yield* change(visitorAt("v-c"), null)
        expect(yield* panelOf("a1")).toEqual({ _tag: "NeedsEmail", actions: [] })
        yield* change(visitorAt("v-c"), email)
        yield* change(visitorAt("v-c"), "  ")
        expect(yield* panelOf("a1")).toEqual({ _tag: "NeedsEmail", actions: [] })
      })
    )
  )

  it.effect("a closed chat's panel still shows its record (A6, E1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        yield* chatting("c", { email })
        yield* endChat(agentAt("a1"), { chatId: chatId("c") })
        expect(yield* panelOf("a1")).toMatchObject({ record: personRef("p") })
      })
    )
  )
})

describe("the record shown", () => {
  const fieldId = (id: string) => Id.FieldId.make(id)
  const custom = (id: string, isDeleted: boolean) => ({
    id: fieldId(id),
    label: id,
    type: "text" as const,
    choices: [],
    recordKinds: ["lead" as const],
    isCustom: true,
    isDeleted
  })

  it.effect("has the fields of its kind's published layout, from the moment of publication (I1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(lead("l", [email], { phones: ["+1 212 555 2368"], source: "Fair" }))
        yield* chatting("c", { email })
        const shown = Effect.map(readPanel(agentAt("a1"), { chatId: chatId("c") }), (read) => read.shown)
        const fields = Effect.map(shown, (record) => record?.fields.map((field) => field.fieldId))
        expect(yield* shown).toMatchObject({ ref: leadRef("l"), name: "l", ownerId: "owner", layoutVersion: 0 })
        expect(yield* fields).toEqual(["name", "email", "phone", "owner", "status"])
        const edit = { _tag: "Add", fieldId: fieldId("source"), index: 0 } as const
        yield* editLayout(agentAt("a3"), { recordKind: "lead", edit })
        expect(yield* fields).toEqual(["name", "email", "phone", "owner", "status"])
        yield* publishLayout(agentAt("a3"), { recordKind: "lead" })
        expect(yield* fields).toEqual(["source", "name", "email", "phone", "owner", "status"])
        expect((yield* shown)?.layoutVersion).toBe(1)
      })
    )
  )

  it.effect("skips and reports a field that was deleted, and shows all the others (I3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveFields(importer, { fields: [custom("size", false), custom("gone", false)] })
        yield* saveRecord(importer, lead("l", [email], { custom: { size: "L", gone: "x" } }))
        for (const id of ["size", "gone"]) {
          yield* editLayout(agentAt("a3"), { recordKind: "lead", edit: { _tag: "Add", fieldId: fieldId(id) } })
        }
        yield* publishLayout(agentAt("a3"), { recordKind: "lead" })
        yield* saveFields(importer, { fields: [custom("gone", true)] })
        yield* chatting("c", { email })
        const { shown } = yield* readPanel(agentAt("a1"), { chatId: chatId("c") })
        expect(shown?.skipped).toEqual([{ fieldId: "gone", reason: "deleted" }])
        expect(shown?.fields.map((field) => field.fieldId)).toEqual([
          "name",
          "email",
          "phone",
          "owner",
          "status",
          "size"
        ])
        expect(shown?.fields.at(-1)).toMatchObject({ label: "size", value: { text: "L" } })
      })
    )
  )

  it.effect("names a person's company only to who may see it (E2, I3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* settle({ accessToCrmData: "crmUsersOnly" })
        yield* saveUsers(user("u2", { visibility: "own" }))
        yield* saveRecords(
          company("Works", []),
          person("p", [email], { ownerId: userId("u2"), companyId: recordId("Works") })
        )
        yield* chatting("c", { email })
        const companyField = (agent: string) =>
          Effect.map(readPanel(agentAt(agent), { chatId: chatId("c") }), ({ shown }) =>
            JSON.stringify(shown?.fields.find((field) => field.fieldId === "company")?.value)
          )
        expect(yield* companyField("a3")).toContain("Works")
        expect(yield* companyField("a2")).not.toContain("Works")
      })
    )
  )
})
