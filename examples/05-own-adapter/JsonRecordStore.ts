import { type Cause, Effect, Queue, Semaphore, Stream } from "effect"
import type { Content, Event, Id, Instant } from "leadline"
import {
  type Commit,
  type Committed,
  type CommonRecords,
  Conflict,
  type Due,
  type Key,
  type LogEntry,
  type Put,
  type Read,
  type Reads,
  type RecordStore,
  type StoreError
} from "leadline/ports"
import { type Document, load, type Slot, save } from "./JsonFile.ts"

/** An account, in memory as in its file. Commits wait for each other; reads see the last one that reached the disk. */
export interface Account {
  document: Document
  readonly oneAtATime: Semaphore.Semaphore
  readonly subscribers: Set<Queue.Queue<void, Cause.Done>>
}

export interface Kept<Records extends CommonRecords, Payload> {
  /** What an adapter of a world spreads into its own. */
  readonly store: RecordStore<Records, Payload>
  readonly read: <A>(account: Id.AccountId, look: (document: Document) => A) => Effect.Effect<A, StoreError>
}

/** How a store decides whether an expectation holds. */
export type Holds = (version: number, expected: number) => boolean

const asRead: Holds = (version, expected) => version === expected

/** What the store fills in before it writes a value: a chat's queue number (C2). */
export type FillIn = (document: Document, kind: string, value: unknown) => unknown

/** The thin store in a JSON file per account, by the documentation of `RecordStore` alone. */
export const make = <Records extends CommonRecords, Payload>(
  folder: string,
  fillIn: FillIn = (_document, _kind, value) => value,
  holds: Holds = asRead
): Kept<Records, Payload> => {
  const accounts = new Map<Id.AccountId, Account>()

  const opened = (id: Id.AccountId): Effect.Effect<Account, StoreError> => {
    const known = accounts.get(id)
    if (known !== undefined) return Effect.succeed(known)
    return Effect.map(load(folder, id), (document) => {
      const other = accounts.get(id)
      if (other !== undefined) return other
      const made = { document, oneAtATime: Semaphore.makeUnsafe(1), subscribers: new Set<never>() }
      accounts.set(id, made)
      return made
    })
  }

  /** What is handed out is a copy: whoever changes it changes nothing here. */
  const read = <A>(account: Id.AccountId, look: (document: Document) => A) =>
    Effect.map(opened(account), ({ document }) => structuredClone(look(document)))

  const readAll = <Keys extends ReadonlyArray<Key<Records>>>(document: Document, keys: Keys) =>
    keys.map((key) => readOf(document, key)) as unknown as Reads<Records, Keys>

  const commit = Effect.fnUntraced(function* (id: Id.AccountId, change: Commit<Records, Payload>) {
    checkWritten(change)
    const account = yield* opened(id)
    const writing = Effect.gen(function* () {
      const { document } = account
      const lost = change.expect.filter(
        ({ key, version }) => !holds(document.slots[nameOf(key)]?.version ?? 0, version)
      )
      if (lost.length > 0)
        return yield* new Conflict({ keys: lost.map(({ key }) => ({ ...key, kind: String(key.kind) })) })
      const after = structuredClone(document)
      const committed = apply(after, structuredClone(change), fillIn)
      yield* save(folder, id, after)
      account.document = after
      if (change.events.length > 0) for (const one of account.subscribers) Queue.offerUnsafe(one, undefined)
      return committed
    })
    // once it writes it is not interrupted: the file and what readers see stay the same
    return yield* account.oneAtATime.withPermit(Effect.uninterruptible(writing))
  })

  const store: RecordStore<Records, Payload> = {
    get: (account, keys) => read(account, (document) => readAll(document, keys)),
    getWithTexts: (account, keys) =>
      read(account, (document) => ({
        reads: readAll(document, keys),
        texts: textsOf(
          document,
          keys.flatMap((key) => document.slots[nameOf(key)]?.contents ?? [])
        )
      })),
    commit,
    log: (account, after, limit) =>
      read(account, ({ events, ...document }) => {
        const entries = events.slice(after, after + limit).map(
          (event, n): LogEntry<Payload> => ({
            position: after + n + 1,
            event: event as Event.Event<Payload>
          })
        )
        const refs = entries.flatMap(({ event }) => event.contents)
        return { entries, next: after + entries.length, texts: textsOf({ ...document, events }, refs) }
      }),
    due: (account, kind, now, limit) =>
      read(account, (document) => dueAt<Records, typeof kind>(document, kind, now, limit)),
    changes: (account) =>
      Stream.callback<void, StoreError>(
        (wakeUps) =>
          Effect.flatMap(opened(account), ({ subscribers }) =>
            Effect.acquireRelease(
              Effect.sync(() => {
                subscribers.add(wakeUps as never)
                Queue.offerUnsafe(wakeUps, undefined)
              }),
              () => Effect.sync(() => subscribers.delete(wakeUps as never))
            )
          ),
        // wake-ups that were not taken yet are one
        { bufferSize: 1, strategy: "dropping" }
      ),
    contents: (account, refs) => read(account, (document) => textsOf(document, refs)),
    contentCount: (account, subject) => read(account, (document) => refsOf(document, subject).length),
    erase: Effect.fnUntraced(function* (id, subject, limit) {
      const account = yield* opened(id)
      const erasing = Effect.gen(function* () {
        const after = structuredClone(account.document)
        const refs = refsOf(after, subject)
        const gone = refs.slice(0, limit)
        for (const ref of gone) delete after.texts[ref]
        yield* save(folder, id, after)
        account.document = after
        return { erased: gone.length, isDone: gone.length === refs.length }
      })
      return yield* account.oneAtATime.withPermit(Effect.uninterruptible(erasing))
    })
  }
  return { store, read }
}

