import { Effect } from "effect"
import type { AgentId, DeviceId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import * as Desk from "../../domain/agent/Desk.ts"
import * as Presence from "../../domain/agent/Presence.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { agentKey, deskKey, onDesk, presenceKey } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { changeStatus, putPresence } from "./ReleaseChats.ts"

/** One open console. */
export interface ConsoleToOpen {
  /** Chosen by the console, the same for as long as it is open. */
  readonly deviceId: DeviceId
}

/**
 * Opens a console: a device lease, to be renewed by `heartbeat` (B4). Signing in to the CRM signs a user with a Chat
 * licence in to Chat, where the account wants it (B2, H6): their status is then the last one they chose, `online` the
 * first time. Without a Chat licence, or switched off: nothing happens, `isSignedIn` is false.
 */
export const signIn = Effect.fn("signIn")(function* (caller: Caller, input: ConsoleToOpen) {
  const settings = yield* currentSettings(caller)
  const nothing = { isSignedIn: false, status: "offline" as const, until: null }
  const isOff = caller.surface === "crm" && !(settings.chatInsideCrm && settings.signInOnLoad)
  const agentId = isOff ? null : yield* agentOf(caller)
  if (agentId === null) return nothing
  const { graceMillis, leaseMillis } = settings.timeouts
  return yield* onDesk(caller, "signIn", input, (transaction) =>
    Effect.gen(function* () {
      const { now } = transaction
      const [agent, desk, held] = yield* transaction.get(agentKey(agentId), deskKey(agentId), presenceKey(agentId))
      if (agent.value?.isEnabled !== true) return nothing
      const before = desk.value ?? Desk.initial(agentId)
      if (Presence.isGone(held.value, graceMillis, now)) {
        yield* changeStatus(transaction, desk, agentId, "offline", "gone")
      }
      yield* changeStatus(transaction, desk, agentId, before.lastChosen, "signedIn")
      const until = Instant.plusMillis(now, leaseMillis)
      const lease = { deviceId: input.deviceId, surface: caller.surface, until }
      const seen = Presence.active(held.value ?? Presence.initial(agentId, now), now)
      const after = transaction.latest(desk) ?? before
      putPresence(transaction, held, Presence.lease(seen, lease, now, graceMillis), {
        agent: agent.value,
        desk: after,
        graceMillis
      })
      return { isSignedIn: true, status: after.status, until }
    })
  )
})

/** The agent that the caller is: themselves, or the one of their CRM user; `null`: no Chat licence (B2). */
const agentOf = Effect.fnUntraced(function* (caller: Caller) {
  const { actor } = caller
  if (actor._tag === "Agent") return actor.agentId
  if (actor._tag !== "User") return null
  const store = yield* DeskStore
  const roster = yield* store.roster(caller.account)
  const entry = roster.find(({ agent }) => agent.userId === actor.userId && agent.isEnabled)
  return (entry?.agent.id ?? null) satisfies AgentId | null
})
