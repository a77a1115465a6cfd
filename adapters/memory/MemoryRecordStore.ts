import { type Cause, Effect, Queue, Stream } from "effect"
import type { Content, Id, Instant } from "leadline"
import {
  type Commit,
  type Committed,
  type CommonRecords,
  Conflict,
  type Key,
  type Put,
  type Reads,
  type RecordStore,
  type Remembered
} from "leadline/ports"
import { frozen } from "./Frozen.ts"
import { type Index, MemoryAccount, slotKey } from "./MemoryAccount.ts"

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
  private readonly accounts = new Map<Id.AccountId, MemoryAccount<Records, Payload, Extra>>()
  private readonly subscribers = new Map<Id.AccountId, Set<Queue.Queue<void, Cause.Done>>>()
  private readonly makeIndex: () => Extra
  private readonly options: MemoryOptions
  private lastVersion = 0

  constructor(makeIndex: () => Extra, options: MemoryOptions) {
    this.makeIndex = makeIndex
    this.options = options
    const { changes, commit, contentCount, contents, due, erase, get, getWithTexts, log } = this
    const capabilities = { isDurable: false, erase: true }
    this.shape = { capabilities, get, getWithTexts, commit, log, due, changes, contents, contentCount, erase }
  }

  /** Does something in an account, as one step. */
  step<A>(account: Id.AccountId, act: (held: MemoryAccount<Records, Payload, Extra>) => A): Effect.Effect<A> {
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
      this.step(account, (held) => this.apply(account, held, change)),
      (done) => (done instanceof Conflict ? Effect.fail(done) : Effect.succeed(done))
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

  /** A subscriber is woken at once, and again by commits; wake-ups that it has not taken yet are one. */
  private readonly changes = (account: Id.AccountId): Stream.Stream<void> =>
    Stream.callback<void>(
      (wakeUps) => {
        const subscribers = this.subscribers.get(account) ?? new Set()
        const subscribe = Effect.sync(() => {
          this.subscribers.set(account, subscribers.add(wakeUps))
          Queue.offerUnsafe(wakeUps, undefined)
        })
        return Effect.acquireRelease(subscribe, () => Effect.sync(() => subscribers.delete(wakeUps)))
      },
      { bufferSize: 1, strategy: "dropping" }
    )

  private readonly due = <const Kind extends keyof Records>(
    account: Id.AccountId,
    kind: Kind,
    now: Instant.Instant,
    limit: number
  ) => this.step(account, (held) => held.dueAt(kind, now, limit))

  private readonly contents = (account: Id.AccountId, refs: ReadonlyArray<Content.ContentRef>) =>
    this.step(account, (held) => held.textsOf(refs))

  private readonly contentCount = (account: Id.AccountId, subject: Content.Subject) =>
    this.step(account, (held) => held.contentCount(subject))

  private readonly erase = (account: Id.AccountId, subject: Content.Subject, limit: number) =>
    this.step(account, (held) => held.erase(subject, limit))

  private held(id: Id.AccountId): MemoryAccount<Records, Payload, Extra> {
    const known = this.accounts.get(id)
    if (known !== undefined) return known
    const made = new MemoryAccount<Records, Payload, Extra>(this.makeIndex())
    this.accounts.set(id, made)
    return made
  }

  private readAll<Keys extends ReadonlyArray<Key<Records>>>(
    held: MemoryAccount<Records, Payload, Extra>,
    keys: Keys
  ): Reads<Records, Keys> {
    return keys.map((key) => held.read(key)) as unknown as Reads<Records, Keys>
  }

  private apply(
    account: Id.AccountId,
    held: MemoryAccount<Records, Payload, Extra>,
    change: Commit<Records, Payload>
  ): Committed | Conflict {
    const puts = [...change.put, ...remembering<Records>(change.remember)]
    checkWritten([...puts.map(({ key }) => key), ...change.remove], change.expect)
    const differing = change.expect.filter(({ key, version }) => held.versionOf(key) !== version)
    if (differing.length > 0)
      return new Conflict({ keys: differing.map(({ key: { id, kind } }) => ({ kind: String(kind), id })) })
    // copied before anything is written: what cannot be copied leaves no half of a commit
    const [values, contents, events] = [
      puts.map(({ contents, due, key, value }) => ({
        key,
        value: frozen(value, held.value(key.kind, key.id)),
        contents: frozen(contents),
        due
      })),
      change.contents.map((stored) => frozen(stored)),
      change.events.map((event) => frozen(event))
    ]
    for (const stored of contents) held.keep(stored)
    const versions = values.map((put) => held.put(put, ++this.lastVersion))
    for (const key of change.remove) held.remove(key)
    const positions = events.map((event) => held.append(event))
    // in the same step: a fiber that is interrupted after a commit has still woken everybody
    if (events.length > 0)
      for (const wakeUps of this.subscribers.get(account) ?? []) Queue.offerUnsafe(wakeUps, undefined)
    return { versions: versions.slice(0, change.put.length), positions }
  }
}

/** An answer to remember is a record like others (K1). */
const remembering = <Records>(remember: Remembered | null): ReadonlyArray<Put<Records>> =>
  remember === null
    ? []
    : [{ key: { kind: "command", id: remember.id }, value: remember, contents: [], due: remember.until } as never]

/** What is written is expected, and written once: anything else is a mistake of the caller, found by every test. */
const checkWritten = <Records>(
  written: ReadonlyArray<Key<Records>>,
  expected: Commit<Records, unknown>["expect"]
): void => {
  const allowed = new Set(expected.map(({ key }) => slotKey(key)))
  for (const key of written) {
    if (!allowed.delete(slotKey(key))) throw new Error(`${slotKey(key)} is written twice, or is not expected`)
  }
}

/** The first entry after a position. Positions have no gaps here: the n-th entry is at position n. */
const firstAfter = (entries: ReadonlyArray<unknown>, after: number): number =>
  Math.min(Math.max(0, Math.trunc(after)), entries.length)
