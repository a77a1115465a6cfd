/** What the laws of a thin store are written with, whatever it holds. */
import { Effect } from "effect"
import type * as Content from "../../domain/account/Content.ts"
import * as Event from "../../domain/account/Event.ts"
import * as Id from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import type { Commit, Committed, CommonRecords, Key, Put, RecordStore } from "../../ports/RecordStore.ts"
import type { Conflict, StoreError } from "../../ports/StoreError.ts"
import { lawsOn, type MakeLaw } from "./Law.ts"

/** A thin store with what its laws ask of its capabilities. */
export type Store<Records, Payload> = RecordStore<Records, Payload> & {
  readonly capabilities: { readonly erase: boolean }
}

/** A store to be judged, and samples of what it holds. */
export interface StoreUnderTest<R, Records extends CommonRecords, Payload> {
  readonly store: Effect.Effect<Store<Records, Payload>, never, R>
  /** A kind of record that is found by its key alone. */
  readonly kind: keyof Records & string
  /** A value of it that says `n` somewhere. */
  readonly value: (id: string, n: number) => Records[keyof Records]
  readonly payload: (n: number) => Payload
}

export interface More {
  readonly contents?: ReadonlyArray<Content.ContentRef>
  readonly due?: Instant.Instant | null
}

export const at = (millis: number): Instant.Instant => Instant.fromMillis(millis)

export const subject = (id: string): Content.Subject => ({ _tag: "Visitor", visitorId: Id.VisitorId.make(id) })

export const ref = (text: string): Content.ContentRef => text as Content.ContentRef

/** The text of a subject: `v1`, where nothing is said. */
export const text = (id: string, of = "v1"): Content.StoredContent => ({
  ref: ref(id),
  subject: subject(of),
  salt: "00".repeat(16),
  value: `text of ${id}`
})

/** The capability to erase (J4). */
export const erases = {
  name: "erase",
  isDeclared: (port: { readonly capabilities: { readonly erase: boolean } }) => port.capabilities.erase
}

/** `0 … count - 1`. */
export const upTo = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, n) => n)

/** The laws' words for one kind of store. */
export interface StoreKit<R, Records extends CommonRecords, Payload> {
  readonly law: MakeLaw<R, Store<Records, Payload>>
  readonly kind: keyof Records & string
  readonly value: (id: string, n: number) => Records[keyof Records]
  readonly key: (id: string) => Key<Records>
  readonly commandKey: (id: string) => Key<Records>
  readonly put: (id: string, n: number, more?: More) => Put<Records>
  readonly event: (n: number, contents?: ReadonlyArray<Content.ContentRef>) => Event.Event<Payload>
  readonly change: (parts: Partial<Commit<Records, Payload>>) => Commit<Records, Payload>
  /** Writes records as they come, reading what is there. */
  readonly write: (
    store: Store<Records, Payload>,
    account: Id.AccountId,
    puts: ReadonlyArray<Put<Records>>,
    more?: Partial<Commit<Records, Payload>>
  ) => Effect.Effect<Committed, Conflict | StoreError>
  readonly values: (
    store: Store<Records, Payload>,
    account: Id.AccountId,
    ids: ReadonlyArray<string>
  ) => Effect.Effect<ReadonlyArray<Records[keyof Records] | null>, StoreError>
  /** Which `n` a value says. */
  readonly numberIn: (id: string, value: unknown, below: number) => number | null
}

export const storeKit = <R, Records extends CommonRecords, Payload>({
  kind,
  payload,
  store,
  value
}: StoreUnderTest<R, Records, Payload>): StoreKit<R, Records, Payload> => {
  const key = (id: string) => ({ kind, id }) as unknown as Key<Records>
  const change = (parts: Partial<Commit<Records, Payload>>): Commit<Records, Payload> => ({
    expect: [],
    put: [],
    remove: [],
    contents: [],
    events: [],
    remember: null,
    ...parts
  })
  return {
    law: lawsOn(store),
    kind,
    value,
    key,
    commandKey: (id) => ({ kind: "command", id }) as unknown as Key<Records>,
    put: (id, n, more = {}) =>
      ({ key: key(id), value: value(id, n), contents: [], due: null, ...more }) as unknown as Put<Records>,
    event: (n, contents = []) => ({
      id: Id.EventId.make(`event-${n}`),
      stream: "law/1",
      number: n,
      at: at(n),
      actor: { _tag: "System" },
      surface: "api",
      schemaVersion: Event.SCHEMA_VERSION,
      payload: payload(n),
      contents
    }),
    change,
    write: (held, account, puts, more = {}) =>
      Effect.gen(function* () {
        const keys = puts.map((one) => one.key)
        const reads = keys.length === 0 ? [] : yield* held.get(account, keys)
        const expected = reads.map(({ key: read, version }) => ({ key: read, version }))
        return yield* held.commit(account, change({ ...more, expect: expected, put: puts }))
      }),
    values: (held, account, ids) =>
      Effect.map(held.get(account, ids.map(key)), (reads) => reads.map(({ value: found }) => found)),
    numberIn: (id, found, below) => {
      const said = JSON.stringify(sorted(found))
      return upTo(below).find((n) => JSON.stringify(sorted(value(id, n))) === said) ?? null
    }
  }
}

/** A store may give fields in another order. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, sorted(field)])
  )
}
