import { Effect } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import type { Agent } from "../../domain/agent/Agent.ts"
import * as AgentStatus from "../../domain/agent/AgentStatus.ts"
import * as Desk from "../../domain/agent/Desk.ts"
import * as Presence from "../../domain/agent/Presence.ts"
import type { DeskRecords } from "../../ports/DeskStore.ts"
import type { Read } from "../../ports/RecordStore.ts"
import { changeDesk, chatKey, type DeskTransaction, decideChat } from "../execution/DeskCommand.ts"

/**
 * Changes an agent's status, with what follows from it: an offer they may not answer any more is withdrawn (C4); gone
 * offline, every chat only they serve waits again, with its old number, by the system (B4, C2). The status they have:
 * nothing (B7).
 */
export const changeStatus = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  read: Read<DeskRecords, "desk">,
  agentId: Agent["id"],
  to: AgentStatus.AgentStatus,
  reason: Desk.StatusReason
) {
  const desk = transaction.latest(read) ?? Desk.initial(agentId)
  const by = reason === "chosen" || reason === "signedIn" ? transaction.caller.actor : Actor.system
  changeDesk(transaction, read, agentId, Desk.setStatus(desk, to, reason), by)
  if (desk.offer !== null && !AgentStatus.mayHold(to, desk.offer.kind)) {
    yield* withdrawOffer(transaction, agentId, desk.offer.chatId)
  }
  if (to === "offline") yield* releaseAll(transaction, read, agentId)
})

/** Takes an offer back from an agent who may not answer it (C4). */
export const withdrawOffer = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  agentId: Agent["id"],
  chatId: Desk.HeldOffer["chatId"]
) {
  const [chat] = yield* transaction.get(chatKey(chatId))
  yield* decideChat(transaction, chat, { _tag: "WithdrawOffer", chatId, agentId }, { by: Actor.system })
})

const releaseAll = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  read: Read<DeskRecords, "desk">,
  agentId: Agent["id"]
) {
  const serving = transaction.latest(read)?.serving ?? []
  const chats = serving.length === 0 ? [] : yield* transaction.get(...serving.map(chatKey))
  for (const chat of chats) {
    if (chat.value === null) continue
    yield* decideChat(transaction, chat, { _tag: "ReleaseAgent", chatId: chat.value.id, agentId }, { by: Actor.system })
  }
  const released = serving.map((chatId): Desk.DeskEvent => ({ _tag: "ChatReleased", agentId, chatId }))
  changeDesk(transaction, read, agentId, released, Actor.system)
})

/** Writes an agent's presence, due when they may be gone or idle (B3, B4). */
export const putPresence = (
  transaction: DeskTransaction,
  read: Read<DeskRecords, "presence">,
  presence: Presence.Presence,
  who: { readonly agent: Agent; readonly desk: Desk.Desk; readonly graceMillis: number }
): void => {
  const due = Presence.nextCheck(who.agent, who.desk, presence, who.graceMillis, transaction.now)
  transaction.put(read, presence, [], due)
}
