import { Result } from "effect"
import fc from "fast-check"
import { ActivityEntry, Actor, FeedCursor, FeedPage, Id, Instant, RecordRef } from "leadline"

export type Entry = ActivityEntry.ActivityEntry
export type Source = "chats" | "activities"

/** What happens before and while a page is read. */
export interface Reading {
  readonly pageSize: number
  readonly added: ReadonlyArray<Entry>
  readonly down: ReadonlyArray<Source>
}

export interface World {
  readonly entries: ReadonlyArray<Entry>
  /** The n-th page is read by the n-th reading; later ones by the last, with nothing added and nothing down. */
  readonly readings: ReadonlyArray<Reading>
  readonly chatLimit?: number | null
  /** How many of its newest entries a source shows. */
  readonly sourceLimits?: Partial<Record<Source, number>>
}

export const chatAt = (at: number, id: string): ActivityEntry.ChatEntry => ({
  _tag: "Chat",
  id: Id.ChatId.make(id),
  at: Instant.fromMillis(at),
  endedAt: Instant.fromMillis(at + 1),
  outcome: "served",
  servedBy: [],
  agentNames: [],
  recordName: "Ann",
  visitorName: null,
  beginning: null,
  rating: null,
  comment: null,
  tags: [],
  chatUrl: null
})

export const activityAt = (at: number, id: string): ActivityEntry.RecordEntry => {
  const activityId = Id.ActivityId.make(id)
  const record = { kind: "lead", id: RecordRef.RecordId.make("l1") } as const
  const instant = Instant.fromMillis(at)
  const activity = { _tag: "Call", id: activityId, record, at: instant, by: Actor.system, text: "" } as const
  return { _tag: "Activity", id, at: instant, activity, byName: null }
}

export const nameOf = ({ _tag, id }: ActivityEntry.Placed): string => `${_tag} ${id}`
export const isChat = (entry: Entry): entry is ActivityEntry.ChatEntry => entry._tag === "Chat"
export const isActivity = (entry: Entry): entry is ActivityEntry.RecordEntry => entry._tag === "Activity"
export const sorted = <E extends Entry>(entries: ReadonlyArray<E>): ReadonlyArray<E> =>
  [...entries].sort(ActivityEntry.order)
export const rowsOf = (source: Source, entries: ReadonlyArray<Entry>): ReadonlyArray<Entry> =>
  sorted(entries.filter(source === "chats" ? isChat : isActivity))

/** A source: a keyset read of what is there now, and of no more than it shows. */
const read = <E extends Entry>(
  there: ReadonlyArray<E>,
  from: FeedCursor.FeedCursor | null,
  pageSize: number,
  limit: number | null
): FeedPage.SourcePage<E> => {
  const shown = sorted(there).slice(0, limit ?? there.length)
  const after = from === null ? null : { _tag: from.after, at: from.at, id: from.id }
  const rows = shown.filter((row) => after === null || ActivityEntry.order(after, row) < 0).slice(0, pageSize + 1)
  return { _tag: "Rows", rows, limitReached: limit !== null && there.length > limit ? limit : null }
}

/** Reads a feed to its end, every cursor as the text that a client holds. */
export const chainOf = (world: World): ReadonlyArray<FeedPage.FeedPage> => {
  const pages: Array<FeedPage.FeedPage> = []
  const { chats: chatsShown = null, activities: activitiesShown = null } = world.sourceLimits ?? {}
  let there = world.entries
  let from: FeedCursor.FeedCursor | null = null
  do {
    const reading = world.readings[pages.length]
    const pageSize = (reading ?? world.readings.at(-1))?.pageSize ?? 1
    const down = reading?.down ?? []
    if (pages.length > 0) there = [...there, ...(reading?.added ?? [])]
    const page: FeedPage.FeedPage = FeedPage.assemble({
      chats: down.includes("chats") ? { _tag: "Unavailable" } : read(there.filter(isChat), from, pageSize, chatsShown),
      activities: down.includes("activities")
        ? { _tag: "Unavailable" }
        : read(there.filter(isActivity), from, pageSize, activitiesShown),
      pageSize,
      profile: { chatLimit: world.chatLimit ?? null },
      from
    })
    pages.push(page)
    from = page.next && Result.getOrThrow(FeedCursor.decode(FeedCursor.encode(page.next, "feed"), "feed"))
  } while (from !== null && pages.length < 200)
  return pages
}

export const entriesOf = (pages: ReadonlyArray<FeedPage.FeedPage>): ReadonlyArray<Entry> =>
  pages.flatMap(({ entries }) => entries)

/** Whether anything as old as `row`, or older, belongs on a page: on the last one everything does. */
export const reaches = ({ entries, next }: FeedPage.FeedPage, row: Entry): boolean => {
  const last = entries.at(-1)
  return next === null || (last !== undefined && ActivityEntry.order(row, last) <= 0)
}

/** Few instants and ids, so that entries of both sources meet in one instant, and in one instant with one id. */
const entry: fc.Arbitrary<Entry> = fc
  .tuple(fc.boolean(), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 25 }))
  .map(([isOfChat, at, id]) => (isOfChat ? chatAt(at, `${id}`) : activityAt(at, `${id}`)))
const distinct = fc.uniqueArray(entry, { selector: nameOf, maxLength: 40, size: "max" })
const pageSize = fc.integer({ min: 1, max: 7 })

/** Nothing changes while it is read. */
export const still: fc.Arbitrary<World> = fc.record({
  entries: distinct,
  readings: fc.array(
    pageSize.map((size) => ({ pageSize: size, added: [], down: [] })),
    { minLength: 1, maxLength: 12 }
  )
})

/** Entries come in at any start while it is read. */
export const growing: fc.Arbitrary<World> = distinct.chain((all) =>
  fc
    .tuple(
      fc.nat({ max: all.length }),
      fc.array(fc.tuple(pageSize, fc.nat({ max: 4 })), { minLength: 1, maxLength: 12 })
    )
    .map(([count, steps]) => {
      let from = count
      const readings = steps.map(([size, n]) => {
        from += n
        return { pageSize: size, added: all.slice(from - n, from), down: [] }
      })
      return { entries: all.slice(0, count), readings }
    })
)
