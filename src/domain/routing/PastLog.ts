/**
 * A past desk log, read for `ReplayRouting`: who asked when, how long each chat was worked on, how long each visitor was
 * ready to wait, when each agent was there and how fast they answered; and a report of what happened.
 *
 * Chats grow by the same `ChatEvolve` as everywhere, so this knows no state machine of its own. Total: events in any
 * order, of any release; what does not fit leaves no trace. One pass; keeps what is in {@link PastLog}, no events.
 *
 * @module
 */
import { Schema } from "effect"
import type { Event } from "../account/Event.ts"
import type { AgentId } from "../account/Id.ts"
import type * as Instant from "../account/Instant.ts"
import type { AgentChanged } from "../agent/Agent.ts"
import type { AgentStatus } from "../agent/AgentStatus.ts"
import { DeskEvent } from "../agent/Desk.ts"
import { HoursEvent } from "../agent/HoursEvent.ts"
import type { Chat } from "../chat/Chat.ts"
import { ChatEvent } from "../chat/ChatEvent.ts"
import { evolve } from "../chat/ChatEvolve.ts"
import { type PastChat, PastChatReader, servingOnlyIn } from "./PastChat.ts"
import { type RoutingReport, Tally } from "./RoutingReport.ts"

/** Which chats: those asked for in [from, until); `null`: open. */
export interface Period {
  readonly from: Instant.Instant | null
  readonly until: Instant.Instant | null
}

/** Something that happened to the house, whatever the policy. */
export type Change = { readonly at: Instant.Instant } & (
  | { readonly _tag: "Status"; readonly agentId: AgentId; readonly status: AgentStatus }
  | { readonly _tag: "Enabled"; readonly agentId: AgentId; readonly isEnabled: boolean }
  | { readonly _tag: "Hours"; readonly isOpen: boolean }
)

export interface PastLog {
  /** In order of request. */
  readonly chats: ReadonlyArray<PastChat>
  /** In order of time, from the log's beginning on. */
  readonly changes: ReadonlyArray<Change>
  /** How long each agent took to answer, each time it could be seen; shortest first. */
  readonly reactions: ReadonlyMap<AgentId, ReadonlyArray<number>>
  /** Who was online at some time of the period. */
  readonly present: ReadonlySet<AgentId>
  /** What happened. */
  readonly report: RoutingReport
}

/** Any event of the log: those that say nothing about routing are passed over. */
export type AnyEvent = Event<{ readonly _tag: string }>

const everything: Period = { from: null, until: null }

/** Reads a whole log. */
export const read = (events: Iterable<AnyEvent>, period: Period = everything): PastLog => {
  const reader = new Reader(period)
  for (const event of events) reader.add(event)
  return reader.end()
}

const chatTags = new Set(Object.keys(Schema.toTaggedUnion("_tag")(ChatEvent).cases))
const houseTags = new Set([
  ...Object.keys(Schema.toTaggedUnion("_tag")(DeskEvent).cases),
  ...Object.keys(Schema.toTaggedUnion("_tag")(HoursEvent).cases),
  "AgentChanged"
])

const isOfChat = (event: AnyEvent): event is Event<ChatEvent> => chatTags.has(event.payload._tag)
const isOfHouse = (event: AnyEvent): event is Event<DeskEvent | HoursEvent | AgentChanged> =>
  houseTags.has(event.payload._tag)

/** Reads a log piece by piece. */
export class Reader {
  private readonly period: Period
  private readonly tally = new Tally()
  /** By stream; `null`: over, or not of the period. */
  private readonly open = new Map<string, PastChatReader | null>()
  private readonly chats: Array<PastChat> = []
  private readonly changes: Array<Change> = []
  private readonly reactions = new Map<AgentId, Array<number>>()
  /** Since when an agent could have answered: they came online, took a chat, or gave one back. */
  private readonly freeSince = new Map<AgentId, Instant.Instant>()
  private lastAt = Number.NEGATIVE_INFINITY

  constructor(period: Period = everything) {
    this.period = period
  }

  add(event: AnyEvent): void {
    this.lastAt = Math.max(this.lastAt, event.at)
    if (isOfChat(event)) this.ofChat(event)
    else if (isOfHouse(event)) this.ofHouse(event.payload, event.at)
  }

  /** Who still waits leaves as the log ends; who is served is done then. */
  end(): PastLog {
    for (const [stream, reader] of this.open)
      if (reader !== null) this.over(stream, reader, this.lastAt as Instant.Instant)
    const changes = this.changes.sort((a, b) => a.at - b.at)
    const present = presentIn(changes, this.period)
    for (const agentId of present) this.tally.present(agentId)
    for (const samples of this.reactions.values()) samples.sort((a, b) => a - b)
    return {
      chats: this.chats.sort((a, b) => a.requestedAt - b.requestedAt),
      changes,
      reactions: this.reactions,
      present,
      report: this.tally.report
    }
  }

  /** A status that the old policy took away for misses (C5) is not replayed: the new one takes its own. */
  private ofHouse(payload: DeskEvent | HoursEvent | AgentChanged, at: Instant.Instant): void {
    if (payload._tag === "StatusChanged" && payload.reason !== "missedOffers") {
      this.changes.push({ _tag: "Status", at, agentId: payload.agentId, status: payload.to })
      this.freeSince.set(payload.agentId, at)
    } else if (payload._tag === "AgentChanged") {
      this.changes.push({ _tag: "Enabled", at, agentId: payload.agentId, isEnabled: payload.isEnabled })
    } else if (payload._tag === "AccountOpened" || payload._tag === "AccountClosed") {
      this.changes.push({ _tag: "Hours", at, isOpen: payload._tag === "AccountOpened" })
    }
  }

