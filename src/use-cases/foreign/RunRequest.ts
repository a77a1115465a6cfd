import { Effect } from "effect"
import type { AccountId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import * as CrmRequest from "../../domain/request/CrmRequest.ts"
import { Crm } from "../../ports/Crm.ts"
import { StoreError } from "../../ports/StoreError.ts"
import { park } from "../bridge/Parking.ts"
import { nextTry } from "../bridge/Patience.ts"
import { onDesk } from "../execution/DeskCommand.ts"
import { perform } from "./PerformRequest.ts"
import { alone, leaseEnd, putRequest, quietMillis, readRequest, requestKey, system, WRITE_MILLIS } from "./Requests.ts"
import { settle } from "./SettleRequest.ts"

/** The desk bridge's name in cursors and parked items. */
export const DESK_BRIDGE = "desk-to-crm"

/** The position of a parked request: it stands at no place in the log, whose first is 1. */
export const NOWHERE = 0

/**
 * Goes on with a request if it is due, and answers it as it is then. Any number of hosts may: one of them begins, and
 * is left alone until its lease is over and everything it may have written can be found.
 */
export const runRequest = Effect.fnUntraced(function* (account: AccountId, id: CrmRequest.CrmRequestId) {
  return yield* alone(
    account,
    id,
    Effect.gen(function* () {
      const begun = yield* begin(account, id)
      return begun === null ? yield* readRequest(account, id) : yield* attempt(account, begun)
    })
  )
})

/** Tries a request that this host has begun. */
export const attempt = Effect.fnUntraced(function* (account: AccountId, request: CrmRequest.OpenRequest) {
  const lost = new StoreError({ reason: "timeout", isRetryable: true, operation: `Crm: ${request.wanted._tag}` })
  return yield* perform(account, request).pipe(
    Effect.timeoutOrElse({ duration: WRITE_MILLIS, orElse: () => Effect.fail(lost) }),
    Effect.matchEffect({
      onSuccess: (done) => settle(account, request.id, done),
      onFailure: (error) => postpone(account, request.id, error)
    })
  )
})

/** Takes the request for this host; `null`: it has ended, was given up, or another host is at it. */
const begin = Effect.fnUntraced(function* (account: AccountId, id: CrmRequest.CrmRequestId) {
  const crm = yield* Crm
  return yield* onDesk(system(account), "request.begin", {}, (transaction) =>
    Effect.gen(function* () {
      const [read] = yield* transaction.get(requestKey(id))
      const request = read.value
      if (request === null || !CrmRequest.isOpen(request)) return null
      const { nextTryAt } = request.state
      if (nextTryAt === null || nextTryAt > transaction.now) return null
      const begun = CrmRequest.begun(request, leaseEnd(crm, request, transaction.now))
      putRequest(transaction, read, begun)
      return begun
    })
  )
})

/** Later again, not before a search would see what this attempt left; given up in the end, visibly (G4). */
const postpone = Effect.fnUntraced(function* (account: AccountId, id: CrmRequest.CrmRequestId, error: StoreError) {
  const crm = yield* Crm
  return yield* onDesk(system(account), "request.postpone", {}, (transaction) =>
    Effect.gen(function* () {
      const [read] = yield* transaction.get(requestKey(id))
      const request = read.value
      if (request === null || !CrmRequest.isOpen(request)) return request ?? (yield* readRequest(account, id))
      const next = nextTry(request.state.tries, error, transaction.now)
      const sure = Instant.plusMillis(transaction.now, quietMillis(crm, request))
      const nextTryAt = next.nextTryAt === null ? null : Instant.max(next.nextTryAt, sure)
      const postponed: CrmRequest.CrmRequest = { ...request, state: { ...request.state, ...next, nextTryAt } }
      putRequest(transaction, read, postponed)
      if (nextTryAt === null) {
        const item = { eventId: id, stream: `request/${id}`, position: NOWHERE, ...next }
        yield* park(transaction, { bridge: DESK_BRIDGE, log: "desk" }, item)
      }
      return postponed
    })
  )
})

/** Has a given-up request tried again, when a search is sure to see what its last attempt left (G4). */
export const reopen = Effect.fnUntraced(function* (account: AccountId, id: CrmRequest.CrmRequestId, parkedId: string) {
  const crm = yield* Crm
  return yield* onDesk(system(account), "request.reopen", {}, (transaction) =>
    Effect.gen(function* () {
      const [read, parked] = yield* transaction.get(requestKey(id), { kind: "parked", id: parkedId })
      if (parked.value !== null) transaction.remove(parked)
      const request = read.value
      if (request === null || !CrmRequest.isOpen(request) || request.state.nextTryAt !== null) return
      const nextTryAt = Instant.plusMillis(transaction.now, quietMillis(crm, request))
      putRequest(transaction, read, { ...request, state: { ...request.state, tries: 0, nextTryAt } })
    })
  )
})
