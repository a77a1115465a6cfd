import { Effect, Schema } from "effect"
import { can } from "../../domain/account/Access.ts"
import { MatchableKind, type MatchableRef } from "../../domain/record/RecordRef.ts"
import * as Settings from "../../domain/settings/Settings.ts"
import { Crm } from "../../ports/Crm.ts"
import type { Caller } from "../execution/Caller.ts"
import { currentSettings, rightsOf } from "../execution/Rights.ts"

/** No URL template is set for cards of this kind (E1). */
export const NoCardUrl = Schema.TaggedStruct("NoCardUrl", { kind: MatchableKind })
export type NoCardUrl = typeof NoCardUrl.Type

/**
 * The address of a record's card in the CRM: needs a Chat and a CRM licence (J3), and the right to see the record.
 * Refusals: `AccessDenied`, `NoCardUrl`, `RecordNotFound`, `RecordHidden`.
 */
export const openCard = Effect.fn("openCard")(function* (caller: Caller, input: { readonly record: MatchableRef }) {
  const { record } = input
  const [settings, rights] = [yield* currentSettings(caller), yield* rightsOf(caller)]
  const denied = can(rights, { action: "card.open" })
  if (denied !== null || rights.user === null) {
    return yield* Effect.fail(
      denied ?? { _tag: "AccessDenied" as const, action: "card.open", reason: "needsBothLicences" as const }
    )
  }
  const crm = yield* Crm
  yield* crm.read(caller.account, { _tag: "User", userId: rights.user.id }, record)
  const url = Settings.urlFor(settings.cardUrls[record.kind], record.id)
  return url === null ? yield* Effect.fail<NoCardUrl>({ _tag: "NoCardUrl", kind: record.kind }) : { url }
})
