import type { Effect, Stream } from "effect"
import type { ContentRef, StoredContent, Subject, Texts } from "../domain/account/Content.ts"
import type { Event } from "../domain/account/Event.ts"
import type { AccountId } from "../domain/account/Id.ts"
import type { Instant } from "../domain/account/Instant.ts"
import type { Conflict, StoreError } from "./StoreError.ts"

/**
 * The thin store under each world: versioned records, a log, detachable personal texts, one write.
 *
 * `Records` maps a kind to the type of its values; `Payload` is what the log's events carry. `DeskStore`, `CrmStore`
 * and `SettingsStore` are this shape with reads of their own. An adapter writes it once.
 *
 * Two accounts never see or touch each other (J2: laws `store.account.separate`, `store.account.untouched`,
 * `store.account.erased`). All of it together does what plain maps and a list do: law `store.model.agrees`.
 */
export interface RecordStore<Records, Payload> {
  /**
   * The named records, in the order asked for, as of one moment.
   *
   * - A missing record: version 0, value `null`.
   * - Cost: one statement, however many keys.
   * - Ids are compared character by character: no case folding, no pattern, no Unicode form.
   * - What is stored cannot be changed from outside, nor by who put it.
   * - Laws: `store.get.missing`, `store.get.order`, `store.get.exact`, `store.get.isolation`.
   */
  readonly get: <const Keys extends ReadonlyArray<Key<Records>>>(
    account: AccountId,
    keys: Keys
  ) => Effect.Effect<Reads<Records, Keys>, StoreError>

  /**
   * As {@link get}, with the texts that the values refer to, as declared by `contents` when they were put. For reads
   * that show a person something; the hot paths need no texts.
   *
   * - Cost: one statement.
   * - Laws: `store.get.texts`.
   */
  readonly getWithTexts: <const Keys extends ReadonlyArray<Key<Records>>>(
    account: AccountId,
    keys: Keys
  ) => Effect.Effect<{ readonly reads: Reads<Records, Keys>; readonly texts: Texts }, StoreError>

  /**
   * The one write: all of it or nothing, also across a crash (K2).
   *
   * - A key is written at most once, and every written key is expected; anything else is a programmer's mistake: a defect.
   * - `Conflict` when any expectation does not hold; then nothing is written, no position is taken.
   * - Versions: every put gives its record a version never used for that key before, also after a removal.
   * - Log positions are taken inside, increasing per account in the order in which readers see them; gaps allowed.
   * - Repetition: a second identical commit conflicts, because versions have moved.
   * - Cost: one statement or one round trip.
   * - Laws: `store.commit.whole`, `store.commit.atomic`, `store.commit.conflict`, `store.commit.everyExpectation`,
   *   `store.commit.unexpected`, `store.commit.oneWinner`, `store.commit.absence`, `store.commit.everyIncrement`,
   *   `store.commit.versions`, `store.commit.removes`, `store.commit.repeated`, `store.commit.remembers`,
   *   `store.commit.rememberedOnce`.
   */
  readonly commit: (
    account: AccountId,
    change: Commit<Records, Payload>
  ) => Effect.Effect<Committed, Conflict | StoreError>

