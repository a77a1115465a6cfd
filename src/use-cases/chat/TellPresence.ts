import { Effect } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed, chatKey, decideChat, onDesk } from "../execution/DeskCommand.ts"

/** The visitor closed the page: nothing rings or is answered until they return (D1). Refusals: `ChatNotFound`. */
export const leavePage = Effect.fn("leavePage")(function* (caller: Caller, input: { readonly chatId: ChatId }) {
  return yield* tell(caller, "leavePage", "LeavePage", input.chatId)
})

/** The visitor is back: the chat goes on as it was (D1). Refusals: `ChatNotFound`, `ChatIsClosed`. */
export const returnToPage = Effect.fn("returnToPage")(function* (caller: Caller, input: { readonly chatId: ChatId }) {
  return yield* tell(caller, "returnToPage", "ReturnToPage", input.chatId)
})

const tell = (caller: Caller, name: string, _tag: "LeavePage" | "ReturnToPage", chatId: ChatId) =>
  onDesk(caller, name, { chatId }, (transaction) =>
    Effect.gen(function* () {
      const [chat, agent] = yield* transaction.get(chatKey(chatId), actingAgentKey(caller))
      if (chat.value === null) return yield* Effect.fail({ _tag: "ChatNotFound" as const, chatId })
      yield* allowed(caller, agent.value, { action: "chat.takePart", visitorId: chat.value.visitor.id })
      yield* decideChat(transaction, chat, { _tag, chatId })
      return { chatId }
    })
  )
