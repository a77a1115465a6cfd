import { describe, expect, it } from "@effect/vitest"
import { Clock, Effect, Exit } from "effect"
import { TestClock } from "effect/testing"
import { MemoryMails } from "leadline/memory"
import { DeskStore, StoreError, type TranscriptMail, VisitorMail } from "leadline/ports"
import {
  changeVisitorDetails,
  drainErasures,
  drainTranscriptMails,
  endChat,
  erasePerson,
  MAIL_BRIDGE,
  mailTranscripts,
  readGivenUp,
  replayGivenUp,
  requestTranscript,
  sendMessage,
  writeInternalNote
} from "leadline/use-cases"
import { account, chatId, importer } from "../crm/World.ts"
import { agentAt, agentOf, chatting, hire, visitorAt, visitorId, world } from "../panel/Chats.ts"
import { inProcess } from "../panel/Crash.ts"

const c = { chatId: chatId("c") }
const visitor = visitorAt("v-c")

const sent = Effect.flatMap(MemoryMails, ({ sent }) => sent(account))
const addresses = Effect.map(sent, (mails) => mails.map(({ to }) => to))
const ended = Effect.andThen(endChat(visitor, c), drainTranscriptMails(account))

/** A chat in which a transcript may be asked for. */
const begun = Effect.gen(function* () {
  yield* hire(agentOf("a1"), agentOf("a2"))
  yield* chatting("c", { name: "Ann", email: "Ann@example.com", says: "hello" })
})

/** A post that fails so often, and what it was given. */
const failing = (times: number, isRetryable = true) => {
  const tries: Array<{ readonly mail: TranscriptMail; readonly at: number }> = []
  const post = VisitorMail.of({
    capabilities: { idempotent: false },
    send: (_, mail) =>
      Effect.gen(function* () {
        tries.push({ mail, at: (yield* Clock.currentTimeMillis) / 1000 })
        if (tries.length > times) return
        const reason = isRetryable ? "unavailable" : "misconfigured"
        return yield* new StoreError({ reason, isRetryable, operation: "VisitorMail.send" })
      })
  })
  return { tries, drain: Effect.provideService(drainTranscriptMails(account), VisitorMail, post) }
}

