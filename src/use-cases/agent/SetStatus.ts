import { Effect } from "effect"
import type { AgentId, DeviceId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import type { AgentStatus } from "../../domain/agent/AgentStatus.ts"
import * as Desk from "../../domain/agent/Desk.ts"
import * as Presence from "../../domain/agent/Presence.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, agentKey, allowed, deskKey, onDesk, presenceKey } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { changeStatus, putPresence } from "./ReleaseChats.ts"

/** An agent's status to be. */
export interface StatusToSet {
  /** Default: the caller. */
  readonly agentId?: AgentId
  readonly status: AgentStatus
}

/** The lease of an agent who chooses a status when all their consoles are gone: they are there, for a lease's time. */
const statusDevice = "status" as DeviceId

/**
 * Sets an agent's status: one's own, or anybody's as a Chat administrator. The status already held changes nothing and
 * emits nothing (B7). A new one resets the idle clock (B3). An offer the agent may not answer any more is withdrawn (C4).
 * `offline`: every chat that only this agent serves waits again, with its old number (B4, C2). Refusals: `AccessDenied`.
 */
export const setStatus = Effect.fn("setStatus")(function* (caller: Caller, input: StatusToSet) {
  const { actor } = caller
  const agentId = input.agentId ?? (actor._tag === "Agent" ? actor.agentId : null)
  if (agentId === null) {
    return yield* Effect.fail({ _tag: "AccessDenied" as const, action: "desk.set", reason: "notAnAgent" as const })
  }
  const { graceMillis, leaseMillis } = (yield* currentSettings(caller)).timeouts
  return yield* onDesk(caller, "setStatus", input, (transaction) =>
    Effect.gen(function* () {
      const { now } = transaction
      const [desk, agent, acting, held] = yield* transaction.get(
        deskKey(agentId),
        agentKey(agentId),
        actingAgentKey(caller),
        presenceKey(agentId)
      )
      yield* allowed(caller, acting.value, { action: "desk.set", agentId })
      if (agent.value?.isEnabled !== true && input.status !== "offline") {
        return yield* Effect.fail({ _tag: "AccessDenied" as const, action: "desk.set", reason: "notAnAgent" as const })
      }
      const wasGone = Presence.isGone(held.value, graceMillis, now)
      if (wasGone) yield* changeStatus(transaction, desk, agentId, "offline", "gone")
      const before = transaction.latest(desk) ?? Desk.initial(agentId)
      if (before.status === input.status) return { agentId, status: input.status }
      yield* changeStatus(transaction, desk, agentId, input.status, "chosen")
      if (agent.value !== null && (held.value !== null || agent.value.idle !== undefined)) {
        const seen = Presence.active(held.value ?? Presence.initial(agentId, now), now)
        const lease = { deviceId: statusDevice, surface: caller.surface, until: Instant.plusMillis(now, leaseMillis) }
        putPresence(transaction, held, wasGone ? Presence.lease(seen, lease, now, graceMillis) : seen, {
          agent: agent.value,
          desk: transaction.latest(desk) ?? before,
          graceMillis
        })
      }
      return { agentId, status: input.status }
    })
  )
})
