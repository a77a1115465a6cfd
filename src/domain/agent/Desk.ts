import { Schema } from "effect"
import { AgentId, ChatId } from "../account/Id.ts"
import { Instant } from "../account/Instant.ts"
import * as AgentStatus from "./AgentStatus.ts"

/** A chat held out to this agent: it holds a slot until it is answered or ends otherwise (B5, C4). */
export const HeldOffer = Schema.Struct({ chatId: ChatId, until: Instant, kind: AgentStatus.OfferKind })
export type HeldOffer = typeof HeldOffer.Type

/** Why a status changed: by hand, by signing in (B2), idle (B3), the last lease expired (B4), offers missed (C5). */
export const StatusReason = Schema.Literals(["chosen", "signedIn", "idle", "gone", "missedOffers", "deactivated"])
export type StatusReason = typeof StatusReason.Type

/**
 * An agent's working place. One per agent, versioned: who takes a slot expects its version, so that an agent's claims
 * are decided one after another, in however many processes (B6).
 */
export const Desk = Schema.Struct({
  agentId: AgentId,
  status: AgentStatus.AgentStatus,
  statusSince: Instant,
  /** Last chosen status other than `offline`: what signing in returns to (B2). */
  lastChosen: AgentStatus.AgentStatus,
  /** The chats this agent serves now, in the order of joining. */
  serving: Schema.Array(ChatId),
  /** At most one open offer (C4). */
  offer: Schema.NullOr(HeldOffer),
  /** The last offer they let pass (C3). */
  lastMissAt: Schema.NullOr(Instant),
  /** Offers missed since they last answered or chose a status (C5). */
  missesInARow: Schema.Int,
  /** When they last stopped serving a chat: how long they have been without one (C3). */
  lastReleasedAt: Schema.NullOr(Instant),
  /** The number of this desk's last event (K2). */
  eventCount: Schema.Int
})
export type Desk = typeof Desk.Type

/** The desk of an agent who has never been here: offline, serving nothing (B2: `online` the first time). */
export const initial = (agentId: AgentId): Desk => ({
  agentId,
  status: "offline",
  statusSince: 0 as Instant,
  lastChosen: "online",
  serving: [],
  offer: null,
  lastMissAt: null,
  missesInARow: 0,
  lastReleasedAt: null,
  eventCount: 0
})

/** What happens at a desk. */
export const DeskEvent = Schema.Union([
  Schema.TaggedStruct("StatusChanged", {
    agentId: AgentId,
    from: AgentStatus.AgentStatus,
    to: AgentStatus.AgentStatus,
    reason: StatusReason
  }),
  Schema.TaggedStruct("ChatTaken", { agentId: AgentId, chatId: ChatId }),
  Schema.TaggedStruct("ChatReleased", { agentId: AgentId, chatId: ChatId }),
  Schema.TaggedStruct("OfferHeld", { agentId: AgentId, ...HeldOffer.fields }),
  /** An offer that was not answered; answering it is `ChatTaken`. */
  Schema.TaggedStruct("OfferEnded", {
    agentId: AgentId,
    chatId: ChatId,
    how: Schema.Literals(["missed", "declined", "withdrawn"])
  })
])
export type DeskEvent = typeof DeskEvent.Type

/** Applies an event that has happened (K4). Total. */
export const evolve = (desk: Desk, event: DeskEvent, at: Instant): Desk => ({
  ...desk,
  ...changed(desk, event, at),
  eventCount: desk.eventCount + 1
})

const changed = (desk: Desk, event: DeskEvent, at: Instant): Partial<Desk> => {
  switch (event._tag) {
    case "StatusChanged":
      return {
        status: event.to,
        statusSince: at,
        lastChosen: event.reason === "chosen" && event.to !== "offline" ? event.to : desk.lastChosen,
        missesInARow: event.reason === "chosen" || event.reason === "signedIn" ? 0 : desk.missesInARow
      }
    case "ChatTaken":
      return {
        serving: [...desk.serving, event.chatId],
        missesInARow: 0,
        offer: desk.offer?.chatId === event.chatId ? null : desk.offer
      }
    case "ChatReleased":
      return { serving: desk.serving.filter((id) => id !== event.chatId), lastReleasedAt: at }
    case "OfferHeld":
      return { offer: { chatId: event.chatId, until: event.until, kind: event.kind } }
    case "OfferEnded":
      return {
        offer: desk.offer?.chatId === event.chatId ? null : desk.offer,
        ...(event.how === "missed" ? { lastMissAt: at, missesInARow: desk.missesInARow + 1 } : {})
      }
  }
}

/** A status to be, chosen by hand unless `reason` says otherwise (B7: the one already held changes nothing). */
export const setStatus = (
  desk: Desk,
  to: AgentStatus.AgentStatus,
  reason: StatusReason = "chosen"
): ReadonlyArray<DeskEvent> =>
  desk.status === to ? [] : [{ _tag: "StatusChanged", agentId: desk.agentId, from: desk.status, to, reason }]
