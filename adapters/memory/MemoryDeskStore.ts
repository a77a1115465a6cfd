import { Context, Effect, Layer } from "effect"
import type { Chat, Id, Transcript } from "leadline"
import {
  ChatSearch,
  type ClosedChatsQuery,
  type DeskPayload,
  type DeskRecords,
  DeskStore,
  type DeskStoreShape,
  type LogEntry,
  type Parked,
  type Read,
  type RosterEntry
} from "leadline/ports"
import { frozen } from "./Frozen.ts"
import type { Index, MemoryAccount } from "./MemoryAccount.ts"
import * as MemoryChatSearch from "./MemoryChatSearch.ts"
import { type MemoryOptions, MemoryRecordStore } from "./MemoryRecordStore.ts"
import { type Dated, mergeNewest, newestFirst, SortedList } from "./SortedList.ts"

/** A closed chat at its place in feeds. */
interface Closed extends Dated {
  readonly chat: Chat.Chat
}

/** A place in the queue (C2). Numbers are unique as long as nobody but the store gives them; ids make sure. */
interface Place {
  readonly number: number
  readonly id: string
}

interface Queued extends Place {
  readonly chat: Chat.Chat
}

/** What the chat side finds records by, beside their keys. */
class DeskIndex implements Index<DeskRecords> {
  readonly queue = new SortedList<Queued, Place>(
    (a, b) => a.number < b.number || (a.number === b.number && a.id < b.id)
  )
  readonly closedByKey = new Map<string, SortedList<Closed, Dated>>()
  /** What searches look through. */
  readonly past = new MemoryChatSearch.PastChats()
  readonly transcripts = new Map<string, Array<Transcript.Message>>()
  readonly agents = new Set<string>()
  /** By agent: their entry as it was last read. */
  readonly roster = new Map<string, RosterEntry>()
  /** The chats of a person, by id: by `visitor/ID`, `email/KEY`, `phone/KEY`, whatever their state. */
  readonly chatsOf = new Map<string, SortedList<Id.ChatId>>()
  /** By bridge, in order of the log: what was given up, and what is tried again. */
  readonly givenUp = new Map<string, SortedList<Parked>>()
  readonly parked = new Map<string, SortedList<Parked>>()
  private lastQueueNumber = 0

  put<Kind extends keyof DeskRecords>(
    kind: Kind,
    id: string,
    before: DeskRecords[Kind] | null,
    after: DeskRecords[Kind]
  ): DeskRecords[Kind] {
    this.forgetEntry(kind, id, before)
    this.forgetEntry(kind, id, after)
    if (kind === "chat") return this.putChat(before as Chat.Chat | null, after as Chat.Chat) as DeskRecords[Kind]
    if (kind === "agent") this.agents.add(id)
    if (kind === "parked") this.putParked(before as Parked | null, after as Parked)
    return after
  }

  removed<Kind extends keyof DeskRecords>(kind: Kind, id: string, before: DeskRecords[Kind]): void {
    this.forgetEntry(kind, id, before)
    if (kind === "chat") this.forget(before as Chat.Chat)
    if (kind === "agent") this.agents.delete(id)
    if (kind === "parked") this.putParked(before as Parked, null)
  }

  logged({ event }: LogEntry<unknown>): void {
    const payload = event.payload as DeskPayload
    if (payload._tag !== "MessageSent") return
    const lines = this.transcripts.get(event.stream)
    if (lines === undefined) this.transcripts.set(event.stream, [payload.message])
    else lines.push(payload.message)
  }

  /** A roster entry is made again after any of its parts changed. */
  private forgetEntry<Kind extends keyof DeskRecords>(kind: Kind, id: string, value: DeskRecords[Kind] | null): void {
    if (kind === "agent" || kind === "desk" || kind === "presence") this.roster.delete(id)
    if (kind === "chat" && value !== null) {
      for (const { agentId } of (value as Chat.Chat).serving) this.roster.delete(agentId)
    }
  }

