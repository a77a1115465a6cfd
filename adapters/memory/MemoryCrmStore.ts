import { Layer } from "effect"
import { type Activity, Actor, type DistributionPool, Record, type RecordRef, type User } from "leadline"
import {
  type ActivitiesQuery,
  type CrmPayload,
  type CrmRecords,
  CrmStore,
  type CrmStoreShape,
  type KeyQuery,
  type Read
} from "leadline/ports"
import type { Index, MemoryAccount } from "./MemoryAccount.ts"
import { type MemoryOptions, MemoryRecordStore } from "./MemoryRecordStore.ts"
import { type Dated, mergeNewest, newestFirst, SortedList } from "./SortedList.ts"

type Matchable = Record.Lead | Record.Person | Record.Company

interface Happened extends Dated {
  readonly activity: Activity.Activity
}

/** What a CRM finds records by, beside their keys. */
class CrmIndex implements Index<CrmRecords> {
  /** By `email/KEY` or `phone/KEY`: the keys of the live records that answer to it. */
  private readonly byKey = new Map<string, Set<string>>()
  /** As {@link byKey}, of all that hold a key, whatever became of them (J4). */
  private readonly held = new Map<string, Set<string>>()
  private readonly people = new Map<string, Set<string>>()
  private readonly activities = new Map<string, SortedList<Happened, Dated>>()
  readonly live = new Map<string, SortedList<string>>()
  readonly users = new Set<string>()
  readonly pools = new Set<string>()

  put<Kind extends keyof CrmRecords>(
    kind: Kind,
    id: string,
    before: CrmRecords[Kind] | null,
    after: CrmRecords[Kind]
  ): CrmRecords[Kind] {
    if (before !== null) this.removed(kind, id, before)
    if (isRecordKind(kind)) this.addRecord(after as Record.CrmRecord)
    if (kind === "activity") this.addActivity(after as Activity.Activity)
    if (kind === "user") this.users.add(id)
    if (kind === "pool") this.pools.add(id)
    return after
  }

  removed<Kind extends keyof CrmRecords>(kind: Kind, id: string, before: CrmRecords[Kind]): void {
    if (isRecordKind(kind)) this.dropRecord(before as Record.CrmRecord)
    if (kind === "activity") {
      const activity = before as Activity.Activity
      this.activities.get(refKey(activity.record))?.remove(activity)
    }
    if (kind === "user") this.users.delete(id)
    if (kind === "pool") this.pools.delete(id)
  }

  logged(): void {}

  answering(keys: Iterable<string>): ReadonlySet<string> {
    return new Set([...keys].flatMap((key) => [...(this.byKey.get(key) ?? [])]))
  }

  holding(keys: Iterable<string>): ReadonlySet<string> {
    return new Set([...keys].flatMap((key) => [...(this.held.get(key) ?? [])]))
  }

  peopleOf(companyId: string): ReadonlyArray<string> {
    return [...(this.people.get(companyId) ?? [])]
  }

  history(ref: RecordRef.RecordRef): SortedList<Happened, Dated> | undefined {
    return this.activities.get(refKey(ref))
  }

  private addRecord(record: Record.CrmRecord): void {
    const ref = Record.refOf(record)
    if (record._tag !== "Deal") for (const key of keysOf(record.keys)) into(this.held, key, refKey(ref))
    if (!Record.isLive(record)) return
    const list = this.live.get(ref.kind) ?? new SortedList<string>((a, b) => a < b)
    this.live.set(ref.kind, list)
    list.add(ref.id)
    if (record._tag === "Person" && record.companyId !== null) into(this.people, record.companyId, record.id)
    if (record._tag !== "Deal") for (const key of keysOf(record.keys)) into(this.byKey, key, refKey(ref))
  }

  private dropRecord(record: Record.CrmRecord): void {
    const ref = Record.refOf(record)
    if (record._tag !== "Deal") for (const key of keysOf(record.keys)) outOf(this.held, key, refKey(ref))
    if (!Record.isLive(record)) return
    this.live.get(ref.kind)?.remove(ref.id)
    if (record._tag === "Person" && record.companyId !== null) outOf(this.people, record.companyId, record.id)
    if (record._tag !== "Deal") for (const key of keysOf(record.keys)) outOf(this.byKey, key, refKey(ref))
  }

  private addActivity(activity: Activity.Activity): void {
    const key = refKey(activity.record)
    const list = this.activities.get(key) ?? new SortedList<Happened, Dated>(newestFirst)
    this.activities.set(key, list)
    list.add({ at: activity.at, id: activity.id, activity })
  }
}