describe("a transcript by email", () => {
  it.effect("is sent when the chat ends, not before, to the visitor's own address by default, once (D9)", () =>
    world(
      Effect.gen(function* () {
        yield* begun
        yield* requestTranscript(visitor, c)
        yield* drainTranscriptMails(account)
        expect(yield* sent).toEqual([])
        yield* ended
        yield* drainTranscriptMails(account)
        expect(yield* addresses).toEqual(["Ann@example.com"])
      })
    )
  )

  it.effect(
    "holds what the visitor may see: public lines of all pages, agents by name; no note, no id, no email (D8, D9)",
    () =>
      world(
        Effect.gen(function* () {
          yield* begun
          yield* requestTranscript(visitor, c)
          yield* sendMessage(agentAt("a1"), { ...c, text: "welcome" })
          yield* writeInternalNote(agentAt("a1"), { ...c, text: "a secret" })
          for (let n = 0; n < 1_000; n++) yield* sendMessage(visitor, { ...c, text: `line ${n}` })
          yield* ended
          const [mail] = yield* sent
          const lines = mail?.conversation.lines ?? []
          expect(mail?.conversation).toMatchObject({ chatId: "c", visitorName: "Ann", agentNames: ["A1"] })
          expect(lines.slice(0, 3).map(({ from, text }) => [from, text])).toEqual([
            [{ _tag: "Visitor" }, "hello"],
            [{ _tag: "Agent", name: "A1" }, "welcome"],
            [{ _tag: "Visitor" }, "line 0"]
          ])
          expect(lines.map(({ number }) => number)).toEqual([1, 2, ...Array.from({ length: 1_000 }, (_, n) => n + 4)])
          expect(JSON.stringify(mail)).not.toMatch(/secret|a1@|agentId|"a1"/)
        })
      )
  )

  it.effect("goes to the address asked for last, as it was then; nobody asked: nothing is sent (D9, A6)", () =>
    world(
      Effect.gen(function* () {
        yield* begun
        yield* requestTranscript(visitor, { ...c, email: "first@example.com" })
        yield* requestTranscript(agentAt("a1"), { ...c, email: " second@example.com" })
        yield* changeVisitorDetails(visitor, { ...c, email: "third@example.com" })
        yield* ended
        expect(yield* addresses).toEqual([" second@example.com"])
        yield* chatting("d", { email: "d@example.com" })
        yield* endChat(visitorAt("v-d"), { chatId: chatId("d") })
        yield* drainTranscriptMails(account)
        expect((yield* sent).length).toBe(1)
      })
    )
  )

  it.effect(
    "asked for again with the same address, or by a repeat, changes nothing; no address is in the log (D9, J4)",
    () =>
      world(
        Effect.gen(function* () {
          yield* begun
          const desk = yield* DeskStore
          const size = Effect.map(desk.log(account, 0, 999), ({ entries }) => entries.length)
          yield* requestTranscript(visitor, { ...c, email: "other@example.com" })
          const before = yield* size
          yield* requestTranscript(visitor, { ...c, email: "other@example.com" })
          expect(yield* size).toBe(before)
          yield* requestTranscript(visitor, c)
          expect(yield* size).toBe(before + 1)
          const { entries } = yield* desk.log(account, 0, 999)
          expect(JSON.stringify(entries)).not.toContain("example.com")
        })
      )
  )

  it.effect(
    "is refused without an address, with one that takes no mail, after the end, and to who does not serve (D9, C10)",
    () =>
      world(
        Effect.gen(function* () {
          yield* begun
          const asked = (caller = visitor, more = {}) => Effect.flip(requestTranscript(caller, { ...c, ...more }))
          expect(yield* asked(visitor, { email: "no address" })).toEqual({ _tag: "UnusableEmail" })
          const long = `${"x".repeat(250)}@example.com`
          expect(yield* asked(visitor, { email: long })).toMatchObject({ _tag: "TooLong", field: "email" })
          expect(yield* asked(agentAt("a2"))).toEqual({ _tag: "NotServing", agentId: "a2" })
          expect(yield* asked(visitorAt("v-other"))).toMatchObject({ _tag: "AccessDenied" })
          expect(yield* asked(visitor, { chatId: chatId("never") })).toMatchObject({ _tag: "ChatNotFound" })
          yield* changeVisitorDetails(visitor, { ...c, email: null })
          expect(yield* asked()).toEqual({ _tag: "NoEmail" })
          expect(yield* asked(visitor, { email: " " })).toEqual({ _tag: "NoEmail" })
          yield* ended
          expect(yield* asked(visitor, { email: "ann@example.com" })).toMatchObject({ _tag: "ChatIsClosed" })
          expect(yield* sent).toEqual([])
        })
      )
  )

  it.effect("that cannot be sent is tried again after 1, 2, 4 … seconds under one id (D9, G4)", () =>
    world(
      Effect.gen(function* () {
        yield* begun
        yield* requestTranscript(visitor, c)
        yield* endChat(visitor, c)
        const { drain, tries } = failing(3)
        yield* drain
        for (let second = 0; second < 20; second++) {
          yield* TestClock.adjust("1 second")
          yield* drain
        }
        expect(tries.map(({ at }) => at)).toEqual([0, 1, 3, 7])
        expect(new Set(tries.map(({ mail }) => mail.id)).size).toBe(1)
        expect(yield* readGivenUp(importer, 9, MAIL_BRIDGE)).toEqual([])
      })
    )
  )

  it.effect("is given up visibly where no try can help, holds up no other chat's, and can be replayed (D9, G4)", () =>
    world(
      Effect.gen(function* () {
        yield* begun
        yield* requestTranscript(visitor, c)
        yield* endChat(visitor, c)
        const { drain, tries } = failing(1, false)
        yield* drain
        const [item] = yield* readGivenUp(importer, 9, MAIL_BRIDGE)
        expect(item).toMatchObject({ bridge: MAIL_BRIDGE, log: "desk", tries: 1, nextTryAt: null })
        yield* chatting("d", { email: "d@example.com" })
        yield* requestTranscript(visitorAt("v-d"), { chatId: chatId("d") })
        yield* endChat(visitorAt("v-d"), { chatId: chatId("d") })
        yield* drain
        expect(tries.map(({ mail }) => mail.conversation.chatId)).toEqual(["c", "d"])
        const eventId = item?.eventId ?? ""
        expect(yield* replayGivenUp(importer, { eventId, bridge: MAIL_BRIDGE })).toEqual({ isReplayed: true })
        yield* drain
        expect(tries.map(({ mail }) => mail.conversation.chatId)).toEqual(["c", "d", "c"])
        expect(tries[2]?.mail.id).toBe(tries[0]?.mail.id)
        expect(yield* readGivenUp(importer, 9, MAIL_BRIDGE)).toEqual([])
      })
    )
  )

  it.effect("arrives once although its host died at any step, or several hosts are at it (D9, K2)", () =>
    Effect.gen(function* () {
      for (let dies = 1, isOver = false; !isOver; dies++) {
        isOver = yield* world(
          Effect.gen(function* () {
            yield* begun
            yield* requestTranscript(visitor, c)
            yield* endChat(visitor, c)
            const { exit } = yield* inProcess(drainTranscriptMails(account), dies)
            yield* TestClock.adjust("2 minutes")
            yield* Effect.all([drainTranscriptMails(account), mailTranscripts(account)], { concurrency: "unbounded" })
            yield* TestClock.adjust("2 minutes")
            yield* drainTranscriptMails(account)
            expect(yield* addresses).toEqual(["Ann@example.com"])
            return Exit.isSuccess(exit)
          })
        )
      }
    })
  )

  it.effect(
    "is sent to nobody once its visitor was erased, also if it was parked, or the erasure ended the chat (J4, D9)",
    () =>
      world(
        Effect.gen(function* () {
          yield* begun
          yield* requestTranscript(visitor, c)
          yield* endChat(visitor, c)
          const { drain, tries } = failing(1)
          yield* drain
          yield* chatting("d", { email: "d@example.com", visitorId: visitorId("v-d") })
          yield* requestTranscript(visitorAt("v-d"), { chatId: chatId("d") })
          const visitorIds = [visitorId("v-c"), visitorId("v-d")]
          yield* erasePerson(importer, { visitorIds, emails: [], records: [] })
          yield* drainErasures(account)
          yield* TestClock.adjust("1 minute")
          yield* drain
          expect(tries.length).toBe(1)
        })
      )
  )
})
