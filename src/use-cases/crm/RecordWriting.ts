import { Effect } from "effect"
import type { ActivityId, ChatId } from "../../domain/account/Id.ts"
import type { Activity } from "../../domain/record/Activity.ts"
import type { CrmEvent } from "../../domain/record/CrmEvent.ts"
import { type CrmRecord, isLive, type RecordKeys, refOf } from "../../domain/record/Record.ts"
import * as RecordRef from "../../domain/record/RecordRef.ts"
import type { CrmRecords } from "../../ports/CrmStore.ts"
import type { Read } from "../../ports/RecordStore.ts"
import type { CrmTransaction } from "./CrmCommand.ts"

/** A record as it is to be, and what happened to it. */
export interface RecordChange {
  readonly read: Read<CrmRecords, RecordRef.RecordKind>
  readonly after: CrmRecord
  readonly events: ReadonlyArray<CrmEvent>
}

export const recordKey = (ref: RecordRef.RecordRef) => ({ kind: ref.kind, id: ref.id }) as const

/** What stores index a record by: nothing, once it is not live (A5). */
const indexed = (record: CrmRecord | null): ReadonlySet<string> =>
  new Set(record !== null && isLive(record) && record._tag !== "Deal" ? identityIds(record.keys) : [])

/** The ids of identity keys: `email/…`, `phone/…`. */
export const identityIds = ({ emails, phones }: Pick<RecordKeys, "emails" | "phones">): ReadonlyArray<string> => [
  ...emails.map((key) => `email/${key}`),
  ...phones.map((key) => `phone/${key}`)
]

/**
 * Writes records with what happened to them, and moves every identity key that one of them gains or loses, so that
 * whoever decided on "no live record matches" conflicts (E3, E5). Together, because a key that goes from one record to
 * another is moved once: a commit names nothing twice. Each record's events are numbered on (K2).
 * `freed`: keys that the caller removes instead (J4).
 */
export const writeRecords = Effect.fnUntraced(function* (
  transaction: CrmTransaction,
  changes: ReadonlyArray<RecordChange>,
  freed: ReadonlySet<string> = new Set()
) {
  const movedBy = new Map<string, RecordRef.RecordRef>()
  for (const { after, events, read } of changes) {
    const before = read.value as CrmRecord | null
    const ref = refOf(after)
    const [had, has] = [indexed(before), indexed(after)]
    for (const id of [...had, ...has]) if (had.has(id) !== has.has(id) && !freed.has(id)) movedBy.set(id, ref)
    let eventCount = before?.eventCount ?? 0
    for (const event of events) transaction.event(RecordRef.toKey(ref), ++eventCount, event)
    transaction.put(read as Read<CrmRecords, "lead">, { ...after, eventCount } as unknown as CrmRecords["lead"])
    yield* followChat(transaction, before, after)
  }
  if (movedBy.size === 0) return
  const keys = yield* transaction.get(...[...movedBy.keys()].map((id) => ({ kind: "identityKey" as const, id })))
  for (const key of keys) {
    const ref = movedBy.get(key.key.id)
    if (ref !== undefined) transaction.put(key, { movedBy: ref })
  }
})

/** As {@link writeRecords}, for one. */
export const writeRecord = (
  transaction: CrmTransaction,
  read: RecordChange["read"],
  after: CrmRecord,
  events: ReadonlyArray<CrmEvent>
) => writeRecords(transaction, [{ read, after, events }])

/**
 * The chat keeps up with the lead made from it: with who owns it now, as `AlreadyCreated` says; a lead that is not live
 * any more frees its chat (E5).
 */
const followChat = Effect.fnUntraced(function* (
  transaction: CrmTransaction,
  before: CrmRecord | null,
  after: CrmRecord
) {
  if (after._tag !== "Lead" || after.addedFrom._tag !== "Chat") return
  if (before !== null && before.ownerId === after.ownerId && isLive(before) === isLive(after)) return
  const [chatLead] = yield* transaction.get({ kind: "chatLead", id: after.addedFrom.chatId })
  // An import may name a chat that has its lead already: that one stays (E5).
  if (chatLead.value === null ? before !== null : chatLead.value.lead !== after.id) return
  if (isLive(after)) transaction.put(chatLead, { lead: after.id, owner: after.ownerId })
  else transaction.remove(chatLead)
})

/** Adds a note to a record's history. */
export const addNote = (
  transaction: CrmTransaction,
  record: RecordRef.RecordRef,
  text: string,
  chatId: ChatId | null
) => addActivity(transaction, (common) => ({ _tag: "Note", ...common, record, text, chatId }))

/** Adds an entry to a record's history. */
export const addActivity = (
  transaction: CrmTransaction,
  make: (common: { readonly id: ActivityId; readonly at: Activity["at"]; readonly by: Activity["by"] }) => Activity
): Activity => {
  const id = transaction.ids.next() as ActivityId
  const activity = make({ id, at: transaction.now, by: transaction.caller.actor })
  transaction.put({ key: { kind: "activity", id }, version: 0, value: null }, activity)
  return activity
}
