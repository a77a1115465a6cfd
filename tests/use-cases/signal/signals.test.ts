import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { Id, Signal } from "leadline"
import { DeskStore, Signals } from "leadline/ports"
import {
  type Caller,
  endChat,
  followConversation,
  followSignals,
  leaveChat,
  observeChat,
  requestChat,
  saveAgent,
  sendMessage,
  signalRead,
  signalTyping,
  writeInternalNote
} from "leadline/use-cases"
import { account, chatId, importer, run, saveUsers, user } from "../crm/World.ts"
import { agentAt, agentId, agentOf, chatting, hire, userAt, visitorAt, visitorId, world } from "../panel/Chats.ts"

const c = { chatId: chatId("c") }
const visitor = visitorAt("v-c")
const [ann, ben] = [agentAt("a1"), agentAt("a2")]

/** A chat of two messages and a note, served by a1 and, by hand, by a2; a3 has nothing to do with it. */
const chat = Effect.gen(function* () {
  yield* hire(agentOf("a1", { displayName: "Ann" }), agentOf("a2", { displayName: "Ben" }), agentOf("a3"))
  yield* chatting("c", { says: "hello" })
  yield* sendMessage(ann, { ...c, text: "good day" })
  yield* writeInternalNote(ann, { ...c, text: "a note" })
  const desk = yield* DeskStore
  const [read] = yield* desk.get(account, [{ kind: "chat", id: "c" }])
  if (read.value === null) return
  const serving = [...read.value.serving, { agentId: agentId("a2"), joinedAt: read.value.requestedAt }]
  yield* desk.commit(account, {
    expect: [{ key: read.key, version: read.version }],
    put: [{ key: read.key, value: { ...read.value, serving }, contents: [], due: null }],
    remove: [],
    contents: [],
    events: [],
    remember: null
  })
})

/** What a follower has got so far; it is there when this returns. */
const collecting = Effect.fnUntraced(function* <A, E, R>(signals: Stream.Stream<A, E, R>) {
  const got: Array<A> = []
  const fiber = yield* Stream.runForEach(signals, (signal) => Effect.sync(() => got.push(signal))).pipe(
    Effect.forkChild({ startImmediately: true })
  )
  yield* settled
  return { got, fiber }
})

/** Lets everybody do what they have to do. */
const settled = Effect.forEach(Array.from({ length: 50 }), () => Effect.yieldNow, { discard: true })

/** Everything that is passed on in the chat, whoever sends it. */
const passedOn = Effect.gen(function* () {
  return yield* collecting((yield* Signals).follow(account, c.chatId))
})

