import { Access, Actor, type Agent, Id, type User } from "leadline"
import { describe, expect, it } from "vitest"

const [annId, benId] = [Id.AgentId.make("ann"), Id.AgentId.make("ben")]
const [eveId, joeId] = [Id.UserId.make("eve"), Id.UserId.make("joe")]
const visitorId = Id.VisitorId.make("v1")
const otherVisitorId = Id.VisitorId.make("v2")

const agent = (changes: Partial<Agent.Agent> = {}): Agent.Agent => ({
  id: annId,
  displayName: "Ann",
  email: "ann@example.com",
  userId: null,
  isEnabled: true,
  isChatAdministrator: false,
  departments: [],
  chatLimit: null,
  ...changes
})

const user = (changes: Partial<User.User> = {}): User.User => ({
  id: eveId,
  name: "Eve",
  email: "eve@example.com",
  isActive: true,
  reportsTo: null,
  isAccountOwner: false,
  isCrmAdministrator: false,
  teams: [],
  groups: [],
  visibility: "own",
  ...changes
})

const asAgent = (agent: Agent.Agent | null, user: User.User | null = null): Access.Rights => ({
  actor: Actor.agent(annId),
  agent,
  user
})
const asUser = (user: User.User | null): Access.Rights => ({ actor: Actor.user(eveId), agent: null, user })

/** Who acts, with the rights they have now. */
const actors: Record<string, Access.Rights> = {
  system: { actor: Actor.system, agent: null, user: null },
  service: { actor: Actor.service("import"), agent: null, user: null },
  visitor: { actor: Actor.visitor(visitorId), agent: null, user: null },
  "other visitor": { actor: Actor.visitor(otherVisitorId), agent: null, user: null },
  agent: asAgent(agent()),
  "chat administrator": asAgent(agent({ isChatAdministrator: true })),
  "disabled agent": asAgent(agent({ isEnabled: false, isChatAdministrator: true }), user()),
  "deleted agent": asAgent(null, user()),
  "agent and user": asAgent(agent({ userId: eveId }), user()),
  "agent and CRM administrator": asAgent(agent({ userId: eveId }), user({ isCrmAdministrator: true })),
  "agent and inactive user": asAgent(agent({ userId: eveId }), user({ isActive: false, isCrmAdministrator: true })),
  user: asUser(user()),
  "CRM administrator": asUser(user({ isCrmAdministrator: true })),
  "inactive user": asUser(user({ isActive: false, isCrmAdministrator: true })),
  "deleted user": asUser(null)
}

const asks: Record<string, Access.Ask> = {
  takePart: { action: "chat.takePart", visitorId },
  serve: { action: "chat.serve" },
  setOwn: { action: "desk.set", agentId: annId },
  setOther: { action: "desk.set", agentId: benId },
  chatAdmin: { action: "chat.administer" },
  crmAdmin: { action: "crm.administer" },
  openCard: { action: "card.open" },
  operate: { action: "account.operate" }
}

const yes = null
const [noAgent, notYours] = ["notAnAgent", "notYours"] as const
const [noChatAdmin, noCrmAdmin, noBoth] = ["notChatAdministrator", "notCrmAdministrator", "needsBothLicences"] as const

type Answer = Access.DenialReason | null

/** Rows: who; columns in the order of `asks`. */
const matrix: Record<string, ReadonlyArray<Answer>> = {
  //                              takePart  serve    setOwn   setOther   chatAdmin    crmAdmin    openCard operate
  system: /*                   */ [yes, yes, yes, yes, yes, yes, noBoth, yes],
  service: /*                  */ [yes, yes, yes, yes, yes, yes, noBoth, yes],
  visitor: /*                  */ [yes, noAgent, noAgent, noAgent, noChatAdmin, noCrmAdmin, noBoth, notYours],
  "other visitor": /*          */ [notYours, noAgent, noAgent, noAgent, noChatAdmin, noCrmAdmin, noBoth, notYours],
  agent: /*                    */ [yes, yes, yes, notYours, noChatAdmin, noCrmAdmin, noBoth, notYours],
  "chat administrator": /*     */ [yes, yes, yes, yes, yes, noCrmAdmin, noBoth, notYours],
  "disabled agent": /*         */ [noAgent, noAgent, noAgent, noAgent, noChatAdmin, noCrmAdmin, noBoth, notYours],
  "deleted agent": /*          */ [noAgent, noAgent, noAgent, noAgent, noChatAdmin, noCrmAdmin, noBoth, notYours],
  "agent and user": /*         */ [yes, yes, yes, notYours, noChatAdmin, noCrmAdmin, yes, notYours],
  "agent and CRM administrator": [yes, yes, yes, notYours, noChatAdmin, yes, yes, notYours],
  "agent and inactive user": /**/ [yes, yes, yes, notYours, noChatAdmin, noCrmAdmin, noBoth, notYours],
  user: /*                     */ [noAgent, noAgent, noAgent, noAgent, noChatAdmin, noCrmAdmin, noBoth, notYours],
  "CRM administrator": /*      */ [noAgent, noAgent, noAgent, noAgent, noChatAdmin, yes, noBoth, notYours],
  "inactive user": /*          */ [noAgent, noAgent, noAgent, noAgent, noChatAdmin, noCrmAdmin, noBoth, notYours],
  "deleted user": /*           */ [noAgent, noAgent, noAgent, noAgent, noChatAdmin, noCrmAdmin, noBoth, notYours]
}

