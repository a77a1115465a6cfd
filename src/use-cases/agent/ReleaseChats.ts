import { Effect } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import type { Desk, DeskEvent } from "../../domain/agent/Desk.ts"
import { chatKey, type DeskTransaction, decideChat } from "../execution/DeskCommand.ts"

/**
 * An agent is gone: every chat only they serve waits again, with its old number, by the system (B4, C2). The desk's
 * events are the caller's to write.
 */
export const releaseAll = Effect.fnUntraced(function* (transaction: DeskTransaction, desk: Desk) {
  const { agentId } = desk
  const chats = desk.serving.length === 0 ? [] : yield* transaction.get(...desk.serving.map(chatKey))
  for (const chat of chats) {
    if (chat.value === null) continue
    yield* decideChat(transaction, chat, { _tag: "ReleaseAgent", chatId: chat.value.id, agentId }, { by: Actor.system })
  }
  return desk.serving.map((chatId): DeskEvent => ({ _tag: "ChatReleased", agentId, chatId }))
})
