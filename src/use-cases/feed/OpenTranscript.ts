import { Effect } from "effect"
import type * as RecordRef from "../../domain/record/RecordRef.ts"
import * as Settings from "../../domain/settings/Settings.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { conversationOf, type TranscriptQuery } from "../chat/ReadTranscript.ts"
import type { Caller } from "../execution/Caller.ts"
import { chatKey } from "../execution/DeskCommand.ts"
import { openFeed } from "./ReadFeed.ts"

/** Which chat, from which record's feed. */
export interface FeedTranscriptQuery extends TranscriptQuery {
  readonly record: RecordRef.RecordRef
}

/**
 * The public transcript of a chat in a record's feed (H1): who may read the record reads it, whatever Chat's own access
 * says (J1). With its times, and the way back to the chat in Chat. Refusals: `ChatNotFound` (also for a chat of another
 * feed, or one that is still open), `RecordNotFound`, `RecordHidden`, `AccessDenied`.
 */
export const openTranscript = Effect.fn("openTranscript")(function* (caller: Caller, query: FeedTranscriptQuery) {
  const { scope, settings } = yield* openFeed(caller, query.record)
  const store = yield* DeskStore
  const { reads, texts } = yield* store.getWithTexts(caller.account, [chatKey(query.chatId)])
  const chat = reads[0].value
  const key = chat?.visitor.emailKey ?? null
  const isInFeed = scope.chatIds.includes(query.chatId) || (key !== null && scope.keys.includes(key))
  if (chat === null || chat.state._tag !== "Closed" || !isInFeed || !settings.pastChatsInFeed) {
    return yield* Effect.fail({ _tag: "ChatNotFound" as const, chatId: query.chatId })
  }
  const conversation = yield* conversationOf(store, caller, chat, texts, query)
  return { ...conversation, recordName: scope.name, chatUrl: Settings.urlFor(settings.chatUrl, chat.id) }
})
