import { Effect } from "effect"
import { type Content, Event, Id, Instant } from "leadline"
import type { Commit, CommonRecords, Key, Put, RecordStore } from "leadline/ports"
import { it } from "vitest"

/** A store to be checked, and samples of what it holds. Each law starts with an empty one. */
export interface StoreUnderTest<Records extends CommonRecords, Payload> {
  readonly store: <A, E>(use: (store: RecordStore<Records, Payload>) => Effect.Effect<A, E>) => Effect.Effect<A, E>
  /** A kind of record, its ids free to choose, and a value that says `n` somewhere. */
  readonly kind: keyof Records & string
  readonly value: (id: string, n: number) => Records[keyof Records]
  readonly payload: (n: number) => Payload
}

interface More {
  readonly contents?: ReadonlyArray<Content.ContentRef>
  readonly due?: Instant.Instant | null
}

export const account = Id.AccountId.make("laws")
export const other = Id.AccountId.make("others")
export const at = (millis: number) => Instant.fromMillis(millis)
export const subject = (id: string): Content.Subject => ({ _tag: "Visitor", visitorId: Id.VisitorId.make(id) })
export const ref = (text: string) => text as Content.ContentRef
export const text = (id: string, of = "v1"): Content.StoredContent => ({
  ref: ref(id),
  subject: subject(of),
  salt: "00".repeat(16),
  value: `text of ${id}`
})

/** What the laws of a thin store are written with. */
export const lawKit = <Records extends CommonRecords, Payload>({
  kind,
  payload,
  store: withStore,
  value
}: StoreUnderTest<Records, Payload>) => {
  type Store = RecordStore<Records, Payload>
  type Change = Commit<Records, Payload>

  const key = (id: string) => ({ kind, id }) as unknown as Key<Records>
  const put = (id: string, n: number, more: More = {}) =>
    ({ key: key(id), value: value(id, n), contents: [], due: null, ...more }) as unknown as Put<Records>
  const event = (n: number, contents: ReadonlyArray<Content.ContentRef> = []): Event.Event<Payload> => ({
    id: Id.EventId.make(`event-${n}`),
    stream: "law/1",
    number: n,
    at: at(n),
    actor: { _tag: "System" },
    surface: "api",
    schemaVersion: Event.SCHEMA_VERSION,
    payload: payload(n),
    contents
  })
  const change = (parts: Partial<Change>): Change => ({
    expect: [],
    put: [],
    remove: [],
    contents: [],
    events: [],
    remember: null,
    ...parts
  })
  /** Writes records as they come, reading what is there. */
  const write = (store: Store, puts: ReadonlyArray<Put<Records>>, more: Partial<Change> = {}, of = account) =>
    Effect.gen(function* () {
      const reads = yield* store.get(
        of,
        puts.map((one) => one.key)
      )
      return yield* store.commit(
        of,
        change({ ...more, expect: reads.map(({ key: k, version }) => ({ key: k, version })), put: puts })
      )
    })
  const values = (store: Store, ids: ReadonlyArray<string>, of = account) =>
    Effect.map(store.get(of, ids.map(key)), (reads) => reads.map(({ value: found }) => found))

  const law = <A, E>(title: string, use: (store: Store) => Effect.Effect<A, E>) =>
    it(title, () => Effect.runPromise(withStore(use)))
  return { kind, value, withStore, key, put, event, change, write, values, law }
}

export type LawKit<Records extends CommonRecords, Payload> = ReturnType<typeof lawKit<Records, Payload>>
