import { Context, type Effect } from "effect"
import type { BridgeEvent } from "../domain/account/BridgeEvent.ts"
import type { Texts } from "../domain/account/Content.ts"
import type { Erasure, ErasureEvent, Erasures, VisitorErasure } from "../domain/account/Erasure.ts"
import type { AccountId, AgentId, ChatId, VisitorId } from "../domain/account/Id.ts"
import type { Instant } from "../domain/account/Instant.ts"
import type { Webhook, WebhookEvent, Webhooks } from "../domain/account/Webhook.ts"
import type { Agent, AgentChanged } from "../domain/agent/Agent.ts"
import type { ServedChat } from "../domain/agent/ChatLimit.ts"
import type { Desk, DeskEvent } from "../domain/agent/Desk.ts"
import type { HoursEvent } from "../domain/agent/HoursEvent.ts"
import type { Presence } from "../domain/agent/Presence.ts"
import type { PoolEvent } from "../domain/assignment/PoolEvent.ts"
import type { BanEvent, IpBan, IpBanList, VisitorBan } from "../domain/chat/Ban.ts"
import type { Chat } from "../domain/chat/Chat.ts"
import type { ChatEvent } from "../domain/chat/ChatEvent.ts"
import type { Message } from "../domain/chat/Transcript.ts"
import type { EmailKey } from "../domain/identity/EmailKey.ts"
import type { PhoneKey } from "../domain/identity/PhoneKey.ts"
import type { DistributionPool } from "../domain/record/DistributionPool.ts"
import type { CrmRequest, LeadClaim } from "../domain/request/CrmRequest.ts"
import type { CrmRequestEvent } from "../domain/request/CrmRequestEvent.ts"
import type { Decision } from "../domain/routing/RoutingDecision.ts"
import type { CommonRecords, Read, RecordStore } from "./RecordStore.ts"
import type { StoreError } from "./StoreError.ts"

/** The chat side's records, by kind. What must be unique is a record with a natural key. */
export interface DeskRecords extends CommonRecords {
  /** By chat id. */
  readonly chat: Chat
  /** By visitor id: the visitor's one open chat (D6). */
  readonly openChat: { readonly chatId: ChatId }
  /** By agent id. */
  readonly agent: Agent
  /** By agent id (B6). */
  readonly desk: Desk
  /** By agent id: their device leases (B4). A version of its own: heartbeats disturb no desk. */
  readonly presence: Presence
  /** One, `all`: moved by every commit that offers a chat or puts one back with its old number (C2). */
  readonly routing: RoutingState
  /** By chat id: why it was offered to whom, or rang where (C7). */
  readonly routingHistory: RoutingHistory
  /** One, `all`: whether the account is open, as last seen, and until when (B8). Due at the next change. */
  readonly hours: HoursSeen
  /** By visitor id (D10). */
  readonly visitorBan: VisitorBan
  /** By address (D10). */
  readonly ipBan: IpBan
  /** One, `all` (D10). */
  readonly ipBanList: IpBanList
  /** By the bridge's name and the log it reads: how far it got. */
  readonly cursor: BridgeCursor
  /** By the bridge's name and the event's id: what failed and waits for its next try, or was given up (G4). */
  readonly parked: Parked
  /** By its id: what was asked of a foreign CRM. Due at its next try; once it has ended, when it may be forgotten. */
  readonly crmRequest: CrmRequest
  /** By `chat/ID`, `email/KEY`, `phone/KEY`: leads on their way to a foreign CRM (E5); `phoneOf/LEAD`: phones (E6). */
  readonly leadClaim: LeadClaim
  /** By pool id: the queue of a foreign CRM's pool that the library deals from (F2). */
  readonly poolQueue: DistributionPool
  /** By its id (J4). Due at its next step, or its next try. */
  readonly erasure: Erasure
  /** One, `all` (J4). */
  readonly erasures: Erasures
  /** By visitor id: no chat begins while they are being erased (J4). */
  readonly visitorErasure: VisitorErasure
  /** By its id. */
  readonly webhook: Webhook
  /** One, `all`. */
  readonly webhooks: Webhooks
}

