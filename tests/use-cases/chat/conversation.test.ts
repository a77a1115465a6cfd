import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Actor, Id, Instant, Transcript } from "leadline"
import { DeskStore } from "leadline/ports"
import {
  answerChat,
  changeVisitorDetails,
  endChat,
  leaveChat,
  leaveOfflineMessage,
  leavePage,
  rateChat,
  readConsole,
  readConversation,
  readTranscript,
  requestChat,
  returnToPage,
  sendMessage,
  tagChat,
  writeInternalNote
} from "leadline/use-cases"
import { account, chatId } from "../crm/World.ts"
import { agentAt, agentOf, chatting, hire, visitorAt, visitorId, world } from "../panel/Chats.ts"

const c = { chatId: chatId("c") }
const visitor = visitorAt("v-c")

const chatOf = (id: string) =>
  Effect.gen(function* () {
    const [{ value }] = yield* (yield* DeskStore).get(account, [{ kind: "chat", id }])
    return value
  })
const tags = Effect.gen(function* () {
  const { entries } = yield* (yield* DeskStore).log(account, 0, 10_000)
  return entries.flatMap(({ event }) => (event.stream === "chat/c" ? [event.payload._tag] : []))
})

describe("a conversation", () => {
  it.effect("is sealed with a digest that verifies, its events numbered without gaps (D2, D7, K2)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatting("c", { says: "hello" })
        yield* sendMessage(agentAt("a1"), { ...c, text: "good day" })
        yield* writeInternalNote(agentAt("a1"), { ...c, text: "sounds angry" })
        yield* TestClock.adjust("1 minute")
        yield* endChat(agentAt("a1"), c)
        const chat = yield* chatOf("c")
        expect(chat?.messages).toEqual({ total: 3, visitor: 1, agent: 1, internal: 1 })
        expect(chat?.state).toEqual({ _tag: "Closed", at: 60_000, reason: "agent" })
        const lines = yield* (yield* DeskStore).transcript(account, c.chatId, 0, 10)
        expect(
          Transcript.verify(
            lines.map(({ message }) => message),
            chat?.digest ?? Transcript.emptyDigest
          )
        ).toBe(null)
        expect(yield* Effect.flip(sendMessage(visitor, { ...c, text: "late" }))).toMatchObject({ _tag: "ChatIsClosed" })
      })
    )
  )

  it.effect("shows its visitor public words only, agents by name, neither ids nor emails (D8)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1", { displayName: "Ada" }))
        yield* chatting("c", { says: "hello" })
        yield* sendMessage(agentAt("a1"), { ...c, text: "good day" })
        yield* writeInternalNote(agentAt("a1"), { ...c, text: "secret note" })
        const seen = yield* readConversation(visitor, c)
        expect(seen.lines.map(({ from, text }) => [from._tag === "Agent" ? from.name : from._tag, text])).toEqual([
          ["Visitor", "hello"],
          ["Ada", "good day"]
        ])
        const json = JSON.stringify(seen)
        for (const hidden of ["secret note", '"a1"', "a1@acme.example", "agentId"]) expect(json).not.toContain(hidden)
        expect((yield* readTranscript(agentAt("a1"), c)).lines.map(({ text }) => text)).toContain("secret note")
        const stranger = yield* Effect.flip(readConversation(visitorAt("other"), c))
        expect(stranger).toMatchObject({ _tag: "AccessDenied", reason: "notYours" })
        expect(yield* Effect.flip(readTranscript(visitor, c))).toMatchObject({ reason: "notAnAgent" })
      })
    )
  )

  it.effect(
    "goes on when its agent leaves: the visitor's next word has the same chat wait again; coming back serves it (D3, C2)",
    () =>
      world(
        Effect.gen(function* () {
          yield* hire(agentOf("a1"), agentOf("a2"))
          yield* chatting("c")
          yield* chatting("d", { by: null })
          yield* leaveChat(agentAt("a1"), c)
          expect((yield* chatOf("c"))?.state._tag).toBe("Left")
          expect((yield* readConsole(agentAt("a2"))).ringing.map(({ id }) => id)).toEqual(["d"])
          expect(yield* Effect.flip(answerChat(agentAt("a2"), c))).toEqual({ _tag: "ChatNotWaiting", state: "Left" })
          yield* sendMessage(visitor, { ...c, text: "hello?" })
          expect((yield* readConsole(agentAt("a2"))).ringing.map(({ id }) => id)).toEqual(["d", "c"])
          yield* answerChat(agentAt("a1"), c)
          expect(yield* tags).toEqual([
            "ChatRequested",
            "ChatAnswered",
            "AgentLeft",
            "MessageSent",
            "ChatRequeued",
            "AgentReturned"
          ])
        })
      )
  )

  it.effect("rests while its visitor is gone: nothing rings, nobody answers, until they are back (D1)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatting("c", { by: null })
        yield* leavePage(visitor, c)
        expect((yield* readConsole(agentAt("a1"))).ringing).toEqual([])
        expect(yield* Effect.flip(answerChat(agentAt("a1"), c))).toEqual({ _tag: "ChatNotWaiting", state: "Closing" })
        yield* returnToPage(visitor, c)
        expect((yield* readConsole(agentAt("a1"))).ringing.map(({ id }) => id)).toEqual(["c"])
        yield* leavePage(visitor, c)
        expect(yield* requestChat(visitor, { visitorId: visitorId("v-c") })).toEqual({
          ...c,
          isNew: false,
          isOffline: false
        })
        yield* answerChat(agentAt("a1"), c)
      })
    )
  )

  it.effect("is missed when it ends before anybody serves; an offline message never waits (D4)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatting("c", { by: null, says: "anybody?" })
        yield* endChat(visitor, c)
        expect(yield* chatOf("c")).toMatchObject({ answered: null, state: { _tag: "Closed", reason: "visitor" } })
        const left = yield* leaveOfflineMessage(visitorAt("v-d"), {
          visitorId: visitorId("v-d"),
          email: "dan@example.com",
          texts: ["call me", "please"]
        })
        const message = yield* chatOf(left.chatId)
        expect(message).toMatchObject({ kind: "offlineMessage", messages: { total: 2 }, state: { _tag: "Closed" } })
        expect((yield* readConsole(agentAt("a1"))).waiting).toEqual([])
        const blank = leaveOfflineMessage(visitorAt("v-e"), { visitorId: visitorId("v-e"), texts: [" "] })
        expect(yield* Effect.flip(blank)).toEqual({ _tag: "Blank", field: "message" })
      })
    )
  )

  it.effect.each(["timeout", "hours", "system"] as const)("ends by Leadline itself for %s, once (D2, D5)", (reason) =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatting("c")
        const leadline = { account, actor: Actor.system, surface: "api" } as const
        yield* endChat(leadline, { ...c, reason })
        yield* endChat(agentAt("a1"), c)
        expect((yield* chatOf("c"))?.state).toMatchObject({ reason })
        expect((yield* tags).filter((tag) => tag === "ChatClosed")).toHaveLength(1)
        expect((yield* readConsole(agentAt("a1"))).serving).toEqual([])
        expect(yield* requestChat(visitor, { visitorId: visitorId("v-c") })).toMatchObject({ isNew: true })
      })
    )
  )

  it.effect("is for those who serve it: others neither write, change its visitor nor end it (A6, C10)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2"))
        yield* chatting("c")
        const notServing = { _tag: "NotServing", agentId: "a2" }
        expect(yield* Effect.flip(sendMessage(agentAt("a2"), { ...c, text: "hi" }))).toEqual(notServing)
        expect(yield* Effect.flip(endChat(agentAt("a2"), c))).toEqual(notServing)
        expect(yield* Effect.flip(changeVisitorDetails(agentAt("a2"), { ...c, name: "X" }))).toEqual(notServing)
        yield* changeVisitorDetails(agentAt("a1"), { ...c, email: "ann@example.com" })
        expect((yield* chatOf("c"))?.visitor.emailKey).toBe("ann@example.com")
        yield* changeVisitorDetails(visitor, { ...c, email: " " })
        expect((yield* chatOf("c"))?.visitor).toMatchObject({ email: null, emailKey: null })
        const { entries } = yield* (yield* DeskStore).log(account, 0, 99)
        const changes = entries.flatMap(({ event }) =>
          event.payload._tag === "VisitorDetailsChanged" ? [Actor.toKey(event.actor)] : []
        )
        expect(changes).toEqual(["agent:a1", "visitor:v-c"])
      })
    )
  )

  it.effect.each(["crm", "chat", "mobile", "api"] as const)(
    "is the same from the %s surface, which its events name (C10)",
    (surface) =>
      world(
        Effect.gen(function* () {
          yield* hire(agentOf("a1"))
          yield* chatting("c", { by: null })
          expect(yield* answerChat({ ...agentAt("a1"), surface }, c)).toEqual(c)
          expect(yield* sendMessage({ ...agentAt("a1"), surface }, { ...c, text: "hi" })).toEqual({ number: 1 })
          const { entries } = yield* (yield* DeskStore).log(account, 0, 99)
          const [answered] = entries.filter(({ event }) => event.payload._tag === "ChatAnswered")
          expect(answered?.event).toMatchObject({ surface, actor: { _tag: "Agent", agentId: "a1" } })
        })
      )
  )

  it.effect("is rated and tagged also after its end (D9, H7)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatting("c")
        yield* endChat(visitor, c)
        yield* rateChat(visitor, { ...c, rating: "bad", comment: "slow" })
        yield* rateChat(visitor, { ...c, rating: "good" })
        yield* tagChat(agentAt("a1"), { ...c, tags: ["vip", "été_1"] })
        expect(yield* chatOf("c")).toMatchObject({ rating: { rating: "good", comment: null }, tags: ["vip", "été_1"] })
        const bad = yield* Effect.flip(tagChat(agentAt("a1"), { ...c, tags: ["no blanks"] }))
        expect(bad).toEqual({ _tag: "BadTag", tag: "no blanks" })
        const message = yield* Effect.flip(sendMessage(visitor, { ...c, text: "x".repeat(16_001) }))
        expect(message).toMatchObject({ _tag: "ChatIsClosed" })
      })
    )
  )

  it.effect("refuses what is above the limits, naming field, limit and size; nothing is stored (D11)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatting("c")
        const before = (yield* tags).length
        const long = yield* Effect.flip(sendMessage(visitor, { ...c, text: "x".repeat(16_001) }))
        expect(long).toEqual({ _tag: "TooLong", field: "message", limit: 16_000, size: 16_001 })
        const name = yield* Effect.flip(changeVisitorDetails(visitor, { ...c, name: "x".repeat(256) }))
        expect(name).toEqual({ _tag: "TooLong", field: "name", limit: 255, size: 256 })
        const asked = requestChat(visitorAt("v"), { visitorId: visitorId("v"), email: `${"x".repeat(250)}@a.example` })
        expect(yield* Effect.flip(asked)).toMatchObject({ _tag: "TooLong", field: "email", limit: 254 })
        expect(yield* tags).toHaveLength(before)
        expect(yield* sendMessage(visitor, { ...c, text: "x".repeat(16_000) })).toEqual({ number: 1 })
      })
    )
  )

  it.effect("is another account's secret, whatever ids they share (J2)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatting("c", { says: "hello" })
        const elsewhere = { account: Id.AccountId.make("other"), surface: "api" } as const
        const twin = { ...elsewhere, actor: Actor.visitor(visitorId("v-c")) }
        expect(yield* Effect.flip(readConversation(twin, c))).toMatchObject({ _tag: "ChatNotFound" })
        expect(yield* requestChat(twin, { visitorId: visitorId("v-c"), chatId: c.chatId })).toEqual({
          ...c,
          isNew: true,
          isOffline: false
        })
        expect((yield* readConversation(twin, c)).lines).toEqual([])
        expect((yield* readConversation(visitor, c)).lines).toHaveLength(1)
        expect((yield* chatOf("c"))?.requestedAt).toBe(Instant.fromMillis(0))
      })
    )
  )
})
