import { Schema } from "effect"

/** What an agent declares (B1). */
export const AgentStatus = Schema.Literals(["online", "away", "invisible", "offline"])
export type AgentStatus = typeof AgentStatus.Type

/** What the website shows of the account (B1). */
export type AccountStatus = "online" | "away" | "offline"

/**
 * What a status allows (B1): an allow-list. A status that is not listed (one that a newer release wrote, say) allows
 * nothing.
 */
const allowed: Readonly<Record<string, { readonly rings: boolean; readonly mayAnswer: boolean } | undefined>> = {
  online: { rings: true, mayAnswer: true },
  away: { rings: false, mayAnswer: true },
  invisible: { rings: false, mayAnswer: true }
}

/** Whether a waiting chat rings at an agent of this status, in broadcast and hybrid mode (B1). */
export const rings = (status: AgentStatus): boolean => allowed[status]?.rings ?? false

/** Whether an agent of this status may answer a waiting chat by hand, in broadcast and hybrid mode (B1). */
export const mayAnswer = (status: AgentStatus): boolean => allowed[status]?.mayAnswer ?? false

/** What the website shows: online if anybody is, else away if anybody is, else offline (B1). */
export const ofAccount = (statuses: Iterable<AgentStatus>): AccountStatus => {
  let shown: AccountStatus = "offline"
  for (const status of statuses) {
    if (status === "online") return "online"
    if (status === "away") shown = "away"
  }
  return shown
}
