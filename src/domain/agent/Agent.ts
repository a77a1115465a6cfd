import { Schema } from "effect"
import { AgentId, DepartmentId, UserId } from "../account/Id.ts"

/** Largest chat limit. Source: B5. */
export const MAX_CHAT_LIMIT = 20

/** Something an agent can do and a chat can ask for (C6). Source of the length: decision, a label. */
export const Skill = Schema.NonEmptyString.check(Schema.isMaxLength(80))
export type Skill = typeof Skill.Type

/** The form that skills compare by (C6). Lower-casing may leave NFC, as it does for emails (A1). */
export const skillKey = (skill: string): string => skill.normalize("NFC").trim().toLowerCase().normalize("NFC")

/** Whether an agent has all of these skills (C6). */
export const hasSkills = (agent: Agent, wanted: ReadonlyArray<string>): boolean =>
  wanted.length === 0 ||
  wanted.every((skill) => agent.skills?.some((own) => skillKey(own) === skillKey(skill)) ?? false)

/** An agent's own idle limit (B3): how long without a sign of them, and what they become. */
export const Idle = Schema.Struct({
  afterMillis: Schema.Int.check(Schema.isGreaterThan(0)),
  becomes: Schema.Literals(["away", "invisible"]),
  /** Not while they serve a chat. */
  ignoreIfChatting: Schema.Boolean
})
export type Idle = typeof Idle.Type

/** A person who serves chats: has a Chat licence, perhaps a CRM licence too (then also a user). */
export const Agent = Schema.Struct({
  id: AgentId,
  /** Shown to visitors, and in feeds (H1). */
  displayName: Schema.String,
  /** Only between staff: never reaches a visitor (D8). */
  email: Schema.String,
  /** The CRM licence, if any. */
  userId: Schema.NullOr(UserId),
  /** Deactivated agents keep their name in old chats and may do nothing. */
  isEnabled: Schema.Boolean,
  isChatAdministrator: Schema.Boolean,
  departments: Schema.Array(DepartmentId),
  /** What they can do, compared without case (C6). */
  skills: Schema.optionalKey(Schema.Array(Skill)),
  /** When they go idle; absent: never (B3). */
  idle: Schema.optionalKey(Idle),
  /** This agent's own chat limit, 0..20; `null`: the account's applies (B5). */
  chatLimit: Schema.NullOr(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: MAX_CHAT_LIMIT })))
})
export type Agent = typeof Agent.Type

/** A chat without a department is everybody's; else the agent must belong to it (C1). */
export const servesDepartment = (agent: Agent, department: DepartmentId | null): boolean =>
  department === null || agent.departments.includes(department)

/** An agent came, changed, or was deactivated. */
export const AgentChanged = Schema.TaggedStruct("AgentChanged", { agentId: AgentId, isEnabled: Schema.Boolean })
export type AgentChanged = typeof AgentChanged.Type
