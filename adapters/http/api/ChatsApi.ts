import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { Content, Id, PastChat, Transcript } from "leadline"
import * as Named from "./Named.ts"
import * as Parts from "./Parts.ts"
import * as Refusals from "./Refusals.ts"

const { about, ChatTouched, chatId: params, commandHeaders: headers } = Parts
const { ofChats, ofTaking } = Refusals

/** A line as agents see it, internal notes included (D8). */
export const ConsoleLine = Schema.Struct({ message: Transcript.Message, text: Content.Readable }).annotate({
  identifier: "ConsoleLine"
})

const { AuthorNotServing, Contradiction, TimeOutside } = PastChat
const { AgentNotFound, BeingErased, ChatIdTaken, TooLong, TooMany, BadTag, Blank } = Refusals
const importRefusals = [AgentNotFound, BeingErased, ChatIdTaken, TooLong, TooMany, BadTag, Blank] as const

/** What became of one chat of an import. */
export const ImportedChat = Schema.Union([
  Schema.TaggedStruct("Imported", params),
  Schema.TaggedStruct("AlreadyThere", params),
  Schema.TaggedStruct("Refused", {
    ...params,
    refusal: Schema.Union([...importRefusals.map(Schema.toType), TimeOutside, Contradiction, AuthorNotServing])
  })
]).annotate({ identifier: "ImportedChat" })

/** Chats, as agents and services handle them. A visitor's own chat is the group `visitor`. */
export class ChatsApi extends HttpApiGroup.make("chats")
  .add(
    HttpApiEndpoint.post("request", "/chats", {
      headers,
      payload: Schema.Struct({
        visitorId: Id.VisitorId,
        chatId: Schema.optionalKey(Id.ChatId),
        department: Schema.optionalKey(Schema.NullOr(Id.DepartmentId)),
        skills: Schema.optionalKey(Schema.Array(Schema.String)),
        ip: Schema.optionalKey(Schema.NullOr(Schema.String)),
        ...Parts.givenDetails
      }),
      success: Parts.ChatRequested,
      error: [...ofChats, BeingErased, Refusals.Banned]
    }).annotateMerge(
      about("Request a chat for a visitor", "A new one in the queue, or the one that is open already (D6).")
    ),
    HttpApiEndpoint.get("read", "/chats/:chatId", {
      params,
      query: Parts.page,
      success: Schema.Struct({ chat: Named.Chat, lines: Schema.Array(ConsoleLine), texts: Parts.Texts }),
      error: Refusals.ChatNotFound
    }).annotateMerge(about("Read a chat", "The chat and its lines after a number, internal notes included (D7, D8).")),
    HttpApiEndpoint.post("answer", "/chats/:chatId/answer", {
      params,
      headers,
      success: ChatTouched,
      error: [...ofTaking]
    }).annotateMerge(about("Answer a chat", "Of many agents exactly one wins; the others are told who did (C8).")),
    HttpApiEndpoint.post("answerNext", "/queue/answer", {
      headers,
      success: ChatTouched,
      error: [...ofTaking, Refusals.NothingWaiting]
    }).annotateMerge(about("Answer the next chat", "The first in the queue that rings at the caller (C2, C3).")),
    HttpApiEndpoint.post("decline", "/chats/:chatId/decline", {
      params,
      headers,
      success: ChatTouched,
      error: [...ofChats]
    }).annotateMerge(about("Decline an offer", "It goes to somebody else, or back to the queue (C4).")),
    HttpApiEndpoint.post("join", "/chats/:chatId/join", {
      params,
      headers,
      success: ChatTouched,
      error: [...ofTaking, AgentNotFound, Refusals.JoiningNotAllowed]
    }).annotateMerge(about("Join a chat", "Beside those who serve it, where the account allows (C10).")),
    HttpApiEndpoint.post("invite", "/chats/:chatId/invite", {
      params,
      headers,
      payload: Schema.Struct(Parts.agentId),
      success: ChatTouched,
      error: [...ofTaking, AgentNotFound]
    }).annotateMerge(about("Invite an agent", "By an agent who serves; the invited one serves at once (C10).")),
    HttpApiEndpoint.post("leave", "/chats/:chatId/leave", {
      params,
      headers,
      success: ChatTouched,
      error: [...ofChats]
    }).annotateMerge(
      about("Leave a chat", "Without ending it; if nobody is left it waits for the visitor's next word (D3).")
    ),
    HttpApiEndpoint.post("observe", "/chats/:chatId/observe", {
      params,
      headers,
      success: ChatTouched,
      error: [...ofChats]
    }).annotateMerge(about("Observe a chat", "Read along, unseen by the visitor (C10).")),
    HttpApiEndpoint.delete("stopObserving", "/chats/:chatId/observe", {
      params,
      headers,
      success: ChatTouched,
      error: [...ofChats]
    }).annotateMerge(about("Stop observing", "The chat goes on (C10).")),
    HttpApiEndpoint.post("transferToAgent", "/chats/:chatId/transfer/agent", {
      params,
      headers,
      payload: Schema.Struct({ to: Id.AgentId }),
      success: Schema.Struct({ ...params, until: Schema.NullOr(Schema.Int) }),
      error: [...ofTaking, AgentNotFound, Refusals.HoldsOffer]
    }).annotateMerge(about("Transfer to an agent", "Held out to them until a deadline (C11).")),
    HttpApiEndpoint.post("transferToDepartment", "/chats/:chatId/transfer/department", {
      params,
      headers,
      payload: Schema.Struct({ department: Schema.NullOr(Id.DepartmentId) }),
      success: ChatTouched,
      error: [...ofChats, Refusals.NobodyElseOnline]
    }).annotateMerge(about("Transfer to a department", "Back to the queue, for others than those who served (C11).")),
    HttpApiEndpoint.post("end", "/chats/:chatId/end", {
      params,
      headers,
      success: ChatTouched,
      error: [...ofChats]
    }).annotateMerge(
      about("End a chat", "Seals its transcript, which is then in the feed of every record that matches (D2, H1).")
    ),
    HttpApiEndpoint.post("import", "/imports", {
      payload: Schema.Struct({ chats: Schema.Array(PastChat.PastChat).check(Schema.isMaxLength(100)) }),
      success: Schema.Struct({ chats: Schema.Array(ImportedChat) })
    }).annotateMerge(
      about("Import chats of the past", "By services: at most 100 at a time; nothing rings. May be repeated (A7, H2).")
    )
  )
  .annotateMerge(OpenApi.annotations({ description: "Chats, as agents and services handle them." })) {}
