import { Clock, Effect, type Fiber, Schedule, type Scope, Stream } from "effect"
import type { Id } from "leadline"
import type { DeskPayload, DeskStoreShape, LogEntry, StoreError } from "leadline/ports"
import { follow, type IconState } from "leadline/use-cases"
import * as Frames from "./Frames.ts"
import type { Sink } from "./Sink.ts"

/** decision: a few pages of history; whoever stays so far behind is better off reading from the log. */
const MOST_UNSENT = 1_048_576
const PATIENCE_MILLIS = 10_000
/** decision: more than a burst leaves behind; frames are shared, so that a burst costs its size once. */
const FAR_BEHIND = 16 * MOST_UNSENT
/** decision: shorter than what proxies wait for on a silent connection (60 s is common). */
const HEARTBEAT = "15 seconds"
/** decision: what a person sees as at once, and a busy queue as one change. */
const TICK = "250 millis"
const LOG_PAGE = 500
/** decision: 30 seconds to take half of what may be unsent. */
const PATIENCE = Schedule.recurs(1_500)

/** Who reads: a console of an agent, a service, or a visitor. */
export type Audience =
  | { readonly _tag: "Console"; readonly agentId: Id.AgentId }
  | { readonly _tag: "Log" }
  | { readonly _tag: "Visitor"; readonly chatId: Id.ChatId; readonly touched: () => void }

/** One open stream. */
export interface Reader {
  readonly audience: Audience
  readonly sink: Sink
  readonly expiresAt: number
  /** The last entry that it got, or did not want. */
  position: number
  /** Since when more is unsent than should be; `null`: it keeps up. */
  fullSince: number | null
  /** Its icon as it was sent. */
  icon: string
}

type Entry = LogEntry<DeskPayload>
interface Page {
  readonly entries: ReadonlyArray<Entry>
  readonly texts: ReadonlyMap<string, string>
}

/** Who takes or took part in a chat. */
type Parties = ReadonlyMap<Id.ChatId, ReadonlySet<Id.AgentId>>

/**
 * What an account's readers on this host share: one walk along the log, each entry encoded once, the same bytes written
 * to all. A reader costs a write. Nothing is kept: who was away reads from the log.
 */
export class Hub {
  readonly readers = new Set<Reader>()
  /** What readers who join now are complete from. */
  position: number
  readonly #account: Id.AccountId
  readonly #store: DeskStoreShape
  readonly #icons: Effect.Effect<ReadonlyMap<Id.AgentId, IconState>, unknown>
  #iconsAreStale = true

  constructor(
    account: Id.AccountId,
    store: DeskStoreShape,
    position: number,
    icons: Effect.Effect<ReadonlyMap<Id.AgentId, IconState>, unknown>
  ) {
    this.#account = account
    this.#store = store
    this.#icons = icons
    this.position = position
  }

