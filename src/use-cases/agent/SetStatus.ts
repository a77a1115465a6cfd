import { Effect } from "effect"
import type { AgentId } from "../../domain/account/Id.ts"
import type { AgentStatus } from "../../domain/agent/AgentStatus.ts"
import * as Desk from "../../domain/agent/Desk.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, agentKey, allowed, changeDesk, deskKey, onDesk } from "../execution/DeskCommand.ts"
import { releaseAll } from "./ReleaseChats.ts"

/** An agent's status to be. */
export interface StatusToSet {
  /** Default: the caller. */
  readonly agentId?: AgentId
  readonly status: AgentStatus
}

/**
 * Sets an agent's status: one's own, or anybody's as a Chat administrator. The status already held changes nothing and
 * emits nothing (B7). `offline`: every chat that only this agent serves waits again, with its old number (B4, C2).
 * Refusals: `AccessDenied`.
 */
export const setStatus = Effect.fn("setStatus")(function* (caller: Caller, input: StatusToSet) {
  const { actor } = caller
  const agentId = input.agentId ?? (actor._tag === "Agent" ? actor.agentId : null)
  if (agentId === null) {
    return yield* Effect.fail({ _tag: "AccessDenied" as const, action: "desk.set", reason: "notAnAgent" as const })
  }
  return yield* onDesk(caller, "setStatus", input, (transaction) =>
    Effect.gen(function* () {
      const [desk, agent, acting] = yield* transaction.get(deskKey(agentId), agentKey(agentId), actingAgentKey(caller))
      yield* allowed(caller, acting.value, { action: "desk.set", agentId })
      if (agent.value?.isEnabled !== true && input.status !== "offline") {
        return yield* Effect.fail({ _tag: "AccessDenied" as const, action: "desk.set", reason: "notAnAgent" as const })
      }
      const before = desk.value ?? Desk.initial(agentId)
      const events = Desk.setStatus(before, input.status)
      const released = input.status === "offline" ? yield* releaseAll(transaction, before) : []
      changeDesk(transaction, desk, agentId, [...events, ...released])
      return { agentId, status: input.status }
    })
  )
})