  private putChat(before: Chat.Chat | null, after: Chat.Chat): Chat.Chat {
    if (before !== null) this.forget(before)
    const isWaiting = after.state._tag === "Waiting"
    const takesNumber = isWaiting || after.state._tag === "Offered"
    const chat =
      takesNumber && after.queueNumber === null
        ? frozen({ ...after, queueNumber: ++this.lastQueueNumber }, after)
        : after
    if (takesNumber && chat.queueNumber !== null)
      this.lastQueueNumber = Math.max(this.lastQueueNumber, chat.queueNumber)
    if (isWaiting && chat.queueNumber !== null) {
      this.queue.add({ number: chat.queueNumber, id: chat.id, chat })
    }
    for (const of of personKeys(chat)) {
      const list = this.chatsOf.get(of) ?? new SortedList<Id.ChatId>((a, b) => a < b)
      this.chatsOf.set(of, list)
      list.add(chat.id)
    }
    const key = closingKey(chat)
    if (key !== null) {
      const list = this.closedByKey.get(key) ?? new SortedList<Closed, Dated>(newestFirst)
      this.closedByKey.set(key, list)
      list.add(placed(chat))
    }
    this.past.add(chat)
    return chat
  }

  private forget(chat: Chat.Chat): void {
    if (chat.state._tag === "Waiting" && chat.queueNumber !== null) {
      this.queue.remove({ number: chat.queueNumber, id: chat.id })
    }
    for (const of of personKeys(chat)) this.chatsOf.get(of)?.remove(chat.id)
    const key = closingKey(chat)
    if (key !== null) this.closedByKey.get(key)?.remove(placed(chat))
    this.past.drop(chat)
  }

  private putParked(before: Parked | null, after: Parked | null): void {
    if (before !== null) this.itemsLike(before).get(before.bridge)?.remove(before)
    if (after === null) return
    const lists = this.itemsLike(after)
    const list = lists.get(after.bridge) ?? new SortedList<Parked>(earliestInLog)
    lists.set(after.bridge, list)
    list.add(after)
  }

  private itemsLike({ nextTryAt }: Parked): Map<string, SortedList<Parked>> {
    return nextTryAt === null ? this.givenUp : this.parked
  }
}

type HeldAccount = MemoryAccount<DeskRecords, DeskPayload, DeskIndex>

const earliestInLog = (a: Parked, b: Parked): boolean =>
  a.position < b.position || (a.position === b.position && a.eventId < b.eventId)

/** What a person's chats are found by (J4). */
const personKeys = ({ visitor: { emailKey, id, phoneKey } }: Chat.Chat): ReadonlyArray<string> => [
  `visitor/${id}`,
  ...(emailKey === null ? [] : [`email/${emailKey}`]),
  ...(phoneKey === null ? [] : [`phone/${phoneKey}`])
]

const placed = (chat: Chat.Chat): Closed => ({ at: chat.requestedAt, id: chat.id, chat })

/** The key of the feeds that a chat is in: from its close on. */
const closingKey = (chat: Chat.Chat): string | null => (chat.state._tag === "Closed" ? chat.visitor.emailKey : null)

const admits =
  (query: ClosedChatsQuery) =>
  ({ chat }: Closed): boolean =>
    (query.from === null || chat.requestedAt >= query.from) &&
    (query.until === null || chat.requestedAt < query.until) &&
    (query.servedByAny === null || chat.servedBy.some((id) => query.servedByAny?.includes(id))) &&
    (chat.kind === "offlineMessage" ? query.includeOfflineMessages : chat.answered !== null || query.includeMissed)

