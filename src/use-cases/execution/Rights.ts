import { Clock, Effect } from "effect"
import type { Rights } from "../../domain/account/Access.ts"
import type { AccountId, UserId } from "../../domain/account/Id.ts"
import type { Agent } from "../../domain/agent/Agent.ts"
import * as Settings from "../../domain/settings/Settings.ts"
import { Crm } from "../../ports/Crm.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { SettingsStore, type SettingsStoreShape } from "../../ports/SettingsStore.ts"
import type { Caller } from "./Caller.ts"

/**
 * How old the settings may be that a command is decided on. decision: a second, because a command that came a second
 * earlier would have been decided on them too, and a statement per command is saved. What people are shown is never old.
 */
const RECENT_MILLIS = 1000

/** Accounts whose settings are kept, per store. decision: those that a busy host serves within a second. */
const MOST_KEPT = 1000

interface Kept {
  readonly settings: Settings.Settings
  /** When reading them began. */
  readonly at: number
}

const kept = new WeakMap<SettingsStoreShape, Map<AccountId, Kept>>()

const keptOf = (store: SettingsStoreShape): Map<AccountId, Kept> => {
  const known = kept.get(store) ?? new Map<AccountId, Kept>()
  kept.set(store, known)
  return known
}

/** The account's settings as they are now; what was never set has its default. */
export const currentSettings = Effect.fnUntraced(function* (caller: Pick<Caller, "account">) {
  const store = yield* SettingsStore
  const at = yield* Clock.currentTimeMillis
  const [read] = yield* store.get(caller.account, [{ kind: "settings", id: "all" }])
  const settings = read.value ?? Settings.defaults
  const all = keptOf(store)
  all.delete(caller.account)
  all.set(caller.account, { settings, at })
  const [oldest] = all.keys()
  if (all.size > MOST_KEPT && oldest !== undefined) all.delete(oldest)
  return settings
})

/**
 * The settings that a command is decided on: as they are now, or were within the last second. Only for commands, and
 * only where no rule speaks of the next read (J1): access to the CRM is asked with {@link currentSettings}.
 */
export const recentSettings = Effect.fnUntraced(function* (caller: Pick<Caller, "account">) {
  const store = yield* SettingsStore
  const known = keptOf(store).get(caller.account)
  const age = known === undefined ? Number.NaN : (yield* Clock.currentTimeMillis) - known.at
  return known !== undefined && age >= 0 && age < RECENT_MILLIS ? known.settings : yield* currentSettings(caller)
})

/** They were changed here: this process sees it at once. */
export const forgetSettings = (store: SettingsStoreShape, account: AccountId): void => {
  keptOf(store).delete(account)
}

/** Rights for commands that never touch the CRM: the agent's entry is all they need. */
export const deskRights = (caller: Caller, agent: Agent | null): Rights => ({ actor: caller.actor, agent, user: null })

/** The caller's rights, read now (J1): the agent's entry, and the user's, where they have a CRM licence. */
export const rightsOf = Effect.fnUntraced(function* (caller: Caller) {
  const desk = yield* DeskStore
  const { actor } = caller
  if (actor._tag === "Agent") {
    const [agent] = yield* desk.get(caller.account, [{ kind: "agent", id: actor.agentId }])
    return yield* withUser(caller, agent.value, agent.value?.userId ?? null)
  }
  return yield* withUser(caller, null, actor._tag === "User" ? actor.userId : null)
})

/** As {@link rightsOf}, where the agent's entry is in hand. */
export const withUser = Effect.fnUntraced(function* (caller: Caller, agent: Agent | null, userId: UserId | null) {
  const crm = yield* Crm
  const user = userId === null ? null : yield* crm.user(caller.account, userId)
  return { actor: caller.actor, agent, user } satisfies Rights
})
