import { Effect } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgent, agentKey, allowed, chatKey, decideChat, onDesk } from "../execution/DeskCommand.ts"

/**
 * Declines the chat that is offered to the caller: it waits again with its old number, and is not offered to them again
 * (C2, C4). Not offered to them, or not any more: nothing happens. Refusals: `ChatNotFound`, `AccessDenied`.
 */
export const declineOffer = Effect.fn("declineOffer")(function* (caller: Caller, input: { readonly chatId: ChatId }) {
  const agentId = yield* actingAgent(caller, "chat.serve")
  return yield* onDesk(caller, "declineOffer", input, (transaction) =>
    Effect.gen(function* () {
      const { chatId } = input
      const [chat, agent] = yield* transaction.get(chatKey(chatId), agentKey(agentId))
      yield* allowed(caller, agent.value, { action: "chat.serve" })
      yield* decideChat(transaction, chat, { _tag: "DeclineOffer", chatId, agentId })
      return { chatId }
    })
  )
})
