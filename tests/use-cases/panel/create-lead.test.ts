import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import type { OwnerChoice } from "leadline"
import { MemoryNotices } from "leadline/memory"
import { Crm, DeskStore } from "leadline/ports"
import {
  changeVisitorDetails,
  createLead,
  drainBridge,
  endChat,
  leaveChat,
  readFeed,
  readPanel
} from "leadline/use-cases"
import {
  account,
  chatId,
  leadRef,
  leads,
  notices,
  payloads,
  person,
  personRef,
  poolId,
  poolOf,
  saveRecords,
  saveUsers,
  user,
  userId
} from "../crm/World.ts"
import { agentAt, agentOf, chatted, chatting, hire, settle, userAt, visitorAt, world } from "./Chats.ts"

const email = "ann@example.com"
const c = { chatId: chatId("c") }
const owner: OwnerChoice.OwnerChoice = { _tag: "User", userId: userId("owner") }

/** Agent `a1` has no CRM licence, `a2` is the user `u2`; new leads are `owner`'s. */
const cast = Effect.gen(function* () {
  yield* saveUsers(user("owner"), user("u2"))
  yield* hire(agentOf("a1"), agentOf("a2", { userId: userId("u2") }))
  yield* settle({ leadOwners: [owner] })
})

const nothingMade = Effect.gen(function* () {
  expect(yield* leads).toEqual([])
  expect(yield* notices).toEqual([])
})

describe("who may create a lead", () => {
  it.effect("an agent who serves an open chat with an email (E3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        expect(yield* createLead(agentAt("a1"), c)).toMatchObject({ owner: "owner", noteStored: false })
      })
    )
  )

  it.effect("nobody else: another agent, one who left, a user, the visitor (C10, E3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        expect(yield* Effect.flip(createLead(agentAt("a2"), c))).toEqual({ _tag: "NotServing", agentId: "a2" })
        for (const caller of [userAt("u2"), visitorAt("v-c"), agentAt("stranger")]) {
          expect(yield* Effect.flip(createLead(caller, c))).toMatchObject({
            _tag: "AccessDenied",
            reason: "notAnAgent"
          })
        }
        yield* leaveChat(agentAt("a1"), c)
        expect(yield* Effect.flip(createLead(agentAt("a1"), c))).toEqual({ _tag: "NotServing", agentId: "a1" })
        yield* nothingMade
      })
    )
  )

  it.effect("nobody once the chat is closed, before it is answered, or where there is none (E3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("waits", { by: null, email })
        yield* chatted("c", { email })
        const press = (chat: string) => Effect.flip(createLead(agentAt("a1"), { chatId: chatId(chat) }))
        expect(yield* press("c")).toEqual({ _tag: "ChatIsClosed", at: 0, reason: "visitor" })
        expect(yield* press("waits")).toEqual({ _tag: "NotServing", agentId: "a1" })
        expect(yield* press("none")).toEqual({ _tag: "ChatNotFound", chatId: "none" })
        yield* nothingMade
      })
    )
  )

  it.effect("nobody without an email that can be used, given or cleared (A6, E1, E3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* settle({ matchBy: "emailOrPhone" })
        yield* chatting("c", { name: "Ann", phone: "+12125552368" })
        const press = Effect.flip(createLead(agentAt("a1"), c))
        expect(yield* press).toEqual({ _tag: "NoEmail" })
        for (const typed of ["ann", email, null]) {
          yield* changeVisitorDetails(visitorAt("v-c"), { ...c, email: typed })
          if (typed !== email) expect(yield* press).toEqual({ _tag: "NoEmail" })
        }
        yield* nothingMade
      })
    )
  )

  it.effect("nobody without access to the CRM (E1, E2, H6)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        const denied = { _tag: "AccessDenied", reason: "noCrmAccess" }
        yield* settle({ accessToCrmData: "crmUsersOnly" })
        expect(yield* Effect.flip(createLead(agentAt("a1"), c))).toMatchObject(denied)
        yield* settle({ accessToCrmData: "allAgents", crmInsideChat: false })
        expect(yield* Effect.flip(createLead(agentAt("a1"), c))).toMatchObject(denied)
        yield* nothingMade
      })
    )
  )

  it.effect("nobody beside a record: named where it may be seen, else hidden (E1, E5)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* poolOf("p", "m1", "m2")
        yield* settle({ accessToCrmData: "crmUsersOnly", leadOwners: [{ _tag: "Pool", poolId: poolId("p") }] })
        yield* saveRecords(person("x", [email]), person("y", [email], { ownerId: userId("u2") }))
        yield* chatting("c", { by: "a2", email })
        const press = Effect.flip(createLead(agentAt("a2"), { ...c, note: "Call" }))
        expect(yield* press).toEqual({
          _tag: "AlreadyMatched",
          records: [personRef("x"), personRef("y")],
          noteStored: false
        })
        yield* saveUsers(user("u2", { visibility: "own" }))
        expect(yield* press).toEqual({ _tag: "AlreadyMatched", records: [personRef("y")], noteStored: false })
        yield* saveRecords(person("y", [email]))
        expect(yield* press).toEqual({ _tag: "MatchHidden", noteStored: false })
        yield* nothingMade
        expect((yield* payloads).filter(({ _tag }) => _tag === "LeadDealt" || _tag === "NoteAdded")).toEqual([])
      })
    )
  )
})

