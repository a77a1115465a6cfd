import { Clock, Effect } from "effect"
import * as Instant from "../../domain/account/Instant.ts"
import type { BridgeCursor } from "../../ports/DeskStore.ts"
import type { LogEntry, RecordStore } from "../../ports/RecordStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { type DeskTransaction, onDesk } from "../execution/DeskCommand.ts"
import { BACKLOG, type Failure, lanesOf, park, retryDue, unfinished, waiting } from "./Parking.ts"
import { nextTry, type Patience } from "./Patience.ts"

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
  /** Default: `usual`. */
  readonly patience?: Patience
  /** With so many parked it reads no further. Default: {@link BACKLOG}. */
  readonly backlog?: number
  /** How many streams are worked on at a time. Default: 1. */
  readonly concurrency?: number
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
 * any number of hosts may run it; what fails is parked, later items of its stream wait, others pass (G4). With as many
 * parked as the follower's `backlog` it reads no further: the log itself keeps what is to come.
 */
export const follow = Effect.fnUntraced(function* <Payload, E, R>(caller: Caller, follower: Follower<Payload, E, R>) {
  const { backlog = BACKLOG, concurrency = 1 } = follower
  const { left, ...retried } = yield* retryDue(caller, follower)
  const claimed = left < backlog ? yield* claim(caller, follower) : null
  if (claimed === null) return { ...retried, isIdle: retried.done + retried.failed === 0 } satisfies BridgeRun
  const page = yield* follower.read(caller.account, claimed.position, follower.page)
  // only who has the claim adds to what is parked
  const stuck = new Set((yield* unfinished(caller, follower)).map(({ stream }) => stream))
  const failures = yield* Effect.forEach(
    lanesOf(page.entries.filter(follower.asks), ({ event }) => event.stream, concurrency),
    (lane) => workOff(caller, follower, lane, stuck, claimed.claimedUntil),
    { concurrency }
  )
  const failed = failures.flat().sort((a, b) => a.position - b.position)
  yield* advance(caller, follower, claimed, page.next, failed)
  return {
    done: retried.done + page.entries.length - failed.length,
    failed: retried.failed + failed.length,
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

/** Takes the next page for this host; `null`: there is none, or somebody else is at it. */
const claim = Effect.fnUntraced(function* <Payload, E, R>(caller: Caller, follower: Follower<Payload, E, R>) {
  return yield* onDesk(caller, "bridge.claim", {}, (transaction) =>
    Effect.gen(function* () {
      const [cursor] = yield* transaction.get({ kind: "cursor", id: follower.bridge })
      const { claimedUntil, position } = cursor.value ?? start
      if (claimedUntil > transaction.now) return null
      const { entries } = yield* follower.read(caller.account, position, 1)
      if (entries.length === 0) return null
      const claimed = { position, claimedUntil: Instant.plusMillis(transaction.now, CLAIM_MILLIS) }
      transaction.put(cursor, claimed)
      return claimed
    })
  )
})

export const start: BridgeCursor = { position: 0, claimedUntil: Instant.fromMillis(0) }

/**
 * Does items in order. What comes behind one of its stream that is parked waits; so does what is not begun while there is
 * time left to end it within the claim, so that no other host begins with the same page meanwhile.
 */
const workOff = Effect.fnUntraced(function* <Payload, E, R>(
  caller: Caller,
  follower: Follower<Payload, E, R>,
  entries: ReadonlyArray<LogEntry<Payload>>,
  stuck: Set<string>,
  claimedUntil: Instant.Instant
) {
  const failures: Array<Failure> = []
  for (const entry of entries) {
    const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
    const { stream } = entry.event
    const waits = stuck.has(stream) || now > claimedUntil - CLAIM_MILLIS / 2
    const failure = waits ? waiting(entry, now) : yield* attempt(caller, follower, entry, now)
    if (failure === null) continue
    failures.push(failure)
    if (failure.nextTryAt !== null) stuck.add(stream)
  }
  return failures
})

const attempt = <Payload, E, R>(
  caller: Caller,
  follower: Follower<Payload, E, R>,
  entry: LogEntry<Payload>,
  now: Instant.Instant
) =>
  Effect.matchEffect(follower.work(caller, entry), {
    onSuccess: () => Effect.succeed(null),
    onFailure: (error) =>
      Effect.succeed<Failure>({ ...waiting(entry, now), ...nextTry(0, error, now, follower.patience) })
  })

/** Moves on, and parks what failed, in one step; unless the position was moved meanwhile. */
const advance = <Payload, E, R>(
  caller: Caller,
  follower: Follower<Payload, E, R>,
  claimed: BridgeCursor,
  position: number,
  failures: ReadonlyArray<Failure>
) =>
  onDesk(caller, "bridge.advance", {}, (transaction: DeskTransaction) =>
    Effect.gen(function* () {
      const [cursor] = yield* transaction.get({ kind: "cursor", id: follower.bridge })
      const now = cursor.value
      // nobody follows any more
      if (now === null) return
      const isMoved = now.position !== claimed.position
      if (isMoved && now.claimedUntil !== claimed.claimedUntil) return
      transaction.put(cursor, { position: isMoved ? now.position : position, claimedUntil: start.claimedUntil })
      if (isMoved) return
      for (const failure of failures) yield* park(transaction, follower, failure)
    })
  )
