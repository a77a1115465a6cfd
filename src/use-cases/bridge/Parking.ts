import { Clock, Duration, Effect } from "effect"
import * as Instant from "../../domain/account/Instant.ts"
import { DeskStore, type Parked } from "../../ports/DeskStore.ts"
import type { LogEntry } from "../../ports/RecordStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { type DeskTransaction, onDesk } from "../execution/DeskCommand.ts"
import type { Follower } from "./Follower.ts"

/** After so many tries an item is given up, visibly. decision: with the waits below, 34 minutes. */
export const MAX_TRIES = 12

/** decision: a hiccup is over in a second; a broken receiver is not asked more than once an hour. */
const FIRST_WAIT_MILLIS = Duration.toMillis("1 second")
const LONGEST_WAIT_MILLIS = Duration.toMillis("1 hour")

/** While one host tries a parked item, others leave it alone. decision: longer than any delivery's own timeout. */
const TRY_MILLIS = Duration.toMillis("1 minute")

/** How many parked items a run looks at. */
const WINDOW = 1_000

/** An item that could not be done now. */
export type Failure = Omit<Parked, "bridge" | "log">

/** The next wait: doubling from a second to an hour. */
export const waitMillis = (tries: number): number =>
  Math.min(FIRST_WAIT_MILLIS * 2 ** Math.max(0, tries - 1), LONGEST_WAIT_MILLIS)

/** `error: null`: not tried, it waits behind another item of its stream. */
export const afterFailure = (entry: LogEntry<unknown>, error: unknown, now: Instant.Instant): Failure => {
  const { event, position } = entry
  const item = { eventId: event.id, stream: event.stream, position }
  if (error === null) return { ...item, tries: 0, nextTryAt: now, lastError: "waits behind an earlier item" }
  return { ...item, ...nextTry(0, error, now) }
}

/** When to try again after a failure: later and later; never after the last try, or where no try can help (G4). */
export const nextTry = (triesBefore: number, error: unknown, now: Instant.Instant) => {
  const tries = triesBefore + 1
  const isFinal = tries >= MAX_TRIES || !isRetryable(error)
  return {
    tries,
    nextTryAt: isFinal ? null : Instant.plusMillis(now, waitMillis(tries)),
    lastError: describe(error)
  }
}

const isRetryable = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "isRetryable" in error && error.isRetryable === true

const describe = (error: unknown): string => {
  if (typeof error !== "object" || error === null) return String(error)
  const tag = "_tag" in error ? String(error._tag) : "Error"
  return "reason" in error ? `${tag}: ${String(error.reason)}` : tag
}

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
export const unfinished = Effect.fnUntraced(function* (caller: Caller, bridge: string) {
  const store = yield* DeskStore
  const ever = Instant.latest
  const items = yield* store.due(caller.account, "parked", ever, WINDOW)
  return items.flatMap(({ value }) => (value?.bridge === bridge ? [value] : [])).sort((a, b) => a.position - b.position)
})

/** What is parked and due now, of a bridge. */
export const replayed = Effect.fnUntraced(function* (caller: Caller, bridge: string) {
  const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
  const items = yield* unfinished(caller, bridge)
  return items.filter(({ nextTryAt }) => nextTryAt !== null && nextTryAt <= now)
})

/** Tries what is parked and due: of each stream only its first, and on success the next. */
export const retryDue = Effect.fnUntraced(function* <Payload, E, R>(caller: Caller, follower: Follower<Payload, E, R>) {
  const stuck = new Set<string>()
  const run = { done: 0, failed: 0 }
  for (const item of yield* unfinished(caller, follower.bridge)) {
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
  }).pipe(Effect.catch((error) => Effect.succeed({ ...item, ...nextTry(item.tries, error, now) } satisfies Failure)))
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
      if (failure !== null) return yield* park(transaction, item, failure)
      const [read] = yield* transaction.get(parkedKey(item))
      if (read.value !== null) transaction.remove(read)
    })
  )
