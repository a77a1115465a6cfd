import { Effect } from "effect"
import type { Agent } from "../../domain/agent/Agent.ts"
import * as Desk from "../../domain/agent/Desk.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, agentKey, allowed, changeDesk, deskKey, onDesk } from "../execution/DeskCommand.ts"
import { releaseAll } from "./ReleaseChats.ts"

/**
 * Adds or changes an agent. Deactivating one has the effects of going offline, at once (B4). By Chat administrators
 * (J3). Refusals: `AccessDenied`.
 */
export const saveAgent = Effect.fn("saveAgent")(function* (caller: Caller, input: Agent) {
  return yield* onDesk(caller, "saveAgent", input, (transaction) =>
    Effect.gen(function* () {
      const [agent, desk, acting] = yield* transaction.get(
        agentKey(input.id),
        deskKey(input.id),
        actingAgentKey(caller)
      )
      yield* allowed(caller, acting.value, { action: "chat.administer" })
      transaction.put(agent, input)
      transaction.event(`agent/${input.id}`, 0, {
        _tag: "AgentChanged",
        agentId: input.id,
        isEnabled: input.isEnabled
      })
      if (!input.isEnabled && desk.value !== null) {
        const released = yield* releaseAll(transaction, desk.value)
        changeDesk(transaction, desk, input.id, [...Desk.setStatus(desk.value, "offline"), ...released])
      }
      return { agentId: input.id }
    })
  )
})