const isRecordKind = (kind: string): boolean => ["lead", "person", "company", "deal"].includes(kind)

const refKey = ({ id, kind }: RecordRef.RecordRef): string => `${kind}/${id}`

const keysOf = ({ emails, phones }: KeyQuery): ReadonlyArray<string> => [
  ...emails.map((key) => `email/${key}`),
  ...phones.map((key) => `phone/${key}`)
]

const into = (map: Map<string, Set<string>>, key: string, value: string): void => {
  map.set(key, (map.get(key) ?? new Set()).add(value))
}

const outOf = (map: Map<string, Set<string>>, key: string, value: string): void => {
  const set = map.get(key)
  set?.delete(value)
  if (set?.size === 0) map.delete(key)
}

const wants =
  (query: ActivitiesQuery) =>
  ({ activity }: Happened): boolean =>
    (query.types === null || query.types.includes(activity._tag)) &&
    (query.byAny === null || query.byAny.includes(Actor.toKey(activity.by))) &&
    (query.from === null || activity.at >= query.from) &&
    (query.until === null || activity.at < query.until)

type Held = MemoryAccount<CrmRecords, CrmPayload, CrmIndex>

const answering = (held: Held, query: KeyQuery): ReadonlyArray<Matchable> =>
  matchables(held, held.index.answering(keysOf(query)))

const matchables = (held: Held, keys: Iterable<string>): ReadonlyArray<Matchable> =>
  [...keys].flatMap((key) => {
    const [kind, id] = key.split("/") as [RecordRef.MatchableKind, string]
    return held.value(kind, id) ?? []
  })

/**
 * A CRM of our own in memory. Costs: reads and commits, the size of what is named; `byKeys`, the records found;
 * `activities`, the limit and what the filter leaves out; `users` and `pools`, all of them.
 */
export const make = (options: MemoryOptions): CrmStoreShape => {
  const store = new MemoryRecordStore<CrmRecords, CrmPayload, CrmIndex>(() => new CrmIndex(), options)
  return {
    ...store.shape,
    byKeys: (account, query) => store.step(account, (held) => answering(held, query)),
    holding: (account, query) => store.step(account, (held) => matchables(held, held.index.holding(keysOf(query)))),
    leadFacts: (account, query) =>
      store.step(account, (held) => {
        const read = <Kind extends keyof CrmRecords>(kind: Kind, id: string) =>
          held.read({ kind, id } as never) as Read<CrmRecords, Kind>
        return {
          candidates: answering(held, query),
          identityKeys: keysOf(query).map((key) => read("identityKey", key)),
          chatLead: read("chatLead", query.chatId),
          pools: query.pools.map((id) => read("pool", id)),
          users: [...held.index.users].map((id) => read("user", id)),
          command: query.commandId === null ? null : read("command", query.commandId)
        }
      }),
    users: (account) =>
      store.step(account, (held) =>
        [...held.index.users].flatMap((id): ReadonlyArray<User.User> => {
          const user = held.value("user", id)
          return user === null ? [] : [user]
        })
      ),
    pools: (account) =>
      store.step(account, (held) =>
        [...held.index.pools]
          .flatMap((id): ReadonlyArray<DistributionPool.DistributionPool> => {
            const pool = held.value("pool", id)
            return pool === null || pool.isDeleted ? [] : [pool]
          })
          .sort((a, b) => (a.id < b.id ? -1 : 1))
      ),
    peopleOf: (account, companyIds) =>
      store.step(account, (held) =>
        [...new Set(companyIds)]
          .flatMap((companyId) => held.index.peopleOf(companyId))
          .flatMap((id): ReadonlyArray<Record.Person> => {
            const person = held.value("person", id)
            return person === null ? [] : [person]
          })
      ),
    activities: (account, query) =>
      store.step(account, ({ index }) => {
        const lists = query.records.flatMap((ref) => index.history(ref) ?? [])
        return mergeNewest(lists, query.after, query.limit, wants(query)).map(({ activity }) => activity)
      }),
    list: (account, kind, after, limit) =>
      store.step(account, ({ index }) => {
        const ids = index.live.get(kind)?.take(after, after === null ? limit : limit + 1) ?? []
        const later = ids[0] === after ? ids.slice(1) : ids.slice(0, limit)
        return later.map((id) => ({ kind, id: id as RecordRef.RecordId }))
      })
  }
}

export const layer = (options: MemoryOptions = {}): Layer.Layer<CrmStore> =>
  Layer.sync(CrmStore, () => CrmStore.of(make(options)))
