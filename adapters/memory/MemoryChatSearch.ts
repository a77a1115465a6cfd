import { type Chat, SearchText, type Transcript } from "leadline"
import type { ChatSearchPage, ChatSearchQuery, ChatSearchShape, DeskPayload, DeskRecords } from "leadline/ports"
import type { Index, MemoryAccount } from "./MemoryAccount.ts"
import type { MemoryRecordStore } from "./MemoryRecordStore.ts"
import { type Dated, newestFirst, SortedList } from "./SortedList.ts"

/**
 * Messages that one page reads at most, give or take a chat. decision: a few milliseconds, after which others may run; the
 * next page goes on from there.
 */
export const MESSAGES_PER_PAGE = 20_000

/** A chat at its place among the closed ones. */
interface Past extends Dated {
  readonly chat: Chat.Chat
}

/** The closed chats: all of them, and each visitor's and agent's. */
export class PastChats {
  private readonly all = new SortedList<Past, Dated>(newestFirst)
  private readonly of = new Map<string, SortedList<Past, Dated>>()

  add(chat: Chat.Chat): void {
    if (chat.state._tag !== "Closed") return
    for (const list of [this.all, ...namesIn(chat).map((name) => this.listOf(name))]) list.add(placed(chat))
  }

  drop(chat: Chat.Chat): void {
    if (chat.state._tag !== "Closed") return
    for (const list of [this.all, ...namesIn(chat).map((name) => this.listOf(name))]) list.remove(placed(chat))
  }

  /** The visitor's chats, else the agent's, else all, from where the query starts: before `until`, or at `after`. */
  candidates({ after, agentId, until, visitorId }: ChatSearchQuery): Iterable<Past> {
    const list =
      visitorId !== null
        ? this.of.get(`visitor/${visitorId}`)
        : agentId !== null
          ? this.of.get(`agent/${agentId}`)
          : this.all
    // every id is above this one, so what starts at `until` comes before it, as what starts later does
    const latest = until === null ? null : { at: until, id: "" }
    return list?.from(after !== null && (latest === null || newestFirst(latest, after)) ? after : latest) ?? []
  }

  private listOf(name: string): SortedList<Past, Dated> {
    const list = this.of.get(name) ?? new SortedList<Past, Dated>(newestFirst)
    this.of.set(name, list)
    return list
  }
}

const placed = (chat: Chat.Chat): Past => ({ at: chat.requestedAt, id: chat.id, chat })

const namesIn = (chat: Chat.Chat): ReadonlyArray<string> => [
  `visitor/${chat.visitor.id}`,
  ...new Set(chat.servedBy.map((id) => `agent/${id}`))
]

/** What an index must hold to be searched. */
interface Searchable extends Index<DeskRecords> {
  readonly past: PastChats
  readonly transcripts: ReadonlyMap<string, ReadonlyArray<Transcript.Message>>
}

const hitIn = <Extra extends Searchable>(
  held: MemoryAccount<DeskRecords, DeskPayload, Extra>,
  chat: Chat.Chat,
  words: ReadonlyArray<string>,
  includeNotes: boolean
): SearchText.Hit | null => {
  for (const message of held.index.transcripts.get(`chat/${chat.id}`) ?? []) {
    if (message.visibility === "internal" && !includeNotes) continue
    const text = held.textsOf([message.content.ref]).get(message.content.ref)
    if (text !== undefined && SearchText.holds(text, words)) return { message, text }
  }
  return null
}

const find = <Extra extends Searchable>(
  held: MemoryAccount<DeskRecords, DeskPayload, Extra>,
  query: ChatSearchQuery
): ChatSearchPage => {
  const found: Array<ChatSearchPage["found"][number]> = []
  const page = (next: ChatSearchPage["next"]): ChatSearchPage => ({
    found,
    texts: held.textsOf(found.flatMap(({ chat: { id } }) => held.contentsOf({ kind: "chat", id }))),
    next
  })
  let last: Chat.Chat | null = null
  let messages = 0
  for (const { chat } of held.index.past.candidates(query)) {
    if (query.after !== null && !newestFirst(query.after, placed(chat))) continue
    if (query.from !== null && chat.requestedAt < query.from) return page(null)
    if (last !== null && (found.length >= query.limit || messages >= MESSAGES_PER_PAGE))
      return page({ at: last.requestedAt, id: last.id })
    last = chat
    if (query.agentId !== null && !chat.servedBy.includes(query.agentId)) continue
    if (query.words !== null) messages += chat.messages.total
    const hit = query.words === null ? null : hitIn(held, chat, query.words, query.includeNotes)
    if (query.words === null || hit !== null) found.push({ chat, hit })
  }
  return page(null)
}

/**
 * Search over the chats that a desk store in memory holds: no index of words, so that erasing a text leaves no word of
 * it behind (J4). Cost: the chats of the visitor, else of the agent, else of the period, newest first, until the page is
 * full; with words, their messages too, about {@link MESSAGES_PER_PAGE} at most.
 */
export const make = <Extra extends Searchable>(
  store: MemoryRecordStore<DeskRecords, DeskPayload, Extra>
): ChatSearchShape => ({
  capabilities: { text: true, notes: true, agent: true, visitor: true, period: true, stalenessMillis: 0 },
  find: (account, query) => store.step(account, (held) => find(held, query))
})
