import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { Chat, Content, Transcript } from "leadline"
import * as Parts from "./Parts.ts"
import * as Refusals from "./Refusals.ts"

const { chatId: params, commandHeaders: headers, ChatTouched } = Parts

/** A line as agents see it, internal notes included (D8). */
export const ConsoleLine = Schema.Struct({ message: Transcript.Message, text: Content.Readable }).annotate({
  identifier: "ConsoleLine"
})

const about = (summary: string, description: string) => OpenApi.annotations({ summary, description })

/** Chats, as agents and services handle them. A visitor's own chat is the group `visitor`. */
export class ChatsApi extends HttpApiGroup.make("chats")
  .add(
    HttpApiEndpoint.get("read", "/chats/:chatId", {
      params,
      query: { after: Schema.optionalKey(Schema.Int), limit: Schema.optionalKey(Schema.Int) },
      success: Schema.Struct({ chat: Chat.Chat, lines: Schema.Array(ConsoleLine) }),
      error: Refusals.ChatNotFound
    }).annotateMerge(about("Read a chat", "The chat and its lines after a number, internal notes included (D7, D8).")),
    HttpApiEndpoint.post("answer", "/chats/:chatId/answer", {
      params,
      headers,
      success: ChatTouched,
      error: [...Refusals.ofTaking]
    }).annotateMerge(about("Answer a chat", "Of many agents exactly one wins; the others are told who did (C8).")),
    HttpApiEndpoint.post("end", "/chats/:chatId/end", {
      params,
      headers,
      success: ChatTouched,
      error: [...Refusals.ofChats]
    }).annotateMerge(
      about("End a chat", "Seals its transcript, which is then in the feed of every record that matches (D2, H1).")
    ),
    HttpApiEndpoint.post("send", "/chats/:chatId/messages", {
      params,
      headers,
      payload: Schema.Struct({ text: Schema.String }),
      success: Schema.Struct({ number: Schema.Int }),
      error: [...Refusals.ofChats]
    }).annotateMerge(
      about("Send a message", "As an agent who serves, at most 16,000 characters (D11). Answers its number (D7).")
    )
  )
  .annotateMerge(OpenApi.annotations({ description: "Chats, as agents and services handle them." })) {}
