import { Clock, Effect, Schedule, Stream } from "effect"
import type { AccountId, ChatId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import * as CrmRequest from "../../domain/request/CrmRequest.ts"
import { Crm } from "../../ports/Crm.ts"
import { type DeskPayload, DeskStore } from "../../ports/DeskStore.ts"
import { Notifier } from "../../ports/Notifier.ts"
import type { LogEntry } from "../../ports/RecordStore.ts"
import { POLL, whileDown } from "../bridge/Bridge.ts"
import { drain, type Follower, follow } from "../bridge/Follower.ts"
import { replayed } from "../bridge/Parking.ts"
import type { Caller } from "../execution/Caller.ts"
import { onDesk } from "../execution/DeskCommand.ts"
import { putRequest, requestKey, system } from "./Requests.ts"
import { DESK_BRIDGE, NOWHERE, reopen, runRequest } from "./RunRequest.ts"

/** decision: most entries ask for nothing, so a page is long; what does is worked off well within the claim. */
const PAGE = 500

/** How many requests, and claims, one run looks at. */
const WINDOW = 100

/**
 * What a foreign CRM needs of the desk: goes on with requests that have no outcome, whose host died or whose CRM was
 * down; copies closed chats (H2); delivers notices (G4); forgets claims and requests that are over. Any number of hosts
 * may run it. With a CRM of our own there is nothing to do.
 */
export const runDeskBridge = Effect.fn("runDeskBridge")(function* (account: AccountId) {
  const caller = system(account)
  yield* replayRequests(caller)
  yield* forgetClaims(caller)
  const requests = yield* runDue(caller)
  const followed = yield* follow(caller, yield* deskFollower)
  return {
    done: requests.done + followed.done,
    failed: requests.failed + followed.failed,
    isIdle: followed.isIdle && requests.done + requests.failed === 0
  }
})

/** Runs the desk's bridge until nothing is left to do now. */
export const drainDeskBridge = Effect.fn("drainDeskBridge")(function* (account: AccountId) {
  return yield* drain(runDeskBridge(account))
})

/** Runs the desk's bridge for ever: at every change of the desk, and by the clock. Survives failures of the stores. */
export const keepDeskBridging = Effect.fn("keepDeskBridging")(function* (account: AccountId) {
  const desk = yield* DeskStore
  yield* Stream.merge(desk.changes(account), Stream.fromSchedule(Schedule.spaced(POLL))).pipe(
    Stream.runForEach(() => Effect.retry(drainDeskBridge(account), whileDown))
  )
}, Effect.retry(whileDown))

/** Requests whose time has come: those that are over are forgotten, the others are gone on with. */
const runDue = Effect.fnUntraced(function* (caller: Caller) {
  const [store, run] = [yield* DeskStore, { done: 0, failed: 0 }]
  const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
  for (const { key, value } of yield* store.due(caller.account, "crmRequest", now, WINDOW)) {
    if (value === null) continue
    if (!CrmRequest.isOpen(value)) {
      yield* forget(caller, key, now)
      continue
    }
    const after = yield* runRequest(caller.account, value.id)
    if (CrmRequest.isOpen(after)) run.failed++
    else run.done++
  }
  return run
})

/** Claims that every search has caught up with (E5). */
const forgetClaims = Effect.fnUntraced(function* (caller: Caller) {
  const store = yield* DeskStore
  const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
  for (const { key } of yield* store.due(caller.account, "leadClaim", now, WINDOW)) yield* forget(caller, key, now)
})

/** Removes a record that is over, unless somebody has made something new of it. */
const forget = (
  caller: Caller,
  key: { readonly kind: "crmRequest" | "leadClaim"; readonly id: string },
  now: Instant.Instant
) =>
  onDesk(caller, "bridge.forget", {}, (transaction) =>
    Effect.gen(function* () {
      const [read] = yield* transaction.get(key)
      const { value } = read
      if (value === null) return
      const isOver = "until" in value ? value.until !== null && value.until <= now : !CrmRequest.isOpen(value)
      if (isOver) transaction.remove(read)
    })
  )

/**
 * Given-up requests that somebody had replayed (G4): their items are parked, but stand at no place in the log. A notice of a
 * request is parked under the same stream, but has its place: it is delivered like any other item.
 */
const replayRequests = Effect.fnUntraced(function* (caller: Caller) {
  for (const item of yield* replayed(caller, DESK_BRIDGE)) {
    if (item.position !== NOWHERE || !item.stream.startsWith("request/")) continue
    yield* reopen(caller.account, item.eventId as CrmRequest.CrmRequestId, `${item.bridge}/${item.eventId}`)
  }
})

const deskFollower = Effect.gen(function* () {
  const [crm, desk] = [yield* Crm, yield* DeskStore]
  const { chatCopies, stalenessMillis } = crm.capabilities
  const asks = ({ event: { payload } }: LogEntry<DeskPayload>): boolean =>
    payload._tag === "NoticeDue" || (chatCopies && payload._tag === "ChatClosed")
  const work = Effect.fnUntraced(function* (caller: Caller, { event }: LogEntry<DeskPayload>) {
    if (event.payload._tag === "ChatClosed") {
      yield* askForCopies(caller, event.stream.slice("chat/".length) as ChatId, event.at, stalenessMillis)
    }
    if (event.payload._tag === "NoticeDue") yield* (yield* Notifier).notify(caller.account, event.payload.notice)
  })
  return { bridge: DESK_BRIDGE, log: "desk", read: desk.log, page: PAGE, asks, work } satisfies Follower<
    DeskPayload,
    Effect.Error<ReturnType<typeof work>>,
    Effect.Services<ReturnType<typeof work>>
  >
})

/** A closed chat is copied once the search is sure to know every record that was there when it closed. */
const askForCopies = (caller: Caller, chatId: ChatId, closedAt: Instant.Instant, stalenessMillis: number) =>
  onDesk(caller, "bridge.askForCopies", {}, (transaction) =>
    Effect.gen(function* () {
      const id = CrmRequest.copiesId(chatId)
      const [read] = yield* transaction.get(requestKey(id))
      if (read.value !== null) return
      const asked = { id, chatId, wanted: { _tag: "Copies" } } as const
      const from = Instant.plusMillis(closedAt, stalenessMillis)
      putRequest(transaction, read, CrmRequest.opened(asked, transaction.now, from))
    })
  )
