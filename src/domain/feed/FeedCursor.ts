import { Result, Schema } from "effect"
import { Instant } from "../account/Instant.ts"

/** A cursor of another feed, filter or search, or no cursor at all. */
export const BadCursor = Schema.TaggedStruct("BadCursor", {
  reason: Schema.Literals(["unreadable", "otherFeed", "otherSearch"])
})
export type BadCursor = typeof BadCursor.Type

/**
 * Where the next page of a feed starts: strictly after this entry (H4). Also what must not be forgotten between pages:
 * how many chats were shown, and whether a limit has bitten (H5).
 */
export const FeedCursor = Schema.Struct({
  at: Instant,
  /** As ids are: nothing that a store could stumble over. */
  id: Schema.String.check(Schema.isPattern(/^[^\s\p{C}]{1,128}$/u)),
  /** The kind of the last entry shown. */
  after: Schema.Literals(["Chat", "Activity"]),
  chatsShown: Schema.Int,
  /** The client's limit has bitten. */
  clientLimited: Schema.Boolean,
  /** A source's own limit has bitten: what it was. */
  sourceLimit: Schema.NullOr(Schema.Struct({ source: Schema.Literals(["chats", "activities"]), limit: Schema.Int })),
  /** A source that could not be read for an earlier page: the chain has a hole. */
  unavailable: Schema.NullOr(Schema.Literals(["chats", "activities"]))
})
export type FeedCursor = typeof FeedCursor.Type

const Stored = Schema.StringFromBase64Url.pipe(
  Schema.decodeTo(Schema.fromJsonString(Schema.Struct({ scope: Schema.String, cursor: FeedCursor })))
)
const decodeStored = Schema.decodeUnknownResult(Stored)
const encodeStored = Schema.encodeSync(Stored)

/** An opaque text. `scope` names the feed and its filter. */
export const encode = (cursor: FeedCursor, scope: string): string => encodeStored({ scope, cursor })

/** Reads a cursor back; one of another scope is refused. Never throws. */
export const decode = (text: string, scope: string): Result.Result<FeedCursor, BadCursor> => {
  const stored = decodeStored(text)
  if (Result.isFailure(stored)) return Result.fail({ _tag: "BadCursor", reason: "unreadable" })
  return stored.success.scope === scope
    ? Result.succeed(stored.success.cursor)
    : Result.fail({ _tag: "BadCursor", reason: "otherFeed" })
}
