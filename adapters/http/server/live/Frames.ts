import type { Id } from "leadline"
import type { DeskPayload, LogEntry } from "leadline/ports"
import { EventCodec } from "leadline/wire"

type Texts = ReadonlyMap<string, string>
type Tag = DeskPayload["_tag"]

/**
 * Whom an event is for, among consoles: all of the account's; those who take or took part in the chat; the agent it is
 * about; none, because it is operations or has an address in it.
 */
type Audience = "all" | "party" | "self" | "none"

const audiences = {
  ...{ ChatRequested: "all", OfflineMessageLeft: "all", ChatImported: "none", ChatAnswered: "all", ChatOffered: "all" },
  ...{ OfferMissed: "all", OfferDeclined: "all", OfferWithdrawn: "all", ExclusionsCleared: "all", AgentInvited: "all" },
  ...{ AgentJoined: "all", ObservingStarted: "party", ObservingEnded: "party", TransferredToAgent: "all" },
  ...{ TransferredToDepartment: "all", AgentReturned: "all", AgentLeft: "all", ChatRequeued: "all" },
  ...{ MessageSent: "party", VisitorDetailsChanged: "party", ChatRated: "party", ChatTagged: "party" },
  ...{ VisitorGone: "party", VisitorBack: "party", VisitorIdle: "party", BecameOfflineMessage: "all" },
  ...{ TranscriptRequested: "party", VisitorErased: "all", LeadCreated: "party", ChatClosed: "all" },
  ...{ StatusChanged: "all", ChatTaken: "self", ChatReleased: "self", OfferHeld: "self", OfferEnded: "self" },
  ...{ VisitorBanned: "all", VisitorUnbanned: "all", IpBanned: "none", IpUnbanned: "none", AgentChanged: "all" },
  ...{ AccountOpened: "all", AccountClosed: "all", WorkGivenUp: "none", WorkReplayed: "none" },
  ...{ LeadRequested: "party", LeadRefused: "party", NoteRequested: "party", NoteStored: "party" },
  ...{ PhoneRequested: "party", PhoneStored: "party", WriteRefused: "party" },
  ...{
    NoticeDue: "none",
    PoolCreated: "none",
    MemberJoined: "none",
    MemberLeft: "none",
    LeadDealt: "none",
    PoolDeleted: "none"
  },
  ...{ WebhookSaved: "none", WebhookDeleted: "none", WebhookSecretRotated: "none", WebhookMoved: "none" },
  ...{
    WebhookDisabled: "none",
    EraseRequested: "none",
    ErasureGivenUp: "none",
    ErasureResumed: "none",
    PersonErased: "none"
  }
} as const satisfies Record<Tag, Audience>

export const audienceOf = ({ event }: LogEntry<DeskPayload>): Audience => audiences[event.payload._tag]

/** The chat that an event belongs to: its stream. */
export const chatOf = ({ event: { stream } }: LogEntry<DeskPayload>): Id.ChatId | null =>
  stream.startsWith("chat/") ? (stream.slice(5) as Id.ChatId) : null

/** The agent that an event is about. */
export const agentOf = ({ event: { payload } }: LogEntry<DeskPayload>): Id.AgentId | null =>
  "agentId" in payload ? payload.agentId : null

const encoder = new TextEncoder()

/** One server-sent event: lines, and a blank one. JSON has no line breaks. */
export const frame = (event: string, data: unknown, id?: number): Uint8Array =>
  encoder.encode(`${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)

/** An entry of the log, with the texts that it refers to: encoded once, however many readers. */
export const entryFrame = ({ event, position }: LogEntry<DeskPayload>, texts: Texts): Uint8Array => {
  const own = event.contents.flatMap((ref) => {
    const text = texts.get(ref)
    return text === undefined ? [] : [[ref, text] as const]
  })
  return frame(
    event.payload._tag,
    { position, event: EventCodec.deskEvents.encode(event), texts: Object.fromEntries(own) },
    position
  )
}

/** Where a reader is complete from. `retry`: decision: a server that restarts is back within seconds. */
export const ready = (position: number): Uint8Array =>
  encoder.encode(`retry: 1000\nid: ${position}\nevent: ready\ndata: {"position":${position}}\n\n`)

/** Why a stream ended. After `slow` and `closing` one connects again and goes on; after the others there is nothing. */
export type EndReason = "slow" | "closing" | "rights" | "expired" | "over"

export const ended = (reason: EndReason): Uint8Array => frame("ended", { reason })

export const heartbeat = encoder.encode(":\n\n")
