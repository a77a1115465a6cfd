import { Effect, Result, Schema } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import type { AccountId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import type { CrmRecord } from "../../domain/record/Record.ts"
import { refOf } from "../../domain/record/Record.ts"
import * as RecordRef from "../../domain/record/RecordRef.ts"
import { shellOf, survivorOf, withoutTexts } from "../../domain/record/Shell.ts"
import type { CrmShape, PersonToErase } from "../../ports/Crm.ts"
import type { CrmStoreShape } from "../../ports/CrmStore.ts"
import { StoreError } from "../../ports/StoreError.ts"
import { type CrmTransaction, onCrm } from "./CrmCommand.ts"
import { identityIds, recordKey, writeRecords } from "./RecordWriting.ts"

/**
 * How far an erasure came: the records still to do, and the first one's history. A history is worked off before its
 * record; whoever adds to it moves the record, and then it is worked off again from the newest entry.
 */
const Progress = Schema.Struct({
  queue: Schema.Array(RecordRef.RecordRef),
  entry: Schema.NullOr(Schema.Struct({ at: Instant.Instant, id: Schema.String })),
  version: Schema.Int
})
type Progress = typeof Progress.Type

const readProgress = Schema.decodeUnknownResult(Schema.fromJsonString(Progress))

/**
 * One batch of an erasure (J4): of the next record its history, and, when that is done, its shell. The record, its keys,
 * and its chat are free in the same commit (A5, E5). decision: the input that a repeat must match leaves the keys out,
 * because the remembered digest would prove a guess.
 */
export const erase =
  (store: CrmStoreShape): CrmShape["erase"] =>
  (account, { after, limit, person }, idempotencyKey) =>
    store.capabilities.erase
      ? onCrm(
          store,
          account,
          Actor.system,
          { name: "erase", input: { after, limit }, idempotencyKey },
          (transaction: CrmTransaction) =>
            Effect.gen(function* () {
              // a batch that was done before is answered from here
              yield* transaction.get()
              const from = after === null ? null : Result.getOrNull(readProgress(after))
              const queue = from !== null && from.queue.length > 0 ? from.queue : yield* targets(store, account, person)
              const [first, ...others] = queue
              if (first === undefined) return { erased: 0, next: null }
              const done = yield* eraseRecord(store, transaction, { first, from, limit, person })
              const rest = done.next === null ? { queue: others, entry: null, version: 0 } : { queue, ...done.next }
              return { erased: done.erased, next: JSON.stringify(rest) }
            })
        )
      : Effect.fail(new StoreError({ reason: "unsupported", isRetryable: false, operation: "Crm.erase" }))

/** A page of a record's history loses its texts; behind the last page, the record its values. */
const eraseRecord = Effect.fnUntraced(function* (
  store: CrmStoreShape,
  transaction: CrmTransaction,
  batch: {
    readonly first: RecordRef.RecordRef
    readonly from: Progress | null
    readonly limit: number
    readonly person: PersonToErase
  }
) {
  const { first: ref, from, limit, person } = batch
  const [read] = yield* transaction.get(recordKey(ref))
  const record = read.value as CrmRecord | null
  if (record === null || record.lifecycle._tag === "Erased") return { erased: 0, next: null }
  const after = from?.version === read.version ? from.entry : null
  const page = yield* store.activities(transaction.caller.account, {
    ...{ records: [ref], types: null, byAny: null, from: null, until: null },
    after,
    limit
  })
  const entries = yield* transaction.get(...page.map(({ id }) => ({ kind: "activity" as const, id })))
  let erased = 0
  for (const entry of entries) {
    const bare = entry.value === null ? null : withoutTexts(entry.value)
    if (bare === null) continue
    transaction.put(entry, bare)
    erased++
  }
  const last = page.at(-1)
  if (last !== undefined && page.length >= limit) {
    return { erased, next: { entry: { at: last.at, id: last.id }, version: read.version } }
  }
  const shell = shellOf(record, Instant.max(record.updatedAt, transaction.now))
  const freed = yield* freeKeys(store, transaction, record, person)
  yield* writeRecords(transaction, [{ read, after: shell, events: [{ _tag: "RecordErased", record: ref }] }], freed)
  return { erased: erased + 1, next: null }
})

/**
 * An identity key is named by the address itself: it goes with the last live record that answers to it. Whoever takes
 * the address meanwhile moves the key, and this commit conflicts.
 */
const freeKeys = Effect.fnUntraced(function* (
  store: CrmStoreShape,
  transaction: CrmTransaction,
  record: CrmRecord,
  { emails, phones }: PersonToErase
) {
  const keys = { emails: [...record.keys.emails, ...emails], phones: [...record.keys.phones, ...phones] }
  const ids = [...new Set(identityIds(keys))]
  const reads = yield* transaction.get(...ids.map((id) => ({ kind: "identityKey" as const, id })))
  const others = yield* store.byKeys(transaction.caller.account, keys)
  const taken = new Set(
    others.filter((other) => !RecordRef.equals(refOf(other), refOf(record))).flatMap((other) => identityIds(other.keys))
  )
  const freed = reads.filter(({ key }) => !taken.has(key.id))
  for (const read of freed) if (read.value !== null) transaction.remove(read)
  return new Set(freed.map(({ key }) => key.id))
})

/**
 * Whose values are still there: the records named, those that hold a key, live or not, and what any of them was merged
 * or converted with, either way: they are one person's (A5).
 */
const targets = Effect.fnUntraced(function* (store: CrmStoreShape, account: AccountId, person: PersonToErase) {
  const found = new Map<string, CrmRecord>()
  const holders = yield* store.holding(account, { emails: person.emails, phones: person.phones })
  let fresh: ReadonlyArray<CrmRecord> = [...holders, ...(yield* recordsOf(store, account, person.records))]
  while (fresh.length > 0) {
    const added = fresh.filter((record) => !found.has(RecordRef.toKey(refOf(record))))
    for (const record of added) found.set(RecordRef.toKey(refOf(record)), record)
    const related: Array<CrmRecord> = []
    for (const record of new Set(added)) related.push(...(yield* relativesOf(store, account, record)))
    fresh = related.filter((record) => !found.has(RecordRef.toKey(refOf(record))))
  }
  return [...found.values()]
    .filter(({ lifecycle }) => lifecycle._tag !== "Erased")
    .map(refOf)
    .sort((a, b) => RecordRef.order(a, b))
})

/** Its survivor, and those that were merged or converted into it: it answers to their keys. */
const relativesOf = Effect.fnUntraced(function* (store: CrmStoreShape, account: AccountId, record: CrmRecord) {
  const survivor = survivorOf(record)
  const holders = record._tag === "Deal" ? [] : yield* store.holding(account, record.keys)
  const losers = holders.filter((other) => {
    const into = survivorOf(other)
    return into !== null && RecordRef.equals(into, refOf(record))
  })
  return survivor === null ? losers : [...losers, ...(yield* recordsOf(store, account, [survivor]))]
})

const recordsOf = (store: CrmStoreShape, account: AccountId, refs: ReadonlyArray<RecordRef.RecordRef>) =>
  refs.length === 0
    ? Effect.succeed<ReadonlyArray<CrmRecord>>([])
    : Effect.map(store.get(account, refs.map(recordKey)), (reads) =>
        reads.flatMap(({ value }): ReadonlyArray<CrmRecord> => (value === null ? [] : [value as CrmRecord]))
      )