/** An agent with their desk, presence, and what the slots of their chats depend on (B5). */
const rosterEntry = (held: HeldAccount, id: string): ReadonlyArray<RosterEntry> => {
  const known = held.index.roster.get(id)
  if (known !== undefined) return [known]
  const agent = held.value("agent", id)
  if (agent === null) return []
  const desk = held.read({ kind: "desk", id }) as Read<DeskRecords, "desk">
  const served = (desk.value?.serving ?? []).flatMap((chatId) => {
    const chat = held.value("chat", chatId)
    const serving = chat?.serving.find(({ agentId }) => agentId === id)
    return chat === null || serving === undefined
      ? []
      : [{ joinedAt: serving.joinedAt, lastPublicAt: chat.lastPublicAt }]
  })
  const presence = held.value("presence", id)
  const entry: RosterEntry = frozen({ agent, desk, presence, served }, { agent, desk: { value: desk.value }, presence })
  held.index.roster.set(id, entry)
  return [entry]
}

type Held = MemoryRecordStore<DeskRecords, DeskPayload, DeskIndex>

const held = (options: MemoryOptions): Held => new MemoryRecordStore(() => new DeskIndex(), options)

/**
 * The chat side in memory. Costs: reads and commits, the size of what is named; `waiting`, its limit; `closedChats`,
 * keys × (limit + what the filter leaves out); `transcript`, `givenUp` and `parked`, their limits; `personChats`,
 * (visitors + keys) × limit; `roster`, the agents and the chats they serve.
 */
export const make = (options: MemoryOptions, store: Held = held(options)): DeskStoreShape => {
  return {
    ...store.shape,
    waiting: (account, limit) =>
      store.step(account, ({ index }) => index.queue.take(null, limit).map(({ chat }) => chat)),
    roster: (account) => store.step(account, (held) => [...held.index.agents].flatMap((id) => rosterEntry(held, id))),
    closedChats: (account, query) =>
      store.step(account, (held) => {
        const made = new SortedList<Closed, Dated>(newestFirst)
        for (const id of new Set<Id.ChatId>(query.chatIds)) {
          const chat = held.value("chat", id)
          if (chat !== null && chat.state._tag === "Closed") made.add(placed(chat))
        }
        const lists = [...new Set(query.keys)].flatMap((key) => held.index.closedByKey.get(key) ?? [])
        const chats = mergeNewest([...lists, made], query.after, query.limit, admits(query)).map(({ chat }) => chat)
        const refs = chats.flatMap(({ id }) => held.contentsOf({ kind: "chat", id }))
        return { chats, texts: held.textsOf(refs) }
      }),
    transcript: (account, chatId, after, limit) =>
      store.step(account, (held) => {
        const start = Math.max(0, Math.trunc(after))
        const lines = held.index.transcripts.get(`chat/${chatId}`)?.slice(start, start + limit) ?? []
        const texts = held.textsOf(lines.map(({ content }) => content.ref))
        return lines.map((message) => ({ message, text: texts.get(message.content.ref) ?? null }))
      }),
    personChats: (account, { after, emails, limit, phones, visitors }) =>
      store.step(account, (held) => {
        const keys = [...visitors.map((id) => `visitor/${id}`), ...emails.map((key) => `email/${key}`)]
        const lists = [...keys, ...phones.map((key) => `phone/${key}`)].flatMap((key) =>
          (held.index.chatsOf.get(key)?.take(after, limit + 1) ?? []).filter((id) => after === null || id > after)
        )
        const ids = [...new Set(lists)].sort((a, b) => (a < b ? -1 : 1)).slice(0, limit)
        return ids.flatMap((id) => held.value("chat", id) ?? [])
      }),
    givenUp: (account, bridge, limit) =>
      store.step(account, ({ index }) => index.givenUp.get(bridge)?.take(null, limit) ?? []),
    parked: (account, bridge, limit) =>
      store.step(account, ({ index }) => index.parked.get(bridge)?.take(null, limit) ?? [])
  }
}

/** The chat side, and search in what it holds. */
export const layer = (options: MemoryOptions = {}): Layer.Layer<DeskStore | ChatSearch> =>
  Layer.effectContext(
    Effect.sync(() => {
      const store = held(options)
      const desk = Context.make(DeskStore, DeskStore.of(make(options, store)))
      return Context.add(desk, ChatSearch, ChatSearch.of(MemoryChatSearch.make(store)))
    })
  )
