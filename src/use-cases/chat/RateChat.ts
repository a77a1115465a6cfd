import { Effect } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import type { Rating } from "../../domain/chat/Chat.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed, chatKey, decideChat, onDesk } from "../execution/DeskCommand.ts"

/** A rating; `null` takes it back. */
export interface RatingToGive {
  readonly chatId: ChatId
  readonly rating: Rating | null
  readonly comment?: string | null
}

/**
 * The visitor rates the chat, `good`, `bad` or none, with a comment; also after the end, and again (D9): its entry in
 * the feeds shows the last one (H7). Refusals: `ChatNotFound`, `TooLong`, `AccessDenied`.
 */
export const rateChat = Effect.fn("rateChat")(function* (caller: Caller, input: RatingToGive) {
  return yield* onDesk(caller, "rateChat", input, (transaction) =>
    Effect.gen(function* () {
      const { chatId, rating } = input
      const [read, agent] = yield* transaction.get(chatKey(chatId), actingAgentKey(caller))
      if (read.value === null) return yield* Effect.fail({ _tag: "ChatNotFound" as const, chatId })
      const visitorId = read.value.visitor.id
      yield* allowed(caller, agent.value, { action: "chat.takePart", visitorId })
      const given = input.comment ?? ""
      const comment = given.trim() === "" ? null : transaction.text({ _tag: "Visitor", visitorId }, given)
      yield* decideChat(transaction, read, { _tag: "RateChat", chatId, rating, comment })
      return { chatId }
    })
  )
})
