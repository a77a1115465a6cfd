import { Access, Actor, type Agent, Id, type User } from "leadline"
import { describe, expect, it } from "vitest"

const agentId = Id.AgentId.make("ann")
const userId = Id.UserId.make("eve")

const agent = (more: Partial<Agent.Agent>): Agent.Agent => ({
  id: agentId,
  displayName: "Ann",
  email: "ann@acme.example",
  userId: null,
  isEnabled: true,
  isChatAdministrator: true,
  departments: [],
  chatLimit: null,
  ...more
})

const user = (more: Partial<User.User>): User.User => ({
  id: userId,
  name: "Eve",
  email: "eve@acme.example",
  isActive: true,
  reportsTo: null,
  isAccountOwner: false,
  isCrmAdministrator: true,
  teams: [],
  groups: [],
  visibility: "all",
  ...more
})

const rows: ReadonlyArray<readonly [string, Access.Rights, boolean]> = [
  ["Leadline itself", { actor: { _tag: "System" }, agent: null, user: null }, true],
  ["a Chat administrator", { actor: Actor.agent(agentId), agent: agent({}), user: null }, true],
  ["a CRM administrator", { actor: Actor.user(userId), agent: null, user: user({}) }, true],
  [
    "an agent who is a CRM administrator",
    { actor: Actor.agent(agentId), agent: agent({ isChatAdministrator: false }), user: user({}) },
    true
  ],
  ["an agent", { actor: Actor.agent(agentId), agent: agent({ isChatAdministrator: false }), user: null }, false],
  ["a disabled one", { actor: Actor.agent(agentId), agent: agent({ isEnabled: false }), user: null }, false],
  ["a user", { actor: Actor.user(userId), agent: null, user: user({ isCrmAdministrator: false }) }, false],
  ["an inactive one", { actor: Actor.user(userId), agent: null, user: user({ isActive: false }) }, false],
  ["a visitor", { actor: Actor.visitor(Id.VisitorId.make("v")), agent: null, user: null }, false]
]

describe("reading who changed which setting", () => {
  it.each(rows)("%s may or may not (J1, J3)", (_who, rights, may) => {
    expect(Access.can(rights, { action: "settings.audit" })).toEqual(
      may ? null : { _tag: "AccessDenied", action: "settings.audit", reason: "notAnAdministrator" }
    )
  })
})
