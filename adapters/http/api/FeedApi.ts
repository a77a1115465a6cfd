import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { Activity, Id, Instant, RecordRef } from "leadline"
import * as Named from "./Named.ts"
import * as Parts from "./Parts.ts"
import * as Refusals from "./Refusals.ts"
import { Conversation } from "./VisitorApi.ts"

const { about } = Parts
const params = RecordRef.RecordRef.fields

/** Whether a page shows all there is, or why not (H5). */
export const Completeness = Schema.Union([
  Schema.TaggedStruct("Complete", {}),
  Schema.TaggedStruct("Truncated", {
    reason: Schema.Literals(["clientLimit", "sourceLimit", "sourceUnavailable"]),
    source: Schema.Literals(["chats", "activities"]),
    shown: Schema.NullOr(Schema.Int),
    limit: Schema.NullOr(Schema.Int)
  })
]).annotate({ identifier: "Completeness" })

/** A page of a feed. `next`: the cursor of the page after it; `null`: that was all. */
export const FeedPage = Schema.Struct({
  entries: Schema.Array(Named.ActivityEntry),
  next: Schema.NullOr(Schema.String),
  completeness: Completeness
}).annotate({ identifier: "FeedPage" })

/** Whose entries (H3): at most one of the four. */
const by = {
  agent: Schema.optionalKey(Id.AgentId),
  user: Schema.optionalKey(Id.UserId),
  team: Schema.optionalKey(Id.TeamId),
  group: Schema.optionalKey(Id.TeamId)
}

/** Activity feeds. */
export class FeedApi extends HttpApiGroup.make("feed")
  .add(
    HttpApiEndpoint.get("read", "/records/:kind/:id/feed", {
      params,
      query: {
        types: Schema.optionalKey(Schema.Array(Activity.ActivityType)),
        ...by,
        from: Schema.optionalKey(Instant.Instant),
        until: Schema.optionalKey(Instant.Instant),
        includeMissed: Schema.optionalKey(Schema.Boolean),
        includeOfflineMessages: Schema.optionalKey(Schema.Boolean),
        cursor: Schema.optionalKey(Schema.String),
        pageSize: Schema.optionalKey(Schema.Int),
        profile: Schema.optionalKey(Schema.Literals(["full", "mobile"]))
      },
      success: FeedPage,
      error: [Refusals.BadCursor, Refusals.RecordNotFound, Refusals.RecordHidden, Refusals.OneByOnly]
    }).annotateMerge(
      about(
        "A page of a record's activity feed",
        "Newest first; chats and everything else; says whether it is complete (H1–H5). Filters: types, by whom, from (inclusive) and until (exclusive), missed chats and offline messages only when asked for (D4)."
      )
    ),
    HttpApiEndpoint.get("transcript", "/records/:kind/:id/feed/chats/:chatId", {
      params: { ...params, ...Parts.chatId },
      query: Parts.page,
      success: Schema.Struct({
        ...Conversation.fields,
        recordName: Schema.String,
        chatUrl: Schema.NullOr(Schema.String)
      }),
      error: [Refusals.ChatNotFound, Refusals.RecordNotFound, Refusals.RecordHidden]
    }).annotateMerge(about("A chat's public transcript", "For whoever may read the record (H1, J1)."))
  )
  .annotateMerge(OpenApi.annotations({ description: "Activity feeds of records (H1–H8)." })) {}
