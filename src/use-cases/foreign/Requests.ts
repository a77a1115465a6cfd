import { Effect, Schema } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import type { AccountId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import * as CrmRequest from "../../domain/request/CrmRequest.ts"
import * as CrmRequestEvent from "../../domain/request/CrmRequestEvent.ts"
import type { CrmShape } from "../../ports/Crm.ts"
import { type DeskRecords, DeskStore } from "../../ports/DeskStore.ts"
import type { Read } from "../../ports/RecordStore.ts"
import { StoreError } from "../../ports/StoreError.ts"
import type { Caller } from "../execution/Caller.ts"
import type { DeskTransaction } from "../execution/DeskCommand.ts"
import { inLane } from "../execution/Lanes.ts"

/**
 * Asked of the CRM, and not answered yet: the CRM does not answer, or another process is at it. The bridge goes on; it
 * will be done once or refused. Asking again under the same idempotency key tells what came of it.
 */
export const CrmPending = Schema.TaggedStruct("CrmPending", {
  requestId: CrmRequest.CrmRequestId,
  since: Instant.Instant
})
export type CrmPending = typeof CrmPending.Type

/**
 * How long a host that began a write is left alone with it. decision: twice {@link WRITE_MILLIS}, because the commits
 * around the write take time, too.
 */
export const LEASE_MILLIS = 60_000

/** When a write that gives no answer is taken for lost. decision: nobody beside a chat waits longer. */
export const WRITE_MILLIS = 30_000

/** Leadline itself, which goes on with requests. */
export const system = (account: AccountId): Caller => ({ account, actor: Actor.system, surface: "api" })

export const requestKey = (id: CrmRequest.CrmRequestId) => ({ kind: "crmRequest", id }) as const

export const claimKey = (id: string) => ({ kind: "leadClaim", id }) as const

/** Whether a repeat must look for its mark first: the CRM would write twice, or take our own lead for another's. */
export const searchesFirst = ({ capabilities }: CrmShape): boolean =>
  capabilities.idempotentWrites === "marker" || !capabilities.atomicIdentity

/** How long after an attempt the next one has to wait, so that a search is sure to see what it left. */
export const quietMillis = (crm: CrmShape, { wanted }: CrmRequest.CrmRequest): number =>
  wanted._tag === "Copy" || searchesFirst(crm) ? crm.capabilities.stalenessMillis : 0

/** Until when a host that begins now is left alone: it may die at the last moment, and what it wrote must show. */
export const leaseEnd = (crm: CrmShape, request: CrmRequest.CrmRequest, now: Instant.Instant): Instant.Instant =>
  Instant.plusMillis(now, LEASE_MILLIS + quietMillis(crm, request))

/** Writes a request down; it is due when it is to be tried. */
export const putRequest = (
  transaction: DeskTransaction,
  read: Read<DeskRecords, "crmRequest">,
  request: CrmRequest.CrmRequest,
  due: Instant.Instant | null = CrmRequest.isOpen(request) ? request.state.nextTryAt : null
): void => transaction.put(read, request, CrmRequest.contentsOf(request), due)

/** What happens to a request, numbered on (K2); answers the request with its events counted. */
export const happens = (
  transaction: DeskTransaction,
  request: CrmRequest.CrmRequest,
  events: ReadonlyArray<CrmRequestEvent.CrmRequestEvent>,
  by: Actor.Actor = transaction.caller.actor
): CrmRequest.CrmRequest => {
  let { eventCount } = request
  for (const event of events) {
    transaction.event(`request/${request.id}`, ++eventCount, event, CrmRequestEvent.contentsOf(event), by)
  }
  return { ...request, eventCount }
}

/**
 * A request in this process: those who need its outcome wait for whoever is at it. Not in the lane of those who lost a race
 * for its record: whoever is at it may be one of them, and would wait for themselves.
 */
export const alone = Effect.fnUntraced(function* <A, E, R>(
  account: AccountId,
  id: CrmRequest.CrmRequestId,
  effect: Effect.Effect<A, E, R>
) {
  return yield* inLane(yield* DeskStore, `${account}/alone/crmRequest/${id}`, effect)
})

/** A request as it is now. */
export const readRequest = Effect.fnUntraced(function* (account: AccountId, id: CrmRequest.CrmRequestId) {
  const [read] = yield* (yield* DeskStore).get(account, [requestKey(id)])
  if (read.value !== null) return read.value
  return yield* brokenRequest
})

/** A request that is not there, or not what its kind says: nothing here writes one. */
export const brokenRequest = Effect.suspend(() =>
  Effect.fail(new StoreError({ reason: "corrupt", isRetryable: false, operation: "crmRequest" }))
)

/** What the request came to, for whoever asked: its outcome, its refusal, or that it is still under way. */
export const outcomeOf = (
  request: CrmRequest.CrmRequest
): Effect.Effect<Exclude<CrmRequest.Outcome, { readonly _tag: "Refused" }>, CrmRequest.RequestRefusal | CrmPending> => {
  const { state } = request
  if (state._tag === "Open")
    return Effect.fail({ _tag: "CrmPending", requestId: request.id, since: request.requestedAt })
  return state._tag === "Refused" ? Effect.fail(state.refusal) : Effect.succeed(state)
}
