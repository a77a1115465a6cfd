import { Effect } from "effect"
import type { Actor } from "../../domain/account/Actor.ts"
import type { ContentRef, StoredContent, Subject, Texts } from "../../domain/account/Content.ts"
import { type Event, SCHEMA_VERSION } from "../../domain/account/Event.ts"
import type { EventId } from "../../domain/account/Id.ts"
import type { Instant } from "../../domain/account/Instant.ts"
import type { Text } from "../../domain/chat/ChatCommand.ts"
import * as Commitment from "../../domain/chat/Commitment.ts"
import type {
  Commit,
  CommonRecords,
  Key,
  Put,
  Read,
  Reads,
  RecordStore,
  Remembered,
  Version
} from "../../ports/RecordStore.ts"
import type { StoreError } from "../../ports/StoreError.ts"
import type { IdsShape } from "../Ids.ts"
import type { Caller } from "./Caller.ts"
import type { View } from "./Hand.ts"

/** Found in the first read: this command was answered before (K1). */
export class AnsweredBefore {
  readonly _tag = "AnsweredBefore"
  readonly remembered: Remembered
  constructor(remembered: Remembered) {
    this.remembered = remembered
  }
}

/** No record has this id: neither read nor expected. */
export const NOBODY = ""

/** What an attempt may know before it reads anything. */
export interface Beginning<Records> {
  readonly view: View<Records>
  /** When the command began: what was learned later is as good as read for it. */
  readonly since: number
  /** Facts that earlier attempts of this command found by queries, with when. */
  readonly facts: Map<string, { readonly found: unknown; readonly since: number }>
  readonly now: () => number
}

/**
 * One attempt at a command: reads, and the change that grows from them. What is read is expected to hold at the
 * commit, unless it is only peeked at. Nothing is written before the attempt is over.
 */
export class Transaction<Records extends CommonRecords, Payload> {
  readonly store: RecordStore<Records, Payload>
  readonly caller: Caller
  readonly now: Instant
  readonly ids: IdsShape
  /** Where this command's answer is remembered; `null`: nowhere. */
  readonly commandId: string | null
  /** Something was taken that was known before the command began: the commit compares it, nobody else did. */
  usedOld = false
  private readonly beginning: Beginning<Records>
  private commandVersion: Version | null = null
  private readonly expected = new Map<string, { readonly key: Key<Records>; readonly version: Version }>()
  private readonly known = new Map<string, Read<Records>>()
  private readonly puts = new Map<string, Put<Records>>()
  private readonly removals: Array<Key<Records>> = []
  private readonly stored: Array<StoredContent> = []
  private readonly happened: Array<Event<Payload>> = []

  constructor(
    store: RecordStore<Records, Payload>,
    caller: Caller,
    now: Instant,
    ids: IdsShape,
    commandId: string | null,
    beginning: Beginning<Records>
  ) {
    this.beginning = beginning
    this.store = store
    this.caller = caller
    this.now = now
    this.ids = ids
    this.commandId = commandId
  }

  /**
   * Reads records that the decision depends on, each once: a second look sees what the first saw. The first read looks
   * for a remembered answer, too.
   */
  get<const Keys extends ReadonlyArray<Key<Records>>>(
    ...keys: Keys
  ): Effect.Effect<Reads<Records, Keys>, StoreError | AnsweredBefore> {
    return Effect.map(this.getBeside(keys, []), ({ reads }) => reads)
  }

  /** As {@link get}, with the texts that the records refer to. */
  getWithTexts<const Keys extends ReadonlyArray<Key<Records>>>(
    ...keys: Keys
  ): Effect.Effect<{ readonly reads: Reads<Records, Keys>; readonly texts: Texts }, StoreError | AnsweredBefore> {
    const asked = this.withCommand(keys)
    return Effect.flatMap(this.store.getWithTexts(this.caller.account, asked), ({ reads, texts }) =>
      Effect.map(this.took(asked.length, reads as ReadonlyArray<Read<Records>>, keys.length), (own) => {
        for (const read of own) this.learn(read)
        return { reads: own as unknown as Reads<Records, Keys>, texts }
      })
    )
  }

