import { Clock, Effect } from "effect"
import type { AccountId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import * as AgentStatus from "../../domain/agent/AgentStatus.ts"
import * as OperatingHours from "../../domain/agent/OperatingHours.ts"
import * as Presence from "../../domain/agent/Presence.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { currentSettings } from "../execution/Rights.ts"

/**
 * What the website shows of the account: online, away or offline (B1); offline while its hours are closed (B8). Anybody
 * may ask. Costs one read of all desks.
 */
export const readAccountStatus = Effect.fn("readAccountStatus")(function* (account: AccountId) {
  const { hours, timeouts } = yield* currentSettings({ account })
  const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
  if (!OperatingHours.isOpen(hours, now)) return "offline"
  const store = yield* DeskStore
  const roster = yield* store.roster(account)
  return AgentStatus.ofAccount(
    roster.flatMap(({ agent, desk, presence }) =>
      agent.isEnabled ? [Presence.effective(desk.value, presence, timeouts.graceMillis, now)] : []
    )
  )
})
