import { describe, expect, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import fc from "fast-check"
import { MemoryNotices } from "leadline/memory"
import { DeskStore, SettingsStore } from "leadline/ports"
import {
  answerChat,
  changeVisitorDetails,
  createLead,
  drainBridge,
  endChat,
  leaveChat,
  readFeed,
  saveRecord,
  sendMessage
} from "leadline/use-cases"
import {
  account,
  chatId,
  importer,
  leadRef,
  leads,
  notices,
  payloads,
  person,
  poolId,
  poolOf,
  run,
  saveUsers,
  user,
  userId
} from "../crm/World.ts"
import { agentAt, agentOf, chatting, hire, settle, visitorAt, world } from "./Chats.ts"

const email = "ann@example.com"
const c = { chatId: chatId("c") }
const members = ["m1", "m2", "m3"]

/** Agents, and a pool of three that all new leads are dealt from. */
const cast = Effect.gen(function* () {
  yield* poolOf("p", ...members)
  yield* hire(agentOf("a1"), agentOf("a2"), agentOf("a3"))
  yield* settle({ leadOwners: [{ _tag: "Pool", poolId: poolId("p") }] })
})

/** What one lead leaves behind: turns, notes and notices, each as often as there are leads. */
const expectOneEach = Effect.gen(function* () {
  const log = yield* payloads
  const made = yield* leads
  for (const tag of ["LeadAddedFromChat", "LeadDealt", "NoteAdded"]) {
    expect(log.filter(({ _tag }) => _tag === tag).length).toBe(made.length)
  }
  expect((yield* notices).length).toBe(made.length)
  yield* drainBridge(account)
  expect((yield* (yield* MemoryNotices).shown(account)).length).toBe(made.length)
  return made
})

const succeeded = <A, E>(answers: ReadonlyArray<Result.Result<A, E>>) =>
  answers.flatMap((answer) => (Result.isSuccess(answer) ? [answer.success] : []))
const refused = <A, E>(answers: ReadonlyArray<Result.Result<A, E>>) =>
  answers.flatMap((answer) => (Result.isFailure(answer) ? [answer.failure] : []))

describe("one agent who presses many times at once", () => {
  it("gets one lead; every other press is told of it, and leaves nothing (E5)", () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 10 }), (times) =>
        run(
          Effect.gen(function* () {
            yield* cast
            yield* chatting("c", { email })
            const press = Effect.result(createLead(agentAt("a1"), { ...c, note: "Call" }))
            const answers = yield* Effect.all(
              Array.from({ length: times }, () => press),
              { concurrency: "unbounded" }
            )
            const [won] = succeeded(answers)
            expect(succeeded(answers).length).toBe(1)
            expect(refused(answers)).toEqual(
              Array.from({ length: times - 1 }, () => ({
                _tag: "AlreadyCreated",
                lead: won?.lead,
                owner: won?.owner,
                noteStored: false
              }))
            )
            expect((yield* expectOneEach).map(({ id }) => id)).toEqual([won?.lead])
          })
        )
      ),
      { numRuns: 8 }
    ))

  it("gets one lead and one answer under one idempotency key, then and later (E5, K1)", () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 10 }), (times) =>
        run(
          Effect.gen(function* () {
            yield* cast
            yield* chatting("c", { email })
            const press = createLead(agentAt("a1", "k"), { ...c, note: "Call" })
            const answers = yield* Effect.all(
              Array.from({ length: times }, () => press),
              { concurrency: "unbounded" }
            )
            yield* endChat(visitorAt("v-c"), c)
            const later = yield* press
            expect(later.noteStored).toBe(true)
            for (const answer of answers) expect(answer).toEqual(later)
            expect((yield* expectOneEach).map(({ id }) => id)).toEqual([later.lead])
          })
        )
      ),
      { numRuns: 8 }
    ))

  it.effect("is refused another note under the same key (K1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        yield* createLead(agentAt("a1", "k"), { ...c, note: "Call" })
        expect(yield* Effect.flip(createLead(agentAt("a1", "k"), { ...c, note: "Write" }))).toEqual({
          _tag: "IdempotencyKeyReused",
          key: "k"
        })
        yield* expectOneEach
      })
    )
  )

  it.effect("may press again after a refusal, under the same key: refusals are not remembered (K1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* settle({ crmInsideChat: false })
        yield* chatting("c", { email })
        const press = createLead(agentAt("a1", "k"), { ...c, note: "Call" })
        expect(yield* Effect.flip(press)).toMatchObject({ _tag: "AccessDenied" })
        yield* settle({ crmInsideChat: true })
        expect(yield* press).toMatchObject({ owner: "m1" })
        yield* expectOneEach
      })
    )
  )
})

