import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { MemoryNotices } from "leadline/memory"
import {
  changeVisitorDetails,
  createLead,
  drainBridge,
  endChat,
  notifySales,
  readFeed,
  saveAgent
} from "leadline/use-cases"
import {
  account,
  chatId,
  company,
  companyRef,
  importer,
  lead,
  leadRef,
  notices,
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
  yield* saveUsers(
    user("boss"),
    user("owner", { reportsTo: userId("boss") }),
    user("u2", { reportsTo: userId("boss") })
  )
  yield* hire(agentOf("a1"), agentOf("a2", { userId: userId("u2") }))
  yield* chatting("c", { email })
})

const shown = Effect.gen(function* () {
  yield* drainBridge(account)
  return yield* (yield* MemoryNotices).shown(account)
})

const notesOf = (record: ReturnType<typeof personRef> | ReturnType<typeof leadRef> | ReturnType<typeof companyRef>) =>
  Effect.map(readFeed(importer, { record }), ({ entries }) =>
    entries.flatMap((entry) => (entry._tag === "Activity" && entry.activity._tag === "Note" ? [entry.activity] : []))
  )

const untouched = Effect.gen(function* () {
  expect(yield* notices).toEqual([])
  expect((yield* payloads).filter(({ _tag }) => _tag === "NoteAdded")).toEqual([])
})

describe("a note to sales", () => {
  it.effect("lies on the record, with its author and a link to the chat; the owner is told once (G1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        for (const [record, ref] of [
          [lead("x", [email]), leadRef("x")],
          [company("y", [email]), companyRef("y")],
          [person("z", [email]), personRef("z")]
        ] as const) {
          yield* saveRecords(record)
          const answer = yield* notifySales(agentAt("a1"), { ...c, text: "Wants forty chairs" })
          expect(answer).toMatchObject({ record: ref, told: { told: "owner", why: "owner" } })
          expect(yield* notesOf(ref)).toMatchObject([
            { id: answer.activityId, text: "Wants forty chairs", chatId: "c", by: agentAt("a1").actor }
          ])
          expect((yield* shown).at(-1)).toMatchObject({
            to: "owner",
            about: ref,
            reason: "noteLeft",
            activityId: answer.activityId,
            chatId: "c",
            from: agentAt("a1").actor
          })
        }
        expect((yield* shown).length).toBe(3)
      })
    )
  )

  it.effect("goes to the primary of several matches, or to the one that is named (A3, G1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(
          person("p", [email]),
          company("o", [email]),
          lead("l", [email]),
          lead("other", ["o@x.example"])
        )
        const note = (record?: ReturnType<typeof leadRef> | ReturnType<typeof companyRef>) =>
          notifySales(agentAt("a1"), { ...c, text: "Hello", ...(record === undefined ? {} : { record }) })
        expect(yield* note()).toMatchObject({ record: personRef("p") })
        expect(yield* note(companyRef("o"))).toMatchObject({ record: companyRef("o") })
        expect(yield* note(leadRef("l"))).toMatchObject({ record: leadRef("l") })
        expect(yield* Effect.flip(note(leadRef("other")))).toEqual({ _tag: "NoMatch" })
        expect(yield* Effect.flip(note(leadRef("p")))).toEqual({ _tag: "NoMatch" })
        expect((yield* notesOf(leadRef("other"))).length).toBe(0)
      })
    )
  )

  it.effect("needs a match: without one, or without an email, nothing is stored and nobody told (E1, G1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", ["bob@example.com"]))
        const note = Effect.flip(notifySales(agentAt("a1"), { ...c, text: "Hello" }))
        expect(yield* note).toEqual({ _tag: "NoMatch" })
        yield* changeVisitorDetails(visitorAt("v-c"), { ...c, email: null })
        expect(yield* note).toEqual({ _tag: "NoMatch" })
        yield* untouched
      })
    )
  )

  it.effect("goes to the lead this chat made where nothing matches any more (E1, E7, G1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const made = yield* createLead(agentAt("a1"), c)
        yield* changeVisitorDetails(visitorAt("v-c"), { ...c, email: "other@example.com" })
        expect(yield* notifySales(agentAt("a1"), { ...c, text: "Hello" })).toMatchObject({ record: leadRef(made.lead) })
      })
    )
  )

  it.effect("goes only to what the agent may see (E1, E2, J1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* settle({ accessToCrmData: "crmUsersOnly" })
        yield* saveUsers(user("u2", { visibility: "own" }))
        yield* saveRecords(person("p", [email]))
        const note = notifySales(agentAt("a2"), { ...c, text: "Hello" })
        expect(yield* Effect.flip(note)).toEqual({ _tag: "NoMatch" })
        expect(yield* Effect.flip(notifySales(agentAt("a2"), { ...c, text: "Hello", record: personRef("p") }))).toEqual(
          {
            _tag: "NoMatch"
          }
        )
        yield* untouched
        yield* saveRecords(lead("l", [email], { ownerId: userId("u2") }))
        expect(yield* note).toMatchObject({ record: leadRef("l") })
      })
    )
  )

  it.effect("comes from agents with access only (E1, E2, H6)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        const note = (caller: typeof importer) => Effect.flip(notifySales(caller, { ...c, text: "Hello" }))
        for (const caller of [userAt("u2"), visitorAt("v-c"), importer]) {
          expect(yield* note(caller)).toMatchObject({ _tag: "AccessDenied", reason: "notAnAgent" })
        }
        yield* settle({ accessToCrmData: "crmUsersOnly" })
        expect(yield* note(agentAt("a1"))).toMatchObject({ _tag: "AccessDenied", reason: "noCrmAccess" })
        yield* settle({ accessToCrmData: "allAgents", crmInsideChat: false })
        expect(yield* note(agentAt("a2"))).toMatchObject({ _tag: "AccessDenied", reason: "noCrmAccess" })
        yield* settle({ crmInsideChat: true })
        yield* saveAgent(importer, agentOf("a1", { isEnabled: false }))
        expect(yield* note(agentAt("a1"))).toMatchObject({ _tag: "AccessDenied", reason: "notAnAgent" })
        yield* untouched
      })
    )
  )

  it.effect("may be left beside a chat that has ended (G1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        yield* endChat(agentAt("a1"), c)
        expect(yield* notifySales(agentAt("a1"), { ...c, text: "Hello" })).toMatchObject({ record: personRef("p") })
      })
    )
  )
})

