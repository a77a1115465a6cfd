import { Effect, Layer, Result } from "effect"
import { Actor, type Agent, Id, Transcript } from "leadline"
import { layer as memory } from "leadline/memory"
import { DeskStore } from "leadline/ports"
import {
  answerChat,
  answerNext,
  type Caller,
  changeSettings,
  endChat,
  OwnCrm,
  readConsole,
  requestChat,
  saveAgent,
  sendMessage,
  setStatus
} from "leadline/use-cases"
import { describe, expect, it } from "vitest"

const account = Id.AccountId.make("acme")
const setup: Caller = { account, actor: Actor.service("setup"), surface: "api" }
const agentId = (n: number) => Id.AgentId.make(`agent-${n}`)
const agent = (n: number): Caller => ({ account, actor: Actor.agent(agentId(n)), surface: "chat" })
const visitorId = (n: number) => Id.VisitorId.make(`visitor-${n}`)
const visitor = (n: number): Caller => ({ account, actor: Actor.visitor(visitorId(n)), surface: "api" })

const entry = (n: number, chatLimit: number | null = null): Agent.Agent => ({
  id: agentId(n),
  displayName: `Agent ${n}`,
  email: `agent-${n}@acme.example`,
  userId: null,
  isEnabled: true,
  isChatAdministrator: false,
  departments: [],
  chatLimit
})

/** A fresh account where other fibers run before every operation, as they would at a database. */
const layer = () => Layer.provideMerge(OwnCrm.layer, memory({ yieldsBeforeEach: true }))
const run = <A, E>(effect: Effect.Effect<A, E, Layer.Success<ReturnType<typeof layer>>>): Promise<A> =>
  Effect.runPromise(Effect.provide(effect, layer()))

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)
const atOnce = { concurrency: "unbounded" } as const

const hire = (n: number, chatLimit: number | null = null) =>
  Effect.forEach(upTo(n), (one) =>
    Effect.andThen(saveAgent(setup, entry(one, chatLimit)), setStatus(agent(one), { status: "online" }))
  )
const ask = (n: number) => requestChat(visitor(n), { visitorId: visitorId(n), email: `v${n}@example.com` })

const events = Effect.gen(function* () {
  const { entries } = yield* (yield* DeskStore).log(account, 0, 100_000)
  return entries.map(({ event }) => event)
})

