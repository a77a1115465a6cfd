import { Effect, Layer } from "effect"
import { Actor, type Agent, Id } from "leadline"
import { layer as memory } from "leadline/memory"
import { DeskStore, type DeskStoreShape } from "leadline/ports"
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
const agentId = Id.AgentId.make("ada")
const ada: Caller = { account, actor: Actor.agent(agentId), surface: "chat" }
const visitorId = Id.VisitorId.make("zoe")
const zoe: Caller = { account, actor: Actor.visitor(visitorId), surface: "api" }

const entry: Agent.Agent = {
  id: agentId,
  displayName: "Ada",
  email: "ada@acme.example",
  userId: null,
  isEnabled: true,
  isChatAdministrator: false,
  departments: [],
  chatLimit: 5
}

/** What one command asked of the store: the calls in order, and the characters of JSON read and written. */
interface Bill {
  calls: Array<string>
  read: number
  written: number
}

/** A store that keeps the bill. */
const billed = (store: DeskStoreShape, bill: Bill): DeskStoreShape => ({
  ...store,
  get: (of, keys) =>
    Effect.tap(store.get(of, keys), (reads) =>
      Effect.sync(() => {
        bill.calls.push(`get ${keys.length}`)
        bill.read += JSON.stringify(reads).length
      })
    ),
  getWithTexts: (of, keys) =>
    Effect.tap(store.getWithTexts(of, keys), () => Effect.sync(() => bill.calls.push(`getWithTexts ${keys.length}`))),
  commit: (of, change) =>
    Effect.tap(store.commit(of, change), () =>
      Effect.sync(() => {
        bill.calls.push("commit")
        bill.written += JSON.stringify(change).length
      })
    ),
  waiting: (of, limit) => Effect.tap(store.waiting(of, limit), () => Effect.sync(() => bill.calls.push("waiting"))),
  transcript: (of, id, after, limit) =>
    Effect.tap(store.transcript(of, id, after, limit), () => Effect.sync(() => bill.calls.push("transcript")))
})

const counted = <A, E>(use: (bill: Bill) => Effect.Effect<A, E, Layer.Success<ReturnType<typeof layers>>>) => {
  const bill: Bill = { calls: [], read: 0, written: 0 }
  return Effect.runPromise(Effect.provide(use(bill), layers(bill)))
}

const layers = (bill: Bill) =>
  OwnCrm.layer.pipe(
    Layer.provideMerge(
      Layer.effect(
        DeskStore,
        Effect.map(DeskStore, (store) => DeskStore.of(billed(store, bill)))
      ).pipe(Layer.provideMerge(memory()))
    )
  )

/** On a host that has nothing in hand yet. */
const elsewhere = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.flatMap(DeskStore, (store) => Effect.provideService(effect, DeskStore, { ...store }))

const reset = (bill: Bill) =>
  Effect.sync(() => {
    bill.calls = []
    bill.read = 0
    bill.written = 0
  })

/** A served chat of `n` messages. */
const talkedTo = Effect.fnUntraced(function* (n: number) {
  yield* saveAgent(setup, entry)
  yield* setStatus(ada, { status: "online" })
  const { chatId } = yield* requestChat(zoe, { visitorId, name: "Zoë", email: "zoe@example.com" })
  yield* answerChat(ada, { chatId })
  for (let sent = 0; sent < n; sent++) yield* sendMessage(sent % 2 === 0 ? zoe : ada, { chatId, text: "hello" })
  return chatId
})

describe("what commands cost", () => {
  it("sending a message reads and writes the same in a chat of 10,000 messages as in one of 10 (cost law, D7)", async () => {
    const costAfter = (n: number) =>
      counted((bill) =>
        Effect.gen(function* () {
          const chatId = yield* talkedTo(n)
          yield* reset(bill)
          yield* elsewhere(sendMessage(zoe, { chatId, text: "and one more" }))
          return bill
        })
      )
    const [small, large] = [await costAfter(10), await costAfter(10_000)]
    expect(small.calls).toEqual(["get 1", "commit"])
    expect(large.calls).toEqual(small.calls)
    // The counts in the summary and the instants have a few digits more; nothing else grows.
    expect(large.read - small.read).toBeLessThan(30)
    expect(large.written - small.written).toBeLessThan(60)
  })

  it("whoever has the chat in hand writes without reading, under an idempotency key, too (cost law, K1)", () =>
    counted((bill) =>
      Effect.gen(function* () {
        const chatId = yield* talkedTo(3)
        yield* reset(bill)
        yield* sendMessage(zoe, { chatId, text: "one" })
        const again = sendMessage({ ...ada, idempotencyKey: "k" }, { chatId, text: "two" })
        expect(yield* again).toEqual({ number: 5 })
        expect(bill.calls).toEqual(["commit", "commit"])
        yield* reset(bill)
        expect(yield* again).toEqual({ number: 5 })
        expect(bill.calls).toEqual(["get 1"])
      })
    ))

  it("answering takes three statements where a limit binds, two where nothing is served (cost law, B6)", () =>
    counted((bill) =>
      Effect.gen(function* () {
        yield* talkedTo(0)
        const other = Id.VisitorId.make("yves")
        const { chatId } = yield* requestChat(
          { ...zoe, actor: Actor.visitor(other) },
          { visitorId: other, email: "yves@example.com" }
        )
        yield* reset(bill)
        yield* elsewhere(answerChat(ada, { chatId }))
        expect(bill.calls).toEqual(["get 4", "get 1", "commit"])
      })
    ))

  it("ending takes three statements, however long the chat; one where all is in hand (cost law, D2)", () =>
    counted((bill) =>
      Effect.gen(function* () {
        const chatId = yield* talkedTo(50)
        yield* reset(bill)
        yield* elsewhere(endChat(ada, { chatId }))
        expect(bill.calls).toEqual(["get 2", "get 2", "commit"])
        const next = yield* requestChat(zoe, { visitorId, name: "Zoë", email: "zoe@example.com" })
        yield* answerChat(ada, next)
        yield* reset(bill)
        yield* endChat(ada, next)
        expect(bill.calls).toEqual(["commit"])
      })
    ))
})
