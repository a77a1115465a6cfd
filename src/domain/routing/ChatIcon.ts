import type { AgentStatus } from "../agent/AgentStatus.ts"

/** The chat icon in the CRM (C9). */
export type ChatIcon =
  | { readonly _tag: "Hidden" }
  | {
      readonly _tag: "Shown"
      readonly status: AgentStatus
      /** The waiting chats of this agent's departments. */
      readonly waiting: number
      readonly blinking: boolean
      readonly sound: boolean
    }

/** A pure view (C9): blinking and sound exactly while something rings at this agent. */
export const chatIcon = (facts: {
  /** H6: the switch "Chat inside CRM". */
  readonly isSwitchedOn: boolean
  readonly hasChatLicence: boolean
  readonly status: AgentStatus
  readonly waiting: number
  readonly ringing: number
}): ChatIcon => {
  if (!facts.isSwitchedOn || !facts.hasChatLicence) return { _tag: "Hidden" }
  const isRinging = facts.ringing > 0
  return { _tag: "Shown", status: facts.status, waiting: facts.waiting, blinking: isRinging, sound: isRinging }
}
