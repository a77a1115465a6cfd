import { Effect } from "effect"
import type { ActivityId, ChatId } from "../../domain/account/Id.ts"
import type { Activity } from "../../domain/record/Activity.ts"
import type { CrmEvent } from "../../domain/record/CrmEvent.ts"
import { type CrmRecord, isLive, type RecordKeys, refOf } from "../../domain/record/Record.ts"
import * as RecordRef from "../../domain/record/RecordRef.ts"
import type { CrmRecords } from "../../ports/CrmStore.ts"
import type { Read } from "../../ports/RecordStore.ts"
import type { CrmTransaction } from "./CrmCommand.ts"

type RecordRead = Read<CrmRecords, RecordRef.RecordKind>

export const recordKey = (ref: RecordRef.RecordRef) => ({ kind: ref.kind, id: ref.id }) as const

/** What stores index a record by: nothing, once it is not live (A5). */
const indexed = (record: CrmRecord | null): ReadonlySet<string> =>
  new Set(record !== null && isLive(record) && record._tag !== "Deal" ? identityIds(record.keys) : [])

/** The ids of identity keys: `email/…`, `phone/…`. */
export const identityIds = ({ emails, phones }: RecordKeys): ReadonlyArray<string> => [
  ...emails.map((key) => `email/${key}`),
  ...phones.map((key) => `phone/${key}`)
]

/**
 * Writes a record with what happened to it, and moves every identity key that it gains or loses, so that whoever
 * decided on "no live record matches" conflicts (E3, E5). The record's events are numbered on (K2).
 */
export const writeRecord = Effect.fnUntraced(function* <R extends CrmRecord>(
  transaction: CrmTransaction,
  read: RecordRead,
  after: R,
  events: ReadonlyArray<CrmEvent>
) {
  const [before, next] = [indexed(read.value as CrmRecord | null), indexed(after)]
  const moved = [...before, ...next].filter((id) => before.has(id) !== next.has(id))
  const ref = refOf(after)
  if (moved.length > 0) {
    const keys = yield* transaction.get(...moved.map((id) => ({ kind: "identityKey" as const, id })))
    for (const key of keys) transaction.put(key, { movedBy: ref })
  }
  let eventCount = (read.value as CrmRecord | null)?.eventCount ?? 0
  for (const event of events) transaction.event(RecordRef.toKey(ref), ++eventCount, event)
  const written = { ...after, eventCount }
  transaction.put(read as Read<CrmRecords, "lead">, written as unknown as CrmRecords["lead"])
  return written
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
