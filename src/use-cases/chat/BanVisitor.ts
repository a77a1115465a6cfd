import { Effect } from "effect"
import type { VisitorId } from "../../domain/account/Id.ts"
import type { Caller } from "../execution/Caller.ts"
import { closeChat } from "../execution/ClosingChat.ts"
import { actingAgent, actingAgentKey, allowed, chatKey, onDesk } from "../execution/DeskCommand.ts"

/**
 * Bans a visitor: they cannot start a chat, and the open one closes (D10). By Chat administrators (J3). Banned
 * already: nothing happens. Refusals: `AccessDenied`.
 */
export const banVisitor = Effect.fn("banVisitor")(function* (caller: Caller, input: { readonly visitorId: VisitorId }) {
  const by = yield* actingAgent(caller, "chat.administer")
  return yield* onDesk(caller, "banVisitor", input, (transaction) =>
    Effect.gen(function* () {
      const { visitorId } = input
      const [ban, open, agent] = yield* transaction.get(
        { kind: "visitorBan", id: visitorId },
        { kind: "openChat", id: visitorId },
        actingAgentKey(caller)
      )
      yield* allowed(caller, agent.value, { action: "chat.administer" })
      if (ban.value !== null) return { visitorId }
      transaction.put(ban, { visitorId, by, at: transaction.now })
      transaction.event(`visitor/${visitorId}`, 0, { _tag: "VisitorBanned", visitorId })
      if (open.value !== null) {
        const [chat] = yield* transaction.get(chatKey(open.value.chatId))
        if (chat.value !== null) yield* closeChat(transaction, { ...chat, value: chat.value }, "ban", null)
      }
      return { visitorId }
    })
  )
})

/** Lifts a visitor's ban. Not banned: nothing happens. By Chat administrators (J3). Refusals: `AccessDenied`. */
export const unbanVisitor = Effect.fn("unbanVisitor")(function* (
  caller: Caller,
  input: { readonly visitorId: VisitorId }
) {
  return yield* onDesk(caller, "unbanVisitor", input, (transaction) =>
    Effect.gen(function* () {
      const { visitorId } = input
      const [ban, agent] = yield* transaction.get({ kind: "visitorBan", id: visitorId }, actingAgentKey(caller))
      yield* allowed(caller, agent.value, { action: "chat.administer" })
      if (ban.value !== null) {
        transaction.remove(ban)
        transaction.event(`visitor/${visitorId}`, 0, { _tag: "VisitorUnbanned", visitorId })
      }
      return { visitorId }
    })
  )
})
