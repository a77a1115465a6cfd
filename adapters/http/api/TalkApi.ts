import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import * as Parts from "./Parts.ts"
import * as Refusals from "./Refusals.ts"

const { about, ChatTouched, chatId: params, commandHeaders: headers } = Parts
const { ofChats } = Refusals

/** What signals may refuse. */
export const ofSignals = [Refusals.ChatNotFound, Refusals.ChatIsClosed, Refusals.NotServing] as const

/** What is said and noted in a chat by agents. */
export class TalkApi extends HttpApiGroup.make("talk")
  .add(
    HttpApiEndpoint.post("send", "/chats/:chatId/messages", {
      params,
      headers,
      payload: Schema.Struct({ text: Schema.String }),
      success: Parts.Numbered,
      error: [...ofChats]
    }).annotateMerge(
      about("Send a message", "As an agent who serves, at most 16,000 characters (D11). Answers its number (D7).")
    ),
    HttpApiEndpoint.post("note", "/chats/:chatId/notes", {
      params,
      headers,
      payload: Schema.Struct({ text: Schema.String }),
      success: Parts.Numbered,
      error: [...ofChats]
    }).annotateMerge(about("Write an internal note", "Between agents: the visitor never sees it (D8).")),
    HttpApiEndpoint.put("tag", "/chats/:chatId/tags", {
      params,
      headers,
      payload: Schema.Struct({ tags: Schema.Array(Schema.String) }),
      success: ChatTouched,
      error: [...ofChats]
    }).annotateMerge(about("Tag a chat", "All its tags, at most 50 (D9, D11).")),
    HttpApiEndpoint.patch("details", "/chats/:chatId/visitor", {
      params,
      headers,
      payload: Schema.Struct(Parts.givenDetails),
      success: ChatTouched,
      error: [...ofChats]
    }).annotateMerge(about("Correct the visitor's details", "While the chat is open; the panel matches at once (A6).")),
    HttpApiEndpoint.post("mailTranscript", "/chats/:chatId/transcript-mail", {
      params,
      headers,
      payload: Schema.Struct({ email: Schema.optionalKey(Schema.NullOr(Schema.String)) }),
      success: ChatTouched,
      error: [...ofChats, Refusals.NoEmail, Refusals.UnusableEmail]
    }).annotateMerge(about("Have the transcript mailed", "When the chat ends (D9).")),
    HttpApiEndpoint.post("typing", "/chats/:chatId/typing", {
      params,
      payload: Schema.Struct({
        isTyping: Schema.optionalKey(Schema.Boolean),
        visibility: Schema.optionalKey(Schema.Literals(["public", "internal"]))
      }),
      success: Parts.Sent,
      error: [...ofSignals]
    }).annotateMerge(about("Say that one types", "Not stored; passed on at most every 3 seconds.")),
    HttpApiEndpoint.post("readUpTo", "/chats/:chatId/read", {
      params,
      payload: Parts.Numbered,
      success: Parts.Sent,
      error: [...ofSignals, Refusals.NoSuchMessage]
    }).annotateMerge(about("Say how far one has read", "Not stored."))
  )
  .annotateMerge(OpenApi.annotations({ description: "What is said and noted in a chat, by agents." })) {}