describe("the lead", () => {
  it.effect(
    "has the visitor's name, email and phone as typed, the settings' status and source, its origin (E3, E4)",
    () =>
      world(
        Effect.gen(function* () {
          yield* cast
          yield* settle({ leadStatus: "Fresh", leadSource: "Website" })
          yield* chatting("c", { name: "Mary Ann  Lee", email: " Ann@Müller.example", phone: "030 123" })
          const made = yield* createLead(agentAt("a1"), c)
          expect(yield* leads).toMatchObject([
            {
              id: made.lead,
              firstName: "Mary Ann",
              lastName: "Lee",
              emails: [" Ann@Müller.example"],
              phones: ["030 123"],
              keys: { emails: ["ann@xn--mller-kva.example"] },
              status: "Fresh",
              source: "Website",
              organisation: null,
              ownerId: "owner",
              addedFrom: { _tag: "Chat", chatId: "c" }
            }
          ])
        })
      )
  )

  it.effect(
    "is named after the email's local part where no name was given, and has what was changed last (A6, E4)",
    () =>
      world(
        Effect.gen(function* () {
          yield* cast
          yield* settle({ leadSource: null })
          yield* chatting("c", { name: "Bob", email: "bob@example.com" })
          yield* changeVisitorDetails(visitorAt("v-c"), { ...c, name: null, email: "ann.lee@example.com" })
          yield* createLead(agentAt("a1"), c)
          expect(yield* leads).toMatchObject([
            { firstName: null, lastName: "ann.lee", emails: ["ann.lee@example.com"], phones: [], source: null }
          ])
        })
      )
  )

  it.effect("is at once in the chat and in the panel, and in its own feed when the chat ends (E1, E7, H1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        const { lead } = yield* createLead(agentAt("a1"), c)
        const desk = yield* DeskStore
        const [chat] = yield* desk.get(account, [{ kind: "chat", id: "c" }])
        expect(chat.value?.lead).toEqual({ id: lead, owner: "owner" })
        expect((yield* readPanel(agentAt("a1"), c)).panel).toMatchObject({ record: leadRef(lead) })
        const feed = Effect.map(readFeed(agentAt("a1"), { record: leadRef(lead) }), ({ entries }) =>
          entries.map((entry) => (entry._tag === "Chat" ? entry.id : entry.activity._tag))
        )
        expect(yield* feed).toEqual(["AddedFromChat"])
        yield* changeVisitorDetails(visitorAt("v-c"), { ...c, email: "elsewhere@example.com" })
        yield* endChat(agentAt("a1"), c)
        expect([...(yield* feed)].sort()).toEqual(["AddedFromChat", "c"])
      })
    )
  )
})

describe("its owner", () => {
  it.effect("is the creator with crmUsersOnly, else the topmost manager, where none is configured (F1, F5)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveUsers(user("boss"), user("owner", { reportsTo: userId("boss") }))
        yield* saveUsers(user("u2", { reportsTo: userId("boss") }))
        yield* settle({ leadOwners: [] })
        yield* chatting("c", { email })
        expect(yield* createLead(agentAt("a1"), c)).toMatchObject({
          owner: "boss",
          decision: { reason: { _tag: "TopmostManager", among: "sole" } }
        })
        yield* settle({ accessToCrmData: "crmUsersOnly" })
        yield* chatting("d", { by: "a2", email: "d@example.com" })
        expect(yield* createLead(agentAt("a2"), { chatId: chatId("d") })).toMatchObject({
          owner: "u2",
          decision: { reason: { _tag: "Creator" } },
          told: { told: null, why: "ownerIsAuthor" }
        })
        expect(yield* notices).toMatchObject([{ to: "boss" }])
      })
    )
  )

  it.effect("must be picked among two or more configured, and is refused otherwise (F1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const choices = [owner, { _tag: "User" as const, userId: userId("u2") }]
        yield* settle({ leadOwners: choices })
        yield* saveUsers(user("third"))
        yield* chatting("c", { email })
        const press = (picked: OwnerChoice.OwnerChoice | null) => createLead(agentAt("a1"), { ...c, owner: picked })
        expect(yield* Effect.flip(press(null))).toMatchObject({ _tag: "OwnerRequired" })
        expect(yield* Effect.flip(press({ _tag: "User", userId: userId("third") }))).toMatchObject({
          _tag: "OwnerNotAllowed"
        })
        yield* nothingMade
        expect(yield* press({ _tag: "User", userId: userId("u2") })).toMatchObject({
          owner: "u2",
          decision: { reason: { _tag: "Picked" } }
        })
      })
    )
  )

  it.effect("may be any active user or lead pool where any is allowed (F1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* poolOf("p", "m1")
        yield* settle({ anyOwnerAllowed: true })
        yield* chatting("c", { email })
        yield* chatting("d", { email: "d@example.com" })
        const picked = { _tag: "Pool" as const, poolId: poolId("p") }
        expect(yield* createLead(agentAt("a1"), { ...c, owner: picked })).toMatchObject({
          owner: "m1",
          decision: { reason: { _tag: "Dealt", poolId: "p", picked: true } }
        })
        const byHand = { _tag: "User" as const, userId: userId("u2") }
        expect(yield* createLead(agentAt("a1"), { chatId: chatId("d"), owner: byHand })).toMatchObject({ owner: "u2" })
      })
    )
  )

  it.effect("comes with the decision and who was passed over, kept with the lead (F4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* poolOf("p", "m1", "m2")
        yield* saveUsers(user("m1", { isActive: false }))
        yield* settle({ leadOwners: [{ _tag: "Pool", poolId: poolId("p") }] })
        yield* chatting("c", { email })
        const { decision } = yield* createLead(agentAt("a1"), c)
        expect(decision).toEqual({
          owner: "m2",
          reason: { _tag: "Dealt", poolId: "p", picked: false },
          passedOver: [{ userId: "m1", reason: "inactive" }]
        })
        expect((yield* leads)[0]?.assignment).toEqual(decision)
      })
    )
  )
})

