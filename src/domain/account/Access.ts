import { Schema } from "effect"
import type { Agent } from "../agent/Agent.ts"
import { type Directory, maySeeRecordOf, type User } from "../record/User.ts"
import type { Actor } from "./Actor.ts"
import type { AgentId, UserId, VisitorId } from "./Id.ts"

/** Why somebody may not. */
export const DenialReason = Schema.Literals([
  "notAnAgent",
  "notAUser",
  "notCrmAdministrator",
  "notChatAdministrator",
  "notYours",
  "recordHidden",
  "noCrmAccess",
  "needsBothLicences",
  "switchedOff",
  "notAnAdministrator"
])
export type DenialReason = typeof DenialReason.Type

/** An actor without the right (J1). */
export const AccessDenied = Schema.TaggedStruct("AccessDenied", { action: Schema.String, reason: DenialReason })
export type AccessDenied = typeof AccessDenied.Type

/**
 * An actor with their rights as they are now. `agent` and `user` are read when the command is, never taken from a
 * token, so that a right taken away shows in the next read (J1).
 */
export interface Rights {
  readonly actor: Actor
  /** The agent's entry, where the actor is one. */
  readonly agent: Agent | null
  /** The user's entry, where the actor is one, or is an agent with a CRM licence. */
  readonly user: User | null
}

/** What is asked, with the facts it depends on. Chat-state conditions (who serves) are the chat's own (C10). */
export type Ask =
  /** Speaking, details, rating, ending: the chat's visitor, any agent in their own name, Leadline itself. */
  | { readonly action: "chat.takePart"; readonly visitorId: VisitorId }
  /** Answering, leaving, tagging, internal notes; reading the queue and chats in the console. */
  | { readonly action: "chat.serve" }
  /** Setting a status: one's own, or anybody's for a Chat administrator. */
  | { readonly action: "desk.set"; readonly agentId: AgentId }
  /** Departments, routing, bans, agents (J3). */
  | { readonly action: "chat.administer" }
  /** Layouts, pools, CRM settings, users (J3). */
  | { readonly action: "crm.administer" }
  /** Records and their feeds and transcripts (J1, E2). */
  | { readonly action: "record.read"; readonly owner: UserId; readonly viewAs: ViewAs; readonly directory: Directory }
  /** Who changed which setting, when: CRM and Chat administrators alike. */
  | { readonly action: "settings.audit" }
  /** Looking at what all staff may see: layouts and their history. */
  | { readonly action: "staff.read" }
  /** Opening a record's card (J3). */
  | { readonly action: "card.open" }
  /** The account's log, erasure, imports. */
  | { readonly action: "account.operate" }

/** With whose eyes an agent sees the CRM (E2): `all` of it, or as the user they are, or not at all. */
export type ViewAs = "all" | "user" | "nobody"

/**
 * E2: with `allAgents` every agent sees all; with `crmUsersOnly` an agent sees what their user may see. A user sees
 * what users see. `crmInsideChat` off closes the CRM to agents (H6), but not to users.
 */
export const viewAs = (
  rights: Rights,
  settings: { readonly crmInsideChat: boolean; readonly accessToCrmData: "allAgents" | "crmUsersOnly" }
): ViewAs => {
  switch (rights.actor._tag) {
    case "System":
    case "Service":
      return "all"
    case "Visitor":
      return "nobody"
    case "User":
      return rights.user?.isActive === true ? "user" : "nobody"
    case "Agent":
      if (rights.agent?.isEnabled !== true || !settings.crmInsideChat) return "nobody"
      if (settings.accessToCrmData === "allAgents") return "all"
      return rights.user?.isActive === true ? "user" : "nobody"
  }
}

/** The one function that decides who may do what (J1): `null` is yes. */
export const can = (rights: Rights, ask: Ask): AccessDenied | null => {
  const reason = denial(rights, ask)
  return reason === null ? null : { _tag: "AccessDenied", action: ask.action, reason }
}

const denial = (rights: Rights, ask: Ask): DenialReason | null => {
  const { actor, agent, user } = rights
  const isOurs = actor._tag === "System" || actor._tag === "Service"
  switch (ask.action) {
    case "chat.takePart":
      if (actor._tag === "Visitor") return actor.visitorId === ask.visitorId ? null : "notYours"
      return isOurs || isActing(agent) ? null : "notAnAgent"
    case "chat.serve":
      return isOurs || isActing(agent) ? null : "notAnAgent"
    case "desk.set":
      if (isOurs || isChatAdministrator(agent)) return null
      if (!isActing(agent)) return "notAnAgent"
      return agent?.id === ask.agentId ? null : "notYours"
    case "chat.administer":
      return isOurs || isChatAdministrator(agent) ? null : "notChatAdministrator"
    case "crm.administer":
      return isOurs || isCrmAdministrator(user) ? null : "notCrmAdministrator"
    case "settings.audit":
      return isOurs || isCrmAdministrator(user) || isChatAdministrator(agent) ? null : "notAnAdministrator"
    case "staff.read":
      return isOurs || isActing(agent) || user?.isActive === true ? null : "notAUser"
    case "card.open":
      return isActing(agent) && user?.isActive === true ? null : "needsBothLicences"
    case "account.operate":
      return isOurs ? null : "notYours"
    case "record.read":
      if (ask.viewAs === "all") return null
      if (ask.viewAs === "nobody" || user === null) return "noCrmAccess"
      return maySeeRecordOf(ask.directory, user, ask.owner) ? null : "recordHidden"
  }
}

const isActing = (agent: Agent | null): boolean => agent?.isEnabled === true

const isChatAdministrator = (agent: Agent | null): boolean => agent?.isEnabled === true && agent.isChatAdministrator

const isCrmAdministrator = (user: User | null): boolean => user?.isActive === true && user.isCrmAdministrator
