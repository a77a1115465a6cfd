import { Effect } from "effect"
import type { AccountId, ChatId } from "../../domain/account/Id.ts"
import * as Chat from "../../domain/chat/Chat.ts"
import * as RecordRef from "../../domain/record/RecordRef.ts"
import type * as CrmRequest from "../../domain/request/CrmRequest.ts"
import { Crm, type Viewer } from "../../ports/Crm.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { namesOf } from "../chat/ReadTranscript.ts"
import { chatKey } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { chatEntry } from "../feed/FeedSources.ts"

const everything: Viewer = { _tag: "All" }

/** A chat that shows in feeds: closed, and served (D4). */
export const isCopied = (chat: Chat.Chat): boolean => Chat.isClosed(chat) && Chat.outcomeOf(chat) === "served"

/** Copies a closed chat to a record's own screen, unless it is there: looked for before every write. */
export const performCopy = Effect.fnUntraced(function* (
  account: AccountId,
  chatId: ChatId,
  record: RecordRef.RecordRef
) {
  const [crm, store] = [yield* Crm, yield* DeskStore]
  if ((yield* crm.chatCopies(account, record, [chatId])).includes(chatId)) return copied
  const scope = yield* Effect.result(crm.feedScope(account, everything, record))
  if (scope._tag === "Failure") {
    return scope.failure._tag === "StoreError" ? yield* scope.failure : refused(record)
  }
  const settings = yield* currentSettings({ account })
  const { reads, texts } = yield* store.getWithTexts(account, [chatKey(chatId)])
  const chat = reads[0].value
  if (chat === null || !isCopied(chat)) return copied
  const names = yield* namesOf(store, { account }, chat.servedBy)
  const entry = chatEntry(chat, texts, names, scope.success, settings)
  return yield* crm
    .putChatCopy(account, { record, entry })
    .pipe(Effect.as(copied), Effect.catchTags({ RecordNotFound: () => Effect.succeed(refused(record)) }))
})

const copied: CrmRequest.Outcome = { _tag: "Copied" }

const refused = (record: RecordRef.RecordRef): CrmRequest.Outcome => ({
  _tag: "Refused",
  refusal: { _tag: "RecordNotFound", record }
})

/**
 * The records whose own screens show a closed chat (H2): all that its closing key matches now, the companies of those
 * that are persons, and the lead made from it (E7). None while past chats are switched off (H6). Deals are not found
 * from a chat: their copies come with `resyncFeed`.
 */
export const performCopies = Effect.fnUntraced(function* (account: AccountId, chatId: ChatId) {
  const [crm, store] = [yield* Crm, yield* DeskStore]
  const [read] = yield* store.get(account, [chatKey(chatId)])
  const { pastChatsInFeed } = yield* currentSettings({ account })
  const chat = read.value
  if (chat === null || !isCopied(chat) || !pastChatsInFeed) return spread([])
  const key = chat.visitor.emailKey
  const { matched } =
    key === null ? { matched: [] } : yield* crm.match(account, everything, { email: key, phone: null })
  const records: Array<RecordRef.RecordRef> = matched.map(({ ref }) => ref)
  for (const { ref } of matched) if (ref.kind === "person") records.push(...(yield* companyOf(account, ref)))
  if (chat.lead !== null) records.push({ kind: "lead", id: chat.lead.id })
  return spread([...new Map(records.map((ref) => [RecordRef.toKey(ref), ref])).values()])
})

const spread = (records: ReadonlyArray<RecordRef.RecordRef>): CrmRequest.Outcome => ({ _tag: "Spread", records })

const companyOf = Effect.fnUntraced(function* (account: AccountId, person: RecordRef.RecordRef) {
  const none = () => Effect.succeed(null)
  const crm = yield* Crm
  const record = yield* Effect.catchTags(crm.read(account, everything, person), {
    RecordNotFound: none,
    RecordHidden: none
  })
  const id = record?._tag === "Person" ? record.companyId : null
  return id === null ? [] : [{ kind: "company" as const, id }]
})
