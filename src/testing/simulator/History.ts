/**
 * A history: who is there, what they do, what goes wrong. Plain data, made from a seed, shortened by leaving steps out,
 * and printed. People and hosts are numbered from 1.
 *
 * @module
 */

/** A process that serves the account. */
export interface HostSetup {
  /** How far its clock is ahead of the others'. */
  readonly skewMillis: number
  /** Duplicate delivery: each of its wake-ups comes twice. */
  readonly wakesTwice: boolean
}

export interface AgentSetup {
  readonly departments: ReadonlyArray<number>
  /** `null`: the account's limit binds them (B5). */
  readonly limit: number | null
}

export interface VisitorSetup {
  /** As typed; several may type the same, in other cases of letters (A1). `null`: none. */
  readonly email: string | null
  /** Whether the CRM knows them before the history begins. */
  readonly known: "no" | "lead" | "person"
}

export interface Setup {
  readonly routing: "broadcast" | "assigned"
  /** Ours, or somebody else's: not atomic, not idempotent, its search half a minute old. */
  readonly crm: "own" | "foreign"
  readonly chatLimit: number | null
  readonly hosts: ReadonlyArray<HostSetup>
  readonly agents: ReadonlyArray<AgentSetup>
  readonly visitors: ReadonlyArray<VisitorSetup>
}

export const visitorDeeds = ["Ask", "Say", "Go", "LeavePage", "ReturnToPage", "Rate", "WantTranscript"] as const

export const agentDeeds = [
  ...(["SignIn", "SignOut", "ConsoleDies", "GoOnline", "GoAway", "GoInvisible", "GoOffline"] as const),
  ...(["Answer", "AnswerNext", "Decline", "Reply", "WriteInternal", "End", "Leave"] as const),
  ...(["TransferToAgent", "TransferToDepartment", "Invite", "CreateLead", "NotifySales", "ChangePhone"] as const)
] as const

/** What somebody does. */
export type Action =
  | { readonly _tag: (typeof visitorDeeds)[number]; readonly visitor: number; readonly pick: number }
  /**
   * `pick`: which of the chats that the console shows, or which colleague, counted round. Agent 0: to answer, everybody
   * with an open console; else whoever was told last, or the `pick`-th before, that they answered a chat.
   */
  | { readonly _tag: (typeof agentDeeds)[number]; readonly agent: number; readonly pick: number }
  | { readonly _tag: "Ban" | "Unban"; readonly visitor: number }
  /** An administrator sets hours that are over, or takes them back (B8). */
  | { readonly _tag: "CloseAccount" | "OpenAccount" }

/** The ports whose calls a fault may strike. */
export type Struck = "desk" | "crm" | "settings" | "notifier" | "mail"

/** What goes wrong, at a host, with a call of a port that it fits: the one after `skip` others. */
export type Fault =
  /** Late by so much, and its answer again. */
  | {
      readonly _tag: "Slow"
      readonly host: number
      readonly port: Struck
      readonly skip: number
      readonly millis: number
    }
  /** So many calls in a row are not made. */
  | {
      readonly _tag: "Unavailable"
      readonly host: number
      readonly port: Struck
      readonly skip: number
      readonly calls: number
    }
  | { readonly _tag: "LostAnswer" | "Twice"; readonly host: number; readonly port: Struck; readonly skip: number }
  /** So many searches answer what they answered before. */
  | { readonly _tag: "Stale"; readonly host: number; readonly calls: number }
  /** The process dies before a call of any port, or right after it, and is started anew. */
  | {
      readonly _tag: "Crash"
      readonly host: number
      readonly skip: number
      readonly when: "before" | "after"
      readonly downMillis: number
    }
  /** Whoever follows the desk's log loses the connection, and comes back. */
  | { readonly _tag: "Reconnect" }

/** Something at a moment, in milliseconds from the start. Its id stays the same while others are left out. */
export type Step =
  | { readonly id: number; readonly at: number; readonly action: Action }
  | { readonly id: number; readonly at: number; readonly fault: Fault }

export interface History {
  readonly seed: number
  readonly setup: Setup
  /** In order of their moments. */
  readonly steps: ReadonlyArray<Step>
}

const actionLine = (action: Action): string => {
  if ("agent" in action)
    return `agent ${action.agent === 0 ? (action._tag === "Answer" ? "(all)" : "(who answered)") : action.agent}: ${action._tag} (${action.pick})`
  return "visitor" in action ? `visitor ${action.visitor}: ${action._tag}` : `administrator: ${action._tag}`
}

const faultLine = (fault: Fault): string => {
  if (fault._tag === "Reconnect") return "FAULT Reconnect of the subscriber"
  const { _tag, host, ...details } = fault
  const said = Object.entries(details).map(([name, value]) => `${name} ${value}`)
  return `FAULT ${_tag} at host ${host}: ${said.join(", ")}`
}

/** A history as people read it: a line for each of those there, and one for each step. */
export const lines = ({ seed, setup, steps }: History): ReadonlyArray<string> => [
  `seed ${seed}: ${setup.routing} routing, ${setup.crm} CRM, chat limit ${setup.chatLimit ?? "off"}`,
  ...setup.hosts.map(
    (host, n) => `  host ${n + 1}: clock ${host.skewMillis} ms ahead${host.wakesTwice ? ", wakes twice" : ""}`
  ),
  ...setup.agents.map(
    ({ departments, limit }, n) =>
      `  agent ${n + 1}: departments ${departments.join(" and ") || "none"}, limit ${limit ?? "the account's"}`
  ),
  ...setup.visitors.map(({ email, known }, n) => `  visitor ${n + 1}: ${email ?? "no email"}, known: ${known}`),
  ...steps.map((step) => {
    const at = `${(step.at / 1_000).toFixed(1)} s`.padStart(9)
    return `${at}  #${step.id} ${"action" in step ? actionLine(step.action) : faultLine(step.fault)}`
  })
]