describe("typing and reading", () => {
  it.effect("reach the others in the chat; the visitor gets agents' names and no ids, and nothing of notes (D8)", () =>
    world(
      Effect.gen(function* () {
        yield* chat
        const toVisitor = yield* collecting(followConversation(visitor, c.chatId))
        const toBen = yield* collecting(followSignals(ben, c.chatId))
        yield* TestClock.adjust("10 seconds")
        yield* signalTyping(ann, c)
        yield* signalTyping(ben, { ...c, visibility: "internal" })
        yield* signalRead(ann, { ...c, number: 1 })
        yield* signalTyping(visitor, { ...c, visibility: "internal" })
        yield* signalTyping(ann, { ...c, isTyping: false })
        yield* settled
        const [at, until] = [10_000, 10_000 + Signal.TYPING_MILLIS]
        const fromAnn = { _tag: "Agent", agentId: "a1" }
        expect(toBen.got).toEqual([
          { _tag: "Typing", ...c, from: fromAnn, visibility: "public", at, until },
          { _tag: "Read", ...c, from: fromAnn, number: 1, at },
          { _tag: "Typing", ...c, from: { _tag: "Visitor" }, visibility: "public", at, until },
          { _tag: "TypingEnded", ...c, from: fromAnn, visibility: "public", at }
        ])
        const named = { _tag: "Agent", name: "Ann" }
        expect(toVisitor.got).toEqual([
          { _tag: "Typing", ...c, from: named, visibility: "public", at, until },
          { _tag: "Read", ...c, from: named, number: 1, at },
          { _tag: "TypingEnded", ...c, from: named, visibility: "public", at }
        ])
        expect(JSON.stringify(toVisitor.got)).not.toContain("a1")
      })
    )
  )

  it.effect("of one's own do not come back, but read marks, for one's other consoles", () =>
    world(
      Effect.gen(function* () {
        yield* chat
        const toAnn = yield* collecting(followSignals(ann, c.chatId))
        const toVisitor = yield* collecting(followConversation(visitor, c.chatId))
        for (const caller of [ann, visitor]) {
          yield* signalTyping(caller, c)
          yield* signalTyping(caller, { ...c, isTyping: false })
          yield* signalRead(caller, { ...c, number: 2 })
        }
        yield* settled
        const told = toAnn.got.map(({ _tag, from }) => `${from._tag} ${_tag}`)
        expect(told).toEqual(["Agent Read", "Visitor Typing", "Visitor TypingEnded", "Visitor Read"])
        expect(toVisitor.got.map(({ _tag }) => _tag)).toEqual(["Typing", "TypingEnded", "Read"])
      })
    )
  )

  it.effect("leave no trace: no event, no new version (K2)", () =>
    world(
      Effect.gen(function* () {
        yield* chat
        const desk = yield* DeskStore
        const before = [yield* desk.get(account, [{ kind: "chat", id: "c" }]), yield* desk.log(account, 0, 1_000)]
        yield* signalTyping(ann, c)
        yield* signalRead({ ...visitor, idempotencyKey: "k" }, { ...c, number: 2 })
        expect([yield* desk.get(account, [{ kind: "chat", id: "c" }]), yield* desk.log(account, 0, 1_000)]).toEqual(
          before
        )
      })
    )
  )

  it.effect("that came too late are not shown: typing that is over by then (D8)", () =>
    world(
      Effect.gen(function* () {
        yield* chat
        const slow = followSignals(ben, c.chatId).pipe(Stream.tap(() => Effect.sleep("7 seconds")))
        const { got } = yield* collecting(slow)
        yield* signalRead(ann, { ...c, number: 1 })
        yield* settled
        yield* signalTyping(visitor, c)
        yield* signalTyping(ann, c)
        yield* signalTyping(ann, { ...c, isTyping: false })
        for (let n = 0; n < 5; n++) {
          yield* TestClock.adjust("7 seconds")
          yield* settled
        }
        expect(got.map(({ _tag }) => _tag)).toEqual(["Read", "TypingEnded"])
      })
    )
  )
})

