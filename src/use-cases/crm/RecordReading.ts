import { Effect } from "effect"
import type { AccountId, ChatId } from "../../domain/account/Id.ts"
import type { EmailKey } from "../../domain/identity/EmailKey.ts"
import * as Matching from "../../domain/identity/Matching.ts"
import type { RecordHidden, RecordNotFound } from "../../domain/record/CrmRefusal.ts"
import { absorbedBy, type CrmRecord, type Deal, isLive, madeFrom, nameOf, refOf } from "../../domain/record/Record.ts"
import { type MatchableRef, type RecordRef, toKey } from "../../domain/record/RecordRef.ts"
import { survivorOf } from "../../domain/record/Shell.ts"
import type { Directory } from "../../domain/record/User.ts"
import type { FeedScope, MatchFound, Viewer } from "../../ports/Crm.ts"
import type { CrmStoreShape } from "../../ports/CrmStore.ts"
import type { StoreError } from "../../ports/StoreError.ts"
import { directoryOf, sees } from "./CrmCommand.ts"
import { recordKey } from "./RecordWriting.ts"

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

/** As {@link visibleRecord}, to be written to: one that was merged or converted takes nothing any more (A5). */
export const liveRecord = (...asked: Parameters<typeof visibleRecord>) =>
  Effect.flatMap(visibleRecord(...asked), (record) =>
    isLive(record) ? Effect.succeed(record) : Effect.fail<RecordNotFound>({ _tag: "RecordNotFound", record: asked[1] })
  )

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
    const directory = records.length === 0 ? new Map() : yield* directoryFor(store, account, viewer)
    return matchAmong(evidence, records, viewer, directory)
  })

/** As {@link match}, among records that are in hand. */
export const matchAmong = (
  evidence: Matching.Evidence,
  records: ReadonlyArray<Exclude<CrmRecord, Deal>>,
  viewer: Viewer,
  directory: Directory
): MatchFound => {
  const owners = new Map(records.map((record) => [toKey(refOf(record)), record.ownerId]))
  const candidates = records.map((record) => ({
    ref: refOf(record) as MatchableRef,
    keys: record.keys,
    updatedAt: record.updatedAt,
    isLive: isLive(record)
  }))
  const found = Matching.match(evidence, candidates)
  const matched = found._tag === "Match" ? found.records : []
  const visible = matched.filter(({ ref }) => {
    const owner = owners.get(toKey(ref))
    return owner !== undefined && sees(viewer, directory, owner)
  })
  return { matched, visible: visible.map(({ ref }) => ref) }
}

/**
 * What a record's feed shows chats by (A7, E7, H2). A merged or converted record has no feed of its own any more: its
 * survivor answers to its keys, and shows its chats (A5).
 */
export const feedScope = (store: CrmStoreShape) =>
  Effect.fnUntraced(function* (account: AccountId, viewer: Viewer, ref: RecordRef) {
    const record = yield* read(store)(account, viewer, ref)
    if (!isLive(record)) return yield* Effect.fail<RecordNotFound>({ _tag: "RecordNotFound", record: ref })
    const shown: Shown = { keys: new Set(), chatIds: new Set() }
    const contacts = record._tag === "Deal" ? yield* contactsOf(store, account, record) : [record]
    for (const contact of contacts) yield* show(store, account, contact, shown)
    return { record: ref, name: nameOf(record), keys: [...shown.keys], chatIds: [...shown.chatIds] } satisfies FeedScope
  })

interface Shown {
  readonly keys: Set<EmailKey>
  readonly chatIds: Set<ChatId>
}

/**
 * What a lead or a contact shows; a company shows what its people show, and those of companies merged into it (H2, A5).
 */
const show = Effect.fnUntraced(function* (
  store: CrmStoreShape,
  account: AccountId,
  record: Exclude<CrmRecord, Deal>,
  shown: Shown
) {
  showOwn(record, shown)
  if (record._tag !== "Company") return
  const merged = absorbedBy(record).records.flatMap(({ id, kind }) => (kind === "company" ? [id] : []))
  for (const person of yield* store.peopleOf(account, [record.id, ...merged])) showOwn(person, shown)
})

const showOwn = (record: CrmRecord, shown: Shown): void => {
  for (const key of record.keys.emails) shown.keys.add(key)
  for (const chatId of madeFrom(record)) shown.chatIds.add(chatId)
}

/**
 * The live contacts of a deal, and its company: it shows what they show, so a colleague's chats, too (H2). Where one
 * was merged or converted, its survivor stands for it (A5).
 */
const contactsOf = Effect.fnUntraced(function* (store: CrmStoreShape, account: AccountId, deal: Deal) {
  const company: ReadonlyArray<RecordRef> = deal.companyId === null ? [] : [{ kind: "company", id: deal.companyId }]
  const primary = deal.primaryContact === null ? [] : [deal.primaryContact]
  const found: Array<Exclude<CrmRecord, Deal>> = []
  const seen = new Set<string>()
  let wanted: ReadonlyArray<RecordRef> = [...primary, ...deal.associatedContacts, ...company]
  while (wanted.length > 0) {
    const fresh = [...new Map(wanted.map((ref) => [toKey(ref), ref])).values()].filter((ref) => !seen.has(toKey(ref)))
    for (const ref of fresh) seen.add(toKey(ref))
    const reads = yield* store.get(account, fresh.map(recordKey))
    const records = reads.flatMap(({ value }) => (value === null ? [] : [value as CrmRecord]))
    for (const record of records) if (record._tag !== "Deal" && isLive(record)) found.push(record)
    wanted = records.flatMap((record) => survivorOf(record) ?? [])
  }
  return found
})
