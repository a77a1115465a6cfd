import { Effect } from "effect"
import { Actor, type Agent, Id, type User } from "leadline"
import { type Caller, changeSettings, createPool, saveAgent, saveUser, setStatus } from "leadline/use-cases"

/** The account that crash and multi-host tests fill, and its people. */
export const account = Id.AccountId.make("acme")
export const pool = Id.PoolId.make("inbound")
export const sellers = ["sam", "sue", "sid"].map((id) => Id.UserId.make(id))

const boss = Id.UserId.make("bea")

/** A caller of the account. */
export const by = (actor: Actor.Actor, idempotencyKey?: string): Caller => ({
  account,
  actor,
  surface: "api",
  ...(idempotencyKey === undefined ? {} : { idempotencyKey })
})

export const setup = by(Actor.service("tests"))
export const administrator = by(Actor.user(boss))
export const agentId = (n: number) => Id.AgentId.make(`agent-${n}`)
export const asAgent = (n: number, key?: string): Caller => by(Actor.agent(agentId(n)), key)

const user = (id: Id.UserId): User.User => ({
  id,
  name: id,
  email: `${id}@acme.example`,
  isActive: true,
  reportsTo: id === boss ? null : boss,
  isAccountOwner: id === boss,
  isCrmAdministrator: id === boss,
  teams: [],
  groups: [],
  visibility: "all"
})

const agent = (id: Id.AgentId): Agent.Agent => ({
  id,
  displayName: id,
  email: `${id}@acme.example`,
  userId: null,
  isEnabled: true,
  isChatAdministrator: false,
  departments: [],
  chatLimit: null
})

/** Sellers with a pool, agents who are online; leads from chats are dealt to the pool. */
export const open = Effect.fnUntraced(function* (agents: number) {
  yield* Effect.forEach([boss, ...sellers], (id) => saveUser(setup, user(id)), { discard: true })
  yield* createPool(setup, { id: pool, name: "Inbound", recordKind: "lead", members: sellers })
  yield* changeSettings(setup, { leadOwners: [{ _tag: "Pool", poolId: pool }] })
  const numbers = Array.from({ length: agents }, (_, n) => n)
  yield* Effect.forEach(
    numbers,
    (n) => Effect.andThen(saveAgent(setup, agent(agentId(n))), setStatus(asAgent(n), { status: "online" })),
    { concurrency: 16, discard: true }
  )
})