  /** As {@link get}, with records that are only peeked at, in the same read. */
  getBeside<const Keys extends ReadonlyArray<Key<Records>>, const Peeked extends ReadonlyArray<Key<Records>>>(
    keys: Keys,
    peeked: Peeked
  ): Effect.Effect<
    { readonly reads: Reads<Records, Keys>; readonly peeked: Reads<Records, Peeked> },
    StoreError | AnsweredBefore
  > {
    for (const key of keys) this.takeFromView(key)
    const unknown = keys.filter((key) => !this.known.has(nameOf(key)))
    const newest = peeked.map((key) => this.newInView(key))
    const toPeek = peeked.filter((_, at) => newest[at] === undefined)
    const isKnown = toPeek.length + unknown.length === 0 && !this.hasLostCommand
    const asked = isKnown ? [] : this.withCommand([...toPeek, ...unknown])
    const fresh =
      asked.length === 0
        ? Effect.succeed([] as ReadonlyArray<Read<Records>>)
        : Effect.flatMap(this.store.get(this.caller.account, asked), (found) =>
            this.took(asked.length, found as ReadonlyArray<Read<Records>>, toPeek.length + unknown.length)
          )
    return Effect.map(fresh, (found) => {
      for (const read of found.slice(toPeek.length)) this.learn(read)
      const looked = found.slice(0, toPeek.length)
      for (const read of looked) this.beginning.view.learn(this.caller.account, read)
      const rest = looked.values()
      return {
        reads: keys.map((key) => this.known.get(nameOf(key))) as unknown as Reads<Records, Keys>,
        peeked: newest.map((read) => read ?? rest.next().value) as unknown as Reads<Records, Peeked>
      }
    })
  }

  /**
   * Facts that a query of the store gives, asked once per command: a later attempt gets the same ones, and makes those
   * that it depends on {@link current}. `load` is asked again where `isOutdated` says so of the old ones.
   */
  facts<A, E, R>(
    name: string,
    load: Effect.Effect<A, E, R>,
    isOutdated: (found: A, since: number) => boolean
  ): Effect.Effect<{ readonly found: A; readonly since: number }, E, R> {
    const { facts, now } = this.beginning
    const known = facts.get(name) as { readonly found: A; readonly since: number } | undefined
    if (known !== undefined && !isOutdated(known.found, known.since)) return Effect.succeed(known)
    return Effect.suspend(() => {
      const since = now()
      return Effect.map(load, (found) => {
        facts.set(name, { found, since })
        return { found, since }
      })
    })
  }

  /** Whether a record that was found at some time is known to have changed after it. */
  isOutdated(read: Read<Records>, since: number): boolean {
    const held = this.beginning.view.find(this.caller.account, read.key)
    return held !== undefined && held.since > since && held.read?.version !== read.version
  }

  /** Records that were found at some time, as they are now known: one more read where some have changed unseen. */
  current<Kind extends keyof Records>(
    reads: ReadonlyArray<Read<Records, Kind>>,
    since: number
  ): Effect.Effect<ReadonlyArray<Read<Records, Kind>>, StoreError> {
    const known = reads.map((read) => {
      const held = this.beginning.view.find(this.caller.account, read.key)
      return held === undefined || held.since <= since ? read : (held.read as Read<Records, Kind> | null)
    })
    const unknown = reads.filter((_, at) => known[at] === null).map(({ key }) => key)
    return Effect.map(this.peek(...unknown), (found) => {
      const rest = found.values()
      return known.map((read) => read ?? (rest.next().value as Read<Records, Kind>))
    })
  }

  /** Reads without expecting: for facts that may change until the commit without harm. */
  peek<const Keys extends ReadonlyArray<Key<Records>>>(...keys: Keys): Effect.Effect<Reads<Records, Keys>, StoreError> {
    const newest = keys.map((key) => this.newInView(key))
    return newest.every((read) => read !== undefined)
      ? Effect.succeed(newest as unknown as Reads<Records, Keys>)
      : Effect.tap(this.store.get(this.caller.account, keys), (reads) =>
          Effect.sync(() => {
            for (const read of reads as ReadonlyArray<Read<Records>>)
              this.beginning.view.learn(this.caller.account, read)
          })
        )
  }

  /** Expects a read that came another way. What was read first counts: whoever wrote in between is a conflict. */
  expect(...reads: ReadonlyArray<Read<Records>>): void {
    for (const { key, version } of reads) {
      const name = nameOf(key)
      if (!this.expected.has(name)) this.expected.set(name, { key, version })
    }
  }

  put<Kind extends keyof Records>(
    read: Read<Records, Kind>,
    value: Records[Kind],
    contents: ReadonlyArray<ContentRef> = [],
    due: Instant | null = null
  ): void {
    this.expect(read)
    this.puts.set(nameOf(read.key), { key: read.key, value, contents, due } as Put<Records>)
  }

  /** A record as this change leaves it so far: what was put before, else what was read. A later put replaces it. */
  latest<Kind extends keyof Records>(read: Read<Records, Kind>): Records[Kind] | null {
    const put = this.puts.get(nameOf(read.key))
    return put === undefined ? read.value : (put.value as Records[Kind])
  }

