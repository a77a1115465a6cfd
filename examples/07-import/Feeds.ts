import { Effect } from "effect"
import { type ActivityEntry, Actor, RecordRef } from "leadline"
import { CrmStore } from "leadline/ports"
import { type Caller, type RecordToSave, readFeed } from "leadline/use-cases"
import { account } from "../02-replay/Replay.ts"

const reader: Caller = { account, actor: Actor.service("reader"), surface: "api" }

const PAGE = 500

/** References to all live records of a kind. */
const all = Effect.fnUntraced(function* (kind: RecordRef.RecordKind) {
  const crm = yield* CrmStore
  const refs: Array<RecordRef.RecordRef> = []
  let after: RecordRef.RecordId | null = null
  do {
    const page: ReadonlyArray<RecordRef.RecordRef> = yield* crm.list(account, kind, after, PAGE)
    refs.push(...page)
    after = page.at(-1)?.id ?? null
  } while (after !== null)
  return refs
})

/** Every record's chats, as its feed shows them. */
export const chatsByRecord = Effect.gen(function* () {
  const feeds = new Map<string, { readonly kind: RecordRef.RecordKind; readonly entries: ReadonlyArray<unknown> }>()
  for (const kind of RecordRef.RecordKind.literals) {
    for (const record of yield* all(kind)) {
      feeds.set(RecordRef.toKey(record), { kind, entries: yield* chatsOf(record) })
    }
  }
  return feeds
})

const chatsOf = Effect.fnUntraced(function* (record: RecordRef.RecordRef) {
  const entries: Array<ActivityEntry.ActivityEntry> = []
  let cursor: string | null = null
  do {
    const page: Effect.Success<ReturnType<typeof readFeed>> = yield* readFeed(reader, { record, cursor, pageSize: 200 })
    entries.push(...page.entries.filter(({ _tag }) => _tag === "Chat"))
    cursor = page.next
  } while (cursor !== null)
  return entries
})

/** The leads that agents made from chats, to be saved elsewhere. */
export const leadsMade = Effect.gen(function* () {
  const crm = yield* CrmStore
  const reads = yield* crm.get(
    account,
    (yield* all("lead")).map(({ id }) => ({ kind: "lead" as const, id }))
  )
  return reads.flatMap(({ value: lead }): ReadonlyArray<RecordToSave> => {
    if (lead === null || lead.addedFrom._tag !== "Chat") return []
    const { absorbed, aliases, assignment, createdAt, eventCount, keys, lifecycle, ...saved } = lead
    return [saved]
  })
})
