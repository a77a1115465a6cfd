import { Effect, Layer } from "effect"
import { Actor, type Agent, Id, type User } from "leadline"
import { type Caller, changeSettings, createPool, Ids, type IdsShape, saveAgent, saveUser } from "leadline/use-cases"

export const account = Id.AccountId.make("acme")

const by = (actor: Actor.Actor, surface: Caller["surface"]): Caller => ({ account, actor, surface })

export const people = {
  /** Ada serves chats from inside the CRM: she is an agent and a user. */
  ada: { agent: Id.AgentId.make("ada"), user: Id.UserId.make("ada") },
  /** Ben serves chats in the chat console: an agent only. */
  ben: { agent: Id.AgentId.make("ben") },
  omar: Id.UserId.make("omar"),
  lin: Id.UserId.make("lin"),
  grace: Id.UserId.make("grace"),
  zoe: Id.VisitorId.make("visitor-1")
}

export const callers = {
  ada: by(Actor.agent(people.ada.agent), "crm"),
  ben: by(Actor.agent(people.ben.agent), "chat"),
  omar: by(Actor.user(people.omar), "crm"),
  grace: by(Actor.user(people.grace), "crm"),
  zoe: by(Actor.visitor(people.zoe), "api"),
  setup: by(Actor.service("demo"), "api")
}

const agent = (id: Id.AgentId, displayName: string, userId: Id.UserId | null): Agent.Agent => ({
  id,
  displayName,
  email: `${id}@acme.example`,
  userId,
  isEnabled: true,
  isChatAdministrator: false,
  departments: [],
  chatLimit: null
})

const user = (id: Id.UserId, name: string, reportsTo: Id.UserId | null): User.User => ({
  id,
  name,
  email: `${id}@acme.example`,
  isActive: true,
  reportsTo,
  isAccountOwner: reportsTo === null,
  isCrmAdministrator: reportsTo === null,
  teams: [],
  groups: [],
  visibility: "all"
})

const pool = Id.PoolId.make("inbound")

/** Two agents, four users, a pool of two: leads from chats are dealt to Omar and Lin in turn. */
export const hire = Effect.gen(function* () {
  yield* saveUser(callers.setup, user(people.grace, "Grace Hopper", null))
  yield* saveUser(callers.setup, user(people.ada.user, "Ada Lovelace", people.grace))
  yield* saveUser(callers.setup, user(people.omar, "Omar Khayyam", people.grace))
  yield* saveUser(callers.setup, user(people.lin, "Lin Huiyin", people.grace))
  yield* saveAgent(callers.setup, agent(people.ada.agent, "Ada", people.ada.user))
  yield* saveAgent(callers.setup, agent(people.ben.agent, "Ben", null))
  const members = [people.omar, people.lin]
  yield* createPool(callers.setup, { id: pool, name: "Inbound chat", recordKind: "lead", members })
  yield* changeSettings(callers.setup, {
    leadOwners: [{ _tag: "Pool", poolId: pool }],
    leadSource: "Website chat",
    chatUrl: "https://chat.acme.example/chats/{id}",
    cardUrls: { lead: "https://crm.acme.example/leads/{id}", person: null, company: null }
  })
})

/** Ids that count, so that every run of the demo prints the same. Hosts keep the default: random ones. */
export const countedIds = Layer.sync(Ids, (): IdsShape => {
  let last = 0
  return { next: () => `id-${++last}`, salt: () => (++last).toString(16).padStart(32, "0") }
})