  /**
   * Runs something when it is its turn among all who ask for the same key, in however many processes, in the order of
   * asking. A courtesy of those who lost several races for a hot record: commits themselves wait for nobody's turn.
   *
   * - Left out by a store that one process has for itself.
   * - Fails only as the effect does: where a turn cannot be had in time, it runs all the same.
   * - Laws: `store.inTurn.alone`.
   */
  readonly inTurn?: <A, E, R>(
    account: AccountId,
    key: Key<Records>,
    effect: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E, R>

  /**
   * The log after a position, oldest first, at most `limit` entries, with the texts their events refer to.
   *
   * - `after: 0` starts at the beginning. A reader that passes each page's `next` sees every event once, in order, also
   *   while many write: no event appears later at a position at or before a `next` that was handed out (K2).
   * - An erased text is absent from `texts` (J4).
   * - Laws: `store.log.everyEventOnce`, `store.log.order`, `store.log.whole`, `store.log.texts`.
   */
  readonly log: (account: AccountId, after: Position, limit: number) => Effect.Effect<LogPage<Payload>, StoreError>

  /**
   * The records of a kind whose deadline has come: `due` ≤ `now`, earliest first, then by id as text, at most `limit`. Every
   * timer of the library is found this way and turned into an ordinary command; whoever acts on one puts it with
   * another deadline, or none.
   *
   * - Cost: an index on (account, kind, due); no scan.
   * - Laws: `store.due.order`, `store.due.moved`.
   */
  readonly due: <const Kind extends keyof Records>(
    account: AccountId,
    kind: Kind,
    now: Instant,
    limit: number
  ) => Effect.Effect<ReadonlyArray<Due<Records, Kind>>, StoreError>

  /**
   * Emits at once when subscribed, and again, soon, after commits that added events. A hint to read {@link log} again:
   * it may repeat, and coalesces; a subscriber that reads the log on each misses nothing. Ends only with its scope.
   *
   * - Laws: `store.changes.first`, `store.changes.afterCommit`, `store.changes.everyEvent`, `store.changes.account`.
   */
  readonly changes: (account: AccountId) => Stream.Stream<void, StoreError>

  /**
   * Personal texts by reference (J4). Erased or unknown ones are absent. Cost: one statement.
   *
   * - Laws: `store.contents.get`.
   */
  readonly contents: (account: AccountId, refs: ReadonlyArray<ContentRef>) => Effect.Effect<Texts, StoreError>

  /**
   * How many texts of a subject there are: what is left to erase (J4). Not for hot paths. Cost: one count on an index.
   *
   * - Laws: `store.contentCount.left`.
   */
  readonly contentCount: (account: AccountId, subject: Subject) => Effect.Effect<number, StoreError>

  /**
   * Deletes texts and salts of a subject, at most `limit`; repeat until `isDone` (J4). Repetition erases nothing more.
   * From its end on they come with no read. Without the capability: `StoreError`, `unsupported`.
   *
   * - Laws: `store.erase.batches`, `store.erase.repeat`, `store.erase.everywhere`, `store.erase.unsupported`.
   */
  readonly erase: (
    account: AccountId,
    subject: Subject,
    limit: number
  ) => Effect.Effect<{ readonly erased: number; readonly isDone: boolean }, StoreError>
}

/** Names a record: its kind, and its id within kind and account. Ids have no blanks; parts are joined by `/`. */
export type Key<Records, Kind extends keyof Records = keyof Records> = {
  [K in Kind]: { readonly kind: K; readonly id: string }
}[Kind]

/** A record's version: 0 where there is none, else a positive number never used twice for one key. */
export type Version = number

/** A place in a log: increasing, gaps allowed. 0 is before everything. */
export type Position = number

/** A record as it was read. */
export interface Read<Records, Kind extends keyof Records = keyof Records> {
  readonly key: Key<Records, Kind>
  readonly version: Version
  readonly value: Records[Kind] | null
}

/** A record whose deadline was asked for, with that deadline. */
export type Due<Records, Kind extends keyof Records = keyof Records> = Read<Records, Kind> & { readonly due: Instant }

/** The reads of a list of keys, each typed by its kind. */
export type Reads<Records, Keys extends ReadonlyArray<Key<Records>>> = {
  readonly [I in keyof Keys]: Read<Records, Keys[I]["kind"]>
}

/** A record to write, and the personal texts its value refers to (J4), for readers that join them. */
export type Put<Records> = {
  [K in keyof Records]: {
    readonly key: Key<Records, K>
    readonly value: Records[K]
    readonly contents: ReadonlyArray<ContentRef>
    /** When something must happen to the record if nothing else does; `null`: never. Found by `due`. */
    readonly due: Instant | null
  }
}[keyof Records]

/** One atomic change. Every key that is put or removed is also expected. */
export interface Commit<Records, Payload> {
  /** The versions that were read, 0 for absence: all must still hold. */
  readonly expect: ReadonlyArray<{ readonly key: Key<Records>; readonly version: Version }>
  readonly put: ReadonlyArray<Put<Records>>
  readonly remove: ReadonlyArray<Key<Records>>
  /** Personal texts that the events and records refer to (J4). A reference is given once and never changes subject. */
  readonly contents: ReadonlyArray<StoredContent>
  readonly events: ReadonlyArray<Event<Payload>>
  /** The answer to repeat (K1); its key is expected like any other. */
  readonly remember: Remembered | null
}

/** What a commit gave. */
export interface Committed {
  /** The new versions, in the order of `put`; the remembered command's is not among them. */
  readonly versions: ReadonlyArray<Version>
  /** The positions of the events, in their order. */
  readonly positions: ReadonlyArray<Position>
}

/** A remembered command (K1): kept in the store under the kind `command` until `until`, then free to be dropped. */
export interface Remembered {
  /** `account`-wide: the actor's key, a slash, the caller's idempotency key. */
  readonly id: string
  /** Of the command's name and input: another command under the same key is refused. */
  readonly digest: string
  /** Ids only (J4), as JSON. */
  readonly answer: unknown
  readonly until: Instant
}

/** The kinds every store has. */
export interface CommonRecords {
  readonly command: Remembered
}

/** An entry of a log. */
export interface LogEntry<Payload> {
  readonly position: Position
  readonly event: Event<Payload>
}

/** A page of a log. `next` is where to read on: the last entry's position, or later. */
export interface LogPage<Payload> {
  readonly entries: ReadonlyArray<LogEntry<Payload>>
  readonly next: Position
  readonly texts: Texts
}