  private ofChat({ at, payload, stream }: Event<ChatEvent>): void {
    const reader = this.open.get(stream)
    if (reader === null) return
    if (reader === undefined) {
      if (payload._tag === "ChatRequested") this.asked(stream, evolve(null, payload, at), at)
      return
    }
    const before = reader.chat
    const after = evolve(before, payload, at) ?? before
    reader.chat = after
    if (payload._tag === "BecameOfflineMessage" && at === before.requestedAt && after !== before) {
      this.open.set(stream, null)
      this.tally.dismissed()
      return
    }
    this.observeOffer(before, payload, at)
    this.observeServing(reader, before, payload, at)
    if (payload._tag === "MessageSent" && payload.message.visibility === "public") reader.spoke(payload.message.at)
    if (after.state._tag === "Closed") {
      this.over(stream, reader, before.state._tag === "Closing" ? before.state.since : at)
    }
  }

  private asked(stream: string, chat: Chat | null, at: Instant.Instant): void {
    const { from, until } = this.period
    const isOfPeriod = chat !== null && (from === null || at >= from) && (until === null || at < until)
    const reader = isOfPeriod ? new PastChatReader(chat) : null
    this.open.set(stream, reader)
    if (reader === null) return
    reader.queue("request", at)
    this.tally.asked++
    this.tally.queued()
  }

  /** Routing's offers; one that was missed took its agent at least until the deadline. */
  private observeOffer({ offer, state }: Chat, payload: ChatEvent, at: Instant.Instant): void {
    if (payload._tag === "ChatOffered") {
      if (payload.kind === "routing") this.tally.offers.made++
      return
    }
    if (offer?.kind !== "routing" || state._tag !== "Offered") return
    if (payload._tag === "OfferDeclined") this.tally.offers.declined++
    if (payload._tag === "OfferMissed") {
      this.tally.offers.missed++
      this.reacted(offer.to, offer.until - state.since)
    }
    // an offer answered as it was made was accepted by the account (C5), not by the agent
    if (payload._tag === "ChatAnswered" && offer.to === payload.agentId && at > state.since) {
      this.reacted(offer.to, at - state.since)
    }
  }

  private observeServing(reader: PastChatReader, before: Chat, payload: ChatEvent, at: Instant.Instant): void {
    const after = reader.chat
    const { staySince } = reader
    if (payload._tag === "ChatAnswered" && before.offer === null && staySince !== null) {
      this.reacted(payload.agentId, at - Math.max(staySince, this.freeSince.get(payload.agentId) ?? staySince))
    }
    for (const agentId of servingOnlyIn(after, before)) {
      this.tally.took(agentId, at)
      this.freeSince.set(agentId, at)
    }
    const closedAt = after.state._tag === "Closed" ? after.state.at : at
    for (const agentId of servingOnlyIn(before, after)) {
      this.tally.released(agentId, closedAt)
      this.freeSince.set(agentId, at)
    }
    if (before.serving.length === 0 && after.serving.length > 0) {
      if (staySince !== null) this.tally.waited(staySince, at)
      reader.served(at)
    }
    if (before.serving.length > 0 && after.serving.length === 0) reader.released(closedAt)
    const begins = beginningOf(payload)
    if (begins !== null && staySince === null && after.serving.length === 0 && isQueued(after)) {
      this.tally.queued()
      reader.queue(begins, at)
    }
  }

  private reacted(agentId: AgentId, millis: number): void {
    const samples = this.reactions.get(agentId)
    if (samples === undefined) this.reactions.set(agentId, [Math.max(0, millis)])
    else samples.push(Math.max(0, millis))
  }

  private over(stream: string, reader: PastChatReader, at: Instant.Instant): void {
    const { chat, staySince } = reader
    for (const { agentId } of chat.serving) this.tally.released(agentId, at)
    if (chat.serving.length > 0) reader.released(at)
    if (staySince !== null) {
      this.tally.waited(staySince, at)
      reader.left(at)
    }
    if (chat.answered !== null) this.tally.served++
    this.chats.push(reader.past)
    this.open.set(stream, null)
  }
}

/** In the queue, or will be when its visitor is back. */
const isQueued = ({ state }: Chat): boolean =>
  state._tag === "Waiting" || (state._tag === "Closing" && state.before._tag === "Waiting")

/** What puts a chat that was served into the queue. An offer of a transfer that came to nothing does not: see `ReplayRouting`. */
const beginningOf = (payload: ChatEvent) => {
  if (payload._tag === "TransferredToDepartment") return "transfer"
  return payload._tag === "ChatRequeued" ? payload.reason : null
}

const presentIn = (changes: ReadonlyArray<Change>, { from, until }: Period): ReadonlySet<AgentId> => {
  const present = new Set<AgentId>()
  const online = new Set<AgentId>()
  let isBefore = from !== null
  for (const change of changes) {
    if (until !== null && change.at >= until) break
    if (isBefore && from !== null && change.at > from) {
      isBefore = false
      for (const agentId of online) present.add(agentId)
    }
    if (change._tag !== "Status") continue
    if (change.status === "online") online.add(change.agentId)
    else online.delete(change.agentId)
    if (!isBefore && change.status === "online") present.add(change.agentId)
  }
  for (const agentId of online) present.add(agentId)
  return present
}
