import { Schema } from "effect"
import { AgentId, ChatId } from "../account/Id.ts"
import { Instant } from "../account/Instant.ts"
import { AgentStatus } from "./AgentStatus.ts"

/**
 * An agent's working place. One per agent, versioned: who takes a slot expects its version, so that an agent's claims
 * are decided one after another, in however many processes (B6).
 */
export const Desk = Schema.Struct({
  agentId: AgentId,
  status: AgentStatus,
  statusSince: Instant,
  /** Last chosen status other than `offline`: what signing in returns to (B2). */
  lastChosen: AgentStatus,
  /** The chats this agent serves now, in the order of joining. */
  serving: Schema.Array(ChatId),
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
  eventCount: 0
})

/** What happens at a desk. */
export const DeskEvent = Schema.Union([
  Schema.TaggedStruct("StatusChanged", { agentId: AgentId, from: AgentStatus, to: AgentStatus }),
  Schema.TaggedStruct("ChatTaken", { agentId: AgentId, chatId: ChatId }),
  Schema.TaggedStruct("ChatReleased", { agentId: AgentId, chatId: ChatId })
])
export type DeskEvent = typeof DeskEvent.Type

/** Applies an event that has happened (K4). Total. */
export const evolve = (desk: Desk, event: DeskEvent, at: Instant): Desk => {
  const eventCount = desk.eventCount + 1
  switch (event._tag) {
    case "StatusChanged":
      return {
        ...desk,
        eventCount,
        status: event.to,
        statusSince: at,
        lastChosen: event.to === "offline" ? desk.lastChosen : event.to
      }
    case "ChatTaken":
      return { ...desk, eventCount, serving: [...desk.serving, event.chatId] }
    case "ChatReleased":
      return { ...desk, eventCount, serving: desk.serving.filter((id) => id !== event.chatId) }
  }
}

/** Choosing a status (B7: the one already held changes nothing). */
export const setStatus = (desk: Desk, to: AgentStatus): ReadonlyArray<DeskEvent> =>
  desk.status === to ? [] : [{ _tag: "StatusChanged", agentId: desk.agentId, from: desk.status, to }]
