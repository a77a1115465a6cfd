import { Clock, Effect } from "effect"
import * as Instant from "../../domain/account/Instant.ts"
import { DeskStore, type Parked } from "../../ports/DeskStore.ts"
import type { LogEntry } from "../../ports/RecordStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { type DeskTransaction, onDesk } from "../execution/DeskCommand.ts"
import type { Follower } from "./Follower.ts"
import { nextTry } from "./Patience.ts"

/** While one host tries a parked item, others leave it alone. decision: longer than any delivery's own timeout. */
const TRY_MILLIS = 60_000

/** With so many parked a bridge reads no further. decision: all of them are looked at in every run. */
export const BACKLOG = 1_000

/** An item that could not be done now. */
export type Failure = Omit<Parked, "bridge" | "log">

/** Not tried: it waits behind another item of its stream, or for the next run. */
export const waiting = ({ event, position }: LogEntry<unknown>, now: Instant.Instant): Failure => ({
  ...{ eventId: event.id, stream: event.stream, position },
  ...{ tries: 0, nextTryAt: now, lastError: "waits behind an earlier item" }
})

/** What may be worked on side by side, each in order: streams; or, one at a time, all of it as it stands in the log. */
export const lanesOf = <Item>(
  items: ReadonlyArray<Item>,
  streamOf: (item: Item) => string,
  concurrency: number
): ReadonlyArray<ReadonlyArray<Item>> => (concurrency === 1 ? [items] : [...Map.groupBy(items, streamOf).values()])

/** Parks an item, or says that it was given up. */
export const park = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  { bridge, log }: Pick<Parked, "bridge" | "log">,
  failure: Failure
) {
  const [read] = yield* transaction.get({ kind: "parked", id: `${bridge}/${failure.eventId}` })
  const { eventId, lastError, nextTryAt, tries } = failure
  transaction.put(read, { ...failure, bridge, log }, [], nextTryAt)
  if (nextTryAt === null) transaction.event(`bridge/${bridge}`, 0, { _tag: "WorkGivenUp", eventId, tries, lastError })
})

/** Everything parked that will be tried again, in order of the log. */
export const unfinished = Effect.fnUntraced(function* (
  caller: Caller,
  { backlog = BACKLOG, bridge, page }: Pick<Follower<never, never, never>, "backlog" | "bridge" | "page">
) {
  const store = yield* DeskStore
  // a bridge that was one short of its backlog parked a page more
  return yield* store.parked(caller.account, bridge, backlog + page)
})

/** What is parked and due now, of a bridge. */
export const replayed = Effect.fnUntraced(function* (caller: Caller, bridge: string) {
  const store = yield* DeskStore
  const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
  const items = yield* store.parked(caller.account, bridge, BACKLOG)
  return items.filter(({ nextTryAt }) => nextTryAt !== null && nextTryAt <= now)
})

/** Tries what is parked and due: of each stream only its first, and on success the next. `left`: still parked then. */
export const retryDue = Effect.fnUntraced(function* <Payload, E, R>(caller: Caller, follower: Follower<Payload, E, R>) {
  const { concurrency = 1 } = follower
  const items = yield* unfinished(caller, follower)
  const runs = yield* Effect.forEach(
    lanesOf(items, ({ stream }) => stream, concurrency),
    (lane) => retryLane(caller, follower, lane),
    { concurrency }
  )
  const sum = (of: "done" | "failed") => runs.reduce((total, run) => total + run[of], 0)
  return { done: sum("done"), failed: sum("failed"), left: items.length - sum("done") }
})

const retryLane = Effect.fnUntraced(function* <Payload, E, R>(
  caller: Caller,
  follower: Follower<Payload, E, R>,
  items: ReadonlyArray<Parked>
) {
  const stuck = new Set<string>()
  const run = { done: 0, failed: 0 }
  for (const item of items) {
    if (stuck.has(item.stream)) continue
    const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
    if (item.nextTryAt === null || item.nextTryAt > now || !(yield* take(caller, item))) {
      stuck.add(item.stream)
      continue
    }
    const failure = yield* again(caller, follower, item, now)
    yield* settle(caller, item, failure)
    if (failure === null) run.done++
    else run.failed++
    if (failure !== null && failure.nextTryAt !== null) stuck.add(item.stream)
  }
  return run
})

/** One more try: `null` when done. */
const again = Effect.fnUntraced(function* <Payload, E, R>(
  caller: Caller,
  follower: Follower<Payload, E, R>,
  item: Parked,
  now: Instant.Instant
) {
  return yield* Effect.gen(function* () {
    const { entries } = yield* follower.read(caller.account, item.position - 1, 1)
    const entry = entries[0]
    if (entry?.event.id === item.eventId) yield* follower.work(caller, entry)
    return null
  }).pipe(
    Effect.catch((error) =>
      Effect.succeed({ ...item, ...nextTry(item.tries, error, now, follower.patience) } satisfies Failure)
    )
  )
})

const parkedKey = (item: Parked) => ({ kind: "parked", id: `${item.bridge}/${item.eventId}` }) as const

/** Takes an item for this host; `false` if another was faster. */
const take = (caller: Caller, item: Parked) =>
  onDesk(caller, "bridge.take", {}, (transaction) =>
    Effect.gen(function* () {
      const [read] = yield* transaction.get(parkedKey(item))
      if (read.value === null || read.value.nextTryAt !== item.nextTryAt) return false
      const nextTryAt = Instant.plusMillis(transaction.now, TRY_MILLIS)
      transaction.put(read, { ...read.value, nextTryAt }, [], nextTryAt)
      return true
    })
  )

const settle = (caller: Caller, item: Parked, failure: Failure | null) =>
  onDesk(caller, "bridge.settle", {}, (transaction) =>
    Effect.gen(function* () {
      const [read] = yield* transaction.get(parkedKey(item))
      if (read.value === null) return
      if (failure === null) transaction.remove(read)
      else yield* park(transaction, item, failure)
    })
  )
