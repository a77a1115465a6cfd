import { Effect } from "effect"
import type { ChatId, DepartmentId, VisitorId } from "../../domain/account/Id.ts"
import type { Banned } from "../../domain/chat/Ban.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed, chatKey, decideChat, onDesk } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { detach, type GivenDetails, keysOf } from "./VisitorDetails.ts"

/** A visitor asks for a chat. */
export interface ChatRequest extends GivenDetails {
  readonly visitorId: VisitorId
  /** Its id, where the caller has one (imports, replays); else a new one. */
  readonly chatId?: ChatId
  readonly department?: DepartmentId | null
  /** Where from; only compared with bans (D10), never stored with the chat. */
  readonly ip?: string | null
}

/**
 * The visitor's chat: a new one in the queue, or the one that is open already (D6), also when two requests arrive at
 * once. `isNew` says which. Refusals: `Banned` (D10), `TooLong` (D11), `ChatIdTaken`, `AccessDenied`.
 */
export const requestChat = Effect.fn("requestChat")(function* (caller: Caller, request: ChatRequest) {
  const settings = yield* currentSettings(caller)
  return yield* onDesk(caller, "requestChat", request, (transaction) =>
    Effect.gen(function* () {
      const { visitorId } = request
      const chatId = request.chatId ?? (transaction.ids.next() as ChatId)
      const [open, visitorBan, ipBan, agent, taken] = yield* transaction.get(
        { kind: "openChat", id: visitorId },
        { kind: "visitorBan", id: visitorId },
        { kind: "ipBan", id: request.ip ?? "-" },
        actingAgentKey(caller),
        chatKey(chatId)
      )
      yield* allowed(caller, agent.value, { action: "chat.takePart", visitorId })
      if (visitorBan.value !== null || ipBan.value !== null) return yield* Effect.fail<Banned>({ _tag: "Banned" })
      if (open.value !== null) {
        const [current] = yield* transaction.get(chatKey(open.value.chatId))
        yield* decideChat(transaction, current, { _tag: "ReturnToPage", chatId: open.value.chatId })
        return { chatId: open.value.chatId, isNew: false }
      }
      const details = detach(transaction, visitorId, request)
      yield* decideChat(
        transaction,
        taken,
        { _tag: "RequestChat", chatId, visitorId, department: request.department ?? null, details },
        {
          finish: (chat) => ({
            ...chat,
            visitor: { ...chat.visitor, ...keysOf(request, settings.defaultRegion) }
          })
        }
      )
      transaction.put(open, { chatId })
      return { chatId, isNew: true }
    })
  )
})
