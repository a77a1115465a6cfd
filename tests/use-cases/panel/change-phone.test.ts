import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { MemoryNotices } from "leadline/memory"
import {
  changePhone,
  changeVisitorDetails,
  createLead,
  drainBridge,
  endChat,
  readFeed,
  readPanel
} from "leadline/use-cases"
import {
  account,
  chatId,
  company,
  importer,
  lead,
  leadRef,
  leads,
  payloads,
  person,
  personRef,
  run,
  saveRecords,
  saveUsers,
  user,
  userId
} from "../crm/World.ts"
import { agentAt, agentOf, chatting, hire, settle, userAt, visitorAt, world } from "./Chats.ts"

const email = "ann@example.com"
const c = { chatId: chatId("c") }

/** Agent `a1` has no CRM licence; `a2` is the user `u2`. A chat of `ann@example.com`, served by `a1`. */
const cast = Effect.gen(function* () {
  yield* saveUsers(user("owner"), user("u2"))
  yield* hire(agentOf("a1"), agentOf("a2", { userId: userId("u2") }))
  yield* chatting("c", { email })
})

const phoneChanges = (id: string) =>
  Effect.map(readFeed(importer, { record: leadRef(id) }), ({ entries }) =>
    entries.flatMap((entry) =>
      entry._tag === "Activity" && entry.activity._tag === "PhoneChanged"
        ? [{ ...entry.activity, name: entry.byName }]
        : []
    )
  )

const phonesOf = Effect.map(leads, (all) => all.flatMap(({ phones }) => phones))

