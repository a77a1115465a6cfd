import { Deferred, Effect, Exit, Fiber, Layer, Result } from "effect"
import { Actor, type Agent, Id } from "leadline"
import { layer as memory } from "leadline/memory"
import { Conflict, DeskStore, type DeskStoreShape, SettingsStore, StoreError } from "leadline/ports"
import {
  answerChat,
  type Caller,
  endChat,
  OwnCrm,
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
const visitorId = Id.VisitorId.make("zoe")
const zoe: Caller = { account, actor: Actor.visitor(visitorId), surface: "api" }

const entry = (n: number): Agent.Agent => ({
  id: agentId(n),
  displayName: `Agent ${n}`,
  email: `agent-${n}@acme.example`,
  userId: null,
  isEnabled: true,
  isChatAdministrator: false,
  departments: [],
  chatLimit: null
})

const layer = () => Layer.provideMerge(OwnCrm.layer, memory({ yieldsBeforeEach: true }))
const run = <A, E>(effect: Effect.Effect<A, E, Layer.Success<ReturnType<typeof layer>>>): Promise<A> =>
  Effect.runPromise(Effect.provide(effect, layer()))

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)
const atOnce = { concurrency: "unbounded" } as const

/** A store whose commits say how many there were, and wait for whoever holds them. */
interface Gate {
  commits: number
  /** What happens before a commit, by its number. */
  before: (n: number) => Effect.Effect<void, StoreError | Conflict>
}

const gated = (store: DeskStoreShape, gate: Gate): DeskStoreShape => ({
  ...store,
  commit: (of, change) => Effect.suspend(() => Effect.andThen(gate.before(++gate.commits), store.commit(of, change)))
})

/** A chat that one of the agents serves, and a host of its own with a gate before its commits. */
const served = Effect.fnUntraced(function* (agents = 1) {
  for (const n of upTo(agents)) {
    yield* saveAgent(setup, entry(n))
    yield* setStatus(agent(n), { status: "online" })
  }
  const { chatId } = yield* requestChat(zoe, { visitorId, email: "zoe@example.com" })
  const gate: Gate = { commits: 0, before: () => Effect.void }
  const host = gated(yield* DeskStore, gate)
  const here = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provideService(effect, DeskStore, host)
  return { chatId, gate, here }
})

const messages = (chatId: Id.ChatId) =>
  Effect.map(
    DeskStore.use((store) => store.transcript(account, chatId, 0, 1000)),
    (lines) => lines.map(({ message: { number }, text }) => ({ number, text }))
  )

