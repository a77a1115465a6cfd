import { Effect, Result } from "effect"
import type { RecordNotFound } from "../../domain/record/CrmRefusal.ts"
import * as Merging from "../../domain/record/Merging.ts"
import type { Company, CrmRecord, Lead, Person } from "../../domain/record/Record.ts"
import type { RecordId, RecordKind, RecordRef } from "../../domain/record/RecordRef.ts"
import type { Caller } from "../execution/Caller.ts"
import { administer } from "./CrmCommand.ts"
import { recordKey, writeRecord, writeRecords } from "./RecordWriting.ts"

/**
 * Deletes a record: it matches no more, has no feed, and frees its email and its chat for a new lead; its chats stay
 * (A5, E5). Deleted already: nothing happens. By CRM administrators. Refusals: `RecordNotFound`, `AccessDenied`.
 */
export const deleteRecord = Effect.fn("deleteRecord")(function* (
  caller: Caller,
  input: { readonly record: RecordRef }
) {
  return yield* administer(caller, "deleteRecord", input, (transaction) =>
    Effect.gen(function* () {
      const { record: ref } = input
      const [read] = yield* transaction.get(recordKey(ref))
      const record = yield* existing(read.value as CrmRecord | null, ref)
      if (record.lifecycle._tag === "Deleted") return { record: ref }
      const deleted = { ...record, lifecycle: { _tag: "Deleted" as const }, updatedAt: transaction.now }
      yield* writeRecord(transaction, read, deleted, [{ _tag: "RecordDeleted", record: ref }])
      return { record: ref }
    })
  )
})

/**
 * Merges a record into another of its kind, which then also answers to its addresses, and shows its history and the
 * chats it was made from (A5, E7). What is written is the same however much history there is. By CRM administrators.
 * Refusals: `RecordNotFound`, `NotLive`, `SameRecord`, `KindsDiffer`, `TooMany` (merged into one), `AccessDenied`.
 */
export const mergeRecords = Effect.fn("mergeRecords")(function* (
  caller: Caller,
  input: { readonly kind: RecordKind; readonly survivor: RecordId; readonly loser: RecordId }
) {
  return yield* administer(caller, "mergeRecords", input, (transaction) =>
    Effect.gen(function* () {
      const [into, from] = [
        { kind: input.kind, id: input.survivor },
        { kind: input.kind, id: input.loser }
      ]
      const [survivorRead, loserRead] = yield* transaction.get(recordKey(into), recordKey(from))
      const survivor = yield* existing(survivorRead.value as CrmRecord | null, into)
      const loser = yield* existing(loserRead.value as CrmRecord | null, from)
      const merged = Merging.merge(survivor, loser, transaction.now)
      if (Result.isFailure(merged)) return yield* Effect.fail(merged.failure)
      yield* writeRecords(transaction, [
        { read: loserRead, after: merged.success.loser, events: [{ _tag: "RecordMerged", record: from, into }] },
        { read: survivorRead, after: merged.success.survivor, events: [{ _tag: "RecordChanged", record: into }] }
      ])
      return { survivor: into }
    })
  )
})

/**
 * Converts a lead into a contact that exists, which then also answers to the lead's addresses, and shows its history and
 * the chat it was made from (A5, E7). By CRM administrators. Refusals: `RecordNotFound`, `NotLive`, `TooMany`,
 * `AccessDenied`.
 */
export const convertLead = Effect.fn("convertLead")(function* (
  caller: Caller,
  input: { readonly lead: RecordId; readonly to: { readonly kind: "person" | "company"; readonly id: RecordId } }
) {
  return yield* administer(caller, "convertLead", input, (transaction) =>
    Effect.gen(function* () {
      const from = { kind: "lead", id: input.lead } as const
      const [leadRead, contactRead] = yield* transaction.get(recordKey(from), recordKey(input.to))
      const lead = (yield* existing(leadRead.value as CrmRecord | null, from)) as Lead
      const contact = (yield* existing(contactRead.value as CrmRecord | null, input.to)) as Person | Company
      const converted = Merging.convert(lead, contact, transaction.now)
      if (Result.isFailure(converted)) return yield* Effect.fail(converted.failure)
      const { loser: gone, survivor: heir } = converted.success
      yield* writeRecords(transaction, [
        { read: leadRead, after: gone, events: [{ _tag: "LeadConverted", record: from, to: input.to }] },
        { read: contactRead, after: heir, events: [{ _tag: "RecordChanged", record: input.to }] }
      ])
      return { contact: input.to }
    })
  )
})

const existing = <R extends CrmRecord>(record: R | null, ref: RecordRef): Effect.Effect<R, RecordNotFound> =>
  record === null ? Effect.fail({ _tag: "RecordNotFound", record: ref }) : Effect.succeed(record)
