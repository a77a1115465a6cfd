import { Effect, type Layer } from "effect"
import { Actor, type Agent, Id, type Settings } from "leadline"
import {
  answerChat,
  type Caller,
  type ChatRequest,
  changeSettings,
  endChat,
  requestChat,
  saveAgent,
  sendMessage,
  setStatus
} from "leadline/use-cases"
import { account, chatId, importer, layer, userId } from "../crm/World.ts"

/** Everything a host provides, in memory. */
export type World = Layer.Success<ReturnType<typeof layer>>

/** Runs in a fresh account in memory. */
export const world = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provide(effect, layer())

export const agentId = (id: string) => Id.AgentId.make(id)
export const visitorId = (id: string) => Id.VisitorId.make(id)

/** An agent at a console, perhaps under an idempotency key. */
export const agentAt = (id: string, idempotencyKey?: string): Caller => ({
  account,
  actor: Actor.agent(agentId(id)),
  surface: "chat",
  ...(idempotencyKey === undefined ? {} : { idempotencyKey })
})

/** A user of the CRM who is not acting as an agent. */
export const userAt = (name: string): Caller => ({ account, actor: Actor.user(userId(name)), surface: "crm" })

export const visitorAt = (id: string): Caller => ({ account, actor: Actor.visitor(visitorId(id)), surface: "api" })

/** An agent without a CRM licence, unless `userId` says who they are there. */
export const agentOf = (id: string, more: Partial<Agent.Agent> = {}): Agent.Agent => ({
  id: agentId(id),
  displayName: id.toUpperCase(),
  email: `${id}@acme.example`,
  userId: null,
  isEnabled: true,
  isChatAdministrator: false,
  departments: [],
  chatLimit: null,
  ...more
})

/** Agents, online. */
export const hire = (...agents: ReadonlyArray<Agent.Agent>) =>
  Effect.forEach(
    agents,
    (agent) => Effect.andThen(saveAgent(importer, agent), setStatus(agentAt(agent.id), { status: "online" })),
    { discard: true }
  )

export const settle = (settings: Partial<Settings.Settings>) => changeSettings(importer, settings)

/** What a chat is made of; its visitor is named after it, and ANN gives only an email unless asked for more. */
export interface ChatOf extends Partial<Omit<ChatRequest, "chatId">> {
  /** Who serves it; default: the agent `a1`. `null`: it waits. */
  readonly by?: string | null
  readonly says?: string
}

/** An open chat, served. */
export const chatting = Effect.fnUntraced(function* (id: string, { by = "a1", says, ...request }: ChatOf = {}) {
  const visitor = request.visitorId ?? visitorId(`v-${id}`)
  yield* requestChat(visitorAt(visitor), { ...request, chatId: chatId(id), visitorId: visitor })
  if (says !== undefined) yield* sendMessage(visitorAt(visitor), { chatId: chatId(id), text: says })
  if (by !== null) yield* answerChat(agentAt(by), { chatId: chatId(id) })
  return chatId(id)
})

/** A chat that is over; ended by its visitor. */
export const chatted = Effect.fnUntraced(function* (id: string, more: ChatOf = {}) {
  yield* chatting(id, more)
  yield* endChat(visitorAt(more.visitorId ?? `v-${id}`), { chatId: chatId(id) })
  return chatId(id)
})
