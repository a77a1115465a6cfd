import { Effect, Result } from "effect"
import { can } from "../../domain/account/Access.ts"
import * as Layout from "../../domain/panel/Layout.ts"
import * as LayoutRules from "../../domain/panel/LayoutRules.ts"
import { preview } from "../../domain/panel/Sample.ts"
import type { MatchableKind } from "../../domain/record/RecordRef.ts"
import { Crm } from "../../ports/Crm.ts"
import { type SettingsPayload, type SettingsRecords, SettingsStore } from "../../ports/SettingsStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { currentSettings, rightsOf } from "../execution/Rights.ts"
import { transact } from "../execution/Transact.ts"
import type { AnsweredBefore, Transaction } from "../execution/Transaction.ts"
import { publishedLayout } from "./ReadLayout.ts"

/** A transaction on settings and layouts. */
export type SettingsTransaction = Transaction<SettingsRecords, SettingsPayload>

/** Runs a layout command: by CRM administrators only (I1, J3). */
export const onLayouts = Effect.fnUntraced(function* <A, E, R>(
  caller: Caller,
  name: string,
  input: unknown,
  attempt: (transaction: SettingsTransaction) => Effect.Effect<A, E | AnsweredBefore, R>
) {
  const store = yield* SettingsStore
  const denied = can(yield* rightsOf(caller), { action: "crm.administer" })
  if (denied !== null) return yield* Effect.fail(denied)
  const { rememberMillis } = yield* currentSettings(caller)
  return yield* transact<SettingsRecords, SettingsPayload, A, E, R>(store, caller, {
    name,
    input,
    rememberMillis,
    attempt
  })
})

/** The fields that layouts may show: the standard ones, and the account's own (I2). */
export const registry = Effect.fnUntraced(function* (caller: Pick<Caller, "account">) {
  const crm = yield* Crm
  return Layout.registryOf(yield* crm.fields(caller.account))
})

/**
 * Adds, removes or moves a field in the draft of a kind's layout (I1); the draft begins as a copy of what is published.
 * Agents see nothing of it. Answers the draft and its preview on sample data. Refusals: `FieldNotAvailable`,
 * `FieldAlreadyShown`, `FieldNotShown`, `AccessDenied`.
 */
export const editLayout = Effect.fn("editLayout")(function* (
  caller: Caller,
  input: { readonly recordKind: MatchableKind; readonly edit: LayoutRules.LayoutEdit }
) {
  const fields = yield* registry(caller)
  const draft = yield* onLayouts(caller, "editLayout", input, (transaction) =>
    Effect.gen(function* () {
      const { recordKind } = input
      const [published, current] = yield* transaction.get(
        { kind: "layout", id: recordKind },
        { kind: "layoutDraft", id: recordKind }
      )
      const base = published.value ?? Layout.defaults[recordKind]
      const before = current.value ?? { fields: base.fields, base: base.version }
      const edited = LayoutRules.edit(before.fields, input.edit, recordKind, fields)
      if (Result.isFailure(edited)) return yield* Effect.fail(edited.failure)
      const next: Layout.Draft = {
        recordKind,
        fields: edited.success,
        base: before.base,
        changedAt: transaction.now,
        changedBy: caller.actor
      }
      transaction.put(current, next)
      transaction.event(`layout/${recordKind}`, 0, {
        _tag: "LayoutDraftChanged",
        recordKind,
        fields: next.fields
      })
      return next
    })
  )
  return { draft, preview: preview(draft, fields) }
})

/** A draft, or the published layout, on sample data (I1). Reads only. Refusals: `AccessDenied`. */
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
