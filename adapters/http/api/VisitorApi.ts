import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { Chat, Content, Id, Instant } from "leadline"
import { Callers } from "./Authorization.ts"
import * as Parts from "./Parts.ts"
import * as Problem from "./Problem.ts"
import * as Refusals from "./Refusals.ts"
import { ofSignals } from "./TalkApi.ts"

const { about, commandHeaders: headers } = Parts
const { ofChats } = Refusals

/** A token, and when it ends. */
export const Token = Schema.Struct({ token: Schema.String, expiresAt: Instant.Instant }).annotate({
  identifier: "Token"
})

/** The token opens no chat yet: one has to be requested first. */
export const NoChatYet = Schema.TaggedStruct("NoChatYet", {})
export type NoChatYet = typeof NoChatYet.Type
export const noChatYet = Problem.refusal(409, "Request a chat first", NoChatYet)

/** A line as the visitor sees it: agents by the names they show. There is no room for anything else (D8). */
export const SpokenLine = Schema.Struct({
  number: Schema.Int,
  at: Instant.Instant,
  from: Schema.Union([
    Schema.TaggedStruct("Visitor", {}),
    Schema.TaggedStruct("Agent", { name: Schema.String }),
    Schema.TaggedStruct("System", {})
  ]),
  text: Content.Readable
}).annotate({ identifier: "SpokenLine" })

/** A chat as its visitor sees it (D8). `next`: the number to read on from; `null`: that was all. */
export const Conversation = Schema.Struct({
  chatId: Id.ChatId,
  startedAt: Instant.Instant,
  endedAt: Schema.NullOr(Instant.Instant),
  visitorName: Schema.NullOr(Content.Readable),
  agentNames: Schema.Array(Schema.String),
  lines: Schema.Array(SpokenLine),
  next: Schema.NullOr(Schema.Int)
}).annotate({ identifier: "Conversation" })

/**
 * A visitor's own chat. Their token opens this one chat only, so that no path names it; one that opens none yet may
 * request it, and gets a token that does.
 */
export class VisitorApi extends HttpApiGroup.make("visitor")
  .add(
    HttpApiEndpoint.post("request", "/visitor/chat", {
      headers,
      payload: Schema.Struct({
        department: Schema.optionalKey(Schema.NullOr(Id.DepartmentId)),
        skills: Schema.optionalKey(Schema.Array(Schema.String)),
        ...Parts.givenDetails
      }),
      success: Schema.Struct({ ...Parts.ChatRequested.fields, ...Token.fields }),
      error: [...ofChats, Refusals.BeingErased, Refusals.Banned]
    }).annotateMerge(about("Request a chat", "Or find the one that is open (D6). Answers a token that opens it.")),
    HttpApiEndpoint.post("renew", "/visitor/token", { success: Token }).annotateMerge(
      about("Renew the token", "The same chat, a later end.")
    ),
    HttpApiEndpoint.get("read", "/visitor/chat", {
      query: Parts.page,
      success: Conversation,
      error: [Refusals.ChatNotFound, noChatYet]
    }).annotateMerge(about("Read the chat", "Public messages after a number, agents by the names they show (D8).")),
    HttpApiEndpoint.post("send", "/visitor/chat/messages", {
      headers,
      payload: Schema.Struct({ text: Schema.String }),
      success: Parts.Numbered,
      error: [...ofChats, noChatYet]
    }).annotateMerge(about("Send a message", "At most 16,000 characters (D11). Answers its number (D7).")),
    HttpApiEndpoint.patch("details", "/visitor/chat/details", {
      headers,
      payload: Schema.Struct(Parts.givenDetails),
      success: Parts.Done,
      error: [...ofChats, noChatYet]
    }).annotateMerge(about("Give one's details", "Name, email, phone (A6).")),
    HttpApiEndpoint.put("rate", "/visitor/chat/rating", {
      headers,
      payload: Schema.Struct({
        rating: Schema.NullOr(Chat.Rating),
        comment: Schema.optionalKey(Schema.NullOr(Schema.String))
      }),
      success: Parts.Done,
      error: [...ofChats, noChatYet]
    }).annotateMerge(about("Rate the chat", "Good, bad or none, with a comment; also after the end (D9).")),
    HttpApiEndpoint.post("end", "/visitor/chat/end", {
      headers,
      success: Parts.Done,
      error: [...ofChats, noChatYet]
    }).annotateMerge(about("End the chat", "It is over for everybody (D2).")),
    HttpApiEndpoint.post("mailTranscript", "/visitor/chat/transcript-mail", {
      headers,
      payload: Schema.Struct({ email: Schema.optionalKey(Schema.NullOr(Schema.String)) }),
      success: Parts.Done,
      error: [...ofChats, noChatYet, Refusals.NoEmail, Refusals.UnusableEmail]
    }).annotateMerge(about("Have the transcript mailed", "When the chat ends (D9).")),
    HttpApiEndpoint.post("leavePage", "/visitor/chat/leave-page", {
      headers,
      success: Parts.Done,
      error: [...ofChats, noChatYet]
    }).annotateMerge(about("Leave the page", "The chat ends if the visitor does not come back in time (D5).")),
    HttpApiEndpoint.post("returnToPage", "/visitor/chat/return-to-page", {
      headers,
      success: Parts.Done,
      error: [...ofChats, noChatYet]
    }).annotateMerge(about("Come back to the page", "The chat goes on (D5).")),
    HttpApiEndpoint.post("typing", "/visitor/chat/typing", {
      payload: Schema.Struct({ isTyping: Schema.optionalKey(Schema.Boolean) }),
      success: Parts.Sent,
      error: [...ofSignals, noChatYet]
    }).annotateMerge(about("Say that one types", "Not stored.")),
    HttpApiEndpoint.post("readUpTo", "/visitor/chat/read", {
      payload: Parts.Numbered,
      success: Parts.Sent,
      error: [...ofSignals, noChatYet, Refusals.NoSuchMessage]
    }).annotateMerge(about("Say how far one has read", "Not stored.")),
    HttpApiEndpoint.post("leaveOfflineMessage", "/visitor/offline-messages", {
      headers,
      payload: Schema.Struct({ texts: Schema.Array(Schema.String), ...Parts.givenDetails }),
      success: Parts.Done,
      error: [...ofChats, Refusals.BeingErased, Refusals.Banned]
    }).annotateMerge(about("Leave a message", "Without a chat, also while the account is open (B8, D4)."))
  )
  .annotate(Callers, ["visitor"])
  .annotateMerge(OpenApi.annotations({ description: "A visitor's own chat: their token opens no other." })) {}

/** Where a website's server gets its visitors their first tokens. */
export class TokensApi extends HttpApiGroup.make("tokens")
  .add(
    HttpApiEndpoint.post("issue", "/visitor-tokens", {
      payload: Schema.Struct({ visitorId: Id.VisitorId }),
      success: Token
    }).annotateMerge(
      about("A token for a visitor", "Short-lived; opens no chat yet, but one may be requested with it.")
    )
  )
  .annotate(Callers, ["service", "host"])
  .annotateMerge(OpenApi.annotations({ description: "Tokens for visitors, asked for by a website's server." })) {}
