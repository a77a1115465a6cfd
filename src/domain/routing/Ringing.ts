import { Result, Schema } from "effect"
import type { DepartmentId } from "../account/Id.ts"
import type { Instant } from "../account/Instant.ts"
import { type Agent, hasSkillKeys, type SkillKey, servesDepartment, skillKey } from "../agent/Agent.ts"
import * as AgentStatus from "../agent/AgentStatus.ts"
import { type AtLimit, type ChatLimit, isAtLimit } from "../agent/ChatLimit.ts"
import type { RoutingMode } from "./RoutingPolicy.ts"

/** The agent's status or licence does not let them answer (B1). */
export const NotEligible = Schema.TaggedStruct("NotEligible", {
  reason: Schema.Literals(["disabled", "status", "department"]),
  status: AgentStatus.AgentStatus
})
export type NotEligible = typeof NotEligible.Type

/** An agent as routing sees them. */
export interface Candidate {
  readonly agent: Agent
  /** The status that counts: `offline` for who is gone (B4). */
  readonly status: AgentStatus.AgentStatus
  /** Slots in use now, an open offer's among them (B5). */
  readonly used: number
  /** The limit that binds them (B5). */
  readonly limit: ChatLimit
}

/** What a chat asks for now. */
export interface Asked {
  readonly department: DepartmentId | null
  /** Those it still asks for: none after `skillWait` (C6). */
  readonly skills: ReadonlyArray<SkillKey>
}

/** The skills that a chat asks for at `now`: after `skillWait` none any more (C6). */
export const skillsAsked = (
  chat: { readonly skills: ReadonlyArray<string>; readonly queuedAt: Instant },
  skillWaitMillis: number,
  now: Instant
): ReadonlyArray<SkillKey> => (now - chat.queuedAt >= skillWaitMillis ? [] : chat.skills.map(skillKey))

/** Why a waiting chat does not ring at an agent. */
export type Silence = "disabled" | "status" | "department" | "skills" | "limit"

/**
 * Broadcast and hybrid (C1): why a waiting chat does not ring at this agent, or `null` where it does: their status rings
 * (B1), they belong to the department, have the skills (C6), and a slot is free (B5).
 */
export const silence = (candidate: Candidate, asked: Asked): Silence | null => {
  const { agent, limit, status, used } = candidate
  if (!agent.isEnabled) return "disabled"
  if (!AgentStatus.rings(status)) return "status"
  if (!servesDepartment(agent, asked.department)) return "department"
  if (!hasSkillKeys(agent, asked.skills)) return "skills"
  return isAtLimit(used, limit) ? "limit" : null
}

/** Whether a waiting chat rings at this agent, in broadcast and hybrid mode: see {@link silence}. */
export const rings = (candidate: Candidate, asked: Asked): boolean => silence(candidate, asked) === null

/**
 * Broadcast and hybrid (C1, B6): whether this agent may answer a waiting chat by hand, and if not, why. Skills bind
 * ringing, not hands. In hybrid mode a hand may exceed the limit.
 */
export const mayAnswer = (
  candidate: Candidate,
  department: DepartmentId | null,
  mode: RoutingMode = "broadcast"
): Result.Result<void, NotEligible | AtLimit> => {
  const { agent, limit, status, used } = candidate
  if (!agent.isEnabled) return Result.fail({ _tag: "NotEligible", reason: "disabled", status })
  if (!AgentStatus.mayAnswer(status)) return Result.fail({ _tag: "NotEligible", reason: "status", status })
  if (!servesDepartment(agent, department)) return Result.fail({ _tag: "NotEligible", reason: "department", status })
  if (mode === "hybrid" || limit === null || used < limit) return Result.void
  return Result.fail({ _tag: "AtLimit", used, limit })
}

/** Whether a chat may be given to this agent, by an offer of that kind or an invitation: status and slot (B1, B6, C11). */
export const mayReceive = (
  { agent, limit, status, used }: Candidate,
  kind: AgentStatus.OfferKind
): Result.Result<void, NotEligible | AtLimit> => {
  if (!agent.isEnabled) return Result.fail({ _tag: "NotEligible", reason: "disabled", status })
  if (!AgentStatus.mayHold(status, kind)) return Result.fail({ _tag: "NotEligible", reason: "status", status })
  return limit !== null && used >= limit ? Result.fail({ _tag: "AtLimit", used, limit }) : Result.void
}

/** Whether this agent may still answer an offer they hold: it holds their slot already (B1, B5). */
export const mayAnswerOffer = (
  { agent, status }: Candidate,
  kind: AgentStatus.OfferKind
): Result.Result<void, NotEligible> => {
  if (!agent.isEnabled) return Result.fail({ _tag: "NotEligible", reason: "disabled", status })
  return AgentStatus.mayHold(status, kind)
    ? Result.void
    : Result.fail({ _tag: "NotEligible", reason: "status", status })
}
