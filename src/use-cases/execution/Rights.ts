import { Effect } from "effect"
import type { Rights } from "../../domain/account/Access.ts"
import type { UserId } from "../../domain/account/Id.ts"
import type { Agent } from "../../domain/agent/Agent.ts"
import * as Settings from "../../domain/settings/Settings.ts"
import { Crm } from "../../ports/Crm.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { SettingsStore } from "../../ports/SettingsStore.ts"
import type { Caller } from "./Caller.ts"

/** The account's settings as they are now; what was never set has its default. */
export const currentSettings = Effect.fnUntraced(function* (caller: Pick<Caller, "account">) {
  const store = yield* SettingsStore
  const [settings] = yield* store.get(caller.account, [{ kind: "settings", id: "all" }])
  return settings.value ?? Settings.defaults
})

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
