import { Effect } from "effect"
import type { AgentId } from "../../domain/account/Id.ts"
import * as Presence from "../../domain/agent/Presence.ts"
import { changeStatus, putPresence } from "../agent/ReleaseChats.ts"
import type { Caller } from "../execution/Caller.ts"
import { agentKey, deskKey, onDesk, presenceKey } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"

/**
 * What time has brought to an agent: their last lease and its grace are over, they are offline, and what only they serve
 * waits again (B4); or they are idle (B3). Nothing yet: the next look is set. Decided anew from what is stored, so that
 * two hosts, or a host that is late, do it once.
 */
export const checkAgent = Effect.fn("checkAgent")(function* (caller: Caller, agentId: AgentId) {
  const { graceMillis } = (yield* currentSettings(caller)).timeouts
  return yield* onDesk(caller, "checkAgent", { agentId }, (transaction) =>
    Effect.gen(function* () {
      const [presence, desk, agent] = yield* transaction.get(presenceKey(agentId), deskKey(agentId), agentKey(agentId))
      if (presence.value === null) return
      if (agent.value === null || desk.value === null) return transaction.put(presence, presence.value)
      const idleAt = Presence.idleAt(agent.value, desk.value, presence.value)
      if (Presence.isGone(presence.value, graceMillis, transaction.now)) {
        yield* changeStatus(transaction, desk, agentId, "offline", "gone")
      } else if (idleAt !== null && idleAt <= transaction.now && agent.value.idle !== undefined) {
        yield* changeStatus(transaction, desk, agentId, agent.value.idle.becomes, "idle")
      }
      const after = transaction.latest(desk) ?? desk.value
      putPresence(transaction, presence, presence.value, { agent: agent.value, desk: after, graceMillis })
    })
  )
})
