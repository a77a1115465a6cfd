import { Effect } from "effect"
import { can } from "../../domain/account/Access.ts"
import type { LayoutEdit } from "../../domain/panel/LayoutRules.ts"
import { preview } from "../../domain/panel/Sample.ts"
import type { MatchableKind } from "../../domain/record/RecordRef.ts"
import { SettingsStore } from "../../ports/SettingsStore.ts"
import type { Caller } from "../execution/Caller.ts"
import type { Expected } from "../execution/Expected.ts"
import { rightsOf } from "../execution/Rights.ts"
import { onLayout, registry } from "./LayoutCommand.ts"
import { publishedLayout } from "./ReadLayout.ts"

/**
 * Adds, removes or moves a field in the draft of a kind's layout (I1); a draft begins as a copy of what is published.
 * Agents see nothing of it. By CRM administrators. Answers the draft (`null`: nothing has changed yet) and a preview on
 * sample data. Refusals: `FieldNotAvailable`, `FieldAlreadyShown`, `FieldNotShown`, `AccessDenied`; `VersionChanged`, where
 * `expected` names the published version that the caller has seen.
 */
export const editLayout = Effect.fn("editLayout")(function* (
  caller: Caller,
  input: { readonly recordKind: MatchableKind; readonly edit: LayoutEdit },
  expected: Expected = {}
) {
  const { edit, recordKind } = input
  const { draft, published } = yield* onLayout(caller, "editLayout", recordKind, { _tag: "EditDraft", edit }, expected)
  return { draft, preview: preview(draft ?? published, yield* registry(caller)) }
})

/** The draft, or else the published layout, on sample data (I1). Reads only. Refusals: `AccessDenied`. */
export const previewLayout = Effect.fn("previewLayout")(function* (
  caller: Caller,
  input: { readonly recordKind: MatchableKind }
) {
  const denied = can(yield* rightsOf(caller), { action: "crm.administer" })
  if (denied !== null) return yield* Effect.fail(denied)
  const store = yield* SettingsStore
  const [draft] = yield* store.get(caller.account, [{ kind: "layoutDraft", id: input.recordKind }])
  const layout = draft.value ?? (yield* publishedLayout(caller, input.recordKind))
  return preview(layout, yield* registry(caller))
})
