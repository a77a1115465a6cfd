import { Effect } from "effect"
import type { ActivityEntry, RecordRef } from "leadline"
import { type Caller, type FeedQuery, readFeed } from "leadline/use-cases"
import { importer, saveUsers, user, userId } from "../crm/World.ts"
import { agentOf, hire } from "../panel/Chats.ts"

/** Agent `a1` has no CRM licence; `a2` is the user `u2`; records are `owner`'s. */
export const cast = Effect.gen(function* () {
  yield* saveUsers(user("owner"), user("u2"))
  yield* hire(agentOf("a1"), agentOf("a2", { userId: userId("u2") }))
})

/** An entry as a word: a chat's id, or an activity's type. */
export const wordOf = (entry: ActivityEntry.ActivityEntry): string =>
  entry._tag === "Chat" ? entry.id : entry.activity._tag

/** The chats of a record's feed, newest first; read by an import, which may see all. */
export const chatsIn = (record: RecordRef.RecordRef, more: Partial<FeedQuery> = {}, caller: Caller = importer) =>
  Effect.map(readFeed(caller, { record, ...more }), ({ entries }) =>
    entries.flatMap(({ _tag, id }) => (_tag === "Chat" ? [id] : []))
  )

/** A whole feed, page by page; `between` happens after each page. */
export const readAll = Effect.fnUntraced(function* <E, R>(
  caller: Caller,
  query: Omit<FeedQuery, "cursor">,
  between: Effect.Effect<unknown, E, R>
) {
  const pages: Array<Effect.Success<ReturnType<typeof readFeed>>> = []
  let cursor: string | null = null
  do {
    const page: Effect.Success<ReturnType<typeof readFeed>> = yield* readFeed(caller, { ...query, cursor })
    pages.push(page)
    cursor = page.next
    yield* between
  } while (cursor !== null)
  return pages
})
