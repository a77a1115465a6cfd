import { Effect } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import type { Caller } from "../execution/Caller.ts"
import {
  actingAgent,
  agentKey,
  allowed,
  changeDesk,
  chatKey,
  decideChat,
  deskKey,
  onDesk
} from "../execution/DeskCommand.ts"

/**
 * The agent leaves a chat, which stays open (D3), and their slot is free. Not serving it: nothing happens.
 * Refusals: `ChatNotFound`, `AccessDenied`.
 */
export const leaveChat = Effect.fn("leaveChat")(function* (caller: Caller, input: { readonly chatId: ChatId }) {
  const agentId = yield* actingAgent(caller, "chat.serve")
  return yield* onDesk(caller, "leaveChat", input, (transaction) =>
    Effect.gen(function* () {
      const [chat, desk, agent] = yield* transaction.get(chatKey(input.chatId), deskKey(agentId), agentKey(agentId))
      yield* allowed(caller, agent.value, { action: "chat.serve" })
      const { events } = yield* decideChat(transaction, chat, { _tag: "LeaveChat", chatId: input.chatId, agentId })
      if (events.length > 0) {
        changeDesk(transaction, desk, agentId, [{ _tag: "ChatReleased", agentId, chatId: input.chatId }])
      }
      return { chatId: input.chatId }
    })
  )
})
