import { Result, Schema } from "effect"
import { Instant } from "../account/Instant.ts"
import type { BadCursor } from "./FeedCursor.ts"

/** Where the next page of a search starts: strictly after this chat, newest first by start, then id. */
export const SearchCursor = Schema.Struct({
  at: Instant,
  /** As ids are: nothing that a store could stumble over. */
  id: Schema.String.check(Schema.isPattern(/^[^\s\p{C}]{1,128}$/u))
})
export type SearchCursor = typeof SearchCursor.Type

const Stored = Schema.StringFromBase64Url.pipe(
  Schema.decodeTo(Schema.fromJsonString(Schema.Struct({ search: Schema.String, cursor: SearchCursor })))
)
const decodeStored = Schema.decodeUnknownResult(Stored)
const encodeStored = Schema.encodeSync(Stored)

/** An opaque text. `search` names what was asked, without saying it: cursors travel and are logged. */
export const encode = (cursor: SearchCursor, search: string): string => encodeStored({ search, cursor })

/** Reads a cursor back; one of another search is refused. Never throws. */
export const decode = (text: string, search: string): Result.Result<SearchCursor, BadCursor> => {
  const stored = decodeStored(text)
  if (Result.isFailure(stored)) return Result.fail({ _tag: "BadCursor", reason: "unreadable" })
  return stored.success.search === search
    ? Result.succeed(stored.success.cursor)
    : Result.fail({ _tag: "BadCursor", reason: "otherSearch" })
}