describe("who signals and who follows", () => {
  it.effect("is the chat's visitor, and the agents who serve it, in their account (J1, J2, C10)", () =>
    world(
      Effect.gen(function* () {
        yield* chat
        yield* saveUsers(user("boss", { isCrmAdministrator: true }))
        yield* chatting("other", { by: "a3" })
        const theirs: Caller = { ...ann, account: Id.AccountId.make("elsewhere") }
        const denied = (reason: string) => ({ _tag: "AccessDenied", reason })
        const strangers: ReadonlyArray<readonly [Caller, object, object, object]> = [
          [agentAt("a3"), { _tag: "NotServing" }, { _tag: "NotServing" }, denied("notYours")],
          [agentAt("a9"), denied("notAnAgent"), denied("notAnAgent"), denied("notYours")],
          [visitorAt("v-other"), denied("notYours"), denied("notAnAgent"), denied("notYours")],
          [userAt("boss"), denied("notAnAgent"), denied("notAnAgent"), denied("notYours")],
          [importer, denied("notAnAgent"), denied("notAnAgent"), denied("notYours")],
          [theirs, { _tag: "ChatNotFound" }, { _tag: "ChatNotFound" }, denied("notYours")]
        ]
        const passed = yield* passedOn
        for (const [caller, signals, follows, converses] of strangers) {
          expect(yield* Effect.flip(signalTyping(caller, c))).toMatchObject(signals)
          expect(yield* Effect.flip(signalTyping(caller, { ...c, isTyping: true }))).toMatchObject(signals)
          expect(yield* Effect.flip(signalRead(caller, { ...c, number: 1 }))).toMatchObject(signals)
          expect(yield* Effect.flip(Stream.runHead(followSignals(caller, c.chatId)))).toMatchObject(follows)
          expect(yield* Effect.flip(Stream.runHead(followConversation(caller, c.chatId)))).toMatchObject(converses)
        }
        // the two views are not interchangeable: no agent's id on a visitor's road
        expect(yield* Effect.flip(Stream.runHead(followSignals(visitor, c.chatId)))).toMatchObject(denied("notAnAgent"))
        expect(yield* Effect.flip(Stream.runHead(followConversation(ann, c.chatId)))).toMatchObject(denied("notYours"))
        yield* settled
        expect(passed.got).toEqual([])
      })
    )
  )

  it.effect("lets an observer follow, and not signal (C10)", () =>
    world(
      Effect.gen(function* () {
        yield* chat
        const cleo = agentAt("a3")
        yield* observeChat(cleo, c)
        const { got } = yield* collecting(followSignals(cleo, c.chatId))
        yield* signalTyping(visitor, c)
        yield* settled
        expect(got).toMatchObject([{ _tag: "Typing", from: { _tag: "Visitor" } }])
        expect(yield* Effect.flip(signalTyping(cleo, c))).toMatchObject({ _tag: "NotServing" })
      })
    )
  )

  it.effect("are asked again for each signal: who may no more gets the refusal instead (J1)", () =>
    world(
      Effect.gen(function* () {
        yield* chat
        const toAnn = yield* collecting(Stream.result(followSignals(ann, c.chatId)))
        const toBen = yield* collecting(Stream.result(followSignals(ben, c.chatId)))
        const toVisitor = yield* collecting(Stream.result(followConversation(visitor, c.chatId)))
        yield* leaveChat(ann, c)
        yield* saveAgent(importer, agentOf("a2", { isEnabled: false }))
        yield* (yield* Signals).send(account, {
          _tag: "Read",
          ...c,
          from: { _tag: "Visitor" },
          number: 1,
          at: 0 as never
        })
        yield* settled
        expect(toAnn.got).toMatchObject([{ _tag: "Failure", failure: { _tag: "NotServing", agentId: "a1" } }])
        expect(toBen.got).toMatchObject([{ _tag: "Failure", failure: { _tag: "AccessDenied" } }])
        expect(toVisitor.got).toEqual([])
        yield* Fiber.interrupt(toVisitor.fiber)
      })
    )
  )

  it.effect("ends with the chat: nothing is signalled, nobody follows (D1)", () =>
    world(
      Effect.gen(function* () {
        yield* chat
        const toVisitor = yield* collecting(Stream.result(followConversation(visitor, c.chatId)))
        const passed = yield* passedOn
        yield* endChat(ann, c)
        for (const effect of [
          signalTyping(ann, c),
          signalRead(visitor, { ...c, number: 1 }),
          Stream.runHead(followSignals(ann, c.chatId)),
          Stream.runHead(followConversation(visitor, c.chatId))
        ]) {
          expect(yield* Effect.flip(effect as Effect.Effect<unknown, unknown, DeskStore | Signals>)).toMatchObject({
            _tag: "ChatIsClosed"
          })
        }
        yield* settled
        expect(passed.got).toEqual([])
        yield* (yield* Signals).send(
          account,
          Signal.typing(c.chatId, { _tag: "Agent", agentId: agentId("a1") }, "public", 0 as never)
        )
        yield* settled
        expect(toVisitor.got).toMatchObject([{ _tag: "Failure", failure: { _tag: "ChatIsClosed" } }])
      })
    )
  )
})

