import { Clock, Effect } from "effect"
import * as Instant from "../../domain/account/Instant.ts"
import type { BridgeCursor } from "../../ports/DeskStore.ts"
import type { LogEntry, RecordStore } from "../../ports/RecordStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { type DeskTransaction, onDesk } from "../execution/DeskCommand.ts"
import { afterFailure, type Failure, park, retryDue, unfinished } from "./Parking.ts"

/** How long a host that took a page is left alone with it. decision: longer than 50 slow deliveries of 1 s. */
export const CLAIM_MILLIS = 60_000

/** Who follows which log, and what it does there. */
export interface Follower<Payload, E, R> {
  /** The name in cursors and parked items. */
  readonly bridge: string
  readonly log: "desk" | "crm"
  readonly read: RecordStore<never, Payload>["log"]
  /** How many entries one run looks at. */
  readonly page: number
  /** Whether an entry asks for anything outside of its world. */
  readonly asks: (entry: LogEntry<Payload>) => boolean
  /** What it asks for. Done twice is done once, as far as the ports allow. */
  readonly work: (caller: Caller, entry: LogEntry<Payload>) => Effect.Effect<unknown, E, R>
}

/** What one run did. */
export interface BridgeRun {
  readonly done: number
  readonly failed: number
  /** Another host is at it, or nothing was to do. */
  readonly isIdle: boolean
}

/**
 * Works off what a log asks for, one page, and what was parked and is due. The position moves by compare-and-set, so
 * any number of hosts may run it; what fails is parked, later items of its stream wait, others pass (G4).
 */
export const follow = Effect.fnUntraced(function* <Payload, E, R>(caller: Caller, follower: Follower<Payload, E, R>) {
  const { bridge } = follower
  const retried = yield* retryDue(caller, follower)
  const { claimed, position } = yield* claim(caller, follower)
  if (!claimed) return { ...retried, isIdle: retried.done + retried.failed === 0 } satisfies BridgeRun
  const page = yield* follower.read(caller.account, position, follower.page)
  const failures: Array<Failure> = []
  const stuck = new Set((yield* unfinished(caller, bridge)).map(({ stream }) => stream))
  for (const entry of page.entries) {
    const failure = yield* attempt(caller, follower, entry, stuck)
    if (failure === null) continue
    failures.push(failure)
    if (failure.nextTryAt !== null) stuck.add(failure.stream)
  }
  yield* advance(caller, follower, page.next, failures)
  return {
    done: retried.done + page.entries.length - failures.length,
    failed: retried.failed + failures.length,
    isIdle: false
  } satisfies BridgeRun
})

/** Runs until nothing is left to do now. */
export const drain = Effect.fnUntraced(function* <E, R>(run: Effect.Effect<BridgeRun, E, R>) {
  let last = yield* run
  const total = { done: last.done, failed: last.failed }
  while (!last.isIdle) {
    last = yield* run
    total.done += last.done
    total.failed += last.failed
  }
  return total
})

/** Takes the next page for this host, if there is one and nobody else is at it. */
const claim = Effect.fnUntraced(function* <Payload, E, R>(caller: Caller, follower: Follower<Payload, E, R>) {
  return yield* onDesk(caller, "bridge.claim", {}, (transaction) =>
    Effect.gen(function* () {
      const [cursor] = yield* transaction.get({ kind: "cursor", id: follower.bridge })
      const { claimedUntil, position } = cursor.value ?? start
      if (claimedUntil > transaction.now) return { claimed: false, position }
      const { entries } = yield* follower.read(caller.account, position, 1)
      if (entries.length === 0) return { claimed: false, position }
      transaction.put(cursor, { position, claimedUntil: Instant.plusMillis(transaction.now, CLAIM_MILLIS) })
      return { claimed: true, position }
    })
  )
})

const start: BridgeCursor = { position: 0, claimedUntil: Instant.fromMillis(0) }

/** Does one item; it waits behind a failed or parked one of its stream. */
const attempt = Effect.fnUntraced(function* <Payload, E, R>(
  caller: Caller,
  follower: Follower<Payload, E, R>,
  entry: LogEntry<Payload>,
  stuck: ReadonlySet<string>
) {
  if (!follower.asks(entry)) return null
  const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
  if (stuck.has(entry.event.stream)) return afterFailure(entry, null, now)
  return yield* Effect.matchEffect(follower.work(caller, entry), {
    onSuccess: () => Effect.succeed(null),
    onFailure: (error) => Effect.succeed(afterFailure(entry, error, now))
  })
})

/** Moves on, and parks what failed, in one step. */
const advance = <Payload, E, R>(
  caller: Caller,
  { bridge, log }: Follower<Payload, E, R>,
  position: number,
  failures: ReadonlyArray<Failure>
) =>
  onDesk(caller, "bridge.advance", {}, (transaction: DeskTransaction) =>
    Effect.gen(function* () {
      const [cursor] = yield* transaction.get({ kind: "cursor", id: bridge })
      if ((cursor.value ?? start).position >= position) return
      transaction.put(cursor, { position, claimedUntil: Instant.fromMillis(0) })
      for (const failure of failures) yield* park(transaction, { bridge, log }, failure)
    })
  )
