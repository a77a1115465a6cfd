import { Schema } from "effect"

/** What an agent declares (B1). */
export const AgentStatus = Schema.Literals(["online", "away", "invisible", "offline"])
export type AgentStatus = typeof AgentStatus.Type

/** What the website shows of the account (B1). */
export type AccountStatus = "online" | "away" | "offline"

/** Why a chat is held out to an agent (C1). */
export const OfferKind = Schema.Literals(["routing", "transfer"])
export type OfferKind = typeof OfferKind.Type

interface Allowance {
  readonly rings: boolean
  readonly mayAnswer: boolean
  readonly offers: Readonly<Record<OfferKind, boolean>>
}

const online: Allowance = { rings: true, mayAnswer: true, offers: { routing: true, transfer: true } }
const away: Allowance = { rings: false, mayAnswer: true, offers: { routing: false, transfer: true } }
const invisible: Allowance = { rings: false, mayAnswer: true, offers: { routing: false, transfer: false } }
const nothing: Allowance = { rings: false, mayAnswer: false, offers: { routing: false, transfer: false } }

/**
 * What a status allows (B1): an allow-list. A status that is not listed (one that a newer release wrote, say) allows
 * nothing.
 */
const allowed = (status: AgentStatus): Allowance => {
  switch (status) {
    case "online":
      return online
    case "away":
      return away
    case "invisible":
      return invisible
    default:
      return nothing
  }
}

/** Whether a waiting chat rings at an agent of this status, in broadcast and hybrid mode (B1). */
export const rings = (status: AgentStatus): boolean => allowed(status).rings

/** Whether an agent of this status may answer a waiting chat by hand, in broadcast and hybrid mode (B1). */
export const mayAnswer = (status: AgentStatus): boolean => allowed(status).mayAnswer

/** Whether a chat may be held out to an agent of this status, and whether they may answer that offer (B1, C11). */
export const mayHold = (status: AgentStatus, kind: OfferKind): boolean => allowed(status).offers[kind]

/** What the website shows: online if anybody is, else away if anybody is, else offline (B1). */
export const ofAccount = (statuses: Iterable<AgentStatus>): AccountStatus => {
  let shown: AccountStatus = "offline"
  for (const status of statuses) {
    if (status === "online") return "online"
    if (status === "away") shown = "away"
  }
  return shown
}
