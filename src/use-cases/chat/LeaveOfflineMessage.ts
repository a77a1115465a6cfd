import { Effect } from "effect"
import type { BeingErased } from "../../domain/account/Erasure.ts"
import type { ChatId, VisitorId } from "../../domain/account/Id.ts"
import type { Banned } from "../../domain/chat/Ban.ts"
import { visitorErasureKey } from "../erasure/ErasureRecord.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed, chatKey, decideChat, onDesk } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { detach, type GivenDetails, keysOf } from "./VisitorDetails.ts"

/** A message left for later: at least one text. */
export interface OfflineMessage extends GivenDetails {
  readonly visitorId: VisitorId
  readonly chatId?: ChatId
  readonly ip?: string | null
  readonly texts: ReadonlyArray<string>
}

/**
 * Leaves a message without a chat; accepted while the account is open, too (B8). Kept as a closed chat that was never
 * served (D4). Refusals: `Banned`, `BeingErased`, `Blank`, `TooLong`, `ChatIdTaken`, `AccessDenied`.
 */
export const leaveOfflineMessage = Effect.fn("leaveOfflineMessage")(function* (caller: Caller, left: OfflineMessage) {
  const settings = yield* currentSettings(caller)
  return yield* onDesk(caller, "leaveOfflineMessage", left, (transaction) =>
    Effect.gen(function* () {
      const { visitorId } = left
      const chatId = left.chatId ?? (transaction.ids.next() as ChatId)
      const [visitorBan, ipBan, agent, taken, erasure] = yield* transaction.get(
        { kind: "visitorBan", id: visitorId },
        { kind: "ipBan", id: left.ip ?? "-" },
        actingAgentKey(caller),
        chatKey(chatId),
        visitorErasureKey(visitorId)
      )
      yield* allowed(caller, agent.value, { action: "chat.takePart", visitorId })
      if (visitorBan.value !== null || ipBan.value !== null) return yield* Effect.fail<Banned>({ _tag: "Banned" })
      if (erasure.value !== null) return yield* Effect.fail<BeingErased>({ _tag: "BeingErased" })
      const texts = left.texts.map((text) => transaction.text({ _tag: "Visitor", visitorId }, text))
      const details = detach(transaction, visitorId, left)
      yield* decideChat(
        transaction,
        taken,
        { _tag: "LeaveOfflineMessage", chatId, visitorId, details, texts },
        { finish: (chat) => ({ ...chat, visitor: { ...chat.visitor, ...keysOf(left, settings.defaultRegion) } }) }
      )
      return { chatId }
    })
  )
})
