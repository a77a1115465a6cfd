import { Effect } from "effect"
import type { AccountId, ChatId } from "../../domain/account/Id.ts"
import type { RecordRef } from "../../domain/record/RecordRef.ts"
import * as CrmRequest from "../../domain/request/CrmRequest.ts"
import { Crm, type FeedScope } from "../../ports/Crm.ts"
import { DeskStore, type OlderThan } from "../../ports/DeskStore.ts"
import { StoreError } from "../../ports/StoreError.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed, onDesk } from "../execution/DeskCommand.ts"
import { openFeed } from "../feed/ReadFeed.ts"
import { putRequest, requestKey, system } from "./Requests.ts"
import { runRequest } from "./RunRequest.ts"

/** What `Crm.chatCopies` is asked for at a time. Source: its documentation. */
const PAGE = 200

/** What a repair did: chats that have their copy now, had it before, and will have it when the CRM answers. */
export interface Resynced {
  readonly added: number
  readonly present: number
  readonly pending: number
}

/**
 * Repairs the copies of chats on a record's own screen in a foreign CRM (H2): adds those that are missing, deleted ones
 * too; leaves the others, and removes none. Repeated, it adds nothing. By services and Leadline itself. Refusals:
 * `AccessDenied`, `RecordNotFound`, `RecordHidden`; `StoreError`, `unsupported`, where the CRM takes no copies. Cost:
 * one search per 200 chats, and a write per missing one.
 */
export const resyncFeed = Effect.fn("resyncFeed")(function* (caller: Caller, input: { readonly record: RecordRef }) {
  const [crm, store] = [yield* Crm, yield* DeskStore]
  const { account } = caller
  const [agent] = yield* store.get(account, [actingAgentKey(caller)])
  yield* allowed(caller, agent.value, { action: "account.operate" })
  if (!crm.capabilities.chatCopies) {
    return yield* new StoreError({ reason: "unsupported", isRetryable: false, operation: "resyncFeed" })
  }
  const { scope, settings } = yield* openFeed(caller, input.record)
  const resynced = { added: 0, present: 0, pending: 0 }
  let after: OlderThan | null = null
  while (settings.pastChatsInFeed) {
    const chats: ReadonlyArray<{ readonly id: ChatId; readonly at: OlderThan["at"] }> = yield* chatsOf(
      account,
      scope,
      after
    )
    const ids = chats.map(({ id }) => id)
    const present = new Set(ids.length === 0 ? [] : yield* crm.chatCopies(account, input.record, ids))
    resynced.present += present.size
    for (const chatId of ids.filter((id) => !present.has(id))) {
      resynced[yield* addCopy(account, chatId, input.record, crm.capabilities.stalenessMillis)]++
    }
    after = chats.at(-1) ?? null
    if (chats.length < PAGE) break
  }
  return resynced satisfies Resynced
})

/** The chats that the record's feed shows by itself (A7, D4, E7). */
const chatsOf = Effect.fnUntraced(function* (
  account: AccountId,
  { chatIds, keys }: FeedScope,
  after: OlderThan | null
) {
  const open = { from: null, until: null, servedByAny: null, includeMissed: false, includeOfflineMessages: false }
  const { chats } = yield* (yield* DeskStore).closedChats(account, { keys, chatIds, after, ...open, limit: PAGE })
  return chats.map(({ id, requestedAt: at }) => ({ id, at }))
})

/** Asks for a missing copy: under its one request, which knows of copies that the search does not show yet. */
const addCopy = Effect.fnUntraced(function* (
  account: AccountId,
  chatId: ChatId,
  record: RecordRef,
  stalenessMillis: number
) {
  const id = CrmRequest.copyId(record, chatId)
  const isAsked = yield* onDesk(system(account), "resyncFeed.ask", {}, (transaction) =>
    Effect.gen(function* () {
      const [read] = yield* transaction.get(requestKey(id))
      const known = read.value
      const isSettling =
        known !== null && known.settledAt !== null && known.settledAt + stalenessMillis > transaction.now
      if (known !== null && (CrmRequest.isOpen(known) || isSettling)) return !isSettling
      const asked = { id, chatId, wanted: { _tag: "Copy", record } } as const
      putRequest(transaction, read, CrmRequest.opened(asked, transaction.now, transaction.now))
      return true
    })
  )
  if (!isAsked) return "present"
  return (yield* runRequest(account, id)).state._tag === "Copied" ? "added" : "pending"
})
