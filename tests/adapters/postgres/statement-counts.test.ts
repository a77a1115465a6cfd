import { Effect, Layer, ManagedRuntime, Metric } from "effect"
import { TestClock } from "effect/testing"
import { Actor, type Agent, Id } from "leadline"
import * as Postgres from "leadline/postgres"
import {
  answerChat,
  type Caller,
  changeSettings,
  createLead,
  endChat,
  OwnCrm,
  requestChat,
  saveAgent,
  saveUser,
  sendMessage,
  setStatus
} from "leadline/use-cases"
import { afterAll, describe, expect, it } from "vitest"
import * as Schema from "./Schema.ts"
import { url } from "./Stores.ts"

const schema = Schema.freshName()
const host = () =>
  ManagedRuntime.make(OwnCrm.layer.pipe(Layer.provideMerge(Postgres.layer({ url: url(), schema, isShared: false }))))
type Host = ReturnType<typeof host>

const runtime = host()
afterAll(async () => {
  await runtime.dispose()
  await Schema.runAll([`drop schema ${schema} cascade`])
})

let accounts = 0

/** An account of `size` agents and users, where Ada serves a chat of `messages` messages. */
const office = (size: number, messages: number) =>
  Effect.gen(function* () {
    const account = Id.AccountId.make(`office-${++accounts}`)
    const setup: Caller = { account, actor: Actor.service("setup"), surface: "api" }
    const agentId = Id.AgentId.make("ada")
    const ada: Caller = { account, actor: Actor.agent(agentId), surface: "chat" }
    for (let n = 0; n < size; n++)
      yield* saveUser(setup, {
        id: Id.UserId.make(`u${n}`),
        name: `User ${n}`,
        email: `u${n}@acme.example`,
        isActive: true,
        reportsTo: null,
        isAccountOwner: n === 0,
        isCrmAdministrator: false,
        teams: [],
        groups: [],
        visibility: "all"
      })
    const agent: Agent.Agent = {
      id: agentId,
      displayName: "Ada",
      email: "ada@acme.example",
      userId: null,
      isEnabled: true,
      isChatAdministrator: false,
      departments: [],
      chatLimit: 5
    }
    yield* saveAgent(setup, agent)
    yield* changeSettings(setup, { rememberMillis: 3_600_000 })
    yield* setStatus(ada, { status: "online" })
    const visitor = (name: string): Caller => ({
      account,
      actor: Actor.visitor(Id.VisitorId.make(name)),
      surface: "api"
    })
    const request = (name: string) =>
      requestChat(visitor(name), {
        visitorId: Id.VisitorId.make(name),
        name: "Zoë Quist",
        email: `${name}@example.com`
      })
    const { chatId } = yield* request("zoe")
    yield* answerChat(ada, { chatId })
    for (let sent = 0; sent < messages; sent++)
      yield* sendMessage(sent % 2 === 0 ? visitor("zoe") : ada, { chatId, text: "hi" })
    const other = yield* request("yves")
    return { ada, zoe: visitor("zoe"), chatId, other: other.chatId }
  })

type Keyed = (name: string) => Partial<Caller>
const unkeyed: Keyed = () => ({})

/** What each command sends, all within one second, from the host that did what came before, or each from a host that has just started. */
const bill = async (size: number, messages: number, key: Keyed, from: () => Host = () => runtime) => {
  const { ada, chatId, other, zoe } = await runtime.runPromise(
    Effect.provide(office(size, messages), TestClock.layer())
  )
  const sent = async (command: (more: Partial<Caller>) => Parameters<Host["runPromise"]>[0], name: string) => {
    const at = from()
    const count = await at.runPromise(
      Effect.gen(function* () {
        const before = (yield* Metric.value(Postgres.statementsSent)).count
        yield* command(key(name))
        return (yield* Metric.value(Postgres.statementsSent)).count - before
      }).pipe(Effect.provide(TestClock.layer()))
    )
    if (at !== runtime) await at.dispose()
    return count
  }
  return {
    answer: await sent((more) => answerChat({ ...ada, ...more }, { chatId: other }), "answer"),
    send: await sent((more) => sendMessage({ ...zoe, ...more }, { chatId, text: "and one more" }), "send"),
    reply: await sent((more) => sendMessage({ ...ada, ...more }, { chatId, text: "and one more" }), "reply"),
    createLead: await sent((more) => createLead({ ...ada, ...more }, { chatId }), "createLead"),
    end: await sent((more) => endChat({ ...ada, ...more }, { chatId }), "end")
  }
}

describe("statements per command (cost law)", () => {
  // the settings are in hand for a second, the chat since the command before
  const settled = { answer: 3, send: 1, reply: 1, createLead: 4, end: 1 }
  const cold = { answer: 4, send: 2, reply: 2, createLead: 5, end: 3 }

  it("are few, and the same in a small office and in a large one, after 10 messages and after 500", async () => {
    expect(await bill(3, 10, unkeyed)).toEqual(settled)
    expect(await bill(300, 500, unkeyed)).toEqual(settled)
  }, 30_000)

  it("are the same where an answer is to be remembered (K1)", async () => {
    expect(await bill(3, 10, (idempotencyKey) => ({ idempotencyKey }))).toEqual(settled)
  })

  it("of a host that has nothing in hand are one or two more, and one for the settings where they matter", async () => {
    expect(await bill(3, 10, unkeyed, host)).toEqual(cold)
    expect(await bill(300, 500, unkeyed, host)).toEqual(cold)
  }, 30_000)
})
