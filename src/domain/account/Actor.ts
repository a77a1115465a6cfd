import { Schema } from "effect"
import { AgentId, UserId, VisitorId } from "./Id.ts"

/** Who does something (K1). Kept in events: names nobody, only ids. */
export const Actor = Schema.Union([
  /** A chat agent; with a CRM licence they are also a user. */
  Schema.TaggedStruct("Agent", { agentId: AgentId }),
  /** A CRM user who is not acting as an agent. */
  Schema.TaggedStruct("User", { userId: UserId }),
  Schema.TaggedStruct("Visitor", { visitorId: VisitorId }),
  /** A program of the account with a right of its own: an import, an integration. */
  Schema.TaggedStruct("Service", { name: Schema.NonEmptyString }),
  /** Leadline itself: timers, the bridge, routing. */
  Schema.TaggedStruct("System", {})
])
export type Actor = typeof Actor.Type

/** Where a command was given (C10). The result is the same from each; the event records it. */
export const Surface = Schema.Literals(["crm", "chat", "mobile", "api"])
export type Surface = typeof Surface.Type

/** `agent:100`, `user:7`, `visitor:…`, `service:…`, `system`: the actor's part of an idempotency key (K1). */
export const toKey = (actor: Actor): string => {
  switch (actor._tag) {
    case "Agent":
      return `agent:${actor.agentId}`
    case "User":
      return `user:${actor.userId}`
    case "Visitor":
      return `visitor:${actor.visitorId}`
    case "Service":
      return `service:${actor.name}`
    case "System":
      return "system"
  }
}

export const agent = (agentId: AgentId): Actor => ({ _tag: "Agent", agentId })
export const user = (userId: UserId): Actor => ({ _tag: "User", userId })
export const visitor = (visitorId: VisitorId): Actor => ({ _tag: "Visitor", visitorId })
export const service = (name: string): Actor => ({ _tag: "Service", name })
export const system: Actor = { _tag: "System" }
