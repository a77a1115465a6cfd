import { Effect } from "effect"
import type { AccountId } from "../../domain/account/Id.ts"
import * as AgentStatus from "../../domain/agent/AgentStatus.ts"
import { DeskStore } from "../../ports/DeskStore.ts"

/** What the website shows of the account: online, away or offline (B1). Anybody may ask. Costs one read of all desks. */
export const readAccountStatus = Effect.fn("readAccountStatus")(function* (account: AccountId) {
  const store = yield* DeskStore
  const roster = yield* store.roster(account)
  return AgentStatus.ofAccount(
    roster.flatMap(({ agent, desk }) => (agent.isEnabled && desk !== null ? [desk.status] : []))
  )
})
