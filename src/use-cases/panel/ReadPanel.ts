import { Effect } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import * as MissingAction from "../../domain/panel/MissingAction.ts"
import * as Panel from "../../domain/panel/Panel.ts"
import type { MatchableKind } from "../../domain/record/RecordRef.ts"
import type { Settings } from "../../domain/settings/Settings.ts"
import type { Caller } from "../execution/Caller.ts"
import { onDesk } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { renderRecord } from "../layout/RenderRecord.ts"
import { beside, matchesOf } from "./PanelFacts.ts"

/**
 * The panel beside a chat: what this agent sees of the visitor's record, may do, and why not more (E1). With a record,
 * its fields as the published layout of its kind says (I1, I3). Reads only. Refusals: `ChatNotFound`, `AccessDenied`.
 */
export const readPanel = Effect.fn("readPanel")(function* (caller: Caller, input: { readonly chatId: ChatId }) {
  const settings = yield* currentSettings(caller)
  const { idempotencyKey: _, ...reader } = caller
  return yield* onDesk(reader, "readPanel", input, (transaction) =>
    Effect.gen(function* () {
      const { beside: here } = yield* beside(transaction, settings, input.chatId)
      const { rights, viewer } = here
      const found =
        viewer === null
          ? { matched: [], visible: [], madeHere: null }
          : yield* matchesOf(caller, settings, here.chat, viewer)
      const facts: Panel.PanelFacts = {
        hasAccess: viewer !== null,
        emailKey: here.chat.visitor.emailKey,
        matches: found.matched.length,
        visible: found.visible,
        madeHere: found.madeHere,
        hasBothLicences: rights.user?.isActive === true,
        isCrmAdministrator: rights.user?.isActive === true && rights.user.isCrmAdministrator,
        openable: openable(settings)
      }
      const panel = Panel.panel(facts)
      const shown =
        panel._tag === "Record" && viewer !== null ? yield* renderRecord(caller, viewer, panel.record) : null
      return { panel, missing: MissingAction.missing(panel, facts), shown }
    })
  )
})

const openable = (settings: Settings): ReadonlySet<MatchableKind> =>
  new Set((["lead", "person", "company"] as const).filter((kind) => settings.cardUrls[kind] !== null))
