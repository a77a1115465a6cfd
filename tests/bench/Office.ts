import { Effect } from "effect"
import { Actor, type Agent, Id } from "leadline"
import { type Caller, requestChat, saveAgent, setStatus } from "leadline/use-cases"

/** The account that the cases fill. */
export const account = Id.AccountId.make("acme")
export const setup: Caller = { account, actor: Actor.service("setup"), surface: "api" }

/** About a hundred and fifty characters, as people write. */
export const TEXT = "Where is my order? I ordered on Monday and have not heard of it since. ".repeat(2)

export const agentId = (n: number) => Id.AgentId.make(`agent-${n}`)
export const asAgent = (n: number): Caller => ({ account, actor: Actor.agent(agentId(n)), surface: "chat" })
export const visitorId = (n: number) => Id.VisitorId.make(`visitor-${n}`)
export const asVisitor = (n: number): Caller => ({ account, actor: Actor.visitor(visitorId(n)), surface: "api" })

export const agent = (n: number): Agent.Agent => ({
  id: agentId(n),
  displayName: `Agent ${n}`,
  email: `agent-${n}@acme.example`,
  userId: null,
  isEnabled: true,
  isChatAdministrator: false,
  departments: [],
  chatLimit: null
})

/** Agents who are online. */
export const openDesk = (agents: number) =>
  Effect.forEach(
    Array.from({ length: agents }, (_, n) => n),
    (n) => Effect.andThen(saveAgent(setup, agent(n)), setStatus(asAgent(n), { status: "online" })),
    { concurrency: 16, discard: true }
  )

/** Chats that wait, one per visitor. */
export const openChats = (size: number, from = 0) =>
  Effect.forEach(
    Array.from({ length: size }, (_, n) => from + n),
    (n) =>
      Effect.map(
        requestChat(asVisitor(n), { visitorId: visitorId(n), name: `Visitor ${n}`, email: `visitor-${n}@example.com` }),
        ({ chatId }) => chatId
      ),
    { concurrency: 16 }
  )
