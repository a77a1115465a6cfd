import { Effect } from "effect"
import type { AccountId, ChatId } from "../../domain/account/Id.ts"
import type { EmailKey } from "../../domain/identity/EmailKey.ts"
import * as Matching from "../../domain/identity/Matching.ts"
import type { RecordHidden, RecordNotFound } from "../../domain/record/CrmRefusal.ts"
import { type CrmRecord, type Deal, isLive, nameOf, refOf } from "../../domain/record/Record.ts"
import type { MatchableRef, RecordId, RecordRef } from "../../domain/record/RecordRef.ts"
import type { Directory } from "../../domain/record/User.ts"
import type { FeedScope, MatchFound, Viewer } from "../../ports/Crm.ts"
import type { CrmStoreShape } from "../../ports/CrmStore.ts"
import type { StoreError } from "../../ports/StoreError.ts"
import { directoryOf, sees } from "./CrmCommand.ts"

/** A record that is there and may be seen; deleted ones are not there (A5, J1). */
export const visibleRecord = (
  record: CrmRecord | null,
  ref: RecordRef,
  viewer: Viewer,
  directory: Directory
): Effect.Effect<CrmRecord, RecordNotFound | RecordHidden> => {
  if (record === null || record.lifecycle._tag === "Deleted") {
    return Effect.fail({ _tag: "RecordNotFound", record: ref })
  }
  return sees(viewer, directory, record.ownerId)
    ? Effect.succeed(record)
    : Effect.fail({ _tag: "RecordHidden", record: ref })
}

/** The users are read only where somebody's eyes depend on them. */
const directoryFor = (
  store: CrmStoreShape,
  account: AccountId,
  viewer: Viewer
): Effect.Effect<Directory, StoreError> =>
  viewer._tag === "All" ? Effect.succeed(new Map()) : Effect.map(store.users(account), directoryOf)

/** One record (J1). */
export const read = (store: CrmStoreShape) =>
  Effect.fnUntraced(function* (account: AccountId, viewer: Viewer, ref: RecordRef) {
    const [found] = yield* store.get(account, [{ kind: ref.kind, id: ref.id }])
    const directory = yield* directoryFor(store, account, viewer)
    return yield* visibleRecord(found.value as CrmRecord | null, ref, viewer, directory)
  })

/** All that matches, and what of it may be seen (A3, E2). */
export const match = (store: CrmStoreShape) =>
  Effect.fnUntraced(function* (account: AccountId, viewer: Viewer, evidence: Matching.Evidence) {
    const { email, phone } = evidence
    if (email === null && phone === null) return { matched: [], visible: [] } satisfies MatchFound
    const records = yield* store.byKeys(account, {
      emails: email === null ? [] : [email],
      phones: phone === null ? [] : [phone]
    })
    const owners = new Map(records.map((record) => [`${refOf(record).kind}/${record.id}`, record.ownerId]))
    const candidates = records.map((record) => ({
      ref: refOf(record) as MatchableRef,
      keys: record.keys,
      updatedAt: record.updatedAt,
      isLive: isLive(record)
    }))
    const found = Matching.match(evidence, candidates)
    const matched = found._tag === "Match" ? found.records : []
    const directory = yield* directoryFor(store, account, viewer)
    const visible = matched.filter(({ ref }) => {
      const owner = owners.get(`${ref.kind}/${ref.id}`)
      return owner !== undefined && sees(viewer, directory, owner)
    })
    return { matched, visible: visible.map(({ ref }) => ref) } satisfies MatchFound
  })

/**
 * What a record's feed shows chats by (A7, E7, H2). A merged or converted record has no feed of its own any more: its
 * survivor answers to its keys (A5).
 */
export const feedScope = (store: CrmStoreShape) =>
  Effect.fnUntraced(function* (account: AccountId, viewer: Viewer, ref: RecordRef) {
    const record = yield* read(store)(account, viewer, ref)
    if (!isLive(record)) return yield* Effect.fail<RecordNotFound>({ _tag: "RecordNotFound", record: ref })
    const keys = new Set<EmailKey>(record._tag === "Deal" ? [] : record.keys.emails)
    const chatIds: ReadonlyArray<ChatId> =
      record._tag === "Lead" && record.addedFrom._tag === "Chat" ? [record.addedFrom.chatId] : []
    if (record._tag === "Company") yield* addPeople(store, account, record.id, keys)
    if (record._tag === "Deal") yield* addContacts(store, account, record, keys)
    return { record: ref, name: nameOf(record), keys: [...keys], chatIds } satisfies FeedScope
  })

/** A company shows what its people show (H2). */
const addPeople = Effect.fnUntraced(function* (
  store: CrmStoreShape,
  account: AccountId,
  companyId: RecordId,
  keys: Set<EmailKey>
) {
  for (const person of yield* store.peopleOf(account, companyId)) {
    for (const key of person.keys.emails) keys.add(key)
  }
})

/** A deal shows what its contacts and its company show: so a colleague's chats, too (H2). */
const addContacts = Effect.fnUntraced(function* (
  store: CrmStoreShape,
  account: AccountId,
  deal: Deal,
  keys: Set<EmailKey>
) {
  const company: ReadonlyArray<RecordRef> = deal.companyId === null ? [] : [{ kind: "company", id: deal.companyId }]
  const contacts = [
    ...(deal.primaryContact === null ? [] : [deal.primaryContact]),
    ...deal.associatedContacts,
    ...company
  ]
  const unique = [...new Map(contacts.map((ref) => [`${ref.kind}/${ref.id}`, ref])).values()]
  const reads = yield* store.get(
    account,
    unique.map(({ id, kind }) => ({ kind, id }))
  )
  for (const { value } of reads) {
    const contact = value as CrmRecord | null
    if (contact === null || contact._tag === "Deal" || !isLive(contact)) continue
    for (const key of contact.keys.emails) keys.add(key)
    if (contact._tag === "Company") yield* addPeople(store, account, contact.id, keys)
  }
})