/**
 * Routing's own record. A pass expects it, so that passes are one after another in however many hosts, and none offers a
 * chat while an older one came back to the queue (C2). Due when time alone may change a decision (C6, C4, B5).
 */
export interface RoutingState {
  readonly passes: number
  readonly nextAt: Instant | null
}

/** What routing decided of a chat, oldest first; the last ones only where there were very many. */
export interface RoutingHistory {
  readonly decisions: ReadonlyArray<Decision>
}

/** What the account was last seen to be (B8). */
export interface HoursSeen {
  readonly isOpen: boolean
  readonly until: Instant | null
}

/** An agent as routing needs them, as of one moment. */
export interface RosterEntry {
  readonly agent: Agent
  /** Version 0 and `null`: they never were here. */
  readonly desk: Read<DeskRecords, "desk">
  /** `null`: never held a lease. */
  readonly presence: Presence | null
  /** Of each chat that the desk serves: what its slot depends on (B5). */
  readonly served: ReadonlyArray<ServedChat>
}

/** How far a bridge has read a log; moved by compare-and-set, so that any number of hosts may run it. */
export interface BridgeCursor {
  readonly position: number
  /** Until then the host that moved it last works on what follows; others leave it alone. */
  readonly claimedUntil: Instant
}

/** An item of a bridge that failed. Its record is due at `nextTryAt`. */
export interface Parked {
  readonly bridge: string
  readonly eventId: string
  readonly log: "desk" | "crm"
  readonly position: number
  /** Later items of the same stream wait for it. */
  readonly stream: string
  readonly tries: number
  /** `null`: given up; only a replay tries it again. */
  readonly nextTryAt: Instant | null
  readonly lastError: string
}

/** What the chat side's log carries. */
export type DeskPayload =
  | ChatEvent
  | DeskEvent
  | BanEvent
  | AgentChanged
  | HoursEvent
  | BridgeEvent
  | CrmRequestEvent
  | PoolEvent
  | ErasureEvent
  | WebhookEvent

/** A keyset position among entries, newest first (H4): strictly older than this one. */
export interface OlderThan {
  readonly at: Instant
  readonly id: string
}

/** Which closed chats a feed page wants. */
export interface ClosedChatsQuery {
  /** Chats that closed with one of these keys (A7) … */
  readonly keys: ReadonlyArray<EmailKey>
  /** … or are among these (E7). A chat that is both comes once. */
  readonly chatIds: ReadonlyArray<ChatId>
  /** `null`: from the newest. */
  readonly after: OlderThan | null
  /** [inclusive, exclusive), by start; `null`: open. */
  readonly from: Instant | null
  readonly until: Instant | null
  /** Only chats served by one of these; `null`: any. */
  readonly servedByAny: ReadonlyArray<AgentId> | null
  /** D4: left out unless asked. */
  readonly includeMissed: boolean
  readonly includeOfflineMessages: boolean
  readonly limit: number
}

/** Which chats are a person's (J4): of one of the visitors, or with one of the keys now. */
export interface PersonChatsQuery {
  readonly visitors: ReadonlyArray<VisitorId>
  readonly emails: ReadonlyArray<EmailKey>
  readonly phones: ReadonlyArray<PhoneKey>
  /** `null`: from the first. */
  readonly after: ChatId | null
  readonly limit: number
}

/** A message with its text; `null`: erased (J4). */
export interface TranscriptLine {
  readonly message: Message
  readonly text: string | null
}

export interface DeskStoreCapabilities {
  /** Survives the end of the process. */
  readonly isDurable: boolean
  /** Texts of a subject can be erased (J4). */
  readonly erase: boolean
}

