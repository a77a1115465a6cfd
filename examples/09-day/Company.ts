import { Effect } from "effect"
import { Actor, type Agent, Id, RecordRef, type Settings } from "leadline"
import { type Caller, changeSettings, type RecordToSave, saveAgent, saveRecord, saveUser } from "leadline/use-cases"
import type { Chance } from "./Chance.ts"

export const account = Id.AccountId.make("day")

/** How large the day is. */
export interface Size {
  readonly agents: number
  readonly departments: number
  readonly chats: number
}

/** Monday, in Berlin: two hours ahead of UTC. */
const midnight = Date.parse("2026-06-01T00:00:00+02:00")

/** A moment of the day, by the clock on the wall. */
export const at = (hour: number, minute = 0): number => midnight + (hour * 60 + minute) * 60_000

export const setup: Caller = { account, actor: Actor.service("day"), surface: "api" }

export const agentCaller = (agentId: Id.AgentId): Caller => ({
  account,
  actor: Actor.agent(agentId),
  surface: "chat"
})

export const visitorCaller = (visitorId: Id.VisitorId): Caller => ({
  account,
  actor: Actor.visitor(visitorId),
  surface: "api"
})

/** The account's chat limit (B5); some agents have their own. */
export const LIMIT = 2
export const SKILL_WAIT_MILLIS = 60_000

/** Assigned routing under hours; leases as long as a day of 200 consoles on one thread can renew them. */
const settings: Partial<Settings.Settings> = {
  routing: "assigned",
  chatLimit: LIMIT,
  offers: { reassignAfterMillis: 30_000, autoIdleAfterMisses: 3, autoAccept: false },
  skillWaitMillis: SKILL_WAIT_MILLIS,
  timeouts: {
    pageClosedMillis: 120_000,
    idleMillis: 600_000,
    idleCloseMillis: 1_200_000,
    leaseMillis: 600_000,
    graceMillis: 60_000
  },
  hours: {
    timeZone: "Europe/Berlin",
    weekly: [{ day: 1, from: 9 * 60, to: 17 * 60 }],
    holidays: []
  }
}

const skills = ["French", "billing", "returns"]

export const departmentsOf = ({ departments }: Size): ReadonlyArray<Id.DepartmentId> =>
  Array.from({ length: departments }, (_, n) => Id.DepartmentId.make(`department-${n + 1}`))

/** Everybody serves a department or two; a third of them know something special. */
export const agentsOf = (size: Size, chance: Chance): ReadonlyArray<Agent.Agent> => {
  const departments = departmentsOf(size)
  return Array.from({ length: size.agents }, (_, n) => ({
    id: Id.AgentId.make(`agent-${String(n + 1).padStart(3, "0")}`),
    displayName: `Agent ${n + 1}`,
    email: `agent-${n + 1}@day.example`,
    userId: null,
    isEnabled: true,
    isChatAdministrator: false,
    departments: [...new Set([departments[n % departments.length] as Id.DepartmentId, chance.oneOf(departments)])],
    chatLimit: chance.is(0.1) ? 1 : null,
    skills: chance.is(0.3) ? [chance.oneOf(skills)] : [],
    idle: { afterMillis: 45 * 60_000, becomes: "away", ignoreIfChatting: true }
  }))
}

/** What visitors may ask for. */
export const skillFor = (chance: Chance): ReadonlyArray<string> => (chance.is(0.1) ? [chance.oneOf(skills)] : [])

/** How many visitors are known to the CRM: what its feeds are checked by. */
export const KNOWN_VISITORS = 200

export const emailOf = (visitor: number): string => `visitor-${visitor}@home.example`

/** The account, its people, and a CRM that knows some of the visitors. */
export const open = Effect.fnUntraced(function* (agents: ReadonlyArray<Agent.Agent>) {
  yield* changeSettings(setup, settings)
  yield* saveUser(setup, {
    id: Id.UserId.make("sam"),
    name: "Sam",
    email: "sam@day.example",
    isActive: true,
    reportsTo: null,
    isAccountOwner: true,
    isCrmAdministrator: true,
    teams: [],
    groups: [],
    visibility: "all"
  })
  yield* Effect.forEach(agents, (agent) => saveAgent(setup, agent), { discard: true })
  for (let visitor = 0; visitor < KNOWN_VISITORS; visitor++) yield* saveRecord(setup, leadOf(visitor))
})

export const leadRef = (visitor: number) => ({ kind: "lead", id: RecordRef.RecordId.make(`lead-${visitor}`) }) as const

const leadOf = (visitor: number): RecordToSave => ({
  _tag: "Lead",
  id: leadRef(visitor).id,
  ownerId: Id.UserId.make("sam"),
  emails: [emailOf(visitor)],
  phones: [],
  custom: {},
  firstName: "Visitor",
  lastName: String(visitor),
  organisation: null,
  status: "New",
  source: null,
  addedFrom: { _tag: "Import" }
})