describe("how much is signalled", () => {
  it.effect("is no more read marks than messages, and none for messages that are not there (D7)", () =>
    world(
      Effect.gen(function* () {
        yield* chat
        const { got } = yield* passedOn
        for (const number of [4, 1.5, Number.NaN, 1e300, Number.POSITIVE_INFINITY]) {
          expect(yield* Effect.flip(signalRead(visitor, { ...c, number }))).toEqual({
            _tag: "NoSuchMessage",
            number,
            last: 3
          })
        }
        const sent = []
        for (const number of [2, 2, 1, 0, -1, 3, 3]) sent.push((yield* signalRead(visitor, { ...c, number })).sent)
        expect(sent).toEqual([true, false, false, false, false, true, false])
        expect(yield* signalRead(ann, { ...c, number: 1 })).toEqual({ sent: true })
        yield* settled
        expect(got.map((signal) => (signal._tag === "Read" ? signal.number : null))).toEqual([2, 3, 1])
      })
    )
  )

  it("is one typing of a sender in three seconds, and one end to each, whatever a console sends", () =>
    fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), (steps) =>
        run(
          Effect.gen(function* () {
            yield* chat
            const { got } = yield* passedOn
            const expected: Array<string> = []
            let [now, last, isTyping] = [0, Number.NEGATIVE_INFINITY, false]
            for (const step of steps) {
              now += step.wait
              yield* TestClock.adjust(step.wait)
              const isNews = step.isTyping ? now - last >= Signal.TYPING_GAP_MILLIS : isTyping
              if (isNews) {
                expected.push(step.isTyping ? `Typing ${now}` : `TypingEnded ${now}`)
                isTyping = step.isTyping
                if (step.isTyping) last = now
              }
              expect(yield* signalTyping(visitor, { ...c, isTyping: step.isTyping })).toEqual({ sent: isNews })
              yield* settled
            }
            expect(got.map(({ _tag, at }) => `${_tag} ${at}`)).toEqual(expected)
          }).pipe(Effect.provide(TestClock.layer()))
        )
      ),
      { numRuns: 60 }
    ))

  it("is one, of many that are sent at once; nobody is silenced by another, in another chat or account", () =>
    run(
      Effect.gen(function* () {
        yield* chat
        yield* chatting("d")
        const burst = Array.from({ length: 12 }, () => signalTyping(ann, c))
        const sent = yield* Effect.all(burst, { concurrency: "unbounded" })
        expect(sent.filter((one) => one.sent)).toHaveLength(1)
        expect(yield* signalTyping(visitor, c)).toEqual({ sent: true })
        expect(yield* signalTyping(ben, c)).toEqual({ sent: true })
        expect(yield* signalTyping(ann, { chatId: chatId("d") })).toEqual({ sent: true })
        const there = { account: Id.AccountId.make("there"), surface: "api" as const, actor: visitor.actor }
        yield* requestChat(there, { ...c, visitorId: visitorId("v-c") })
        expect(yield* signalTyping(there, c)).toEqual({ sent: true })
      })
    ))

  it.effect("is not held back by a clock that was set back", () =>
    world(
      Effect.gen(function* () {
        yield* chat
        yield* TestClock.adjust("1 hour")
        yield* signalTyping(ann, c)
        yield* TestClock.setTime(0)
        expect(yield* signalTyping(ann, c)).toEqual({ sent: true })
      })
    )
  )

  it.effect("is remembered of the last 10,000 senders: of more, the longest silent are forgotten", () =>
    world(
      Effect.gen(function* () {
        yield* chat
        const [read] = yield* (yield* DeskStore).get(account, [{ kind: "chat", id: "c" }])
        // every chat is this one
        const get = () => Effect.succeed([read, { value: null }, { value: null }])
        const desk = { get } as unknown as typeof DeskStore.Service
        const typing = (id: string) =>
          Effect.provideService(signalTyping(visitor, { chatId: chatId(id) }), DeskStore, desk)
        yield* typing("c-0")
        yield* typing("c-1")
        for (let n = 2; n < 10_000; n++) yield* typing(`c-${n}`)
        expect(yield* typing("c-0")).toEqual({ sent: false })
        yield* typing("c-10000")
        expect(yield* typing("c-1")).toEqual({ sent: false })
        expect(yield* typing("c-0")).toEqual({ sent: true })
      })
    )
  )

  it.effect("asks no store where it is no news", () =>
    world(
      Effect.gen(function* () {
        yield* chat
        yield* signalTyping(ann, c)
        yield* signalRead(ann, { ...c, number: 2 })
        const gone = Effect.provideService(DeskStore, {} as typeof DeskStore.Service)
        expect(yield* gone(signalTyping(ann, c))).toEqual({ sent: false })
        expect(yield* gone(signalRead(ann, { ...c, number: 2 }))).toEqual({ sent: false })
      })
    )
  )
})

const anyStep = fc.record({ isTyping: fc.boolean(), wait: fc.constantFrom(0, 1, 1_000, 2_999, 3_000, 3_001, 10_000) })