  /** Follows the log until interrupted; a store that fails is asked again. */
  run(scope: Scope.Scope): Effect.Effect<Fiber.Fiber<unknown, unknown>> {
    const following = Stream.runForEachArray(
      Stream.suspend(() => follow<DeskPayload>(this.#store, { account: this.#account }, this.position)),
      (entries) => this.#broadcast({ entries, texts: entries[0]?.texts ?? new Map() })
    ).pipe(Effect.retry(Schedule.jittered(Schedule.spaced("500 millis"))))
    const beating = Effect.repeat(
      Effect.sync(() => this.#beat()),
      Schedule.spaced(HEARTBEAT)
    )
    const ticking = Effect.repeat(this.#tick(), Schedule.spaced(TICK))
    return Effect.forkIn(Effect.all([following, beating, ticking], { concurrency: "unbounded" }), scope)
  }

  /** From here on the reader gets what comes: the caller has brought it to `position` or beyond, without a pause. */
  join(reader: Reader): void {
    this.readers.add(reader)
    this.#iconsAreStale = true
  }

  /** Ends a reader's stream with a reason; it may have been ended before. */
  end(reader: Reader, reason: Frames.EndReason): void {
    if (!this.readers.delete(reader)) return
    reader.sink.write(Frames.ended(reason))
    reader.sink.end()
  }

  /** Brings a reader from where it was up to what is broadcast, and joins it there: nothing lost, nothing twice. */
  catchUp(reader: Reader): Effect.Effect<void, StoreError> {
    return Effect.gen({ self: this }, function* () {
      while (reader.position < this.position) {
        const { entries, next, texts } = yield* this.#store.log(this.#account, reader.position, LOG_PAGE)
        const parties = yield* this.#partiesOf(entries)
        for (const entry of entries)
          if (wants(reader, entry, parties)) reader.sink.write(Frames.entryFrame(entry, texts))
        reader.position = Math.max(next, reader.position)
        if (entries.length === 0) break
        yield* this.#drained(reader)
      }
      this.join(reader)
    })
  }

  /** Until a reader has taken what it was sent; one that takes too long is dropped when it joins. */
  #drained({ sink }: Reader): Effect.Effect<void> {
    const isFull = Effect.sync(() => sink.buffered() > MOST_UNSENT / 2)
    return Effect.asVoid(
      Effect.repeat(isFull, { while: (full) => full, schedule: Schedule.max([Schedule.spaced("20 millis"), PATIENCE]) })
    )
  }

  #broadcast({ entries, texts }: Page): Effect.Effect<void, StoreError> {
    return Effect.map(Effect.all([this.#partiesOf(entries), Clock.currentTimeMillis]), ([parties, now]) => {
      const frames = new Map<Entry, Uint8Array>()
      const frameOf = (entry: Entry) => {
        const known = frames.get(entry) ?? Frames.entryFrame(entry, texts)
        frames.set(entry, known)
        return known
      }
      const touched = new Set(entries.map(Frames.chatOf))
      for (const reader of [...this.readers]) {
        if (reader.audience._tag === "Visitor") {
          if (touched.has(reader.audience.chatId)) reader.audience.touched()
          continue
        }
        if (this.#isSlow(reader, now)) {
          this.end(reader, "slow")
          continue
        }
        for (const entry of entries) {
          if (entry.position <= reader.position) continue
          if (wants(reader, entry, parties)) reader.sink.write(frameOf(entry))
          reader.position = entry.position
        }
      }
      this.position = entries.at(-1)?.position ?? this.position
      for (const entry of entries) this.#heed(entry)
    })
  }

  /** Has not caught up for a while, or is hopelessly behind. */
  #isSlow(reader: Reader, now: number): boolean {
    const unsent = reader.sink.buffered()
    if (unsent <= MOST_UNSENT) reader.fullSince = null
    else reader.fullSince ??= now
    return unsent > FAR_BEHIND || (reader.fullSince !== null && now - reader.fullSince > PATIENCE_MILLIS)
  }

  /** Rights that are taken away end streams (J1); what is no talk may change icons (C9). */
  #heed(entry: Entry): void {
    const { payload } = entry.event
    if (Frames.audienceOf(entry) !== "party") this.#iconsAreStale = true
    if (payload._tag !== "AgentChanged" || payload.isEnabled) return
    for (const reader of [...this.readers]) {
      if (reader.audience._tag === "Console" && reader.audience.agentId === payload.agentId) this.end(reader, "rights")
    }
  }

  /** Who takes or took part in the chats that are talked in: one read per page. */
  #partiesOf(entries: ReadonlyArray<Entry>): Effect.Effect<Parties, StoreError> {
    const ids = new Set<Id.ChatId>()
    for (const entry of entries) {
      const chatId = Frames.audienceOf(entry) === "party" ? Frames.chatOf(entry) : null
      if (chatId !== null) ids.add(chatId)
    }
    if (ids.size === 0) return Effect.succeed(new Map())
    const keys = [...ids].map((id) => ({ kind: "chat" as const, id }))
    return Effect.map(this.#store.get(this.#account, keys), (reads) => {
      const parties = new Map<Id.ChatId, ReadonlySet<Id.AgentId>>()
      for (const { value } of reads) {
        if (value === null) continue
        const offered = value.offer === null ? [] : [value.offer.to]
        const serving = value.serving.map(({ agentId }) => agentId)
        parties.set(value.id, new Set([...value.servedBy, ...serving, ...value.observers, ...offered]))
      }
      return parties
    })
  }

  #beat(): void {
    this.#iconsAreStale = true
    for (const { sink } of this.readers) sink.write(Frames.heartbeat)
  }

  #tick(): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const now = yield* Clock.currentTimeMillis
      for (const reader of [...this.readers]) {
        if (reader.expiresAt <= now) this.end(reader, "expired")
        else if (this.#isSlow(reader, now)) this.end(reader, "slow")
      }
      const consoles = [...this.readers].filter(({ audience }) => audience._tag === "Console")
      if (!this.#iconsAreStale || consoles.length === 0) return
      this.#iconsAreStale = false
      const icons = yield* this.#icons
      for (const reader of consoles) {
        const state = reader.audience._tag === "Console" ? icons.get(reader.audience.agentId) : undefined
        const icon = JSON.stringify(state ?? null)
        if (icon === reader.icon) continue
        reader.icon = icon
        reader.sink.write(Frames.frame("icon", state ?? null))
      }
    }).pipe(
      Effect.catch(() =>
        Effect.sync(() => {
          this.#iconsAreStale = true
        })
      )
    )
  }
}

const wants = ({ audience }: Reader, entry: Entry, parties: Parties): boolean => {
  if (audience._tag === "Log") return true
  if (audience._tag === "Visitor") return false
  switch (Frames.audienceOf(entry)) {
    case "all":
      return true
    case "none":
      return false
    case "self":
      return Frames.agentOf(entry) === audience.agentId
    case "party": {
      const chatId = Frames.chatOf(entry)
      return chatId !== null && parties.get(chatId)?.has(audience.agentId) === true
    }
  }
}
