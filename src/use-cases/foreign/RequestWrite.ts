import { Effect } from "effect"
import type { Chat } from "../../domain/chat/Chat.ts"
import * as CrmRequest from "../../domain/request/CrmRequest.ts"
import type { CrmRequestEvent } from "../../domain/request/CrmRequestEvent.ts"
import { Crm } from "../../ports/Crm.ts"
import type { Caller } from "../execution/Caller.ts"
import { type DeskTransaction, onDesk } from "../execution/DeskCommand.ts"
import type { AnsweredBefore } from "../execution/Transaction.ts"
import { Ids } from "../Ids.ts"
import { alone, claimKey, happens, leaseEnd, outcomeOf, putRequest, readRequest, requestKey } from "./Requests.ts"
import { attempt, runRequest } from "./RunRequest.ts"

/** A note or a phone, checked against the chat: its text is still typed. */
export interface WriteFacts {
  readonly chat: Chat
  readonly text: string
  readonly wanted:
    | Omit<Extract<CrmRequest.Wanted, { readonly _tag: "Note" }>, "text">
    | Omit<Extract<CrmRequest.Wanted, { readonly _tag: "Phone" }>, "phone">
}

/**
 * A note or a phone for a CRM that forgets what it was asked: written down at the desk first, its text detached (J4);
 * then asked for; then its outcome is written down (G1, E6). Fails with `CrmPending` while there is none. Under an
 * idempotency key the outcome is told again (K1). Answers the request that has ended, and how.
 */
export const requestWrite = Effect.fnUntraced(function* <E, R>(
  caller: Caller,
  name: string,
  input: unknown,
  facts: (transaction: DeskTransaction) => Effect.Effect<WriteFacts, E | AnsweredBefore, R>
) {
  const { account } = caller
  const id = (yield* Ids).next() as CrmRequest.CrmRequestId
  const crm = yield* Crm
  const write = onDesk(caller, name, input, (transaction) =>
    Effect.gen(function* () {
      const { chat, text, wanted } = yield* facts(transaction)
      const { content } = transaction.text({ _tag: "Visitor", visitorId: chat.visitor.id }, text)
      const { now } = transaction
      const about = { requestId: id, chatId: chat.id }
      const [read] = yield* transaction.get(requestKey(id))
      const begin = (full: CrmRequest.Wanted, event: CrmRequestEvent) => {
        const opened = CrmRequest.opened({ id, chatId: chat.id, wanted: full }, now, now)
        const begun = CrmRequest.begun(opened, leaseEnd(crm, opened, now))
        putRequest(transaction, read, happens(transaction, begun, [event]))
      }
      if (wanted._tag === "Note") {
        begin({ ...wanted, text: content }, { _tag: "NoteRequested", ...about, record: wanted.record, text: content })
        return { requestId: id }
      }
      const [claim] = yield* transaction.get(claimKey(CrmRequest.phoneClaimOf(wanted.lead)))
      transaction.put(claim, { requestId: id, since: now, made: null, until: null })
      begin({ ...wanted, phone: content }, { _tag: "PhoneRequested", ...about, lead: wanted.lead, phone: content })
      return { requestId: id }
    })
  )
  const request = yield* alone(
    account,
    id,
    Effect.gen(function* () {
      const { requestId } = yield* write
      return requestId === id
        ? yield* attempt(account, (yield* readRequest(account, id)) as CrmRequest.OpenRequest)
        : yield* runRequest(account, requestId)
    })
  )
  return { wanted: request.wanted, outcome: yield* outcomeOf(request) }
})
