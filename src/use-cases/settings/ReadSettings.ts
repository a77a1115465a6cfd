import { Effect } from "effect"
import { can } from "../../domain/account/Access.ts"
import * as Settings from "../../domain/settings/Settings.ts"
import { SettingsStore } from "../../ports/SettingsStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { rightsOf } from "../execution/Rights.ts"

/**
 * The account's settings with their version, for `changeSettings`; what was never set has its default. For any member of
 * staff. Refusals: `AccessDenied`.
 */
export const readSettings = Effect.fn("readSettings")(function* (caller: Caller) {
  const denied = can(yield* rightsOf(caller), { action: "staff.read" })
  if (denied !== null) return yield* Effect.fail(denied)
  const store = yield* SettingsStore
  const [{ value, version }] = yield* store.get(caller.account, [{ kind: "settings", id: "all" }])
  return { settings: value ?? Settings.defaults, version }
})
