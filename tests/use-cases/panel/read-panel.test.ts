import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { Id } from "leadline"
import {
  changeVisitorDetails,
  convertLead,
  createLead,
  deleteRecord,
  readPanel,
  saveAgent,
  saveUser
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
import { agentAt, agentOf, chatting, hire, settle, userAt, visitorAt, world } from "./Chats.ts"

const email = "ann@example.com"
const cards = { lead: "https://crm.example/l/{id}", person: "https://crm.example/p/{id}", company: null }

/** Agent `a1` has no CRM licence; `a2` is the user `u2`; `a3` the administrator `u3`. */
const cast = Effect.gen(function* () {
  yield* saveUsers(user("owner"), user("u2"), user("u3", { isCrmAdministrator: true }))
  yield* hire(agentOf("a1"), agentOf("a2", { userId: userId("u2") }), agentOf("a3", { userId: userId("u3") }))
})

const panelOf = (agent: string, chat = "c") =>
  Effect.map(readPanel(agentAt(agent), { chatId: chatId(chat) }), ({ panel }) => panel)

describe("the panel's rows", () => {
  it.effect("needs an email where none was given (E1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { name: "Ann", phone: "+12125552368" })
        expect(yield* readPanel(agentAt("a1"), { chatId: chatId("c") })).toMatchObject({
          panel: { _tag: "NeedsEmail", actions: [] },
          shown: null
        })
      })
    )
  )

  it.effect("needs an email where the text given is none (A1, E1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email: "ann at example" })
        expect(yield* panelOf("a1")).toEqual({ _tag: "NeedsEmail", actions: [] })
      })
    )
  )

  it.effect("says of every action that is missing why (E1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        yield* saveRecords(person("p", [email]))
        const { missing, panel } = yield* readPanel(agentAt("a1"), { chatId: chatId("c") })
        expect(panel.actions).toEqual(["notifySales"])
        expect(missing).toEqual([
          { action: "editPhone", because: "leadsOnly" },
          { action: "openCard", because: "needsBothLicences" },
          { action: "editLayout", because: "notCrmAdministrator" },
          { action: "createLead", because: "hasRecord" }
        ])
      })
    )
  )

  it.effect("offers a lead, and nothing else, where an email matches nothing (E1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", ["bob@example.com"]))
        yield* chatting("c", { email })
        for (const agent of ["a1", "a2", "a3"]) {
          expect(yield* panelOf(agent)).toEqual({ _tag: "CanCreateLead", actions: ["createLead"] })
        }
      })
    )
  )

  it.effect("shows a match with what its kind, the licences and the URL templates allow (E1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* settle({ cardUrls: cards })
        yield* saveRecords(lead("l", ["l@x.example"]), person("p", ["p@x.example"]), company("o", ["o@x.example"]))
        for (const kind of ["l", "p", "o"]) yield* chatting(kind, { email: `${kind}@x.example` })
        const actions = (agent: string, chat: string) => Effect.map(panelOf(agent, chat), (panel) => panel.actions)
        expect(yield* actions("a1", "l")).toEqual(["notifySales", "editPhone"])
        expect(yield* actions("a2", "l")).toEqual(["notifySales", "editPhone", "openCard"])
        expect(yield* actions("a3", "l")).toEqual(["notifySales", "editPhone", "openCard", "editLayout"])
        expect(yield* actions("a1", "p")).toEqual(["notifySales"])
        expect(yield* actions("a2", "p")).toEqual(["notifySales", "openCard"])
        expect(yield* actions("a3", "p")).toEqual(["notifySales", "openCard", "editLayout"])
        expect(yield* actions("a3", "o")).toEqual(["notifySales", "editLayout"])
      })
    )
  )

  it.effect("allows what needs a CRM licence no longer once the user is inactive (E1, J1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* settle({ cardUrls: cards })
        yield* saveRecords(lead("l", [email]))
        yield* chatting("c", { email })
        yield* saveUser(importer, user("u3", { isCrmAdministrator: true, isActive: false }))
        expect((yield* panelOf("a3")).actions).toEqual(["notifySales", "editPhone"])
      })
    )
  )

  it.effect("shows the lead this chat made when its email matches nothing any more (E1, E7)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* settle({ leadOwners: [{ _tag: "User", userId: userId("owner") }] })
        yield* chatting("c", { email })
        const made = yield* createLead(agentAt("a1"), { chatId: chatId("c") })
        yield* changeVisitorDetails(visitorAt("v-c"), { chatId: chatId("c"), email: "other@example.com" })
        const record = { kind: "lead", id: made.lead }
        expect(yield* panelOf("a1")).toEqual({
          _tag: "Record",
          record,
          others: [],
          actions: ["notifySales", "editPhone"]
        })
        yield* deleteRecord(importer, { record: { kind: "lead", id: made.lead } })
        expect(yield* panelOf("a1")).toEqual({ _tag: "CanCreateLead", actions: ["createLead"] })
      })
    )
  )

  it.effect("does not show the lead this chat made once it was converted (A5, E1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* settle({ leadOwners: [{ _tag: "User", userId: userId("owner") }] })
        yield* saveRecords(person("p", ["p@x.example"]))
        yield* chatting("c", { email })
        const made = yield* createLead(agentAt("a1"), { chatId: chatId("c") })
        yield* convertLead(importer, { lead: made.lead, to: { kind: "person", id: recordId("p") } })
        expect(yield* panelOf("a1")).toMatchObject({ _tag: "Record", record: personRef("p"), others: [] })
        yield* changeVisitorDetails(visitorAt("v-c"), { chatId: chatId("c"), email: null })
        expect(yield* panelOf("a1")).toEqual({ _tag: "NeedsEmail", actions: [] })
      })
    )
  )

  it.effect("prefers a match to the lead this chat made (E1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* settle({ leadOwners: [{ _tag: "User", userId: userId("owner") }] })
        yield* chatting("c", { email })
        yield* createLead(agentAt("a1"), { chatId: chatId("c") })
        yield* saveRecords(person("p", ["other@example.com"]))
        yield* changeVisitorDetails(visitorAt("v-c"), { chatId: chatId("c"), email: "other@example.com" })
        expect(yield* panelOf("a1")).toMatchObject({ _tag: "Record", record: personRef("p"), others: [] })
      })
    )
  )

  it.effect("hides matches that the agent may see none of, and the lead made here likewise (E1, E2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* settle({ accessToCrmData: "crmUsersOnly", leadOwners: [{ _tag: "User", userId: userId("owner") }] })
        yield* saveUsers(user("u2", { visibility: "own" }))
        yield* saveRecords(person("p", ["p@x.example"]))
        yield* chatting("c1", { by: "a2", email: "p@x.example" })
        expect(yield* readPanel(agentAt("a2"), { chatId: chatId("c1") })).toMatchObject({
          panel: { _tag: "Hidden", actions: [] },
          shown: null
        })
        yield* chatting("c2", { by: "a2", email })
        yield* createLead(agentAt("a2"), { chatId: chatId("c2") })
        expect(yield* panelOf("a2", "c2")).toEqual({ _tag: "Hidden", actions: [] })
        yield* changeVisitorDetails(visitorAt("v-c2"), { chatId: chatId("c2"), email: null })
        expect(yield* panelOf("a2", "c2")).toEqual({ _tag: "Hidden", actions: [] })
      })
    )
  )

  it.effect("shows the first visible match, and lists the other visible ones only (E1, E2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* settle({ accessToCrmData: "crmUsersOnly" })
        yield* saveUsers(user("u2", { visibility: "own" }))
        yield* saveRecords(
          person("p", [email]),
          company("o", [email], { ownerId: userId("u2") }),
          lead("l", [email], { ownerId: userId("u2") })
        )
        yield* chatting("c", { email })
        expect(yield* panelOf("a2")).toMatchObject({ record: companyRef("o"), others: [leadRef("l")] })
        expect(yield* panelOf("a3")).toMatchObject({ record: personRef("p"), others: [companyRef("o"), leadRef("l")] })
      })
    )
  )
})

