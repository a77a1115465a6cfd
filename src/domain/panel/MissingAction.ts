import type { Panel, PanelAction, PanelFacts } from "./Panel.ts"

/** Why an action is not there (E1). */
export type MissingReason =
  /** No access to the CRM (E2), or CRM-inside-Chat is switched off (H6). */
  | "noAccess"
  /** A record matches that this agent may not see. */
  | "matchHidden"
  /** The visitor gave no usable email. */
  | "noEmail"
  /** No record stands beside this chat. */
  | "noRecord"
  /** A record stands there already. */
  | "hasRecord"
  /** Phones are changed on leads only (E6). */
  | "leadsOnly"
  /** Opening a card needs a Chat and a CRM licence (J3). */
  | "needsBothLicences"
  /** No URL template is set for cards of this kind. */
  | "noCardUrl"
  /** Layouts are changed by CRM administrators (I1). */
  | "notCrmAdministrator"

/** An action that the panel does not offer, and why. */
export interface MissingAction {
  readonly action: PanelAction
  readonly because: MissingReason
}

const all: ReadonlyArray<PanelAction> = ["notifySales", "editPhone", "openCard", "editLayout", "createLead"]

/** Every action that the panel does not offer, each with its reason (E1). With the panel's own, all actions there are. */
export const missing = (panel: Panel, facts: PanelFacts): ReadonlyArray<MissingAction> =>
  all
    .filter((action) => !panel.actions.some((offered) => offered === action))
    .map((action) => ({ action, because: reason(action, panel, facts) }))

const reason = (action: PanelAction, panel: Panel, facts: PanelFacts): MissingReason => {
  switch (panel._tag) {
    case "NoAccess":
      return "noAccess"
    case "Hidden":
      return "matchHidden"
    case "NeedsEmail":
      return "noEmail"
    case "CanCreateLead":
      return "noRecord"
    case "Record":
      if (action === "createLead") return "hasRecord"
      if (action === "editLayout") return "notCrmAdministrator"
      if (action === "editPhone") return "leadsOnly"
      return facts.hasBothLicences ? "noCardUrl" : "needsBothLicences"
  }
}
