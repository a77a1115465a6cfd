import { Schema } from "effect"
import { Content, type ContentRef } from "../account/Content.ts"
import { AgentId, ChatId, DepartmentId, UserId, VisitorId } from "../account/Id.ts"
import { Instant } from "../account/Instant.ts"
import { EmailKey } from "../identity/EmailKey.ts"
import { PhoneKey } from "../identity/PhoneKey.ts"
import { RecordId } from "../record/RecordRef.ts"
import { ChatTimeouts } from "./ChatTimeouts.ts"
import { Exclusion, Offer } from "./Offer.ts"
import { Digest } from "./Transcript.ts"

/** By which path a chat closed (D2). */
export const CloseReason = Schema.Literals(["agent", "visitor", "timeout", "ban", "hours", "system"])
export type CloseReason = typeof CloseReason.Type

const Waiting = Schema.TaggedStruct("Waiting", { since: Instant })
const Served = Schema.TaggedStruct("Served", { since: Instant })
const Left = Schema.TaggedStruct("Left", { since: Instant })

/** A state to which a chat returns when its visitor does (D1). */
export const OpenState = Schema.Union([Waiting, Served, Left])
export type OpenState = typeof OpenState.Type

/**
 * The states of a chat (D1):
 *
 * | from | to |
 * |---|---|
 * | `Waiting` (in the queue) | `Offered`, `Served`, `Closing`, `Closed` |
 * | `Offered` (held out to one agent, nobody serves) | `Served`, `Waiting`, `Offered` (another), `Closing`, `Closed` |
 * | `Served` (one agent or more) | `Waiting` (its agents went offline, transfer to a department), `Offered` (transfer to an agent), `Left`, `Closing`, `Closed` |
 * | `Left` (open, nobody serves, not in the queue) | `Waiting` (the visitor writes), `Served`, `Closing`, `Closed` |
 * | `Closing` (visitor gone) | the state before (an offer is withdrawn: `Waiting`), `Closed` |
 * | `Closed` | – |
 *
 * A served chat may have an offer, too: an agent transferred it while another goes on serving. It stays `Served`.
 */
export const ChatState = Schema.Union([
  ...OpenState.members,
  Schema.TaggedStruct("Offered", { since: Instant }),
  Schema.TaggedStruct("Closing", { since: Instant, before: OpenState }),
  Schema.TaggedStruct("Closed", { at: Instant, reason: CloseReason })
])
export type ChatState = typeof ChatState.Type

/** An agent who serves a chat now. */
export const Serving = Schema.Struct({ agentId: AgentId, joinedAt: Instant })
export type Serving = typeof Serving.Type

/** The visitor as the chat knows them: claims, not identity (A8). Keys are not in events, so that erasure ends them. */
export const Visitor = Schema.Struct({
  id: VisitorId,
  name: Schema.NullOr(Content),
  email: Schema.NullOr(Content),
  phone: Schema.NullOr(Content),
  /** The key of `email` (A1); once the chat is closed, the key of its feeds (A6, A7). */
  emailKey: Schema.NullOr(EmailKey),
  phoneKey: Schema.NullOr(PhoneKey)
})
export type Visitor = typeof Visitor.Type

export const Rating = Schema.Literals(["good", "bad"])
export type Rating = typeof Rating.Type

/**
 * A chat without its transcript: all that decisions about it need, the same size for ten messages and ten thousand.
 */
export const Chat = Schema.Struct({
  id: ChatId,
  /** An offline message is a chat that was never open: closed from the start, never served (D4). */
  kind: Schema.Literals(["chat", "offlineMessage"]),
  visitor: Visitor,
  department: Schema.NullOr(DepartmentId),
  /** Where it was transferred from (C11). */
  previousDepartment: Schema.NullOr(DepartmentId),
  /** What is asked of the agents who serve it, at most 5 (C6). */
  skills: Schema.Array(Schema.String),
  state: ChatState,
  requestedAt: Instant,
  /** First in, first out (C2); given by the store in the commit; `null` while not yet given, or never in the queue. */
  queueNumber: Schema.NullOr(Schema.Int),
  /** When it got that number: how long it waits (C6). */
  queuedAt: Instant,
  /** Held out to an agent (C4). */
  offer: Schema.NullOr(Offer),
  /** To whom it is not offered again (C4, C11). */
  exclusions: Schema.Array(Exclusion),
  serving: Schema.Array(Serving),
  /** Agents who only read (C10). */
  observers: Schema.Array(AgentId),
  /** All who served it, first to serve first (H1). */
  servedBy: Schema.Array(AgentId),
  /** Who answered first, and when (C8). */
  answered: Schema.NullOr(Schema.Struct({ by: AgentId, at: Instant })),
  messages: Schema.Struct({ total: Schema.Int, visitor: Schema.Int, agent: Schema.Int, internal: Schema.Int }),
  /** Time of the last message; the next is not earlier (D7). */
  lastMessageAt: Schema.NullOr(Instant),
  /** Time of the last public message (B5). */
  lastPublicAt: Schema.NullOr(Instant),
  /** The first public message (H1). */
  beginning: Schema.NullOr(Content),
  digest: Digest,
  rating: Schema.NullOr(Schema.Struct({ rating: Rating, comment: Schema.NullOr(Content) })),
  tags: Schema.Array(Schema.String),
  /** The lead made from this chat (E5, E7); the CRM's word is the truth, this follows it. */
  lead: Schema.NullOr(Schema.Struct({ id: RecordId, owner: UserId })),
  /** Where it was imported: a digest of what was given, detached (J4), to tell a repetition from another chat. */
  imported: Schema.optionalKey(Content),
  timeouts: ChatTimeouts,
  /** The visitor's last sign: their request, a message, their return to the page (D5). */
  visitorActiveAt: Instant,
  isVisitorIdle: Schema.Boolean,
  /** Where its transcript is mailed to when it ends (D9); absent: nowhere. */
  transcriptTo: Schema.optionalKey(Content),
  /** Its visitor was erased (J4): it takes no new text. */
  erasedAt: Schema.optionalKey(Instant),
  /** When time alone may change it: see `ChatTimeouts.wakeAt`. */
  wakeAt: Schema.NullOr(Instant),
  /** The number of this chat's last event (K2). */
  eventCount: Schema.Int
})
export type Chat = typeof Chat.Type

export const isClosed = (chat: Chat): boolean => chat.state._tag === "Closed"

export const isServing = (chat: Chat, agentId: AgentId): boolean =>
  chat.serving.some((serving) => serving.agentId === agentId)

/** Closed without ever being served (D4). */
export const outcomeOf = (chat: Chat): "served" | "missed" | "offlineMessage" =>
  chat.kind === "offlineMessage" ? "offlineMessage" : chat.answered === null ? "missed" : "served"

/** The personal values a chat refers to (J4): what a reader joins to show it. */
export const contentsOf = (chat: Chat): ReadonlyArray<ContentRef> => {
  const { email, name, phone } = chat.visitor
  const refs: Array<ContentRef> = []
  const { beginning, imported, rating, transcriptTo } = chat
  for (const content of [name, email, phone, beginning, rating?.comment, imported, transcriptTo]) {
    if (content !== null && content !== undefined) refs.push(content.ref)
  }
  return refs
}
