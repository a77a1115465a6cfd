import { Effect } from "effect"
import { can } from "../../domain/account/Access.ts"
import * as Layout from "../../domain/panel/Layout.ts"
import type { MatchableKind } from "../../domain/record/RecordRef.ts"
import { SettingsStore } from "../../ports/SettingsStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { rightsOf } from "../execution/Rights.ts"

/** The published layout of a kind: what all agents see (I1). The default one where none was ever published. */
export const publishedLayout = Effect.fnUntraced(function* (caller: Pick<Caller, "account">, kind: MatchableKind) {
  const store = yield* SettingsStore
  const [layout] = yield* store.get(caller.account, [{ kind: "layout", id: kind }])
  return layout.value ?? Layout.defaults[kind]
})

/** decision: an administrator looks back a screenful at a time. */
const HISTORY = 50

/**
 * The published layout of a kind, with when and by whom it was last changed, and the versions before it, newest first
 * (I1). Any member of staff may look; the draft, if there is one, is for CRM administrators alone: `null` for others.
 * Refusals: `AccessDenied`.
 */
export const readLayout = Effect.fn("readLayout")(function* (
  caller: Caller,
  input: { readonly recordKind: MatchableKind }
) {
  const rights = yield* rightsOf(caller)
  const denied = can(rights, { action: "staff.read" })
  if (denied !== null) return yield* Effect.fail(denied)
  const store = yield* SettingsStore
  const layout = yield* publishedLayout(caller, input.recordKind)
  const mayEdit = can(rights, { action: "crm.administer" }) === null
  const draft = mayEdit
    ? (yield* store.get(caller.account, [{ kind: "layoutDraft", id: input.recordKind }]))[0].value
    : null
  const versions = Array.from({ length: Math.min(HISTORY, layout.version) }, (_, at) => layout.version - at)
  const kept = yield* store.get(
    caller.account,
    versions.map((version) => ({ kind: "layoutVersion" as const, id: `${input.recordKind}/${version}` }))
  )
  return { layout, draft, history: kept.flatMap(({ value }) => (value === null ? [] : [value])) }
})
