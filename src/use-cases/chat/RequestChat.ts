import { Effect } from "effect"
import type { BeingErased } from "../../domain/account/Erasure.ts"
import type { ChatId, DepartmentId, VisitorId } from "../../domain/account/Id.ts"
import * as OperatingHours from "../../domain/agent/OperatingHours.ts"
import type { Banned } from "../../domain/chat/Ban.ts"
import type { ChatTimeouts } from "../../domain/chat/ChatTimeouts.ts"
import type { Settings } from "../../domain/settings/Settings.ts"
import { visitorErasureKey } from "../erasure/ErasureRecord.ts"
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
  /** What the agents who serve it should be able to do, at most 5 (C6). */
  readonly skills?: ReadonlyArray<string>
  /** Where from; only compared with bans (D10), never stored with the chat. */
  readonly ip?: string | null
}

/**
 * The visitor's chat: a new one in the queue, or the one that is open already (D6), also when two requests arrive at
 * once. `isNew` says which. While the account is closed by its hours the request is an offline message, over as it begins
 * (B8): `isOffline`; what the visitor has to say they leave with `leaveOfflineMessage`. Refusals: `Banned` (D10), `BeingErased` (J4), `TooLong`, `TooMany` (D11, C6), `ChatIdTaken`, `AccessDenied`.
 */
export const requestChat = Effect.fn("requestChat")(function* (caller: Caller, request: ChatRequest) {
  const settings = yield* currentSettings(caller)
  return yield* onDesk(caller, "requestChat", request, (transaction) =>
    Effect.gen(function* () {
      const { visitorId } = request
      const chatId = request.chatId ?? (transaction.ids.next() as ChatId)
      const [open, visitorBan, ipBan, agent, taken, erasure] = yield* transaction.get(
        { kind: "openChat", id: visitorId },
        { kind: "visitorBan", id: visitorId },
        { kind: "ipBan", id: request.ip ?? "-" },
        actingAgentKey(caller),
        chatKey(chatId),
        visitorErasureKey(visitorId)
      )
      yield* allowed(caller, agent.value, { action: "chat.takePart", visitorId })
      if (visitorBan.value !== null || ipBan.value !== null) return yield* Effect.fail<Banned>({ _tag: "Banned" })
      if (erasure.value !== null) return yield* Effect.fail<BeingErased>({ _tag: "BeingErased" })
      if (open.value !== null) {
        const [current] = yield* transaction.get(chatKey(open.value.chatId))
        yield* decideChat(transaction, current, { _tag: "ReturnToPage", chatId: open.value.chatId })
        return { chatId: open.value.chatId, isNew: false, isOffline: false }
      }
      const details = detach(transaction, visitorId, request)
      yield* decideChat(
        transaction,
        taken,
        {
          _tag: "RequestChat",
          chatId,
          visitorId,
          department: request.department ?? null,
          skills: request.skills ?? [],
          timeouts: timeoutsOf(settings),
          details
        },
        {
          finish: (chat) => ({
            ...chat,
            visitor: { ...chat.visitor, ...keysOf(request, settings.defaultRegion) }
          })
        }
      )
      if (!OperatingHours.isOpen(settings.hours, transaction.now)) {
        yield* decideChat(transaction, taken, { _tag: "CloseForHours", chatId })
        return { chatId, isNew: true, isOffline: true }
      }
      transaction.put(open, { chatId })
      return { chatId, isNew: true, isOffline: false }
    })
  )
})

/** How long this chat waits for its visitor: as the settings are now (D5). */
const timeoutsOf = ({ timeouts: { idleCloseMillis, idleMillis, pageClosedMillis } }: Settings): ChatTimeouts => ({
  idleCloseMillis,
  idleMillis,
  pageClosedMillis
})