  remove(read: Read<Records>): void {
    this.expect(read)
    this.removals.push(read.key)
  }

  /** Something happens: `number` within its stream, 0 in streams of administration; done by the caller, or by `by`. */
  event(
    stream: string,
    number: number,
    payload: Payload,
    contents: ReadonlyArray<ContentRef> = [],
    by: Actor = this.caller.actor
  ): void {
    this.happened.push({
      id: this.ids.next() as EventId,
      stream,
      number,
      at: this.now,
      actor: by,
      surface: this.caller.surface,
      schemaVersion: SCHEMA_VERSION,
      payload,
      contents
    })
  }

  /** Detaches a personal text (J4); it is stored with this change. */
  text(subject: Subject, typed: string): Text {
    const sealed = Commitment.seal({ ref: this.ids.next() as ContentRef, salt: this.ids.salt() }, subject, typed)
    this.stored.push(sealed.stored)
    return { typed, content: sealed.content }
  }

  /** The command's own read, for answers that are looked up outside of {@link get}. */
  tookCommand(read: Read<Records, "command">): Effect.Effect<void, AnsweredBefore> {
    const remembered = read.value as Remembered | null
    this.commandVersion = read.version
    return remembered !== null && remembered.until > this.now
      ? Effect.fail(new AnsweredBefore(remembered))
      : Effect.void
  }

  /** The whole change, with the answer to remember; `null`: nothing to do. */
  change(remember: Omit<Remembered, "id"> | null): Commit<Records, Payload> | null {
    const isEmpty = this.puts.size === 0 && this.removals.length === 0 && this.happened.length === 0
    if (isEmpty && (remember === null || this.commandId === null)) return null
    const expect = [...this.expected.values()]
    if (remember !== null && this.commandId !== null) {
      expect.push({ key: this.commandKey(this.commandId), version: this.commandVersion ?? 0 })
    }
    const used = new Set(this.happened.flatMap((event) => event.contents))
    return {
      expect,
      put: [...this.puts.values()],
      remove: this.removals,
      contents: this.stored.filter((content) => used.has(content.ref)),
      events: this.happened,
      remember: remember !== null && this.commandId !== null ? { ...remember, id: this.commandId } : null
    }
  }

  private commandKey(id: string): Key<Records> {
    return { kind: "command", id } as Key<Records>
  }

  private withCommand(keys: ReadonlyArray<Key<Records>>): ReadonlyArray<Key<Records>> {
    const isFirst = this.commandId !== null && this.commandVersion === null
    return isFirst ? [...keys, this.commandKey(this.commandId)] : keys
  }

  /** Whether the answer to this command's key was looked for (K1); without a key there is none. */
  get isSureToBeFirst(): boolean {
    return this.commandId === null || this.commandVersion !== null
  }

  /** A commit found an answer under this command's key (K1), or may have. */
  private get hasLostCommand(): boolean {
    if (this.commandId === null || this.commandVersion !== null) return false
    return this.beginning.view.find(this.caller.account, this.commandKey(this.commandId))?.read === null
  }

  /** What others of this process left, or earlier commands read, instead of reading it. */
  private takeFromView(key: Key<Records>): void {
    const name = nameOf(key)
    if (this.known.has(name)) return
    if (key.id === NOBODY) {
      this.known.set(name, { key, version: 0, value: null })
      return
    }
    const held = this.beginning.view.find(this.caller.account, key)
    if (held === undefined || held.read === null) return
    if (held.since <= this.beginning.since) this.usedOld = true
    this.known.set(name, held.read)
    this.expect(held.read)
  }

  /** What was learned of a record since the command began. */
  private newInView(key: Key<Records>): Read<Records> | undefined {
    const held = this.beginning.view.find(this.caller.account, key)
    return held !== undefined && held.since > this.beginning.since ? (held.read ?? undefined) : undefined
  }

  private learn(read: Read<Records>): void {
    this.known.set(nameOf(read.key), read)
    this.beginning.view.learn(this.caller.account, read)
    this.expect(read)
  }

  /** The first `own` of what was read; the command's own read, if it was asked for, is the one behind them. */
  private took(
    asked: number,
    reads: ReadonlyArray<Read<Records>>,
    own: number
  ): Effect.Effect<ReadonlyArray<Read<Records>>, AnsweredBefore> {
    const done = reads.slice(0, own)
    const command = asked > own ? reads[own] : undefined
    return command === undefined
      ? Effect.succeed(done)
      : Effect.as(this.tookCommand(command as Read<Records, "command">), done)
  }
}

const nameOf = <Records>(key: Key<Records>): string => `${String(key.kind)}/${key.id}`
