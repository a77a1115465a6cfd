import { Effect } from "effect"
import type { CrmPayload } from "../../ports/CrmStore.ts"
import { Notifier } from "../../ports/Notifier.ts"
import type { LogEntry } from "../../ports/RecordStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { chatKey, decideChat, onDesk } from "../execution/DeskCommand.ts"

/** Whether an entry asks for anything outside of the CRM. */
export const asksForWork = ({ event }: LogEntry<CrmPayload>): boolean =>
  event.payload._tag === "LeadAddedFromChat" || event.payload._tag === "NoticeDue"

/** What an entry of the CRM's log asks for outside of the CRM. Done twice is done once, as far as the ports allow. */
export const work = Effect.fnUntraced(function* (caller: Caller, entry: LogEntry<CrmPayload>) {
  const { payload } = entry.event
  switch (payload._tag) {
    case "LeadAddedFromChat":
      return yield* tellChat(caller, payload)
    case "NoticeDue": {
      const notifier = yield* Notifier
      return yield* notifier.notify(caller.account, payload.notice)
    }
    default:
      return
  }
})

/** The chat learns of its lead, if it has not yet (E3, E7). A chat that is not here any more has nothing to learn. */
const tellChat = (caller: Caller, made: Extract<CrmPayload, { readonly _tag: "LeadAddedFromChat" }>) =>
  onDesk(caller, "bridge.tellChat", made, (transaction) =>
    Effect.gen(function* () {
      const { chatId, lead, owner } = made
      const [chat] = yield* transaction.get(chatKey(chatId))
      if (chat.value !== null) yield* decideChat(transaction, chat, { _tag: "RecordLead", chatId, lead, owner })
    })
  )
