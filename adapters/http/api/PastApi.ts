import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { Chat, Id, Instant, RoutingPolicy, RoutingReport, Settings } from "leadline"
import * as Named from "./Named.ts"
import * as Parts from "./Parts.ts"
import * as Refusals from "./Refusals.ts"

const { about, chatId: params } = Parts

/** What routing decided of a chat, and would decide now (C7). */
export const RoutingExplanation = Schema.Struct({
  ...params,
  decisions: Schema.Array(Named.Decision),
  answered: Chat.Chat.fields.answered,
  now: Schema.NullOr(Named.Decision)
}).annotate({ identifier: "RoutingExplanation" })

/** A past chat that a search found. */
export const FoundChat = Schema.Struct({
  ...params,
  startedAt: Instant.Instant,
  endedAt: Instant.Instant,
  outcome: Schema.Literals(["served", "missed", "offlineMessage"]),
  visitorId: Id.VisitorId,
  visitorName: Schema.NullOr(Schema.String),
  servedBy: Schema.Array(Id.AgentId),
  agentNames: Schema.Array(Schema.String),
  beginning: Schema.NullOr(Schema.String),
  tags: Schema.Array(Schema.String),
  hit: Schema.NullOr(
    Schema.Struct({
      number: Schema.Int,
      at: Instant.Instant,
      visibility: Schema.Literals(["public", "internal"]),
      excerpt: Schema.String
    })
  )
}).annotate({ identifier: "FoundChat" })

/** What happened beside what would have happened under another policy. */
export const Comparison = Schema.Struct({
  past: RoutingReport.RoutingReport,
  replayed: RoutingReport.RoutingReport
}).annotate({ identifier: "Comparison" })

/** Looking back: searches in past chats, why routing did what it did, what another policy would have done. */
export class PastApi extends HttpApiGroup.make("past")
  .add(
    HttpApiEndpoint.get("explainRouting", "/chats/:chatId/routing", {
      params,
      success: RoutingExplanation,
      error: Refusals.ChatNotFound
    }).annotateMerge(about("Why this agent, why not that one", "From what was stored at the time (C7).")),
    HttpApiEndpoint.get("search", "/search/chats", {
      query: {
        text: Schema.optionalKey(Schema.String),
        agentId: Schema.optionalKey(Id.AgentId),
        visitorId: Schema.optionalKey(Id.VisitorId),
        from: Schema.optionalKey(Instant.Instant),
        until: Schema.optionalKey(Instant.Instant),
        cursor: Schema.optionalKey(Schema.String),
        limit: Schema.optionalKey(Schema.Int)
      },
      success: Schema.Struct({
        chats: Schema.Array(FoundChat),
        notesSearched: Schema.Boolean,
        next: Schema.NullOr(Schema.String)
      }),
      error: [Refusals.TooLong, Refusals.Blank, Refusals.BadCursor, Refusals.CannotSearchBy]
    }).annotateMerge(about("Search past chats", "Newest first; all words in one message, parts of words are found.")),
    HttpApiEndpoint.post("whatIf", "/routing/what-if", {
      payload: Schema.Struct({
        policy: Schema.Struct({
          routing: Schema.optionalKey(RoutingPolicy.RoutingMode),
          offers: Schema.optionalKey(RoutingPolicy.OfferPolicy),
          skillWaitMillis: Schema.optionalKey(Settings.Settings.fields.skillWaitMillis),
          chatLimit: Schema.optionalKey(Settings.Settings.fields.chatLimit)
        }),
        from: Schema.optionalKey(Instant.Instant),
        until: Schema.optionalKey(Instant.Instant),
        seed: Schema.optionalKey(Schema.Int)
      }),
      success: Comparison
    }).annotateMerge(
      about("What if", "The past under another routing policy (C1–C7); changes nothing. Reads the whole log.")
    )
  )
  .annotateMerge(OpenApi.annotations({ description: "Looking back at chats." })) {}

/** Bans of visitors and addresses. */
export class BansApi extends HttpApiGroup.make("bans")
  .add(
    HttpApiEndpoint.put("banVisitor", "/bans/visitors/:visitorId", {
      params: { visitorId: Id.VisitorId },
      headers: Parts.commandHeaders,
      success: Parts.Done,
      error: [...Refusals.ofChats]
    }).annotateMerge(about("Ban a visitor", "Their open chat ends (D10). By Chat administrators.")),
    HttpApiEndpoint.delete("unbanVisitor", "/bans/visitors/:visitorId", {
      params: { visitorId: Id.VisitorId },
      headers: Parts.commandHeaders,
      success: Parts.Done
    }).annotateMerge(about("Lift a visitor's ban", "They may chat again (D10).")),
    HttpApiEndpoint.put("banIp", "/bans/ips/:ip", {
      params: { ip: Schema.String },
      headers: Parts.commandHeaders,
      success: Parts.Done
    }).annotateMerge(about("Ban an address", "No chat begins from there (D10).")),
    HttpApiEndpoint.delete("unbanIp", "/bans/ips/:ip", {
      params: { ip: Schema.String },
      headers: Parts.commandHeaders,
      success: Parts.Done
    }).annotateMerge(about("Lift an address's ban", "Chats may begin from there again (D10)."))
  )
  .annotateMerge(OpenApi.annotations({ description: "Bans of visitors and addresses (D10)." })) {}