describe("many at once", () => {
  it("of 160 agents who answer one chat exactly one wins; the others learn who and when (C8)", () =>
    run(
      Effect.gen(function* () {
        yield* hire(160)
        const { chatId } = yield* ask(1)
        const answers = yield* Effect.forEach(upTo(160), (n) => Effect.result(answerChat(agent(n), { chatId })), atOnce)
        const winners = upTo(160).filter((n) => answers[n - 1]?._tag === "Success")
        expect(winners).toHaveLength(1)
        const [by] = winners.map(agentId)
        const answered = (yield* events).filter(({ payload }) => payload._tag === "ChatAnswered")
        expect(answered).toHaveLength(1)
        for (const answer of answers.filter(Result.isFailure)) {
          expect(answer.failure).toEqual({ _tag: "ChatAlreadyAnswered", by, at: answered[0]?.at })
        }
        for (const n of [1, 80, 160]) expect((yield* readConsole(agent(n))).ringing).toEqual([])
      })
    ))

  it.each([2, 20])("%s requests of one visitor at once give one open chat (D6)", (n) =>
    run(
      Effect.gen(function* () {
        const asked = yield* Effect.forEach(upTo(n), () => ask(1), atOnce)
        expect(new Set(asked.map(({ chatId }) => chatId)).size).toBe(1)
        expect(asked.filter(({ isNew }) => isNew)).toHaveLength(1)
        expect((yield* events).filter(({ payload }) => payload._tag === "ChatRequested")).toHaveLength(1)
      })
    )
  )

  it("an agent who answers 20 chats with a limit of 3 gets exactly 3; the others are refused with the count (B5, B6)", () =>
    run(
      Effect.gen(function* () {
        yield* hire(1, 3)
        const chats = yield* Effect.forEach(upTo(20), ask)
        const answers = yield* Effect.forEach(
          chats,
          ({ chatId }) => Effect.result(answerChat(agent(1), { chatId })),
          atOnce
        )
        expect(answers.filter(Result.isSuccess)).toHaveLength(3)
        for (const answer of answers.filter(Result.isFailure)) {
          expect(answer.failure).toEqual({ _tag: "AtLimit", used: 3, limit: 3 })
        }
      })
    ))

  it("20 agents who serve the next of 20 chats get one each; one more finds nothing waiting (C8)", () =>
    run(
      Effect.gen(function* () {
        yield* hire(21)
        const chats = yield* Effect.forEach(upTo(20), ask)
        const served = yield* Effect.forEach(upTo(20), (n) => answerNext(agent(n)), atOnce)
        const ids = (some: typeof served) => some.map(({ chatId }) => chatId).sort()
        expect(ids(served)).toEqual(ids(chats))
        expect(yield* Effect.flip(answerNext(agent(21)))).toEqual({ _tag: "NothingWaiting" })
      })
    ))

  it("the account's limit binds who has none of their own; an agent's own comes first (B5)", () =>
    run(
      Effect.gen(function* () {
        yield* changeSettings(setup, { chatLimit: 1 })
        yield* hire(2)
        yield* saveAgent(setup, entry(2, 2))
        const chats = yield* Effect.forEach(upTo(6), ask)
        const tries = chats.flatMap(({ chatId }) => [1, 2].map((n) => Effect.result(answerChat(agent(n), { chatId }))))
        yield* Effect.all(tries, atOnce)
        expect((yield* readConsole(agent(1))).serving).toHaveLength(1)
        expect((yield* readConsole(agent(2))).serving).toHaveLength(2)
      })
    ))

  it("messages of both sides and the end meet: numbered without gaps, sealed once, none after the close (D2, D7)", () =>
    run(
      Effect.gen(function* () {
        yield* hire(1)
        const { chatId } = yield* ask(1)
        yield* answerChat(agent(1), { chatId })
        const isDone = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.map(Effect.result(effect), Result.isSuccess)
        const say = (caller: Caller, n: number) => isDone(sendMessage(caller, { chatId, text: `message ${n}` }))
        const sent = yield* Effect.forEach(
          upTo(40),
          (n) => (n === 30 ? isDone(endChat(agent(1), { chatId })) : say(n % 2 === 0 ? visitor(1) : agent(1), n)),
          atOnce
        )
        const store = yield* DeskStore
        const lines = (yield* store.transcript(account, chatId, 0, 100)).map(({ message }) => message)
        const [{ value: chat }] = yield* store.get(account, [{ kind: "chat", id: chatId }])
        expect(chat?.state._tag).toBe("Closed")
        expect(lines.map(({ number }) => number)).toEqual(upTo(lines.length))
        expect(chat?.messages.total).toBe(lines.length)
        expect(Transcript.verify(lines, chat?.digest ?? Transcript.emptyDigest)).toBe(null)
        expect(sent.filter((done) => done)).toHaveLength(lines.length + 1)
        const stream = (yield* events).filter(({ stream: of }) => of === `chat/${chatId}`)
        expect(stream.map(({ number }) => number)).toEqual(upTo(stream.length))
        expect(stream.filter(({ payload }) => payload._tag === "ChatClosed")).toHaveLength(1)
        expect(stream.at(-1)?.payload._tag).toBe("ChatClosed")
      })
    ))

  it("one command repeated at once under one key has one effect and one answer (K1)", () =>
    run(
      Effect.gen(function* () {
        const { chatId } = yield* ask(1)
        const keyed = { ...visitor(1), idempotencyKey: "k" }
        const sent = yield* Effect.forEach(upTo(20), () => sendMessage(keyed, { chatId, text: "once" }), atOnce)
        expect(sent).toEqual(upTo(20).map(() => ({ number: 1 })))
        expect((yield* events).filter(({ payload }) => payload._tag === "MessageSent")).toHaveLength(1)
      })
    ))
})