describe("telling the owner", () => {
  it.effect("one notice, with a note or without, and none to oneself (F6, G2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        yield* chatting("d", { email: "d@example.com" })
        yield* chatting("e", { by: "a2", email: "e@example.com" })
        expect(yield* createLead(agentAt("a1"), { ...c, note: "Call back" })).toMatchObject({
          noteStored: true,
          told: { told: "owner", why: "owner" }
        })
        expect(yield* createLead(agentAt("a1"), { chatId: chatId("d"), note: " \n " })).toMatchObject({
          noteStored: false,
          told: { told: "owner", why: "owner" }
        })
        yield* settle({ leadOwners: [{ _tag: "User", userId: userId("u2") }] })
        expect(yield* createLead(agentAt("a2"), { chatId: chatId("e"), note: "Mine" })).toMatchObject({
          noteStored: true,
          told: { told: null, why: "ownerIsAuthor" }
        })
        yield* drainBridge(account)
        const shown = yield* (yield* MemoryNotices).shown(account)
        expect(shown.map(({ chatId: chat, reason, to }) => ({ chat, reason, to }))).toEqual([
          { chat: "c", reason: "leadDealtWithNote", to: "owner" },
          { chat: "d", reason: "leadDealt", to: "owner" }
        ])
      })
    )
  )

  it.effect("the note lies on the lead, with its author and a link to the chat (G1, G2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        const { lead } = yield* createLead(agentAt("a1"), { ...c, note: "Call back" })
        const { entries } = yield* readFeed(agentAt("a1"), { record: leadRef(lead) })
        expect(entries.flatMap((entry) => (entry._tag === "Activity" ? [entry.activity] : []))).toContainEqual(
          expect.objectContaining({ _tag: "Note", text: "Call back", chatId: "c", by: agentAt("a1").actor })
        )
      })
    )
  )

  it.effect("a note of 65,535 characters is stored, one more is refused before anything is made (D11)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        const press = (size: number) => createLead(agentAt("a1"), { ...c, note: "x".repeat(size) })
        expect(yield* Effect.flip(press(65_536))).toEqual({
          _tag: "TooLong",
          field: "note",
          limit: 65_535,
          size: 65_536
        })
        yield* nothingMade
        expect(yield* press(65_535)).toMatchObject({ noteStored: true })
      })
    )
  )
})

describe("a CRM that cannot do it all in one commit", () => {
  it.effect("is asked by a request of the desk's, whatever it lacks: its owner has the lead (E3, F1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const own = yield* Crm
        for (const lack of [
          { atomicIdentity: false },
          { idempotentWrites: "marker" },
          { pools: "library" },
          { notices: "library" }
        ] as const) {
          const id = Object.keys(lack).join()
          yield* chatting(id, { email: `${id}@example.com` })
          const foreign = Crm.of({ ...own, capabilities: { ...own.capabilities, ...lack } })
          const made = yield* createLead(agentAt("a1"), { chatId: chatId(id) }).pipe(
            Effect.provideService(Crm, foreign)
          )
          expect((yield* leads).find((lead) => lead.id === made.lead)?.assignment).toEqual(made.decision)
          const { entries } = yield* (yield* DeskStore).log(account, 0, 1_000)
          expect(entries.filter(({ event }) => event.payload._tag === "LeadRequested").length).toBeGreaterThan(0)
        }
        expect((yield* leads).length).toBe(4)
      })
    )
  )
})
