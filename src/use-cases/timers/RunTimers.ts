import { Clock, Effect, Option, Queue, Schedule, Stream } from "effect"
import type { AccountId, AgentId, ChatId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import { CrmStore } from "../../ports/CrmStore.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { SettingsStore } from "../../ports/SettingsStore.ts"
import { StoreError } from "../../ports/StoreError.ts"
import { currentSettings } from "../execution/Rights.ts"
import { routeQueue } from "../routing/RouteQueue.ts"
import { checkAgent } from "./CheckAgent.ts"
import { checkChat, systemOf } from "./CheckChat.ts"
import { checkHours } from "./CheckHours.ts"
import { forgetCommands } from "./ForgetCommands.ts"

/** How many deadlines of a kind one round works off. */
const BATCH = 200

/** What a round did. */
export interface TimerRound {
  /** Deadlines worked off, chats routed or ended. */
  readonly done: number
  /** The next deadline as it is known now; `null`: none. */
  readonly nextAt: Instant.Instant | null
  /** Nothing more can be done now: what is due and was not done failed, and is for a later round. */
  readonly isDone: boolean
}

/**
 * Works off what time has brought: leases and idleness (B3, B4), offers and visitors (C5, D5), opening and closing (B8),
 * answers to forget (K1); then routes what waits (C7). Every deadline is found by a query and becomes an ordinary
 * command that decides anew, so that any number of hosts may run this, and a host that slept for hours does it late but
 * right. A command that fails leaves its deadline for the next round.
 */
export const runTimers = Effect.fn("runTimers")(function* (account: AccountId) {
  const caller = systemOf(account)
  const desk = yield* DeskStore
  const settings = yield* currentSettings(caller)
  const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
  const agents = yield* desk.due(account, "presence", now, BATCH)
  let done = yield* each(agents, ({ key }) => checkAgent(caller, key.id as AgentId))
  const chats = yield* desk.due(account, "chat", now, BATCH)
  done += yield* each(chats, ({ key }) => checkChat(caller, key.id as ChatId))
  done += yield* checkHours(caller, settings)
  for (let isDone = false; !isDone; ) {
    const pass = yield* routeQueue(caller, settings)
    done += pass.routed
    isDone = pass.isDone
  }
  done += yield* forgetAll(account)
  const nextAt = yield* nextDeadline(account)
  return { done, nextAt, isDone: done === 0 || nextAt === null || nextAt > now } satisfies TimerRound
})

/** In every store there is: a foreign CRM has none of ours. */
const forgetAll = Effect.fnUntraced(function* (account: AccountId) {
  const crm = Option.getOrNull(yield* Effect.serviceOption(CrmStore))
  return (
    (yield* forgetCommands(yield* DeskStore, account)) +
    (yield* forgetCommands(yield* SettingsStore, account)) +
    (crm === null ? 0 : yield* forgetCommands(crm, account))
  )
})

/**
 * One deadline that cannot be worked off now leaves the others alone; the world's failures end the round. Answers how many
 * were.
 */
const each = <Item, E, R>(items: ReadonlyArray<Item>, work: (item: Item) => Effect.Effect<unknown, E, R>) =>
  Effect.map(
    Effect.forEach(items, (item) =>
      Effect.catchIf(
        Effect.as(work(item), 1),
        (error) => !isUnavailable(error),
        () => Effect.succeed(0)
      )
    ),
    (counts) => counts.reduce((sum, count) => sum + count, 0)
  )

const isUnavailable = (error: unknown): boolean => error instanceof StoreError && error.reason !== "contention"

/** Runs rounds until nothing is left to do now. */
export const drainTimers = Effect.fn("drainTimers")(function* (account: AccountId) {
  let round = yield* runTimers(account)
  let done = round.done
  while (!round.isDone) {
    round = yield* runTimers(account)
    done += round.done
  }
  return { ...round, done } satisfies TimerRound
})

const timed = ["presence", "chat", "routing", "hours", "command"] as const

/** The earliest deadline of the chat side. One indexed read per kind. */
const nextDeadline = Effect.fnUntraced(function* (account: AccountId) {
  const store = yield* DeskStore
  let next: Instant.Instant | null = null
  for (const kind of timed) {
    const [first] = yield* store.due(account, kind, Instant.latest, 1)
    if (first !== undefined && (next === null || first.due < next)) next = first.due
  }
  return next
})

/** decision: what another host's clock or a lost wake-up may delay a deadline by, at most. */
const LONGEST_SLEEP_MILLIS = 60_000

/** While a store cannot be reached: soon again, then every half minute. */
const whileDown = Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("30 seconds")]).pipe(
  Schedule.jittered
)

/** decision: a stream of changes that broke is opened again after so long; meanwhile deadlines are kept without it. */
const REOPENED_AFTER = "1 second"

/**
 * Keeps time for an account for ever: sleeps until the next deadline, wakes at every change of the chat side, and works
 * off what is due. Hosts that serve chats in assigned mode run it, or nothing is offered. Survives failures of the
 * stores. A change during a round waits for its end: however much is going on, every round ends.
 */
export const keepTime = Effect.fn("keepTime")(function* (account: AccountId) {
  const store = yield* DeskStore
  const settings = yield* SettingsStore
  const wakeUps = yield* Queue.sliding<void>(1)
  const changes = Stream.merge(store.changes(account), settings.changes(account))
  const listening = Stream.runForEach(changes, () => Queue.offer(wakeUps, undefined)).pipe(
    Effect.ignore,
    Effect.andThen(Effect.sleep(REOPENED_AFTER)),
    Effect.forever
  )
  const working = Effect.gen(function* () {
    const { nextAt } = yield* Effect.retry(drainTimers(account), whileDown)
    const now = yield* Clock.currentTimeMillis
    const wait = Math.max(0, Math.min((nextAt ?? Number.POSITIVE_INFINITY) - now, LONGEST_SLEEP_MILLIS))
    yield* Effect.raceFirst(Queue.take(wakeUps), Effect.sleep(wait))
  }).pipe(Effect.forever)
  yield* Effect.all([listening, working], { concurrency: "unbounded", discard: true })
})