describe("what an actor may do", () => {
  it("has an answer for every actor (J1)", () => {
    expect(Object.keys(matrix)).toEqual(Object.keys(actors))
    for (const row of Object.values(matrix)) expect(row).toHaveLength(Object.keys(asks).length)
  })

  const cells = Object.entries(matrix).flatMap(([who, row]) =>
    Object.keys(asks).map((ask, column) => ({ who, ask, answer: row[column] ?? null }))
  )

  it.each(cells)("$who, $ask: $answer (J1, J3)", ({ answer, ask, who }) => {
    const [rights, asked] = [actors[who], asks[ask]]
    if (rights === undefined || asked === undefined) return expect.unreachable()
    const expected = answer === null ? null : { _tag: "AccessDenied", action: asked.action, reason: answer }
    expect(Access.can(rights, asked)).toEqual(expected)
  })
})

describe("with whose eyes an actor sees the CRM", () => {
  const open = { crmInsideChat: true, accessToCrmData: "allAgents" } as const
  const usersOnly = { crmInsideChat: true, accessToCrmData: "crmUsersOnly" } as const
  const off = { crmInsideChat: false, accessToCrmData: "allAgents" } as const

  const eyes: Record<string, readonly [allAgents: Access.ViewAs, crmUsersOnly: Access.ViewAs, off: Access.ViewAs]> = {
    system: ["all", "all", "all"],
    service: ["all", "all", "all"],
    visitor: ["nobody", "nobody", "nobody"],
    "other visitor": ["nobody", "nobody", "nobody"],
    agent: ["all", "nobody", "nobody"],
    "chat administrator": ["all", "nobody", "nobody"],
    "disabled agent": ["nobody", "nobody", "nobody"],
    "deleted agent": ["nobody", "nobody", "nobody"],
    "agent and user": ["all", "user", "nobody"],
    "agent and CRM administrator": ["all", "user", "nobody"],
    "agent and inactive user": ["all", "nobody", "nobody"],
    user: ["user", "user", "user"],
    "CRM administrator": ["user", "user", "user"],
    "inactive user": ["nobody", "nobody", "nobody"],
    "deleted user": ["nobody", "nobody", "nobody"]
  }

  it.each(Object.entries(actors))("%s: by the access setting and the switch (E2, H6)", (who, rights) => {
    expect([open, usersOnly, off].map((settings) => Access.viewAs(rights, settings))).toEqual(eyes[who])
  })
})

describe("reading a record", () => {
  const directory: User.Directory = new Map([
    [eveId, user()],
    [joeId, user({ id: joeId, reportsTo: eveId })]
  ])
  const read = (viewAs: Access.ViewAs, owner: Id.UserId, rights: Access.Rights) =>
    Access.can(rights, { action: "record.read", owner, viewAs, directory })
  const denied = (reason: Access.DenialReason) => ({ _tag: "AccessDenied", action: "record.read", reason })

  it("is for whoever sees all, and for nobody without access (E2)", () => {
    expect(read("all", joeId, asAgent(agent()))).toBe(null)
    expect(read("nobody", eveId, asAgent(agent(), user()))).toEqual(denied("noCrmAccess"))
    expect(read("user", eveId, asAgent(agent()))).toEqual(denied("noCrmAccess"))
  })

  it("is for a user as far as users see: their own, or their people's (E2, J1)", () => {
    expect(read("user", eveId, asUser(user()))).toBe(null)
    expect(read("user", joeId, asUser(user()))).toEqual(denied("recordHidden"))
    expect(read("user", joeId, asUser(user({ visibility: "team" })))).toBe(null)
    expect(read("user", joeId, asUser(user({ visibility: "all" })))).toBe(null)
    expect(read("user", joeId, asAgent(agent({ userId: eveId }), user({ isCrmAdministrator: true })))).toBe(null)
  })

  it("ends with the user's licence (J1)", () => {
    expect(read("user", eveId, asUser(user({ isActive: false })))).toEqual(denied("recordHidden"))
  })
})
