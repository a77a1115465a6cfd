import { Effect, Schedule, Stream } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import type { AccountId } from "../../domain/account/Id.ts"
import { type CrmPayload, CrmStore } from "../../ports/CrmStore.ts"
import { drain, follow } from "./Follower.ts"
import { asksForWork, work } from "./Work.ts"

export { type BridgeRun, CLAIM_MILLIS } from "./Follower.ts"

/** The bridge's name in cursors and parked items. */
export const BRIDGE = "crm-to-desk"

/** decision: a page is worked off well within the claim. */
const PAGE = 50

/** How often a bridge looks without being woken, for parked items that come due. */
export const POLL = "1 second"

/**
 * Works off what the CRM's log asks for, one page, and what was parked and is due: tells a chat of the lead made from
 * it (E3), delivers notices (G4). Any number of hosts may run it.
 *
 * At least once: a host that dies between an effect and its commit leaves the effect to be repeated, under the same
 * notice id.
 */
export const runBridge = Effect.fn("runBridge")(function* (account: AccountId) {
  const crm = yield* CrmStore
  return yield* follow<CrmPayload, Effect.Error<ReturnType<typeof work>>, Effect.Services<ReturnType<typeof work>>>(
    { account, actor: Actor.system, surface: "api" },
    { bridge: BRIDGE, log: "crm", read: crm.log, page: PAGE, asks: asksForWork, work }
  )
})

/** Runs the bridge until nothing is left to do now. */
export const drainBridge = Effect.fn("drainBridge")(function* (account: AccountId) {
  return yield* drain(runBridge(account))
})

/**
 * While a store cannot be reached. Capped, as the wait around the whole run never starts over. decision: soon again
 * after a hiccup; a store that comes back waits half a minute at most.
 */
export const whileDown = Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("30 seconds")]).pipe(
  Schedule.jittered
)

/** Runs the bridge for ever: at every change of the CRM, and by the clock. Survives failures of the stores. */
export const keepBridging = Effect.fn("keepBridging")(function* (account: AccountId) {
  const crm = yield* CrmStore
  yield* Stream.merge(crm.changes(account), Stream.fromSchedule(Schedule.spaced(POLL))).pipe(
    Stream.runForEach(() => Effect.retry(drainBridge(account), whileDown))
  )
}, Effect.retry(whileDown))