/**
 * The chat side's memory: agents, desks, chats, queue, transcripts. Ours: the system of record.
 *
 * Fails only with `StoreError`, and `commit` with `Conflict`. Two accounts never see each other (J2: laws
 * `store.account.separate`, `desk.account.separate`). What it returns cannot be changed from outside (law `store.get.isolation`).
 */
export interface DeskStoreShape extends RecordStore<DeskRecords, DeskPayload> {
  readonly capabilities: DeskStoreCapabilities

  /**
   * The chats in the queue (state `Waiting`), lowest queue number first (C2), at most `limit`.
   *
   * `commit` gives a chat its queue number when it is put in state `Waiting` or `Offered` with `queueNumber: null`: higher
   * than all given before in the account, those that came with the chat (an import's) included. With a number it keeps
   * it.
   *
   * - Laws: `desk.waiting.fifo`, `desk.waiting.keepsNumber`, `desk.waiting.only`, `desk.waiting.unique`.
   */
  readonly waiting: (account: AccountId, limit: number) => Effect.Effect<ReadonlyArray<Chat>, StoreError>

  /**
   * All agents with their desks and presence, and what the slots of their chats depend on. One statement. Laws:
   * `desk.roster.all`, `desk.roster.served`.
   */
  readonly roster: (account: AccountId) => Effect.Effect<ReadonlyArray<RosterEntry>, StoreError>

  /**
   * Closed chats by closing key, newest first by (start, id), ids compared as strings by code unit, with the texts
   * that the chats refer to.
   *
   * - Reads at most keys × (limit) index rows and does one top-N: no scan of a key's whole past.
   * - Laws: `desk.closedChats.keys`, `desk.closedChats.now`, `desk.closedChats.texts`, `desk.closedChats.erased`,
   *   `desk.closedChats.order`, `desk.closedChats.after`, `desk.closedChats.filter`.
   */
  readonly closedChats: (
    account: AccountId,
    query: ClosedChatsQuery
  ) => Effect.Effect<{ readonly chats: ReadonlyArray<Chat>; readonly texts: Texts }, StoreError>

  /**
   * A chat's messages after a number, in order, at most `limit` (D7): those of its `MessageSent` events, joined with
   * their texts. An unknown chat has none.
   *
   * - Laws: `desk.transcript.order`, `desk.transcript.range`, `desk.transcript.erased`.
   */
  readonly transcript: (
    account: AccountId,
    chatId: ChatId,
    after: number,
    limit: number
  ) => Effect.Effect<ReadonlyArray<TranscriptLine>, StoreError>

  /**
   * Chats of a person, open and closed, by id, ids compared as strings by code unit, each once, at most `limit` (J4).
   *
   * - Reads at most (visitors + keys) × limit index rows: by visitor, by email key and by phone key, whatever the state.
   * - Laws: `desk.personChats.all`, `desk.personChats.after`.
   */
  readonly personChats: (account: AccountId, query: PersonChatsQuery) => Effect.Effect<ReadonlyArray<Chat>, StoreError>

  /**
   * What a bridge gave up (`nextTryAt` is `null`), in order of the log, at most `limit`. Laws: `desk.givenUp.all`,
   * `desk.givenUp.now`.
   */
  readonly givenUp: (
    account: AccountId,
    bridge: string,
    limit: number
  ) => Effect.Effect<ReadonlyArray<Parked>, StoreError>

  /**
   * What a bridge will try again (`nextTryAt` is not `null`), due or not, in order of the log, at most `limit`: so that
   * later items of a stream wait behind it. Laws: `desk.parked.all`, `desk.parked.now`.
   */
  readonly parked: (
    account: AccountId,
    bridge: string,
    limit: number
  ) => Effect.Effect<ReadonlyArray<Parked>, StoreError>
}

/** Port: see {@link DeskStoreShape}. */
export class DeskStore extends Context.Service<DeskStore, DeskStoreShape>()("leadline/DeskStore") {}
