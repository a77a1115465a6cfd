import { Effect, Layer, ManagedRuntime } from "effect"
import { Actor, type Agent, Id } from "leadline"
import { layer as memory } from "leadline/memory"
import { answerChat, type Caller, OwnCrm, requestChat, saveAgent, sendMessage, setStatus } from "leadline/use-cases"
import { afterAll, describe, expect, it } from "vitest"
import { Allocations } from "./Allocations.ts"

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

/** Messages per measurement: what V8 allocates once is spread over them. */
const MESSAGES = 50

const allocations = new Allocations()
afterAll(() => allocations.stop())

/** Bytes that a message costs in a chat that has so many. */
const perMessage = async (size: number): Promise<number> => {
  const runtime = ManagedRuntime.make(OwnCrm.layer.pipe(Layer.provideMerge(memory())))
  const { chatId } = await runtime.runPromise(
    Effect.gen(function* () {
      yield* saveAgent(setup, entry)
      yield* setStatus(ada, { status: "online" })
      const asked = yield* requestChat(zoe, { visitorId, name: "Zoë", email: "zoe@example.com" })
      yield* answerChat(ada, asked)
      return asked
    })
  )
  const say = (messages: number) =>
    runtime.runPromise(
      Effect.gen(function* () {
        for (let n = 0; n < messages; n++) yield* sendMessage(n % 2 === 0 ? zoe : ada, { chatId, text: "hello" })
      })
    )
  await say(size)
  const bytes = await allocations.least(3, () => say(MESSAGES))
  await runtime.dispose()
  return bytes / MESSAGES
}

describe("what a message allocates on the memory adapter (cost law)", () => {
  it("is bounded, and the same in a chat of 2,000 messages as in one of 10 (D7)", async () => {
    await perMessage(1500) // the first run compiles
    const [few, many] = [await perMessage(10), await perMessage(2000)]
    // decision: a fifth above what it is
    expect(few).toBeLessThan(50_000)
    expect(many / few).toBeLessThan(1.1)
  }, 60_000)
})
