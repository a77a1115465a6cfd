import { Schema } from "effect"
import { AgentId, DepartmentId, UserId } from "../account/Id.ts"

/** Largest chat limit. Source: B5. */
export const MAX_CHAT_LIMIT = 20

/** Something an agent can do and a chat can ask for (C6). Source of the length: decision, a label. */
export const Skill = Schema.NonEmptyString.check(Schema.isMaxLength(80))
export type Skill = typeof Skill.Type

/** A skill in the form that skills compare by (C6). */
export type SkillKey = string & { readonly SkillKey: unique symbol }

/** Whether a label is its own key: printable ASCII without upper case, and without spaces at its ends. */
const isKey = (text: string): boolean => {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < SPACE || unit > 0x7e || (unit >= 0x41 && unit <= 0x5a)) return false
  }
  return text.charCodeAt(0) !== SPACE && text.charCodeAt(text.length - 1) !== SPACE
}

const SPACE = 0x20

/**
 * Skills compare without case, and as people see them (C6). Lower-casing may leave NFC, as it does for emails (A1). Most
 * skills are their own key: routing asks for that of every agent, so that is found out first.
 */
export const skillKey = (skill: string): SkillKey =>
  (isKey(skill) ? skill : skill.normalize("NFC").trim().toLowerCase().normalize("NFC")) as SkillKey

/** Whether an agent has all of these skills, given by their keys (C6). A key is its own key. */
export const hasSkillKeys = ({ skills = [] }: Agent, wanted: ReadonlyArray<SkillKey>): boolean => {
  for (const key of wanted) if (!hasKey(skills, key)) return false
  return true
}

const hasKey = (skills: ReadonlyArray<string>, key: SkillKey): boolean => {
  for (const own of skills) if (own === key || skillKey(own) === key) return true
  return false
}

/** Whether an agent has all of these skills (C6). */
export const hasSkills = (agent: Agent, wanted: ReadonlyArray<string>): boolean =>
  hasSkillKeys(agent, wanted.map(skillKey))

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