describe("commands that wait for the same record", () => {
  it("are decided one after another on what is in hand, and committed together (cost law)", () =>
    run(
      Effect.gen(function* () {
        const { chatId, gate, here } = yield* served()
        yield* answerChat(agent(1), { chatId })
        const sent = yield* Effect.forEach(
          upTo(40),
          (n) => here(sendMessage(n % 2 === 0 ? zoe : agent(1), { chatId, text: `${n}` })),
          atOnce
        )
        expect(sent.map(({ number }) => number).sort((a, b) => a - b)).toEqual(upTo(40))
        const said = yield* messages(chatId)
        expect(said.map(({ number }) => number)).toEqual(upTo(40))
        for (const [n, { number }] of sent.entries()) expect(said[number - 1]?.text).toBe(`${n + 1}`)
        expect(gate.commits).toBeLessThanOrEqual(3)
      })
    ))

  it("remember each its own answer (K1)", () =>
    run(
      Effect.gen(function* () {
        const { chatId, here } = yield* served()
        const send = (n: number) => here(sendMessage({ ...zoe, idempotencyKey: `k${n}` }, { chatId, text: `${n}` }))
        const first = yield* Effect.forEach(upTo(10), send, atOnce)
        expect(yield* Effect.forEach(upTo(10), send, atOnce)).toEqual(first)
        expect(yield* messages(chatId)).toHaveLength(10)
      })
    ))

  it("learn from the winner that they lost, and ask the store no more than once each (C8)", () =>
    run(
      Effect.gen(function* () {
        const { chatId, gate, here } = yield* served(30)
        const answered = yield* Effect.forEach(
          upTo(30),
          (n) => Effect.result(here(answerChat(agent(n), { chatId }))),
          atOnce
        )
        expect(answered.filter(Result.isSuccess)).toHaveLength(1)
        const refusals = answered.filter(Result.isFailure).map(({ failure }) => failure)
        expect(new Set(refusals.map((refusal) => JSON.stringify(refusal))).size).toBe(1)
        expect(refusals[0]).toMatchObject({ _tag: "ChatAlreadyAnswered" })
        expect(gate.commits).toBe(1)
      })
    ))

  it("go on together when another host wins (K2)", () =>
    run(
      Effect.gen(function* () {
        const { chatId, gate, here } = yield* served()
        const elsewhere = yield* DeskStore
        const there = Effect.provideService(
          sendMessage(zoe, { chatId, text: "from another host" }),
          DeskStore,
          elsewhere
        )
        const settings = yield* SettingsStore
        const won = Effect.provideService(Effect.asVoid(Effect.orDie(there)), SettingsStore, settings)
        gate.before = (n) => (n <= 2 ? won : Effect.void)
        yield* Effect.forEach(upTo(20), (n) => here(sendMessage(zoe, { chatId, text: `${n}` })), atOnce)
        const said = yield* messages(chatId)
        expect(said).toHaveLength(22)
        expect(new Set(said.map(({ text }) => text)).size).toBe(21)
        expect(gate.commits).toBeLessThanOrEqual(5)
      })
    ))

  it("each give up after 32 lost races, with `contention` (cost law)", () =>
    run(
      Effect.gen(function* () {
        const { chatId, gate, here } = yield* served()
        const lost = new Conflict({ keys: [{ kind: "chat", id: chatId }] })
        gate.before = () => Effect.andThen(Effect.yieldNow, Effect.fail(lost))
        const sent = yield* Effect.forEach(
          upTo(3),
          (n) => Effect.flip(here(sendMessage(zoe, { chatId, text: `${n}` }))),
          atOnce
        )
        for (const error of sent) expect(error).toMatchObject({ _tag: "StoreError", reason: "contention" })
        expect(gate.commits).toBeLessThanOrEqual(40)
        gate.before = () => Effect.void
        expect(yield* here(sendMessage(zoe, { chatId, text: "at last" }))).toEqual({ number: 1 })
      })
    ))

  it("fail together where the store fails, and alone where one of them is to blame (K3)", () =>
    run(
      Effect.gen(function* () {
        const { chatId, gate, here } = yield* served()
        const failing = (reason: "timeout" | "unsupported") =>
          new StoreError({ reason, isRetryable: true, operation: "commit" })
        const send = (n: number) => Effect.result(here(sendMessage(zoe, { chatId, text: `${n}` })))
        gate.before = (n) => (n === 2 ? Effect.fail(failing("timeout")) : Effect.void)
        const timedOut = yield* Effect.forEach(upTo(5), send, atOnce)
        expect(timedOut.map(Result.isSuccess)).toEqual([true, false, false, false, false])
        gate.commits = 0
        gate.before = (n) => (n === 2 ? Effect.fail(failing("unsupported")) : Effect.void)
        const blamed = yield* Effect.forEach(upTo(5), send, atOnce)
        expect(blamed.every(Result.isSuccess)).toBe(true)
        expect(yield* messages(chatId)).toHaveLength(6)
      })
    ))

  it("are not disturbed by one that is interrupted while it waits, nor by the first", () =>
    run(
      Effect.gen(function* () {
        const { chatId, gate, here } = yield* served()
        const open = yield* Deferred.make<void>()
        gate.before = (n) => (n === 1 ? Deferred.await(open) : Effect.void)
        const send = (n: number) => Effect.forkChild(here(sendMessage(zoe, { chatId, text: `${n}` })))
        const fibers = yield* Effect.forEach(upTo(6), send)
        for (let turn = 0; turn < 50; turn++) yield* Effect.yieldNow
        const [first, second, ...others] = fibers
        if (first !== undefined && second !== undefined) yield* Fiber.interruptAll([second, first])
        yield* Deferred.succeed(open, undefined)
        for (const fiber of others) expect(Exit.isSuccess(yield* Fiber.await(fiber))).toBe(true)
        expect((yield* messages(chatId)).map(({ text }) => text)).toEqual(["3", "4", "5", "6"])
      })
    ))
})

describe("a record in hand that another host has changed", () => {
  it("is no reason to refuse, nor to do nothing: who refuses has looked (K2)", () =>
    run(
      Effect.gen(function* () {
        const { chatId, here } = yield* served()
        yield* here(answerChat(agent(1), { chatId }))
        yield* endChat(zoe, { chatId })
        // here the chat still seems to be served: its end is not known yet
        expect(yield* Effect.flip(here(sendMessage(agent(1), { chatId, text: "hello?" })))).toMatchObject({
          _tag: "ChatIsClosed"
        })
        const next = yield* requestChat(zoe, { visitorId, email: "zoe@example.com" })
        // in hand: an agent at a desk with the first chat, and no second one
        expect(yield* here(answerChat(agent(1), next))).toEqual({ chatId: next.chatId })
        yield* here(endChat(agent(1), next))
        const third = yield* requestChat(zoe, { visitorId, email: "zoe@example.com" })
        yield* answerChat(agent(1), third)
        // in hand: not serving any chat; a refusal from that would be wrong
        expect(yield* here(sendMessage(agent(1), { chatId: third.chatId, text: "I am here" }))).toEqual({ number: 1 })
      })
    ))
})
