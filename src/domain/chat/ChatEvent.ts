import { Schema } from "effect"
import { Content, type ContentRef } from "../account/Content.ts"
import { AgentId, ChatId, DepartmentId, ErasureId, UserId, VisitorId } from "../account/Id.ts"
import { Instant } from "../account/Instant.ts"
import { OfferKind } from "../agent/AgentStatus.ts"
import { RecordId } from "../record/RecordRef.ts"
import { CloseReason, Rating } from "./Chat.ts"
import { ChatTimeouts } from "./ChatTimeouts.ts"
import { Digest, Message } from "./Transcript.ts"

const details = {
  name: Schema.NullOr(Content),
  email: Schema.NullOr(Content),
  phone: Schema.NullOr(Content)
}

/** What happens in a chat. Personal values are detached (J4); times are the envelope's unless a field says so. */
export const ChatEvent = Schema.Union([
  Schema.TaggedStruct("ChatRequested", {
    chatId: ChatId,
    visitorId: VisitorId,
    department: Schema.NullOr(DepartmentId),
    /** Absent: none (C6). */
    skills: Schema.optionalKey(Schema.Array(Schema.String)),
    /** Absent: D5's. */
    timeouts: Schema.optionalKey(ChatTimeouts),
    ...details
  }),
  Schema.TaggedStruct("OfflineMessageLeft", { chatId: ChatId, visitorId: VisitorId, ...details }),
  /**
   * A chat of the past, from elsewhere. Its messages, rating, tags and `ChatClosed` follow in the same commit; nobody
   * ever saw it open. `at` of their envelopes is the time of the import: those of the past are in the payloads.
   */
  Schema.TaggedStruct("ChatImported", {
    chatId: ChatId,
    visitorId: VisitorId,
    kind: Schema.Literals(["chat", "offlineMessage"]),
    department: Schema.NullOr(DepartmentId),
    requestedAt: Instant,
    servedBy: Schema.Array(AgentId),
    answeredAt: Schema.NullOr(Instant),
    /** Of a digest of all that was imported. */
    original: Content,
    ...details
  }),
  Schema.TaggedStruct("ChatAnswered", { agentId: AgentId }),
  /** Held out to an agent until the deadline: by routing (C1), or transferred to them (C11). */
  Schema.TaggedStruct("ChatOffered", { agentId: AgentId, until: Instant, kind: OfferKind }),
  /** The deadline passed (C5): back in the queue with its old number, unless somebody serves. The next two likewise (C2). */
  Schema.TaggedStruct("OfferMissed", { agentId: AgentId }),
  Schema.TaggedStruct("OfferDeclined", { agentId: AgentId }),
  /** Without a miss (C4): the agent may not answer any more, the visitor is gone, or the chat closes. */
  Schema.TaggedStruct("OfferWithdrawn", {
    agentId: AgentId,
    reason: Schema.Literals(["agentUnavailable", "visitorGone", "transferred", "closed"])
  }),
  /** Everybody eligible was excluded (C4). */
  Schema.TaggedStruct("ExclusionsCleared", {}),
  /** An agent who serves brought another in (C10). */
  Schema.TaggedStruct("AgentInvited", { agentId: AgentId, by: AgentId }),
  Schema.TaggedStruct("AgentJoined", { agentId: AgentId }),
  Schema.TaggedStruct("ObservingStarted", { agentId: AgentId }),
  Schema.TaggedStruct("ObservingEnded", { agentId: AgentId }),
  /** The agent stops serving, and is excluded; the offer follows, unless that agent serves it already (C11). */
  Schema.TaggedStruct("TransferredToAgent", { by: AgentId, to: AgentId }),
  /** Queued there with a new number; nobody serves it any more (C11, C2). */
  Schema.TaggedStruct("TransferredToDepartment", {
    by: AgentId,
    from: Schema.NullOr(DepartmentId),
    to: Schema.NullOr(DepartmentId)
  }),
  /** An agent who had left serves again (D3). */
  Schema.TaggedStruct("AgentReturned", { agentId: AgentId }),
  /** `wasLast`: nobody serves now (D3). */
  Schema.TaggedStruct("AgentLeft", { agentId: AgentId, wasLast: Schema.Boolean }),
  /** Back in the queue: with the old number after B4, with a new one after D3 (C2). */
  Schema.TaggedStruct("ChatRequeued", {
    reason: Schema.Literals(["visitorWrote", "agentsGone"]),
    queueNumber: Schema.Literals(["old", "new"])
  }),
  /** `digest` is the chain's state after this message (D7). */
  Schema.TaggedStruct("MessageSent", { message: Message, digest: Digest }),
  /** `null` clears; an absent field stays (A6). */
  Schema.TaggedStruct("VisitorDetailsChanged", {
    name: Schema.optionalKey(Schema.NullOr(Content)),
    email: Schema.optionalKey(Schema.NullOr(Content)),
    phone: Schema.optionalKey(Schema.NullOr(Content))
  }),
  Schema.TaggedStruct("ChatRated", { rating: Schema.NullOr(Rating), comment: Schema.NullOr(Content) }),
  Schema.TaggedStruct("ChatTagged", { tags: Schema.Array(Schema.String) }),
  Schema.TaggedStruct("VisitorGone", {}),
  Schema.TaggedStruct("VisitorBack", {}),
  /** No sign of the visitor for so long (D5). Their next message ends it. */
  Schema.TaggedStruct("VisitorIdle", {}),
  /** It waited, never served, when the account closed for the day, or was asked for while it was closed (B8). */
  Schema.TaggedStruct("BecameOfflineMessage", {}),
  /** Its transcript is to be mailed when it ends (D9). */
  Schema.TaggedStruct("TranscriptRequested", { email: Content }),
  /** Its keys are gone, and its texts are going (J4); it is closed. */
  Schema.TaggedStruct("VisitorErased", { erasureId: ErasureId }),
  /** A lead was made from this chat (E5, E7). */
  Schema.TaggedStruct("LeadCreated", { lead: RecordId, owner: UserId }),
  /** Seals the transcript: no message follows (D2, D7). `at` ≥ the last message's time. */
  Schema.TaggedStruct("ChatClosed", { reason: CloseReason, at: Instant, digest: Digest, messages: Schema.Int })
])
export type ChatEvent = typeof ChatEvent.Type

/** The personal values an event refers to (J4). */
export const contentsOf = (event: ChatEvent): ReadonlyArray<ContentRef> => {
  switch (event._tag) {
    case "ChatRequested":
    case "OfflineMessageLeft":
    case "VisitorDetailsChanged":
      return refs(event.name, event.email, event.phone)
    case "ChatImported":
      return refs(event.name, event.email, event.phone, event.original)
    case "MessageSent":
      return [event.message.content.ref]
    case "ChatRated":
      return refs(event.comment)
    case "TranscriptRequested":
      return refs(event.email)
    default:
      return none
  }
}

const none: ReadonlyArray<ContentRef> = []

const refs = (...contents: ReadonlyArray<Content | null | undefined>): ReadonlyArray<ContentRef> =>
  contents.flatMap((content) => (content === null || content === undefined ? [] : [content.ref]))
