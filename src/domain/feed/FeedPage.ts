import type { ActivityEntry, ChatEntry, RecordEntry } from "./ActivityEntry.ts"
import { order } from "./ActivityEntry.ts"
import type { FeedCursor } from "./FeedCursor.ts"

/** Whether a page shows all there is, or why not (H5). Filters, switches, rights and D4 are not truncation. */
export type Completeness =
  | { readonly _tag: "Complete" }
  | {
      readonly _tag: "Truncated"
      readonly reason: "clientLimit" | "sourceLimit" | "sourceUnavailable"
      readonly source: "chats" | "activities"
      /** Chats shown so far, over the chain of pages; activities are not counted: `null`. */
      readonly shown: number | null
      /** `null` where nothing but the source's failure limits it. */
      readonly limit: number | null
    }

/** How much a kind of client shows. */
export interface ClientProfile {
  /** Most chats over a chain of pages (H5); `null`: all. */
  readonly chatLimit: number | null
}

export const profiles = {
  full: { chatLimit: null },
  /** decision: what a phone scrolls through. */
  mobile: { chatLimit: 50 }
} as const satisfies Record<string, ClientProfile>

/** What a source gave: rows newest first after the cursor, one more than the page if it has them; or nothing. */
export type SourcePage<Entry> =
  | {
      readonly _tag: "Rows"
      readonly rows: ReadonlyArray<Entry>
      /** The source itself shows no more than this, and has more behind the last row it gives. */
      readonly limitReached: number | null
    }
  | { readonly _tag: "Unavailable" }

export interface FeedPage {
  readonly entries: ReadonlyArray<ActivityEntry>
  /** `null`: that was all. */
  readonly next: FeedCursor | null
  readonly completeness: Completeness
}

/** What a page is made of. */
export interface PageRequest {
  readonly chats: SourcePage<ChatEntry>
  readonly activities: SourcePage<RecordEntry>
  readonly pageSize: number
  readonly profile: ClientProfile
  /** The cursor that the page starts after; `null`: the first page. */
  readonly from: FeedCursor | null
}

/**
 * Merges two sources into one page (H4, H5). Each source's rows are newest first and strictly after the cursor, at
 * most one more than the page size; so whatever is added meanwhile, a chain of pages holds exactly once each entry
 * that was there when its first page was read.
 *
 * If several limits bite, the page names the one that hides most surely: an unavailable source (this page's or an
 * earlier one's, which left a hole), then the client's limit, then a source's own, chats before activities. A source
 * that fails holds up nothing: the chain goes on with the other, and the page can be read again from the same cursor.
 */
export const assemble = (request: PageRequest): FeedPage => {
  const { activities, chats, from, pageSize, profile } = request
  const shownBefore = from?.chatsShown ?? 0
  const room = profile.chatLimit === null ? Number.POSITIVE_INFINITY : Math.max(0, profile.chatLimit - shownBefore)
  const chatRows = rowsOf(chats)
  const merged = mergeRows(chatRows.slice(0, room), rowsOf(activities))
  const entries = merged.slice(0, pageSize)
  const chatsShown = shownBefore + entries.filter(({ _tag }) => _tag === "Chat").length
  const next = merged.length > pageSize ? entries.at(-1) : undefined
  // A limit bites from the page on whose stretch of time something was withheld; the last page's has no end.
  const reaches = (row: ActivityEntry) => next === undefined || order(row, next) <= 0
  const withheld = chatRows[room]
  const clientLimited = from?.clientLimited === true || (withheld !== undefined && reaches(withheld))
  const sourceLimit = from?.sourceLimit ?? sourceLimitOf(request, reaches)
  const unavailable = unavailableOf(request) ?? from?.unavailable ?? null
  const bitten = { chatsShown, clientLimited, sourceLimit, unavailable }
  return {
    entries,
    next: next === undefined ? null : { at: next.at, id: next.id, after: next._tag, ...bitten },
    completeness: completenessOf(profile, bitten)
  }
}

const rowsOf = <Entry>(page: SourcePage<Entry>): ReadonlyArray<Entry> => (page._tag === "Rows" ? page.rows : [])

const mergeRows = (a: ReadonlyArray<ActivityEntry>, b: ReadonlyArray<ActivityEntry>): ReadonlyArray<ActivityEntry> => {
  const merged: Array<ActivityEntry> = []
  let [i, j] = [0, 0]
  for (;;) {
    const [left, right] = [a[i], b[j]]
    if (left === undefined) return [...merged, ...b.slice(j)]
    if (right === undefined) return [...merged, ...a.slice(i)]
    if (order(left, right) < 0) [i] = [i + 1, merged.push(left)]
    else [j] = [j + 1, merged.push(right)]
  }
}

/** A source's own limit hides what lies behind its last row: it bites once the page reaches that far. */
const sourceLimitOf = (
  { activities, chats }: PageRequest,
  reaches: (row: ActivityEntry) => boolean
): FeedCursor["sourceLimit"] => {
  for (const [source, page] of [["chats", chats] as const, ["activities", activities] as const]) {
    if (page._tag === "Unavailable" || page.limitReached === null) continue
    const end = page.rows.at(-1)
    if (end === undefined || reaches(end)) return { source, limit: page.limitReached }
  }
  return null
}

/** Once the client's limit has bitten, chats that cannot be read would not have been shown either. */
const unavailableOf = ({ activities, chats, from }: PageRequest): FeedCursor["unavailable"] => {
  if (chats._tag === "Unavailable" && from?.clientLimited !== true) return "chats"
  return activities._tag === "Unavailable" ? "activities" : null
}

const completenessOf = (
  { chatLimit }: ClientProfile,
  { chatsShown, clientLimited, sourceLimit, unavailable }: Omit<FeedCursor, "at" | "id" | "after">
): Completeness => {
  const shown = (source: "chats" | "activities") => (source === "chats" ? chatsShown : null)
  if (unavailable !== null) {
    const source = unavailable
    return { _tag: "Truncated", reason: "sourceUnavailable", source, shown: shown(source), limit: null }
  }
  if (clientLimited) {
    return { _tag: "Truncated", reason: "clientLimit", source: "chats", shown: chatsShown, limit: chatLimit }
  }
  if (sourceLimit === null) return { _tag: "Complete" }
  const { limit, source } = sourceLimit
  return { _tag: "Truncated", reason: "sourceLimit", source, shown: shown(source), limit }
}
