import { Effect } from "effect"
import { type Agent, servesDepartment } from "../../domain/agent/Agent.ts"
import type { Desk } from "../../domain/agent/Desk.ts"
import * as Presence from "../../domain/agent/Presence.ts"
import type { DeskRecords } from "../../ports/DeskStore.ts"
import type { Read } from "../../ports/RecordStore.ts"
import type { Caller } from "../execution/Caller.ts"
import {
  actingAgentKey,
  agentKey,
  allowed,
  chatKey,
  type DeskTransaction,
  deskKey,
  onDesk,
  presenceKey
} from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { changeStatus, putPresence, withdrawOffer } from "./ReleaseChats.ts"

/**
 * Adds or changes an agent. Deactivating one has the effects of going offline, at once (B4); an offer of a department
 * they left is withdrawn (C4); a new idle limit counts from now on (B3). By Chat administrators (J3). Refusals:
 * `AccessDenied`.
 */
export const saveAgent = Effect.fn("saveAgent")(function* (caller: Caller, input: Agent) {
  const { graceMillis } = (yield* currentSettings(caller)).timeouts
  return yield* onDesk(caller, "saveAgent", input, (transaction) =>
    Effect.gen(function* () {
      const [agent, desk, acting, presence] = yield* transaction.get(
        agentKey(input.id),
        deskKey(input.id),
        actingAgentKey(caller),
        presenceKey(input.id)
      )
      yield* allowed(caller, acting.value, { action: "chat.administer" })
      transaction.put(agent, input)
      transaction.event(`agent/${input.id}`, 0, {
        _tag: "AgentChanged",
        agentId: input.id,
        isEnabled: input.isEnabled
      })
      if (!input.isEnabled && desk.value !== null) {
        yield* changeStatus(transaction, desk, input.id, "offline", "deactivated")
      }
      yield* keepOffer(transaction, input, desk)
      const now = transaction.latest(desk)
      // who decided by the old entry, an offer of a department they left, decides again
      if (now !== null) transaction.put(desk, now)
      if (now !== null && (presence.value !== null || input.idle !== undefined)) {
        const held = presence.value ?? Presence.initial(input.id, transaction.now)
        putPresence(transaction, presence, held, { agent: input, desk: now, graceMillis })
      }
      return { agentId: input.id }
    })
  )
})

/** An offer stays with an agent who may still answer it; a transfer crosses departments (C11). */
const keepOffer = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  agent: Agent,
  desk: Read<DeskRecords, "desk">
) {
  const held: Desk["offer"] = transaction.latest(desk)?.offer ?? null
  if (held === null || held.kind === "transfer") return
  const [chat] = yield* transaction.get(chatKey(held.chatId))
  if (chat.value !== null && !servesDepartment(agent, chat.value.department)) {
    yield* withdrawOffer(transaction, agent.id, held.chatId)
  }
})