describe("agents who press at once", () => {
  it("in two chats with one email: one lead; the other is told of what it matches (E5)", () =>
    fc.assert(
      fc.asyncProperty(fc.boolean(), fc.boolean(), (first, keyed) =>
        run(
          Effect.gen(function* () {
            yield* cast
            yield* chatting("c", { by: "a1", email })
            yield* chatting("d", { by: "a2", email: "ANN@example.com" })
            const press = (agent: string, chat: string) =>
              Effect.result(createLead(agentAt(agent, keyed ? "k" : undefined), { chatId: chatId(chat), note: "Call" }))
            const both = [press("a1", "c"), press("a2", "d")]
            const answers = yield* Effect.all(first ? both : both.toReversed(), { concurrency: "unbounded" })
            const [won] = succeeded(answers)
            expect(refused(answers)).toEqual([
              { _tag: "AlreadyMatched", records: [{ kind: "lead", id: won?.lead }], noteStored: false }
            ])
            expect((yield* expectOneEach).map(({ id }) => id)).toEqual([won?.lead])
          })
        )
      ),
      { numRuns: 4 }
    ))

  it.effect("one after another in one chat: the second is told of the first one's lead (E5)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { by: "a1", email })
        const { lead, owner } = yield* createLead(agentAt("a1"), { ...c, note: "Call" })
        yield* leaveChat(agentAt("a1"), c)
        yield* sendMessage(visitorAt("v-c"), { ...c, text: "Hello?" })
        yield* answerChat(agentAt("a2"), c)
        expect(yield* Effect.flip(createLead(agentAt("a2"), { ...c, note: "Mine" }))).toEqual({
          _tag: "AlreadyCreated",
          lead,
          owner,
          noteStored: false
        })
        yield* expectOneEach
      })
    )
  )

  it.effect(
    "are told of the lead though the visitor's details change between the CRM's commit and the chat's (E3, E5)",
    () =>
      world(
        Effect.gen(function* () {
          yield* cast
          yield* chatting("c", { email })
          const desk = yield* DeskStore
          let isFirst = true
          const overtaken = DeskStore.of({
            ...desk,
            commit: (of, change) => {
              const others = changeVisitorDetails(visitorAt("v-c"), { ...c, phone: "+12125552368" }).pipe(
                Effect.provideService(DeskStore, desk),
                Effect.provideService(SettingsStore, settings),
                Effect.orDie
              )
              const before = isFirst ? others : Effect.void
              isFirst = false
              return Effect.andThen(before, desk.commit(of, change))
            }
          })
          const settings = yield* SettingsStore
          const press = createLead(agentAt("a1"), { ...c, note: "Call" })
          const { lead, owner } = yield* Effect.provideService(press, DeskStore, overtaken)
          const [chat] = yield* desk.get(account, [{ kind: "chat", id: "c" }])
          expect(chat.value?.lead).toEqual({ id: lead, owner })
          expect(chat.value?.visitor.phoneKey).toBe("+12125552368")
          yield* expectOneEach
        })
      )
  )

  it("while an import brings the email: one lead at most, and none after the import (E3, E5)", () =>
    fc.assert(
      fc.asyncProperty(fc.boolean(), (importFirst) =>
        run(
          Effect.gen(function* () {
            yield* cast
            yield* chatting("c", { email })
            const press = Effect.asVoid(Effect.result(createLead(agentAt("a1"), { ...c, note: "Call" })))
            const bring = Effect.asVoid(saveRecord(importer, person("x", [email])))
            yield* Effect.all(importFirst ? [bring, press] : [press, bring], { concurrency: "unbounded" })
            yield* expectOneEach
            const tags = (yield* payloads).map((payload) =>
              payload._tag === "RecordAdded" ? payload.record.kind : payload._tag
            )
            const at = tags.indexOf("LeadAddedFromChat")
            if (at >= 0) expect(at).toBeLessThan(tags.indexOf("person"))
          })
        )
      ),
      { numRuns: 2 }
    ))

  it("in forty chats: a pool deals to all in some order of single deals, counts differ by at most 1 (F2, F3)", () =>
    run(
      Effect.gen(function* () {
        yield* cast
        const chats = Array.from({ length: 40 }, (_, n) => `c${n}`)
        for (const chat of chats) yield* chatting(chat, { by: "a1", email: `${chat}@example.com` })
        const made = yield* Effect.forEach(
          chats,
          (chat) => createLead(agentAt("a1"), { chatId: chatId(chat), note: "Call" }),
          { concurrency: "unbounded" }
        )
        expect(new Set(made.map(({ lead }) => lead)).size).toBe(40)
        yield* expectOneEach
        const dealt = (yield* payloads).flatMap((payload) => (payload._tag === "LeadDealt" ? [payload.to] : []))
        expect(dealt).toEqual(chats.map((_, turn) => members[turn % members.length]))
        expect(made.map(({ owner }) => owner).sort()).toEqual(dealt.toSorted())
      })
    ))
})

describe("a lead that was made", () => {
  it.effect("is shown in the feeds of no other chat's lead (E7, F3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveUsers(user("owner"))
        yield* settle({ leadOwners: [{ _tag: "User", userId: userId("owner") }] })
        for (const chat of ["c", "d"]) yield* chatting(chat, { email: `${chat}@example.com` })
        const made = yield* Effect.forEach(["c", "d"], (chat) => createLead(agentAt("a1"), { chatId: chatId(chat) }), {
          concurrency: "unbounded"
        })
        for (const chat of ["c", "d"]) yield* endChat(visitorAt(`v-${chat}`), { chatId: chatId(chat) })
        for (const [at, { lead }] of made.entries()) {
          const { entries } = yield* readFeed(agentAt("a1"), { record: leadRef(lead) })
          expect(entries.flatMap(({ _tag, id }) => (_tag === "Chat" ? [id] : []))).toEqual([["c", "d"][at]])
        }
      })
    )
  )
})
