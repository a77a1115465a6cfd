import { Effect, Schema } from "effect"
import { can } from "../../domain/account/Access.ts"
import * as Settings from "../../domain/settings/Settings.ts"
import { type SettingsPayload, type SettingsRecords, SettingsStore } from "../../ports/SettingsStore.ts"
import type { StoreError } from "../../ports/StoreError.ts"
import type { Caller } from "../execution/Caller.ts"
import { changedSince, type Expected, type VersionChanged } from "../execution/Expected.ts"
import { currentSettings, forgetSettings, rightsOf } from "../execution/Rights.ts"
import { transact } from "../execution/Transact.ts"

/** A setting that does not fit its schema: which, and what was expected. */
export const BadSettings = Schema.TaggedStruct("BadSettings", { problem: Schema.String })
export type BadSettings = typeof BadSettings.Type

/**
 * Changes settings; absent ones stay. By CRM administrators (J3); Chat administrators change what is Chat's: limit,
 * routing, hours, the chat's address. Equal values change nothing. The log says who, when, before and after.
 * Refusals: `AccessDenied`, `BadSettings`; `VersionChanged`, where `expected` names the version of `readSettings`.
 */
export const changeSettings = Effect.fn("changeSettings")(function* (
  caller: Caller,
  input: Partial<Settings.Settings>,
  expected: Expected = {}
) {
  const store = yield* SettingsStore
  const rights = yield* rightsOf(caller)
  const names = Object.keys(input)
  const isChats = names.length > 0 && names.every((name) => chatSettings.has(name))
  const denied = can(rights, { action: isChats ? "chat.administer" : "crm.administer" })
  if (denied !== null) return yield* Effect.fail(denied)
  const { rememberMillis } = yield* currentSettings(caller)
  const changing = transact<
    SettingsRecords,
    SettingsPayload,
    Settings.Settings,
    BadSettings | VersionChanged | StoreError,
    never
  >(store, caller, {
    name: "changeSettings",
    input: expected.version === undefined ? input : { ...input, expected },
    rememberMillis,
    attempt: (transaction) =>
      Effect.gen(function* () {
        const [read] = yield* transaction.get({ kind: "settings", id: "all" })
        const stale = changedSince(expected, read.version)
        if (stale !== null) return yield* Effect.fail(stale)
        const before = read.value ?? Settings.defaults
        const after = yield* Effect.mapError(
          Schema.decodeUnknownEffect(Schema.toType(Settings.Settings))({ ...before, ...input }),
          (error): BadSettings => ({ _tag: "BadSettings", problem: error.message })
        )
        const changed = (Object.keys(after) as Array<keyof Settings.Settings>).filter(
          (name) => JSON.stringify(after[name]) !== JSON.stringify(before[name])
        )
        if (changed.length === 0) return after
        transaction.put(read, after)
        transaction.event("settings", 0, {
          _tag: "SettingsChanged",
          before: only(before, changed),
          after: only(after, changed)
        })
        return after
      })
  })
  return yield* Effect.ensuring(
    changing,
    Effect.sync(() => forgetSettings(store, caller.account))
  )
})

/** The settings of the chat side (J3: Chat administrators). */
const chatSettings: ReadonlySet<string> = new Set<keyof Settings.Settings>([
  "chatLimit",
  "routing",
  "offers",
  "skillWaitMillis",
  "agentsMayJoin",
  "timeouts",
  "hours",
  "chatUrl"
])

const only = (settings: Settings.Settings, names: ReadonlyArray<keyof Settings.Settings>): Partial<Settings.Settings> =>
  Object.fromEntries(names.map((name) => [name, settings[name]]))
