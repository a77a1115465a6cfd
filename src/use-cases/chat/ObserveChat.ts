import { Effect } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgent, agentKey, allowed, chatKey, decideChat, onDesk } from "../execution/DeskCommand.ts"

/**
 * Reads along in an open chat, and nothing else: takes no slot, may not write, transfer or end (C10). Repeated, or serving
 * already: nothing happens. Refusals: `ChatNotFound`, `ChatIsClosed`, `AccessDenied`.
 */
export const observeChat = Effect.fn("observeChat")(function* (caller: Caller, input: { readonly chatId: ChatId }) {
  return yield* watch(caller, "observeChat", "ObserveChat", input.chatId)
})

/** Reads along no more. Not observing: nothing happens. Refusals: `ChatNotFound`, `AccessDenied`. */
export const stopObserving = Effect.fn("stopObserving")(function* (caller: Caller, input: { readonly chatId: ChatId }) {
  return yield* watch(caller, "stopObserving", "StopObserving", input.chatId)
})

const watch = Effect.fnUntraced(function* (
  caller: Caller,
  name: string,
  _tag: "ObserveChat" | "StopObserving",
  chatId: ChatId
) {
  const agentId = yield* actingAgent(caller, "chat.serve")
  return yield* onDesk(caller, name, { chatId }, (transaction) =>
    Effect.gen(function* () {
      const [chat, agent] = yield* transaction.get(chatKey(chatId), agentKey(agentId))
      yield* allowed(caller, agent.value, { action: "chat.serve" })
      yield* decideChat(transaction, chat, { _tag, chatId, agentId })
      return { chatId }
    })
  )
})