describe("who has access", () => {
  it.effect("every agent sees all with allAgents; only CRM users with crmUsersOnly (E2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        yield* chatting("c", { email })
        yield* chatting("d", { email: "nobody@example.com" })
        yield* saveUsers(user("u2", { visibility: "own" }))
        for (const agent of ["a1", "a2", "a3"]) expect((yield* panelOf(agent))._tag).toBe("Record")
        yield* settle({ accessToCrmData: "crmUsersOnly" })
        for (const chat of ["c", "d"]) {
          expect(yield* readPanel(agentAt("a1"), { chatId: chatId(chat) })).toMatchObject({
            panel: { _tag: "NoAccess", actions: [] },
            shown: null
          })
        }
        expect((yield* panelOf("a2"))._tag).toBe("Hidden")
        expect((yield* panelOf("a2", "d"))._tag).toBe("CanCreateLead")
        expect((yield* panelOf("a3"))._tag).toBe("Record")
      })
    )
  )

  it.effect("a user sees their own records, those of their team and of their reports, or all (E2, J1)", () =>
    world(
      Effect.gen(function* () {
        yield* settle({ accessToCrmData: "crmUsersOnly" })
        const team = Id.TeamId.make("north")
        yield* saveUsers(user("u", { teams: [team] }), user("mate", { teams: [team] }), user("owner"))
        yield* saveUsers(user("report", { reportsTo: userId("u") }), user("deep", { reportsTo: userId("report") }))
        yield* hire(agentOf("a1", { userId: userId("u") }))
        const owners = ["u", "mate", "report", "deep", "owner"]
        for (const owner of owners) {
          yield* saveRecords(person(owner, [`${owner}@x.example`], { ownerId: userId(owner) }))
          yield* chatting(owner, { email: `${owner}@x.example` })
        }
        const seen = Effect.gen(function* () {
          const panels = yield* Effect.forEach(owners, (owner) => panelOf("a1", owner))
          return owners.filter((_, at) => panels[at]?._tag === "Record")
        })
        yield* saveUsers(user("u", { teams: [team], visibility: "own" }))
        expect(yield* seen).toEqual(["u"])
        yield* saveUsers(user("u", { teams: [team], visibility: "team" }))
        expect(yield* seen).toEqual(["u", "mate", "report", "deep"])
        yield* saveUsers(user("u", { teams: [team], visibility: "all" }))
        expect(yield* seen).toEqual(owners)
        yield* saveUsers(user("u", { teams: [team], visibility: "all", isActive: false }))
        expect((yield* panelOf("a1", "u"))._tag).toBe("NoAccess")
      })
    )
  )

  it.effect("CRM inside Chat off closes every panel, and on again opens it; the other switches do not (H6)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        yield* chatting("c", { email })
        yield* settle({ crmInsideChat: false })
        for (const agent of ["a1", "a2", "a3"]) {
          expect(yield* panelOf(agent)).toEqual({ _tag: "NoAccess", actions: [] })
        }
        yield* settle({ crmInsideChat: true, chatInsideCrm: false, pastChatsInFeed: false })
        for (const agent of ["a1", "a2", "a3"]) expect((yield* panelOf(agent))._tag).toBe("Record")
      })
    )
  )

  it.effect("only enabled agents read panels, of chats that exist (E1, J1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        yield* saveAgent(importer, agentOf("a2", { isEnabled: false }))
        const denied = { _tag: "AccessDenied", reason: "notAnAgent" }
        for (const caller of [agentAt("a2"), agentAt("stranger"), userAt("u3"), visitorAt("v-c"), importer]) {
          expect(yield* Effect.flip(readPanel(caller, { chatId: chatId("c") }))).toMatchObject(denied)
        }
        expect(yield* Effect.flip(readPanel(agentAt("a1"), { chatId: chatId("none") }))).toEqual({
          _tag: "ChatNotFound",
          chatId: "none"
        })
      })
    )
  )
})
