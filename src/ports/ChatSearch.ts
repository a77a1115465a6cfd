import { Context, type Effect } from "effect"
import type { Texts } from "../domain/account/Content.ts"
import type { AccountId, AgentId, VisitorId } from "../domain/account/Id.ts"
import type { Instant } from "../domain/account/Instant.ts"
import type { Chat } from "../domain/chat/Chat.ts"
import type { Hit } from "../domain/chat/SearchText.ts"
import type { OlderThan } from "./DeskStore.ts"
import type { StoreError } from "./StoreError.ts"

/** What an adapter can search by. What it cannot is refused before it is asked (`CannotSearchBy`). */
export interface ChatSearchCapabilities {
  readonly text: boolean
  /** Text is looked for in internal notes, too, where they are asked for. */
  readonly notes: boolean
  readonly agent: boolean
  readonly visitor: boolean
  readonly period: boolean
  /** How long after its close a chat may be missing; 0: it is found at once. Never true of what was erased (J4). */
  readonly stalenessMillis: number
}

/** Which closed chats are wanted: those that fit everything that is not `null`. */
export interface ChatSearchQuery {
  /** Folded words (`SearchText.wordsOf`), all in one message; never patterns. `null`: whatever was said. */
  readonly words: ReadonlyArray<string> | null
  /** Whether internal notes count: for agents only (D8). */
  readonly includeNotes: boolean
  /** Who served the chat, once or to the end. */
  readonly agentId: AgentId | null
  readonly visitorId: VisitorId | null
  /** [inclusive, exclusive), by start. */
  readonly from: Instant | null
  readonly until: Instant | null
  /** `null`: from the newest. */
  readonly after: OlderThan | null
  /** At least 1. */
  readonly limit: number
}

export interface ChatSearchPage {
  readonly found: ReadonlyArray<{
    readonly chat: Chat
    /** The first message that holds all words; `null` where none were asked for. */
    readonly hit: Hit | null
  }>
  /** The texts that these chats refer to, but erased ones. */
  readonly texts: Texts
  /** Where to read on; `null`: that was all. A page may be short, even empty, and still not be the last. */
  readonly next: OlderThan | null
}

/**
 * Search in past chats: closed ones, offline messages and missed ones included (D2, D4). An adapter of its own, because
 * not every database can look into texts; a host without one provides none, and nothing else misses it.
 *
 * Fails only with `StoreError`. Two accounts never see each other (J2: law `chatSearch.find.account`).
 */
export interface ChatSearchShape {
  readonly capabilities: ChatSearchCapabilities

  /**
   * A page of the closed chats that fit, newest first by (start, id), ids compared as strings by code unit.
   *
   * - A chat is there once, from its close on, as it is now; open chats are not: `chatSearch.find.closed`.
   * - A chain of pages holds each fitting chat once, also when pages are short: `chatSearch.find.pages`.
   * - Every criterion that is given holds: `chatSearch.find.criteria`.
   * - A message fits when it holds every word, in any order, as part of it, folded by `SearchText.fold`; words spread
   *   over several messages do not: `chatSearch.find.words`.
   * - No character of a word has a meaning of its own: no wildcard, operator, escape: `chatSearch.find.literal`.
   * - Internal notes count only where asked for, and are then a hit: `chatSearch.find.notes`; without the capability
   *   never: `chatSearch.find.noNotes`.
   * - What was erased is not found, from the end of `DeskStore.erase` on (J4): `chatSearch.find.erased`.
   * - Nobody or nothing of that name: an empty last page: `chatSearch.find.nobody`.
   */
  readonly find: (account: AccountId, query: ChatSearchQuery) => Effect.Effect<ChatSearchPage, StoreError>
}

/** Port: see {@link ChatSearchShape}. */
export class ChatSearch extends Context.Service<ChatSearch, ChatSearchShape>()("leadline/ChatSearch") {}
