import { Effect, PubSub, Stream } from "effect"
import type { Content, Event, Id } from "leadline"
import {
  type Commit,
  type Committed,
  type CommonRecords,
  Conflict,
  type Key,
  type LogEntry,
  type Position,
  type Read,
  type Reads,
  type RecordStore,
  type Version
} from "leadline/ports"
import { frozen } from "./Frozen.ts"

/** Kept in step with the records of an account, inside each commit. */
export interface Index<Records> {
  /** May replace the value: the one thing that a store fills in is a chat's queue number (C2). */
  readonly put: <Kind extends keyof Records>(
    kind: Kind,
    id: string,
    before: Records[Kind] | null,
    after: Records[Kind]
  ) => Records[Kind]
  readonly removed: <Kind extends keyof Records>(kind: Kind, id: string, before: Records[Kind]) => void
  readonly logged: (entry: LogEntry<unknown>) => void
}

interface Slot {
  readonly version: Version
  readonly value: unknown
  readonly contents: ReadonlyArray<Content.ContentRef>
}

/** All that one account holds. */
export class Account<Records extends CommonRecords, Payload, Extra extends Index<Records>> {
  readonly entries: Array<LogEntry<Payload>> = []
  readonly index: Extra
  private readonly slots = new Map<string, Slot>()
  private readonly stored = new Map<Content.ContentRef, Content.StoredContent>()
  private readonly bySubject = new Map<string, Set<Content.ContentRef>>()

  constructor(index: Extra) {
    this.index = index
  }

  versionOf(key: Key<Records>): Version {
    return this.slots.get(slotKey(key))?.version ?? 0
  }

  read(key: Key<Records>): Read<Records> {
    const slot = this.slots.get(slotKey(key))
    return { key, version: slot?.version ?? 0, value: (slot?.value ?? null) as Records[keyof Records] | null }
  }

  /** A record's value, for the reads of an adapter's own. */
  value<Kind extends keyof Records>(kind: Kind, id: string): Records[Kind] | null {
    return (this.slots.get(`${String(kind)}/${id}`)?.value ?? null) as Records[Kind] | null
  }

  /** What the texts of a record's value are. */
  contentsOf(key: Key<Records>): ReadonlyArray<Content.ContentRef> {
    return this.slots.get(slotKey(key))?.contents ?? []
  }

  textsOf(refs: Iterable<Content.ContentRef>): Content.Texts {
    const found = new Map<Content.ContentRef, string>()
    for (const ref of refs) {
      const stored = this.stored.get(ref)
      if (stored !== undefined) found.set(ref, stored.value)
    }
    return found
  }

  put(
    key: Key<Records>,
    version: Version,
    value: Records[keyof Records],
    contents: ReadonlyArray<Content.ContentRef>
  ): Version {
    const indexed = this.index.put(key.kind, key.id, this.value(key.kind, key.id), value)
    this.slots.set(slotKey(key), { version, value: frozen(indexed), contents: frozen(contents) })
    return version
  }

  remove(key: Key<Records>): void {
    const before = this.value(key.kind, key.id)
    if (before === null) return
    this.index.removed(key.kind, key.id, before)
    this.slots.delete(slotKey(key))
  }

  keep(content: Content.StoredContent): void {
    const subject = subjectKey(content.subject)
    this.stored.set(content.ref, content)
    this.bySubject.set(subject, (this.bySubject.get(subject) ?? new Set()).add(content.ref))
  }

  append(event: Event.Event<Payload>): Position {
    const position = this.entries.length + 1
    const entry = Object.freeze({ position, event })
    this.entries.push(entry)
    this.index.logged(entry)
    return position
  }

  /** Deletes a subject's texts, at most `limit` (J4). */
  erase(subject: Content.Subject, limit: number): { readonly erased: number; readonly isDone: boolean } {
    const refs = this.bySubject.get(subjectKey(subject)) ?? new Set()
    let erased = 0
    for (const ref of refs) {
      if (erased === limit) return { erased, isDone: false }
      refs.delete(ref)
      this.stored.delete(ref)
      erased++
    }
    return { erased, isDone: true }
  }
}

const slotKey = <Records>(key: Key<Records>): string => `${String(key.kind)}/${key.id}`

export interface MemoryOptions {
  /**
   * Lets other fibers run before each operation, as a database would: without it, fibers of one process meet only
   * where they wait for something else, and a test of concurrency would test nothing.
   */
  readonly yieldsBeforeEach?: boolean
}

/** The thin store in memory. Every operation is one step that nothing can come between. */
export class MemoryRecordStore<Records extends CommonRecords, Payload, Extra extends Index<Records>> {
  /** The port's members: what an adapter of a world spreads into its own. */
  readonly shape: RecordStore<Records, Payload> & {
    readonly capabilities: { readonly isDurable: boolean; readonly erase: boolean }
  }
  private readonly accounts = new Map<Id.AccountId, Account<Records, Payload, Extra>>()
  private readonly woken = new Map<Id.AccountId, PubSub.PubSub<void>>()
  private readonly makeIndex: () => Extra
  private readonly options: MemoryOptions
  private lastVersion = 0

