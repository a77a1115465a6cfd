import { Order, Schema } from "effect"
import { Readable } from "../account/Content.ts"
import { AgentId, ChatId } from "../account/Id.ts"
import { Instant } from "../account/Instant.ts"
import { Rating } from "../chat/Chat.ts"
import { Activity } from "../record/Activity.ts"

/** Longest beginning of a chat that a feed shows, in characters (code points). Source: H1. */
export const BEGINNING_LENGTH = 280

/** A chat in the activity feed of a record (H1). One entry per chat, from its close on (H7). */
export const ChatEntry = Schema.TaggedStruct("Chat", {
  id: ChatId,
  /** Its start: what feeds are ordered by (H4). */
  at: Instant,
  endedAt: Instant,
  outcome: Schema.Literals(["served", "missed", "offlineMessage"]),
  /** First to serve first. */
  servedBy: Schema.Array(AgentId),
  agentNames: Schema.Array(Schema.String),
  /** The name on the record's card. */
  recordName: Schema.String,
  /** The name the visitor typed; `null`: none. */
  visitorName: Schema.NullOr(Readable),
  /** The first public message, cut (H1); `null`: none. */
  beginning: Schema.NullOr(Readable),
  rating: Schema.NullOr(Rating),
  comment: Schema.NullOr(Readable),
  tags: Schema.Array(Schema.String),
  /** Back to the chat in Chat; `null` where no template is set. */
  chatUrl: Schema.NullOr(Schema.String)
})
export type ChatEntry = typeof ChatEntry.Type

/** Anything else in a record's history. */
export const RecordEntry = Schema.TaggedStruct("Activity", {
  id: Schema.String,
  at: Instant,
  activity: Activity,
  /** The name of who did it; `null` for the system, and for people who are gone. */
  byName: Schema.NullOr(Schema.String)
})
export type RecordEntry = typeof RecordEntry.Type

/** An entry of an activity feed. */
export const ActivityEntry = Schema.Union([ChatEntry, RecordEntry])
export type ActivityEntry = typeof ActivityEntry.Type

/** What places an entry in a feed. */
export interface Placed {
  readonly _tag: ActivityEntry["_tag"]
  readonly at: Instant
  readonly id: string
}

/**
 * Newest first by start, then id, descending as strings (H4). A chat and an activity of one instant and one id still
 * differ: the chat comes first, so that no two entries of a feed compare equal.
 */
export const order: Order.Order<Placed> = Order.combineAll<Placed>([
  Order.mapInput(Order.flip(Order.Number), ({ at }: Placed) => at),
  Order.mapInput(Order.flip(Order.String), ({ id }: Placed) => id),
  Order.mapInput(Order.Number, ({ _tag }: Placed) => (_tag === "Chat" ? 0 : 1))
])

/** The beginning of a text: at most 280 characters, never half of one (H1). */
export const beginningOf = (text: string): string => {
  if (text.length <= BEGINNING_LENGTH) return text
  let taken = ""
  let characters = 0
  for (const character of text) {
    if (characters === BEGINNING_LENGTH) break
    taken += character
    characters++
  }
  return taken
}
