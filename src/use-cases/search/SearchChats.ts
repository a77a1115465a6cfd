import { Effect, Result } from "effect"
import type { Content, Texts } from "../../domain/account/Content.ts"
import type { AgentId, ChatId, VisitorId } from "../../domain/account/Id.ts"
import type { Instant } from "../../domain/account/Instant.ts"
import * as Chat from "../../domain/chat/Chat.ts"
import { sha256Hex } from "../../domain/chat/Commitment.ts"
import * as SearchText from "../../domain/chat/SearchText.ts"
import { beginningOf } from "../../domain/feed/ActivityEntry.ts"
import * as SearchCursor from "../../domain/feed/SearchCursor.ts"
import { ChatSearch, type ChatSearchCapabilities, type ChatSearchPage } from "../../ports/ChatSearch.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { namesOf } from "../chat/ReadTranscript.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed } from "../execution/DeskCommand.ts"

/** Which past chats: those that fit everything that is given. */
export interface PastChatsQuery {
  /** Words, all of them in one message, in any order and case; parts of words are found. No character is a wildcard. */
  readonly text?: string | null
  /** Served it, once or to the end. */
  readonly agentId?: AgentId | null
  readonly visitorId?: VisitorId | null
  /** [inclusive, exclusive), by start. */
  readonly from?: Instant | null
  readonly until?: Instant | null
  /** The `next` of the page before, of the same search; absent or `null`: from the newest. */
  readonly cursor?: string | null
  /** 1 to 100; default 25. */
  readonly limit?: number
}

/** A past chat as a list of findings shows it; the rest is in its transcript. */
export interface PastChat {
  readonly chatId: ChatId
  readonly startedAt: Instant
  readonly endedAt: Instant
  readonly outcome: ReturnType<typeof Chat.outcomeOf>
  readonly visitorId: VisitorId
  /** As the visitor typed it; `null`: none, or erased. */
  readonly visitorName: string | null
  /** First to serve first. */
  readonly servedBy: ReadonlyArray<AgentId>
  readonly agentNames: ReadonlyArray<string>
  /** The first public message, cut (H1); `null`: none, or erased. */
  readonly beginning: string | null
  readonly tags: ReadonlyArray<string>
  /** The first message that holds the words; `null` where none were asked for. */
  readonly hit: {
    readonly number: number
    readonly at: Instant
    readonly visibility: "public" | "internal"
    readonly excerpt: string
  } | null
}

/** decision: two screens; the largest keeps an answer small that is made of excerpts. */
const DEFAULT_LIMIT = 25
const LARGEST_LIMIT = 100

/**
 * Searches the past: closed chats, missed ones and offline messages included (D2, D4), newest first by start. For agents
 * (J1), who may read every chat of the account; internal notes are looked into for agents only (D8). A page may be
 * short: `next` says whether there is more. `notesSearched: false` where the adapter cannot look into notes.
 *
 * Refusals: `AccessDenied`, `CannotSearchBy`, `Blank`, `TooLong`, `BadCursor`. Cost: one search, one read of names.
 */
export const searchChats = Effect.fn("searchChats")(function* (caller: Caller, query: PastChatsQuery) {
  const store = yield* DeskStore
  const search = yield* ChatSearch
  const [agent] = yield* store.get(caller.account, [actingAgentKey(caller)])
  yield* allowed(caller, agent.value, { action: "chat.serve" })
  const { agentId = null, from = null, text = null, until = null, visitorId = null } = query
  yield* able(search.capabilities, query)
  const words = text === null ? null : yield* settled(SearchText.wordsOf(text))
  const includeNotes = caller.actor._tag === "Agent" && search.capabilities.notes
  const asked = { words, includeNotes, agentId, visitorId, from, until }
  const name = sha256Hex(JSON.stringify([caller.account, words, includeNotes, agentId, visitorId, from, until]))
  const after = query.cursor == null ? null : yield* settled(SearchCursor.decode(query.cursor, name))
  const limit = Math.min(Math.max(1, Math.trunc(query.limit ?? DEFAULT_LIMIT) || 1), LARGEST_LIMIT)
  const { found, next, texts } = yield* search.find(caller.account, { ...asked, after, limit })
  const names = yield* namesOf(store, caller, [...new Set(found.flatMap(({ chat }) => chat.servedBy))])
  return {
    chats: found.map((one) => pastChat(one, texts, names, words ?? [])),
    notesSearched: includeNotes,
    next: next === null ? null : SearchCursor.encode(next, name)
  }
})

const settled = <A, E>(result: Result.Result<A, E>): Effect.Effect<A, E> =>
  Result.isFailure(result) ? Effect.fail(result.failure) : Effect.succeed(result.success)

/** Refuses what the adapter cannot do, all at once. */
const able = (
  can: ChatSearchCapabilities,
  { agentId, from, text, until, visitorId }: PastChatsQuery
): Effect.Effect<void, SearchText.CannotSearchBy> => {
  const given = { text: text != null, agent: agentId != null, visitor: visitorId != null }
  const wanted = { ...given, period: from != null || until != null }
  const criteria = (["text", "agent", "visitor", "period"] as const).filter((one) => wanted[one] && !can[one])
  return criteria.length === 0 ? Effect.void : Effect.fail({ _tag: "CannotSearchBy", criteria })
}

const pastChat = (
  { chat, hit }: ChatSearchPage["found"][number],
  texts: Texts,
  names: ReadonlyMap<AgentId, string>,
  words: ReadonlyArray<string>
): PastChat => {
  const textOf = (content: Content | null) => (content === null ? null : (texts.get(content.ref) ?? null))
  const beginning = textOf(chat.beginning)
  return {
    chatId: chat.id,
    startedAt: chat.requestedAt,
    endedAt: chat.state._tag === "Closed" ? chat.state.at : chat.requestedAt,
    outcome: Chat.outcomeOf(chat),
    visitorId: chat.visitor.id,
    visitorName: textOf(chat.visitor.name),
    servedBy: chat.servedBy,
    agentNames: chat.servedBy.map((id) => names.get(id) ?? ""),
    beginning: beginning === null ? null : beginningOf(beginning),
    tags: chat.tags,
    hit:
      hit === null
        ? null
        : {
            number: hit.message.number,
            at: hit.message.at,
            visibility: hit.message.visibility,
            excerpt: SearchText.excerptOf(hit.text, words)
          }
  }
}
