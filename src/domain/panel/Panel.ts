import type { EmailKey } from "../identity/EmailKey.ts"
import type { MatchableRef } from "../record/RecordRef.ts"

/** What the agent may do from the panel (E1). */
export type PanelAction = "notifySales" | "editPhone" | "openCard" | "editLayout" | "createLead"

/** The CRM widget beside a chat (E1). */
export type Panel =
  | {
      readonly _tag: "Record"
      /** The first visible match, or the lead made from this chat: shown with the layout of its kind. */
      readonly record: MatchableRef
      readonly others: ReadonlyArray<MatchableRef>
      readonly actions: ReadonlyArray<PanelAction>
    }
  | { readonly _tag: "CanCreateLead"; readonly actions: readonly ["createLead"] }
  /** Matched, but this agent may see none of the records; creation is refused too. */
  | { readonly _tag: "Hidden"; readonly actions: readonly [] }
  | { readonly _tag: "NeedsEmail"; readonly actions: readonly [] }
  | { readonly _tag: "NoAccess"; readonly actions: readonly [] }

/** What the panel depends on. */
export interface PanelFacts {
  /** The agent has access (E2), and CRM-inside-Chat is on (H6). */
  readonly hasAccess: boolean
  readonly emailKey: EmailKey | null
  /** All matches, the primary first (A3), and those of them this agent may see. */
  readonly matches: number
  readonly visible: ReadonlyArray<MatchableRef>
  /** The live lead made from this chat (E7), and whether this agent may see it. */
  readonly madeHere: { readonly lead: MatchableRef; readonly isVisible: boolean } | null
  readonly hasBothLicences: boolean
  readonly isCrmAdministrator: boolean
  /** The kinds whose cards can be opened: a URL template is set (E1). */
  readonly openable: ReadonlySet<MatchableRef["kind"]>
}

const none = [] as const

/** The panel is a function of facts (E1). Total. */
export const panel = (facts: PanelFacts): Panel => {
  if (!facts.hasAccess) return { _tag: "NoAccess", actions: none }
  const [first, ...others] = facts.visible
  if (first !== undefined) return shown(first, others, facts)
  if (facts.matches > 0) return { _tag: "Hidden", actions: none }
  if (facts.madeHere !== null) {
    return facts.madeHere.isVisible ? shown(facts.madeHere.lead, [], facts) : { _tag: "Hidden", actions: none }
  }
  return facts.emailKey === null
    ? { _tag: "NeedsEmail", actions: none }
    : { _tag: "CanCreateLead", actions: ["createLead"] }
}

const shown = (record: MatchableRef, others: ReadonlyArray<MatchableRef>, facts: PanelFacts): Panel => {
  const actions: Array<PanelAction> = ["notifySales"]
  if (record.kind === "lead") actions.push("editPhone")
  if (facts.hasBothLicences && facts.openable.has(record.kind)) actions.push("openCard")
  if (facts.isCrmAdministrator) actions.push("editLayout")
  return { _tag: "Record", record, others, actions }
}
