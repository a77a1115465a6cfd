import { Effect, Result } from "effect"
import { can } from "../../domain/account/Access.ts"
import * as Layout from "../../domain/panel/Layout.ts"
import * as LayoutDecide from "../../domain/panel/LayoutDecide.ts"
import type { MatchableKind } from "../../domain/record/RecordRef.ts"
import { Crm } from "../../ports/Crm.ts"
import { type SettingsPayload, type SettingsRecords, SettingsStore } from "../../ports/SettingsStore.ts"
import type { StoreError } from "../../ports/StoreError.ts"
import type { Caller } from "../execution/Caller.ts"
import { changedSince, type Expected, type VersionChanged } from "../execution/Expected.ts"
import { currentSettings, rightsOf } from "../execution/Rights.ts"
import { transact } from "../execution/Transact.ts"
import type { AnsweredBefore, Transaction } from "../execution/Transaction.ts"

type SettingsTransaction = Transaction<SettingsRecords, SettingsPayload>

/** The fields that layouts may show: the standard ones, and the account's own (I2). */
export const registry = Effect.fnUntraced(function* (caller: Pick<Caller, "account">) {
  const crm = yield* Crm
  return Layout.registryOf(yield* crm.fields(caller.account))
})

/**
 * Runs a command about the layout of a kind: by CRM administrators only (I1, J3). Answers the layout as it is then: what
 * is published, and the draft. `expected` names the published version that the caller has seen.
 */
export const onLayout = Effect.fnUntraced(function* (
  caller: Caller,
  name: string,
  recordKind: MatchableKind,
  command: LayoutDecide.LayoutCommand,
  expected: Expected
) {
  const store = yield* SettingsStore
  const denied = can(yield* rightsOf(caller), { action: "crm.administer" })
  if (denied !== null) return yield* Effect.fail(denied)
  const { rememberMillis } = yield* currentSettings(caller)
  const fields = yield* registry(caller)
  return yield* transact<
    SettingsRecords,
    SettingsPayload,
    LayoutDecide.LayoutState,
    LayoutDecide.LayoutRefusal | VersionChanged | StoreError,
    never
  >(store, caller, {
    name,
    input: expected.version === undefined ? { ...command, recordKind } : { ...command, recordKind, expected },
    rememberMillis,
    attempt: (transaction) => attempt(transaction, recordKind, command, expected, fields)
  })
})

const attempt = (
  transaction: SettingsTransaction,
  recordKind: MatchableKind,
  command: LayoutDecide.LayoutCommand,
  expected: Expected,
  fields: Layout.Registry
): Effect.Effect<LayoutDecide.LayoutState, LayoutDecide.LayoutRefusal | VersionChanged | StoreError | AnsweredBefore> =>
  Effect.gen(function* () {
    const wanted = command._tag === "RestoreVersion" ? command.version : 0
    const [published, draft, kept] = yield* transaction.get(
      { kind: "layout", id: recordKind },
      { kind: "layoutDraft", id: recordKind },
      { kind: "layoutVersion", id: `${recordKind}/${wanted}` }
    )
    const before = { published: published.value ?? Layout.defaults[recordKind], draft: draft.value }
    const stale = changedSince(expected, before.published.version)
    if (stale !== null) return yield* Effect.fail(stale)
    const known = command._tag === "RestoreVersion" ? { ...command, kept: kept.value } : command
    const decision = LayoutDecide.decide(known, before, fields)
    if (Result.isFailure(decision)) return yield* Effect.fail(decision.failure)
    let after: LayoutDecide.LayoutState = before
    for (const event of decision.success) {
      after = LayoutDecide.evolve(after, event, transaction.now, transaction.caller.actor)
      transaction.event(`layout/${recordKind}`, 0, event)
    }
    if (after.draft !== before.draft) {
      if (after.draft === null) transaction.remove(draft)
      else transaction.put(draft, after.draft)
    }
    if (after.published !== before.published) {
      const [version] = yield* transaction.get({
        kind: "layoutVersion",
        id: `${recordKind}/${after.published.version}`
      })
      transaction.put(published, after.published)
      transaction.put(version, after.published)
    }
    return after
  })
