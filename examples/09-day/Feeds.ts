import { Effect } from "effect"
import { Chat } from "leadline"
import { readFeed } from "leadline/use-cases"
import { KNOWN_VISITORS, leadRef, setup } from "./Company.ts"
import type { Observer } from "./Invariants.ts"

/** Every closed chat of a known visitor is in their lead's feed, once; and nothing else is (H8, A7). */
export const checkFeeds = Effect.fnUntraced(function* (observer: Observer) {
  const expected = new Map<string, Array<string>>()
  for (const chat of observer.chats.values()) {
    if (!Chat.isClosed(chat)) continue
    expected.set(chat.visitor.id, [...(expected.get(chat.visitor.id) ?? []), chat.id])
  }
  const filter = { types: null, by: null, from: null, until: null, includeMissed: true, includeOfflineMessages: true }
  for (let visitor = 0; visitor < KNOWN_VISITORS; visitor++) {
    const { entries } = yield* readFeed(setup, { record: leadRef(visitor), filter, pageSize: 200 })
    const shown = entries.flatMap((entry) => (entry._tag === "Chat" ? [entry.id as string] : [])).sort()
    const ought = (expected.get(`visitor-${visitor}`) ?? []).sort()
    if (shown.join() !== ought.join())
      observer.breach("feeds", `visitor-${visitor}: ${shown.length} of ${ought.length}`)
  }
})
