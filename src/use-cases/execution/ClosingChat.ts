import { Effect } from "effect"
import type { AgentId } from "../../domain/account/Id.ts"
import type { Chat, CloseReason } from "../../domain/chat/Chat.ts"
import type { ChatCommand } from "../../domain/chat/ChatCommand.ts"
import type { DeskRecords } from "../../ports/DeskStore.ts"
import type { Read } from "../../ports/RecordStore.ts"
import { changeDesk, type DeskTransaction, decideChat, deskKey } from "./DeskCommand.ts"

/**
 * Closes a chat, by whatever path (D2): seals it, frees the visitor's place (D6), and releases it from every desk that
 * serves it, all in one change.
 */
export const closeChat = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  read: Read<DeskRecords, "chat"> & { readonly value: Chat },
  reason: CloseReason,
  by: AgentId | null
) {
  return yield* closingBy(transaction, read, { _tag: "EndChat", chatId: read.value.id, reason, by })
})

/** As {@link closeChat}, by any command that may close a chat: time, closing hours. */
export const closingBy = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  read: Read<DeskRecords, "chat"> & { readonly value: Chat },
  command: ChatCommand
) {
  const before = read.value
  const { chat, events } = yield* decideChat(transaction, read, command)
  if (chat === null || !events.some(({ _tag }) => _tag === "ChatClosed")) return chat ?? before
  const [openChat, ...desks] = yield* transaction.get(
    { kind: "openChat", id: before.visitor.id } as const,
    ...before.serving.map(({ agentId }) => deskKey(agentId))
  )
  if (openChat.value?.chatId === before.id) transaction.remove(openChat)
  for (const [at, { agentId }] of before.serving.entries()) {
    const desk = desks[at]
    if (desk !== undefined)
      changeDesk(transaction, desk, agentId, [{ _tag: "ChatReleased", agentId, chatId: before.id }])
  }
  return chat
})
