import { Effect } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import type { CloseReason } from "../../domain/chat/Chat.ts"
import type { Caller } from "../execution/Caller.ts"
import { closeChat } from "../execution/ClosingChat.ts"
import { actingAgentKey, allowed, chatKey, onDesk } from "../execution/DeskCommand.ts"

/**
 * Ends a chat and seals its transcript, once (D2): by its visitor, by an agent who serves it (C10), or by Leadline
 * itself for a timeout, closing hours or another reason of its own. Ended already: nothing happens. From here on it is
 * in every matching feed (H8).
 *
 * Refusals: `ChatNotFound`, `NotServing`, `AccessDenied`. Cost: two reads, one write.
 */
export const endChat = Effect.fn("endChat")(function* (
  caller: Caller,
  input: {
    readonly chatId: ChatId
    /** Why Leadline itself ends it; of no effect for people. */
    readonly reason?: Extract<CloseReason, "timeout" | "hours" | "system">
  }
) {
  return yield* onDesk(caller, "endChat", input, (transaction) =>
    Effect.gen(function* () {
      const { chatId } = input
      const [read, agent] = yield* transaction.get(chatKey(chatId), actingAgentKey(caller))
      const chat = read.value
      if (chat === null) return yield* Effect.fail({ _tag: "ChatNotFound" as const, chatId })
      yield* allowed(caller, agent.value, { action: "chat.takePart", visitorId: chat.visitor.id })
      const { actor } = caller
      const reason: CloseReason =
        actor._tag === "Agent" ? "agent" : actor._tag === "Visitor" ? "visitor" : (input.reason ?? "system")
      const by = actor._tag === "Agent" ? actor.agentId : null
      yield* closeChat(transaction, { ...read, value: chat }, reason, by)
      return { chatId }
    })
  )
})
