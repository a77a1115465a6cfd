import { Result, Schema } from "effect"
import type { DepartmentId } from "../account/Id.ts"
import { type Agent, servesDepartment } from "../agent/Agent.ts"
import * as AgentStatus from "../agent/AgentStatus.ts"
import { type AtLimit, type ChatLimit, isAtLimit } from "../agent/ChatLimit.ts"

/** The agent's status or licence does not let them answer (B1). */
export const NotEligible = Schema.TaggedStruct("NotEligible", {
  reason: Schema.Literals(["disabled", "status", "department"]),
  status: AgentStatus.AgentStatus
})
export type NotEligible = typeof NotEligible.Type

/** An agent as routing sees them. */
export interface Candidate {
  readonly agent: Agent
  readonly status: AgentStatus.AgentStatus
  /** Slots in use now (B5). */
  readonly used: number
  /** The limit that binds them (B5). */
  readonly limit: ChatLimit
}

/**
 * Broadcast (C1): whether a waiting chat of `department` rings at this agent: their status rings (B1), they belong to
 * the department, and a slot is free (B5).
 */
export const rings = (candidate: Candidate, department: DepartmentId | null): boolean =>
  candidate.agent.isEnabled &&
  AgentStatus.rings(candidate.status) &&
  servesDepartment(candidate.agent, department) &&
  !isAtLimit(candidate.used, candidate.limit)

/** Broadcast (C1, B6): whether this agent may answer a waiting chat by hand, and if not, why. */
export const mayAnswer = (
  candidate: Candidate,
  department: DepartmentId | null
): Result.Result<void, NotEligible | AtLimit> => {
  const { agent, limit, status, used } = candidate
  if (!agent.isEnabled) return Result.fail({ _tag: "NotEligible", reason: "disabled", status })
  if (!AgentStatus.mayAnswer(status)) return Result.fail({ _tag: "NotEligible", reason: "status", status })
  if (!servesDepartment(agent, department)) return Result.fail({ _tag: "NotEligible", reason: "department", status })
  return limit !== null && used >= limit ? Result.fail({ _tag: "AtLimit", used, limit }) : Result.void
}
