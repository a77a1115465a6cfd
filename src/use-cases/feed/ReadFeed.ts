import { Effect, Result } from "effect"
import { viewAs } from "../../domain/account/Access.ts"
import type { ChatEntry, RecordEntry } from "../../domain/feed/ActivityEntry.ts"
import * as ActivityFilter from "../../domain/feed/ActivityFilter.ts"
import * as FeedCursor from "../../domain/feed/FeedCursor.ts"
import * as FeedPage from "../../domain/feed/FeedPage.ts"
import * as RecordRef from "../../domain/record/RecordRef.ts"
import { Crm, type FeedScope, type Viewer } from "../../ports/Crm.ts"
import type { OlderThan } from "../../ports/DeskStore.ts"
import { StoreError } from "../../ports/StoreError.ts"
import type { Caller } from "../execution/Caller.ts"
import { currentSettings, rightsOf } from "../execution/Rights.ts"
import { noCrmAccess } from "../panel/PanelFacts.ts"
import { readActivities, readChats } from "./FeedSources.ts"
import { peopleOf } from "./People.ts"

/** Which page of which feed. */
export interface FeedQuery {
  readonly record: RecordRef.RecordRef
  /** Default: everything but missed chats and offline messages (D4). */
  readonly filter?: ActivityFilter.ActivityFilter
  /** The `next` of the page before; it fits the same record and filter only. */
  readonly cursor?: string | null
  /** 1 to 200; default 50. */
  readonly pageSize?: number
  /** How much this kind of client shows (H5); default: all. */
  readonly profile?: keyof typeof FeedPage.profiles
}

/** decision: two screens of entries; the largest page a store is asked for. */
const DEFAULT_PAGE_SIZE = 50
const LARGEST_PAGE_SIZE = 200

/**
 * A page of a record's activity feed, newest first: its chats and everything else that happened to it (H1–H5). Says
 * whether it is complete, or why not. Reads only: a chat is in every matching feed from its close on (H8), and for as
 * long as its closing key is among the record's (A7).
 *
 * Refusals: `BadCursor`, `RecordNotFound`, `RecordHidden`, `AccessDenied`. Cost: the record's scope, one page of chats,
 * one of activities, the agents' names; independent of the length of the feed.
 */
export const readFeed = Effect.fn("readFeed")(function* (caller: Caller, query: FeedQuery) {
  const filter = query.filter ?? ActivityFilter.all
  const scopeKey = `${caller.account}|${RecordRef.toKey(query.record)}|${ActivityFilter.toKey(filter)}|${query.profile ?? "full"}`
  const from = query.cursor == null ? Result.succeed(null) : FeedCursor.decode(query.cursor, scopeKey)
  if (Result.isFailure(from)) return yield* Effect.fail(from.failure)
  const { scope, settings, viewer } = yield* openFeed(caller, query.record)
  const people = yield* peopleOf(caller, filter.by)
  const pageSize = Math.min(Math.max(1, Math.trunc(query.pageSize ?? DEFAULT_PAGE_SIZE)), LARGEST_PAGE_SIZE)
  const request = { caller, scope, settings, filter, people, limit: pageSize + 1 }
  const [chats, activities] = yield* Effect.all([
    settings.pastChatsInFeed && ActivityFilter.wants(filter, "Chat")
      ? available(readChats(request, positionIn("Chat", from.success)))
      : Effect.succeed<FeedPage.SourcePage<ChatEntry>>({ _tag: "Rows", rows: [], limitReached: null }),
    ActivityFilter.wantsActivities(filter)
      ? available(readActivities(request, viewer, positionIn("Activity", from.success)))
      : Effect.succeed<FeedPage.SourcePage<RecordEntry>>({ _tag: "Rows", rows: [], limitReached: null })
  ] as const)
  const page = FeedPage.assemble({
    chats,
    activities,
    pageSize,
    profile: FeedPage.profiles[query.profile ?? "full"],
    from: from.success
  })
  return { ...page, next: page.next === null ? null : FeedCursor.encode(page.next, scopeKey) }
})

/** Whose feed, and with whose eyes: the one check for feeds and for their transcripts (J1). */
export const openFeed = Effect.fnUntraced(function* (caller: Caller, record: RecordRef.RecordRef) {
  const { settings, viewer } = yield* viewing(caller)
  const crm = yield* Crm
  const scope: FeedScope = yield* crm.feedScope(caller.account, viewer, record)
  return { scope, settings, viewer }
})

/** With whose eyes the caller reads records (E2, J1). */
export const viewing = Effect.fnUntraced(function* (caller: Caller) {
  const settings = yield* currentSettings(caller)
  const rights = yield* rightsOf(caller)
  const view = viewAs(rights, settings)
  if (view === "nobody" || (view === "user" && rights.user === null)) return yield* Effect.fail(noCrmAccess(caller))
  const viewer: Viewer =
    view === "user" && rights.user !== null ? { _tag: "User", userId: rights.user.id } : { _tag: "All" }
  return { settings, viewer }
})

/**
 * Where a source reads on. Of two entries at one instant with one id the chat comes first, so after a chat the
 * activity of the same id is still to come: the suffix is above the id and below every other.
 */
const positionIn = (source: "Chat" | "Activity", cursor: FeedCursor.FeedCursor | null): OlderThan | null => {
  if (cursor === null) return null
  const isStillToCome = source === "Activity" && cursor.after === "Chat"
  return { at: cursor.at, id: isStillToCome ? `${cursor.id}\u0001` : cursor.id }
}

/** A source that fails for a while hides only its own entries, and the page says so (H5). */
const available = <Entry, E, R>(
  read: Effect.Effect<FeedPage.SourcePage<Entry>, E | StoreError, R>
): Effect.Effect<FeedPage.SourcePage<Entry>, E | StoreError, R> =>
  Effect.catchIf(
    read,
    (error): error is E & StoreError => error instanceof StoreError && error.isRetryable,
    () => Effect.succeed<FeedPage.SourcePage<Entry>>({ _tag: "Unavailable" })
  )
