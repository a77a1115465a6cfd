/**
 * The history on a record's card: entries, filters, cursors.
 *
 * @module
 */
import fc from "fast-check"
import * as Instant from "../../domain/account/Instant.ts"
import * as ActivityEntry from "../../domain/feed/ActivityEntry.ts"
import * as ActivityFilter from "../../domain/feed/ActivityFilter.ts"
import * as FeedCursor from "../../domain/feed/FeedCursor.ts"
import * as SearchCursor from "../../domain/feed/SearchCursor.ts"
import * as Account from "./Account.ts"
import { deriving, type Known, structDeriving } from "./Derived.ts"
import * as Identity from "./Identity.ts"
import * as Record from "./Record.ts"

/** Ids of chats and activities alike. */
const id: fc.Arbitrary<string> = Account.chatId
const nullable = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: null })
const struct = structDeriving(Record.known)

/** A chat's entry: as many names as agents, an end after its start, served by somebody exactly if `served` (D4, H1). */
export const chatEntry: fc.Arbitrary<ActivityEntry.ChatEntry> = fc
  .tuple(
    struct(ActivityEntry.ChatEntry, {
      servedBy: fc.uniqueArray(Account.agentId, { maxLength: 3 }),
      recordName: Identity.name,
      tags: fc.uniqueArray(fc.constantFrom("vip", "follow-up", "größe_2"), { maxLength: 3 }),
      chatUrl: nullable(Identity.url)
    }),
    fc.array(Identity.name, { minLength: 3, maxLength: 3 }),
    fc.nat({ max: 3_600_000 })
  )
  .map(([drawn, names, length]) => ({
    ...drawn,
    endedAt: Instant.plusMillis(drawn.at, length),
    outcome: drawn.servedBy.length > 0 ? "served" : drawn.outcome === "offlineMessage" ? "offlineMessage" : "missed",
    agentNames: names.slice(0, drawn.servedBy.length),
    beginning: typeof drawn.beginning === "string" ? ActivityEntry.beginningOf(drawn.beginning) : drawn.beginning
  }))

/** Another entry: its id and time are those of its activity. */
export const recordEntry: fc.Arbitrary<ActivityEntry.RecordEntry> = fc
  .tuple(Record.activity, nullable(Identity.name))
  .map(([activity, byName]) => ({ _tag: "Activity", id: activity.id, at: activity.at, activity, byName }))

export const activityEntry: fc.Arbitrary<ActivityEntry.ActivityEntry> = fc.oneof(
  { withCrossShrink: true },
  chatEntry,
  recordEntry
)

/** Entries of one feed, newest first, none twice (H4). Shrinks to an empty feed. */
export const feed: fc.Arbitrary<ReadonlyArray<ActivityEntry.ActivityEntry>> = fc
  .uniqueArray(activityEntry, { maxLength: 8, selector: ({ _tag, id }) => `${_tag}/${id}` })
  .map((entries) => entries.toSorted(ActivityEntry.order))

export const by = deriving(Record.known)(ActivityFilter.By)

/** A filter whose period does not end before it begins (H3). Shrinks to types alone. */
export const activityFilter: fc.Arbitrary<ActivityFilter.ActivityFilter> = fc
  .tuple(
    struct(ActivityFilter.ActivityFilter, { types: nullable(fc.uniqueArray(Record.activityType, { maxLength: 4 })) }),
    fc.nat({ max: 31_536_000_000 })
  )
  .map(([drawn, length]) =>
    drawn.from === null || drawn.until === null ? drawn : { ...drawn, until: Instant.plusMillis(drawn.from, length) }
  )

export const feedCursor = struct(FeedCursor.FeedCursor, { id, chatsShown: fc.nat({ max: 50 }) })
export const searchCursor = struct(SearchCursor.SearchCursor, { id })

/** What stands for the schemas of this feature wherever they occur in others. */
export const known: Known = [
  [ActivityEntry.ChatEntry, chatEntry],
  [ActivityEntry.RecordEntry, recordEntry],
  [ActivityEntry.ActivityEntry, activityEntry],
  [ActivityFilter.ActivityFilter, activityFilter],
  [FeedCursor.FeedCursor, feedCursor],
  [SearchCursor.SearchCursor, searchCursor],
  ...Record.known
]
export const badCursor = deriving(known)(FeedCursor.BadCursor)