describe("the agent changes a lead's phone", () => {
  it.effect("it is on the lead and in the panel at once, and the feed says who changed what (E6)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(lead("l", [email]))
        expect(yield* changePhone(agentAt("a1"), { ...c, phone: "+1 212 555 2368" })).toEqual({
          lead: "l",
          isChanged: true
        })
        expect(yield* changePhone(agentAt("a2"), { ...c, phone: "+49 30 123456" })).toMatchObject({ isChanged: true })
        expect(yield* phonesOf).toEqual(["+49 30 123456"])
        expect(JSON.stringify((yield* readPanel(agentAt("a1"), c)).shown)).toContain("+49 30 123456")
        expect((yield* phoneChanges("l")).map(({ by, from, name, to }) => ({ by, from, name, to }))).toEqual(
          expect.arrayContaining([
            { by: agentAt("a1").actor, from: null, name: "A1", to: "+1 212 555 2368" },
            { by: agentAt("a2").actor, from: "+1 212 555 2368", name: "A2", to: "+49 30 123456" }
          ])
        )
        yield* drainBridge(account)
        expect(yield* (yield* MemoryNotices).shown(account)).toEqual([])
      })
    )
  )

  it.effect("an equal phone changes nothing, however it is written (A2, E6)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* settle({ defaultRegion: "US" })
        yield* saveRecords(lead("l", [email], { phones: ["+1 212 555 2368"] }))
        const before = yield* payloads
        for (const phone of ["+1 212 555 2368", "(212) 555-2368", "+12125552368", " +1 212 555 2368 "]) {
          expect(yield* changePhone(agentAt("a1"), { ...c, phone })).toEqual({ lead: "l", isChanged: false })
        }
        expect(yield* payloads).toEqual(before)
        expect(yield* phonesOf).toEqual(["+1 212 555 2368"])
        expect(yield* phoneChanges("l")).toEqual([])
      })
    )
  )

  it.effect("what cannot be parsed is kept as typed, and equal to itself (A2, E6)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(lead("l", [email]))
        const set = (phone: string) => Effect.map(changePhone(agentAt("a1"), { ...c, phone }), (a) => a.isChanged)
        expect(yield* Effect.forEach(["ext. 12", "ext. 12", "ext. 13"], set)).toEqual([true, false, true])
        expect(yield* phonesOf).toEqual(["ext. 13"])
      })
    )
  )

  it.effect("of leads only: a person or a company is refused, a lead beside them may be named (A4, E6)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        const set = changePhone(agentAt("a1"), { ...c, phone: "+12125552368" })
        expect(yield* Effect.flip(set)).toEqual({ _tag: "NotALead", record: personRef("p") })
        yield* chatting("d", { email: "o@example.com" })
        yield* saveRecords(company("o", ["o@example.com"]))
        expect(
          yield* Effect.flip(changePhone(agentAt("a1"), { chatId: chatId("d"), phone: "+12125552368" }))
        ).toMatchObject({ _tag: "NotALead" })
        yield* saveRecords(lead("l", [email]), lead("other", ["other@example.com"]))
        const named = (id: string) => changePhone(agentAt("a1"), { ...c, phone: "+12125552368", record: leadRef(id) })
        expect(yield* Effect.flip(named("other"))).toEqual({ _tag: "NoMatch" })
        expect(yield* phonesOf).toEqual([])
        expect(yield* named("l")).toEqual({ lead: "l", isChanged: true })
      })
    )
  )

  it.effect("where there is one: no match, no lead (E1, E6)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        expect(yield* Effect.flip(changePhone(agentAt("a1"), { ...c, phone: "+12125552368" }))).toEqual({
          _tag: "NoMatch"
        })
      })
    )
  )

  it.effect("also of the lead this chat made, when its email matches no more (E1, E6)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const made = yield* createLead(agentAt("a1"), c)
        yield* changeVisitorDetails(visitorAt("v-c"), { ...c, email: null })
        expect(yield* changePhone(agentAt("a1"), { ...c, phone: "+12125552368" })).toEqual({
          lead: made.lead,
          isChanged: true
        })
      })
    )
  )

  it.effect("not blank, at most 64 characters (D11)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(lead("l", [email]))
        const set = (phone: string) => changePhone(agentAt("a1"), { ...c, phone })
        expect(yield* Effect.flip(set(" "))).toEqual({ _tag: "Blank", field: "phone" })
        expect(yield* Effect.flip(set("1".repeat(65)))).toMatchObject({ _tag: "TooLong", field: "phone", limit: 64 })
        expect(yield* phonesOf).toEqual([])
        expect(yield* set("1".repeat(64))).toMatchObject({ isChanged: true })
      })
    )
  )

  it.effect("with access to the lead only (E2, J1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(lead("l", [email]))
        const set = (caller: typeof importer) => Effect.flip(changePhone(caller, { ...c, phone: "+12125552368" }))
        for (const caller of [userAt("u2"), visitorAt("v-c"), importer]) {
          expect(yield* set(caller)).toMatchObject({ _tag: "AccessDenied", reason: "notAnAgent" })
        }
        yield* settle({ accessToCrmData: "crmUsersOnly" })
        expect(yield* set(agentAt("a1"))).toMatchObject({ _tag: "AccessDenied", reason: "noCrmAccess" })
        yield* saveUsers(user("u2", { visibility: "own" }))
        expect(yield* set(agentAt("a2"))).toEqual({ _tag: "NoMatch" })
        expect(yield* phonesOf).toEqual([])
      })
    )
  )

  it.effect("never by what the visitor types of themselves (A8)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(lead("l", [email], { phones: ["+1 212 555 2368"] }))
        yield* changeVisitorDetails(visitorAt("v-c"), { ...c, phone: "+49 30 123456", name: "Mallory" })
        yield* changeVisitorDetails(visitorAt("v-c"), { ...c, email: "mallory@example.com" })
        yield* endChat(visitorAt("v-c"), c)
        expect(yield* leads).toMatchObject([{ emails: [email], phones: ["+1 212 555 2368"], lastName: "l" }])
      })
    )
  )

  it("once under one key, however often and at once; the last of many has the say (E6, K1)", () =>
    run(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(lead("l", [email]))
        const keyed = changePhone(agentAt("a1", "k"), { ...c, phone: "+12125552368" })
        const answers = yield* Effect.all([keyed, keyed, keyed], { concurrency: "unbounded" })
        for (const answer of answers) expect(answer).toEqual({ lead: "l", isChanged: true })
        expect((yield* phoneChanges("l")).length).toBe(1)
        const numbers = ["+442079460001", "+442079460002", "+442079460003", "+442079460004"]
        yield* Effect.forEach(numbers, (phone) => changePhone(agentAt("a1"), { ...c, phone }), {
          concurrency: "unbounded"
        })
        const changes = yield* phoneChanges("l")
        expect(changes.length).toBe(5)
        // each change starts from what the one before it left
        const ends = changes.map(({ to }) => to).filter((to) => !changes.some(({ from }) => from === to))
        expect(yield* phonesOf).toEqual(ends)
      })
    ))
})