  constructor(makeIndex: () => Extra, options: MemoryOptions) {
    this.makeIndex = makeIndex
    this.options = options
    const { changes, commit, contents, erase, get, getWithTexts, log } = this
    const capabilities = { isDurable: false, erase: true }
    this.shape = { capabilities, get, getWithTexts, commit, log, changes, contents, erase }
  }

  /** Does something in an account, as one step. */
  step<A>(account: Id.AccountId, act: (held: Account<Records, Payload, Extra>) => A): Effect.Effect<A> {
    const now = Effect.sync(() => act(this.held(account)))
    return this.options.yieldsBeforeEach === true ? Effect.andThen(Effect.yieldNow, now) : now
  }

  private readonly get = <const Keys extends ReadonlyArray<Key<Records>>>(account: Id.AccountId, keys: Keys) =>
    this.step(account, (held) => this.readAll(held, keys))

  private readonly getWithTexts = <const Keys extends ReadonlyArray<Key<Records>>>(account: Id.AccountId, keys: Keys) =>
    this.step(account, (held) => ({
      reads: this.readAll(held, keys),
      texts: held.textsOf(keys.flatMap((key) => held.contentsOf(key)))
    }))

  private readonly commit = (account: Id.AccountId, change: Commit<Records, Payload>) =>
    Effect.flatMap(
      this.step(account, (held) => this.apply(held, change)),
      (done) => {
        if (done instanceof Conflict) return Effect.fail(done)
        return change.events.length === 0 ? Effect.succeed(done) : Effect.as(this.wake(account), done)
      }
    )

  private readonly log = (account: Id.AccountId, after: number, limit: number) =>
    this.step(account, (held) => {
      const start = firstAfter(held.entries, after)
      const entries = held.entries.slice(start, start + limit)
      return {
        entries,
        next: entries.at(-1)?.position ?? after,
        texts: held.textsOf(entries.flatMap(({ event }) => event.contents))
      }
    })

  private readonly changes = (account: Id.AccountId): Stream.Stream<void> =>
    Stream.unwrap(Effect.map(this.hub(account), (hub) => Stream.fromPubSub(hub)))

  private readonly contents = (account: Id.AccountId, refs: ReadonlyArray<Content.ContentRef>) =>
    this.step(account, (held) => held.textsOf(refs))

  private readonly erase = (account: Id.AccountId, subject: Content.Subject, limit: number) =>
    this.step(account, (held) => held.erase(subject, limit))

  private held(id: Id.AccountId): Account<Records, Payload, Extra> {
    const known = this.accounts.get(id)
    if (known !== undefined) return known
    const made = new Account<Records, Payload, Extra>(this.makeIndex())
    this.accounts.set(id, made)
    return made
  }

  private readAll<Keys extends ReadonlyArray<Key<Records>>>(
    held: Account<Records, Payload, Extra>,
    keys: Keys
  ): Reads<Records, Keys> {
    return keys.map((key) => held.read(key)) as unknown as Reads<Records, Keys>
  }

  private apply(held: Account<Records, Payload, Extra>, change: Commit<Records, Payload>): Committed | Conflict {
    const expected = new Set<string>()
    const differing: Array<Key<Records>> = []
    for (const { key, version } of change.expect) {
      expected.add(slotKey(key))
      if (held.versionOf(key) !== version) differing.push(key)
    }
    if (differing.length > 0)
      return new Conflict({ keys: differing.map(({ id, kind }) => ({ kind: String(kind), id })) })
    const command = change.remember === null ? [] : [{ kind: "command", id: change.remember.id } as Key<Records>]
    for (const key of [...change.put.map((put) => put.key), ...change.remove, ...command]) {
      if (!expected.has(slotKey(key))) throw new Error(`${slotKey(key)} is written but not expected`)
    }
    for (const stored of change.contents) held.keep(frozen(stored))
    const versions = change.put.map((put) => held.put(put.key, ++this.lastVersion, frozen(put.value), put.contents))
    for (const key of change.remove) held.remove(key)
    for (const key of command) held.put(key, ++this.lastVersion, frozen(change.remember) as Records["command"], [])
    return { versions, positions: change.events.map((event) => held.append(frozen(event))) }
  }

  /** A subscriber is woken at once, and again after commits; wake-ups that nobody has taken yet are one. */
  private hub(account: Id.AccountId): Effect.Effect<PubSub.PubSub<void>> {
    const known = this.woken.get(account)
    if (known !== undefined) return Effect.succeed(known)
    return Effect.flatMap(PubSub.sliding<void>({ capacity: 1, replay: 1 }), (made) => {
      const hub = this.woken.get(account) ?? made
      this.woken.set(account, hub)
      return hub === made ? Effect.as(PubSub.publish(hub, undefined), hub) : Effect.succeed(hub)
    })
  }

  private wake(account: Id.AccountId): Effect.Effect<void> {
    const hub = this.woken.get(account)
    return hub === undefined ? Effect.void : Effect.asVoid(PubSub.publish(hub, undefined))
  }
}

/** The first entry after a position. Positions have no gaps here: the n-th entry is at position n. */
const firstAfter = (entries: ReadonlyArray<unknown>, after: number): number =>
  Math.min(Math.max(0, Math.trunc(after)), entries.length)

const subjectKey = (subject: Content.Subject): string =>
  subject._tag === "Visitor" ? `visitor/${subject.visitorId}` : `${subject.kind}/${subject.id}`
