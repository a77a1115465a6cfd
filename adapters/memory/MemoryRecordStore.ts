import { Effect, PubSub, Stream } from "effect"
import type { Content, Id, Instant } from "leadline"
import {
  type Commit,
  type Committed,
  type CommonRecords,
  Conflict,
  type Key,
  type Put,
  type Reads,
  type RecordStore
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
  private readonly woken = new Map<Id.AccountId, PubSub.PubSub<void>>()
  private readonly makeIndex: () => Extra
  private readonly options: MemoryOptions
  private lastVersion = 0

  constructor(makeIndex: () => Extra, options: MemoryOptions) {
    this.makeIndex = makeIndex
    this.options = options
    const { changes, commit, contents, due, erase, get, getWithTexts, log } = this
    const capabilities = { isDurable: false, erase: true }
    this.shape = { capabilities, get, getWithTexts, commit, log, due, changes, contents, erase }
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

  private readonly due = <const Kind extends keyof Records>(
    account: Id.AccountId,
    kind: Kind,
    now: Instant.Instant,
    limit: number
  ) => this.step(account, (held) => held.dueAt(kind, now, limit))

  private readonly contents = (account: Id.AccountId, refs: ReadonlyArray<Content.ContentRef>) =>
    this.step(account, (held) => held.textsOf(refs))

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

  private apply(held: MemoryAccount<Records, Payload, Extra>, change: Commit<Records, Payload>): Committed | Conflict {
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
    const versions = change.put.map((put) => held.put(put, ++this.lastVersion))
    for (const key of change.remove) held.remove(key)
    const { remember } = change
    for (const key of command) {
      const remembered = { key, value: remember, contents: [], due: remember?.until ?? null } as unknown as Put<Records>
      held.put(remembered, ++this.lastVersion)
    }
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