describe("its text", () => {
  it.effect("is not blank and has at most 65,535 characters (D11, G3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        const note = (text: string) => notifySales(agentAt("a1"), { ...c, text })
        for (const blank of ["", " ", "\n\t"]) {
          expect(yield* Effect.flip(note(blank))).toEqual({ _tag: "Blank", field: "note" })
        }
        expect(yield* Effect.flip(note("x".repeat(65_536)))).toMatchObject({ _tag: "TooLong", limit: 65_535 })
        yield* untouched
        expect(yield* note("x".repeat(65_535))).toMatchObject({ record: personRef("p") })
      })
    )
  )
})

describe("who is told", () => {
  it.effect("nobody where the author owns the record; the note is stored (G3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email], { ownerId: userId("u2") }))
        expect(yield* notifySales(agentAt("a2"), { ...c, text: "Mine" })).toMatchObject({
          told: { told: null, why: "ownerIsAuthor" }
        })
        expect((yield* notesOf(personRef("p"))).length).toBe(1)
        expect(yield* shown).toEqual([])
      })
    )
  )

  it.effect(
    "the nearest active manager of an inactive owner, else the topmost one, unless they wrote it (F5, G3)",
    () =>
      world(
        Effect.gen(function* () {
          yield* cast
          yield* saveRecords(person("p", [email]))
          yield* saveUsers(
            user("lead", { reportsTo: userId("boss") }),
            user("owner", { reportsTo: userId("lead"), isActive: false })
          )
          const told = (agent: string) =>
            Effect.map(notifySales(agentAt(agent), { ...c, text: "Hello" }), (answer) => answer.told)
          expect(yield* told("a1")).toEqual({ told: "lead", why: "managerOfInactiveOwner" })
          yield* saveUsers(user("lead", { reportsTo: userId("boss"), isActive: false }))
          expect(yield* told("a1")).toEqual({ told: "boss", why: "managerOfInactiveOwner" })
          yield* saveUsers(user("owner", { isActive: false }))
          expect(yield* told("a1")).toEqual({ told: "boss", why: "topmostManager" })
          yield* saveUsers(user("boss", { isActive: false }))
          expect(yield* told("a2")).toEqual({ told: null, why: "recipientIsAuthor" })
          yield* saveUsers(user("u2", { isActive: false }))
          expect(yield* told("a1")).toEqual({ told: null, why: "nobodyActive" })
          expect((yield* notesOf(personRef("p"))).length).toBe(5)
          expect((yield* shown).map(({ to }) => to)).toEqual(["lead", "boss", "boss"])
        })
      )
  )
})

describe("a note that is repeated", () => {
  it("under one key is one note, with one answer, however often and at once (G4, K1)", () =>
    run(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        const note = notifySales(agentAt("a1", "k"), { ...c, text: "Hello" })
        const answers = yield* Effect.all([note, note, note, note], { concurrency: "unbounded" })
        const later = yield* note
        for (const answer of answers) expect(answer).toEqual(later)
        expect((yield* notesOf(personRef("p"))).length).toBe(1)
        expect((yield* shown).length).toBe(1)
        expect(yield* Effect.flip(notifySales(agentAt("a1", "k"), { ...c, text: "Other" }))).toEqual({
          _tag: "IdempotencyKeyReused",
          key: "k"
        })
      })
    ))

  it("without a key is as many notes as presses, in whatever order they meet (G1)", () =>
    run(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        const texts = Array.from({ length: 6 }, (_, n) => `note ${n}`)
        yield* Effect.forEach(texts, (text) => notifySales(agentAt("a1"), { ...c, text }), { concurrency: "unbounded" })
        expect((yield* notesOf(personRef("p"))).map(({ text }) => text).toSorted()).toEqual(texts)
        expect((yield* shown).length).toBe(6)
      })
    ))
})
