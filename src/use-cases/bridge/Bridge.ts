import { Clock, Effect, Schedule, Stream } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import type { AccountId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import { type CrmPayload, CrmStore } from "../../ports/CrmStore.ts"
import type { BridgeCursor } from "../../ports/DeskStore.ts"
import type { LogEntry } from "../../ports/RecordStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { type DeskTransaction, onDesk } from "../execution/DeskCommand.ts"
import { afterFailure, type Failure, park, retryDue, unfinished } from "./Parking.ts"
import { asksForWork, work } from "./Work.ts"

/** The bridge's name in cursors and parked items. */
export const BRIDGE = "crm-to-desk"

/** decision: a page is worked off well within the claim. */
const PAGE = 50

/** How long a host that took a page is left alone with it. decision: longer than 50 slow deliveries of 1 s. */
export const CLAIM_MILLIS = 60_000

/** How often a bridge looks without being woken, for parked items that come due. */
const POLL = "1 second"

/** What one run did. */
export interface BridgeRun {
  readonly done: number
  readonly failed: number
  /** Another host is at it, or nothing was to do. */
  readonly isIdle: boolean
}

/**
 * Works off what the CRM's log asks for, one page, and what was parked and is due: tells a chat of the lead made from
 * it (E3), delivers notices (G4). The position moves by compare-and-set, so any number of hosts may run it; what fails
 * is parked, later items of its stream wait, others pass (G4).
 *
 * At least once: a host that dies between an effect and its commit leaves the effect to be repeated, under the same
 * notice id.
 */
export const runBridge = Effect.fn("runBridge")(function* (account: AccountId) {
  const caller: Caller = { account, actor: Actor.system, surface: "api" }
  const crm = yield* CrmStore
  const retried = yield* retryDue(caller, BRIDGE)
  const { claimed, position } = yield* claim(caller)
  if (!claimed) return { ...retried, isIdle: retried.done + retried.failed === 0 } satisfies BridgeRun
  const page = yield* crm.log(account, position, PAGE)
  const failures: Array<Failure> = []
  const stuck = new Set((yield* unfinished(caller, BRIDGE)).map(({ stream }) => stream))
  for (const entry of page.entries) {
    const failure = yield* attempt(caller, entry, stuck)
    if (failure === null) continue
    failures.push(failure)
    if (failure.nextTryAt !== null) stuck.add(failure.stream)
  }
  yield* advance(caller, page.next, failures)
  return {
    done: retried.done + page.entries.length - failures.length,
    failed: retried.failed + failures.length,
    isIdle: false
  } satisfies BridgeRun
})

/** Runs the bridge until nothing is left to do now. */
export const drainBridge = Effect.fn("drainBridge")(function* (account: AccountId) {
  let runs = yield* runBridge(account)
  const total = { done: runs.done, failed: runs.failed }
  while (!runs.isIdle) {
    runs = yield* runBridge(account)
    total.done += runs.done
    total.failed += runs.failed
  }
  return total
})

/**
 * While a store cannot be reached. Capped, as the wait around the whole run never starts over. decision: soon again
 * after a hiccup; a store that comes back waits half a minute at most.
 */
const whileDown = Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("30 seconds")]).pipe(
  Schedule.jittered
)

/** Runs the bridge for ever: at every change of the CRM, and by the clock. Survives failures of the stores. */
export const keepBridging = Effect.fn("keepBridging")(function* (account: AccountId) {
  const crm = yield* CrmStore
  yield* Stream.merge(crm.changes(account), Stream.fromSchedule(Schedule.spaced(POLL))).pipe(
    Stream.runForEach(() => Effect.retry(drainBridge(account), whileDown))
  )
}, Effect.retry(whileDown))

/** Takes the next page for this host, if there is one and nobody else is at it. */
const claim = Effect.fnUntraced(function* (caller: Caller) {
  const crm = yield* CrmStore
  return yield* onDesk(caller, "bridge.claim", {}, (transaction) =>
    Effect.gen(function* () {
      const [cursor] = yield* transaction.get({ kind: "cursor", id: BRIDGE })
      const { claimedUntil, position } = cursor.value ?? start
      if (claimedUntil > transaction.now) return { claimed: false, position }
      const { entries } = yield* crm.log(caller.account, position, 1)
      if (entries.length === 0) return { claimed: false, position }
      transaction.put(cursor, { position, claimedUntil: Instant.plusMillis(transaction.now, CLAIM_MILLIS) })
      return { claimed: true, position }
    })
  )
})

const start: BridgeCursor = { position: 0, claimedUntil: Instant.fromMillis(0) }

/** Does one item; it waits behind a failed or parked one of its stream. */
const attempt = Effect.fnUntraced(function* (caller: Caller, entry: LogEntry<CrmPayload>, stuck: ReadonlySet<string>) {
  const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
  if (stuck.has(entry.event.stream) && asksForWork(entry)) return afterFailure(entry, null, now)
  return yield* Effect.matchEffect(work(caller, entry), {
    onSuccess: () => Effect.succeed(null),
    onFailure: (error) => Effect.succeed(afterFailure(entry, error, now))
  })
})

/** Moves on, and parks what failed, in one step. */
const advance = (caller: Caller, position: number, failures: ReadonlyArray<Failure>) =>
  onDesk(caller, "bridge.advance", {}, (transaction: DeskTransaction) =>
    Effect.gen(function* () {
      const [cursor] = yield* transaction.get({ kind: "cursor", id: BRIDGE })
      if ((cursor.value ?? start).position >= position) return
      transaction.put(cursor, { position, claimedUntil: Instant.fromMillis(0) })
      for (const failure of failures) yield* park(transaction, BRIDGE, failure)
    })
  )
