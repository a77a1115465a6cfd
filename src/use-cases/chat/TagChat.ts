import { Effect } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed, chatKey, decideChat, onDesk } from "../execution/DeskCommand.ts"

/**
 * Sets a chat's tags, all of them: letters, digits, `-`, `_`; at most 50 (D9, D11). Also after the end (H7).
 * Refusals: `ChatNotFound`, `BadTag`, `TooMany`, `TooLong`, `AccessDenied`.
 */
export const tagChat = Effect.fn("tagChat")(function* (
  caller: Caller,
  input: { readonly chatId: ChatId; readonly tags: ReadonlyArray<string> }
) {
  return yield* onDesk(caller, "tagChat", input, (transaction) =>
    Effect.gen(function* () {
      const { chatId, tags } = input
      const [read, agent] = yield* transaction.get(chatKey(chatId), actingAgentKey(caller))
      yield* allowed(caller, agent.value, { action: "chat.serve" })
      yield* decideChat(transaction, read, { _tag: "TagChat", chatId, tags })
      return { chatId }
    })
  )
})
