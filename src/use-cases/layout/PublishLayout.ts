import { Effect } from "effect"
import * as Layout from "../../domain/panel/Layout.ts"
import * as LayoutRules from "../../domain/panel/LayoutRules.ts"
import type { MatchableKind } from "../../domain/record/RecordRef.ts"
import type { Read } from "../../ports/RecordStore.ts"
import type { SettingsRecords } from "../../ports/SettingsStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { onLayouts, registry, type SettingsTransaction } from "./EditLayout.ts"

/**
 * Publishes the draft of a kind's layout: all agents see it at once (I1). Nothing drafted, or nothing changed: nothing
 * happens. Answers the published layout. Refusals: `StaleDraft`, if somebody published since the draft was begun;
 * `FieldNotAvailable`, if a field went meanwhile; `AccessDenied`.
 */
export const publishLayout = Effect.fn("publishLayout")(function* (
  caller: Caller,
  input: { readonly recordKind: MatchableKind }
) {
  const fields = yield* registry(caller)
  return yield* onLayouts(caller, "publishLayout", input, (transaction) =>
    Effect.gen(function* () {
      const { recordKind } = input
      const [published, draft] = yield* transaction.get(
        { kind: "layout", id: recordKind },
        { kind: "layoutDraft", id: recordKind }
      )
      const current = published.value ?? Layout.defaults[recordKind]
      if (draft.value === null) return current
      if (draft.value.base !== current.version) {
        return yield* Effect.fail<LayoutRules.StaleDraft>({
          _tag: "StaleDraft",
          base: draft.value.base,
          published: current.version
        })
      }
      const [problem] = LayoutRules.problems(draft.value.fields, recordKind, fields)
      if (problem !== undefined) return yield* Effect.fail(problem)
      transaction.remove(draft)
      if (isSame(draft.value.fields, current.fields)) return current
      return yield* publish(transaction, published, current, draft.value.fields, null)
    })
  )
})

/**
 * Goes back to an earlier version of a kind's layout, by publishing its fields anew (I1): history only grows. Fields
 * that have gone since are left out. The draft, if any, is given up. Refusals: `VersionNotFound`, `AccessDenied`.
 */
export const restoreLayout = Effect.fn("restoreLayout")(function* (
  caller: Caller,
  input: { readonly recordKind: MatchableKind; readonly version: number }
) {
  const fields = yield* registry(caller)
  return yield* onLayouts(caller, "restoreLayout", input, (transaction) =>
    Effect.gen(function* () {
      const { recordKind, version } = input
      const [published, draft, kept] = yield* transaction.get(
        { kind: "layout", id: recordKind },
        { kind: "layoutDraft", id: recordKind },
        { kind: "layoutVersion", id: `${recordKind}/${version}` }
      )
      const current = published.value ?? Layout.defaults[recordKind]
      const wanted = version === 0 ? Layout.defaults[recordKind] : kept.value
      if (wanted === null) return yield* Effect.fail<LayoutRules.VersionNotFound>({ _tag: "VersionNotFound", version })
      if (draft.value !== null) transaction.remove(draft)
      const left = wanted.fields.filter((id) => LayoutRules.unavailability(id, recordKind, fields) === null)
      if (isSame(left, current.fields)) return current
      return yield* publish(transaction, published, current, left, version)
    })
  )
})

const publish = Effect.fnUntraced(function* (
  transaction: SettingsTransaction,
  published: Read<SettingsRecords, "layout">,
  current: Layout.Layout,
  fields: Layout.Layout["fields"],
  restored: number | null
) {
  const { recordKind } = current
  const version = current.version + 1
  const [kept] = yield* transaction.get({ kind: "layoutVersion", id: `${recordKind}/${version}` })
  const next: Layout.Layout = {
    recordKind,
    fields,
    version,
    changedAt: transaction.now,
    changedBy: transaction.caller.actor
  }
  transaction.put(published, next)
  transaction.put(kept, next)
  transaction.event(`layout/${recordKind}`, 0, { _tag: "LayoutPublished", recordKind, version, fields, restored })
  return next
})

const isSame = (a: Layout.Layout["fields"], b: Layout.Layout["fields"]): boolean =>
  a.length === b.length && a.every((id, at) => id === b[at])