const nameOf = <Records>(key: Key<Records>): string => `${String(key.kind)}/${key.id}`

const readOf = <Records>(document: Document, key: Key<Records>): Read<Records> => {
  const slot = document.slots[nameOf(key)]
  return { key, version: slot?.version ?? 0, value: (slot?.value ?? null) as Read<Records>["value"] }
}

/** A key is written once, and expected: anything else is a mistake of the caller, a defect. */
const checkWritten = <Records>({ expect, put, remember, remove }: Commit<Records, unknown>): void => {
  const expected = new Set(expect.map(({ key }) => nameOf(key)))
  const written = [...put.map(({ key }) => key), ...remove].map(nameOf)
  for (const name of remember === null ? written : [...written, `command/${remember.id}`])
    if (!expected.delete(name)) throw new Error(`${name} is written twice, or is not expected`)
}

const apply = <Records extends CommonRecords, Payload>(
  document: Document,
  { contents, events, put, remember, remove }: Commit<Records, Payload>,
  fillIn: FillIn
): Committed => {
  const write = ({ contents: refs, due, key, value }: Put<Records>): number => {
    const version = ++document.lastVersion
    const slot: Slot = { version, value: fillIn(document, String(key.kind), value), contents: refs, due }
    document.slots[nameOf(key)] = slot
    return version
  }
  const versions = put.map(write)
  for (const key of remove) delete document.slots[nameOf(key)]
  for (const stored of contents) document.texts[stored.ref] = stored
  // the answer to repeat is a record like others (K1)
  if (remember !== null)
    write({ key: { kind: "command", id: remember.id }, value: remember, contents: [], due: remember.until } as never)
  return { versions, positions: events.map((event) => document.events.push(event)) }
}

const textsOf = (document: Document, refs: ReadonlyArray<Content.ContentRef>): Content.Texts =>
  new Map(
    refs.flatMap((ref) => {
      const stored = document.texts[ref]
      return stored === undefined ? [] : [[ref, stored.value] as const]
    })
  )

const refsOf = (document: Document, subject: Content.Subject): ReadonlyArray<Content.ContentRef> =>
  Object.values(document.texts).flatMap((one) =>
    JSON.stringify(one.subject) === JSON.stringify(subject) ? [one.ref] : []
  )

const dueAt = <Records, Kind extends keyof Records>(
  document: Document,
  kind: Kind,
  now: Instant.Instant,
  limit: number
): ReadonlyArray<Due<Records, Kind>> =>
  Object.entries(document.slots)
    .flatMap(([name, { due, value, version }]) => {
      if (!name.startsWith(`${String(kind)}/`) || due === null || due > now) return []
      const key = { kind, id: name.slice(String(kind).length + 1) } as unknown as Key<Records, Kind>
      return [{ key, value: value as Records[Kind], version, due: due as Instant.Instant }]
    })
    .sort((a, b) => a.due - b.due || (a.key.id < b.key.id ? -1 : 1))
    .slice(0, limit)
