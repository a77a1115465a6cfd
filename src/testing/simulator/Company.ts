import { Effect } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import { AccountId, AgentId, ChatId, DepartmentId, PoolId, UserId, VisitorId } from "../../domain/account/Id.ts"
import type { Agent } from "../../domain/agent/Agent.ts"
import type { OperatingHours } from "../../domain/agent/OperatingHours.ts"
import { RecordId } from "../../domain/record/RecordRef.ts"
import type { User } from "../../domain/record/User.ts"
import { saveAgent } from "../../use-cases/agent/SaveAgent.ts"
import { createPool } from "../../use-cases/crm/ManagePool.ts"
import { type RecordToSave, saveRecord } from "../../use-cases/crm/SaveRecord.ts"
import { saveUser } from "../../use-cases/crm/SaveUser.ts"
import type { Caller } from "../../use-cases/execution/Caller.ts"
import { changeSettings } from "../../use-cases/settings/ChangeSettings.ts"
import type { AgentSetup, Setup, VisitorSetup } from "./History.ts"

export const account = AccountId.make("simulated")

export const agentId = (n: number) => AgentId.make(`agent-${n}`)
export const visitorId = (n: number) => VisitorId.make(`visitor-${n}`)
export const chatId = (id: string) => ChatId.make(id)
export const departmentId = (n: number) => DepartmentId.make(`department-${n}`)
export const knownId = (n: number) => RecordId.make(`known-${n}`)
const pool = PoolId.make("sales")
const sellers = ["sam", "kim"].map((name) => UserId.make(name))
const boss = UserId.make("boss")

/** Who sets the account up, and looks at it afterwards. */
export const service: Caller = { account, actor: Actor.service("simulator"), surface: "api" }

export const agentCaller = (n: number, idempotencyKey?: string): Caller =>
  withKey({ account, actor: Actor.agent(agentId(n)), surface: "chat" }, idempotencyKey)

export const visitorCaller = (n: number, idempotencyKey?: string): Caller =>
  withKey({ account, actor: Actor.visitor(visitorId(n)), surface: "api" }, idempotencyKey)

/** A Chat administrator who serves no chats. */
export const administrator = (idempotencyKey?: string): Caller => agentCaller(0, idempotencyKey)

const withKey = (caller: Caller, idempotencyKey: string | undefined): Caller =>
  idempotencyKey === undefined ? caller : { ...caller, idempotencyKey }

/** Leases short enough that a history sees them end; the rest as an account has that changed nothing (D5). */
const timeouts = {
  ...{ pageClosedMillis: 60_000, idleMillis: 600_000, idleCloseMillis: 1_200_000 },
  ...{ leaseMillis: 60_000, graceMillis: 30_000 }
}

/** How often a console renews its lease: twice before it ends. */
export const BEAT_MILLIS = 25_000

/** Hours that are never: the account is closed (B8). */
export const closedHours: OperatingHours = { timeZone: "UTC", weekly: [], holidays: [] }

const user = (id: UserId): User => ({
  ...{ id, name: id, email: `${id}@acme.example`, isActive: true, reportsTo: id === boss ? null : boss },
  ...{ isAccountOwner: id === boss, isCrmAdministrator: false, teams: [], groups: [], visibility: "all" }
})

const agent = (n: number, { departments, limit }: AgentSetup): Agent => ({
  ...{ id: agentId(n), displayName: `Agent ${n}`, email: `agent-${n}@acme.example`, userId: null, isEnabled: true },
  ...{ isChatAdministrator: n === 0, departments: departments.map(departmentId), chatLimit: limit }
})

const known = (n: number, { email, known: kind }: VisitorSetup): RecordToSave => {
  const common = { id: knownId(n), ownerId: boss, emails: email === null ? [] : [email], phones: [], custom: {} }
  const name = { firstName: null, lastName: `Known ${n}` }
  return kind === "person"
    ? { _tag: "Person", ...common, ...name, companyId: null }
    : {
        _tag: "Lead",
        ...common,
        ...name,
        organisation: null,
        status: "New",
        source: null,
        addedFrom: { _tag: "Import" }
      }
}

/** The account as a history begins: settings, staff, agents, a pool of two that leads are dealt to, known records. */
export const open = Effect.fnUntraced(function* ({ agents, chatLimit, routing, visitors }: Setup) {
  const leadOwners = [{ _tag: "Pool", poolId: pool } as const]
  yield* changeSettings(service, { routing, chatLimit, timeouts, leadOwners })
  yield* Effect.forEach([boss, ...sellers], (id) => saveUser(service, user(id)), { discard: true })
  yield* createPool(service, { id: pool, name: "Sales", recordKind: "lead", members: sellers })
  yield* saveAgent(service, agent(0, { departments: [], limit: null }))
  for (const [n, setup] of agents.entries()) yield* saveAgent(service, agent(n + 1, setup))
  for (const [n, setup] of visitors.entries()) {
    if (setup.known !== "no") yield* saveRecord(service, known(n + 1, setup))
  }
})

/** What was acknowledged to somebody: from then on it must be there. */
export type Fact =
  | { readonly _tag: "Asked"; readonly chatId: ChatId; readonly visitor: number }
  | { readonly _tag: "Said"; readonly chatId: ChatId; readonly text: string }
  | { readonly _tag: "Answered"; readonly chatId: ChatId; readonly agent: number }
  | { readonly _tag: "Ended"; readonly chatId: ChatId }
  | { readonly _tag: "MailWanted"; readonly chatId: ChatId }
  | { readonly _tag: "LeadMade"; readonly chatId: ChatId; readonly lead: RecordId; readonly note: string | null }
  | {
      readonly _tag: "Noted"
      readonly record: { readonly kind: "lead" | "person" | "company"; readonly id: RecordId }
      readonly text: string
    }
  | {
      readonly _tag: "PhoneSet"
      readonly record: { readonly kind: "lead" | "person" | "company"; readonly id: RecordId }
      readonly phone: string
    }
  | { readonly _tag: "Banned"; readonly visitor: number }
