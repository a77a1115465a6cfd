import { Effect, Result } from "effect"
import type { UserId } from "../../domain/account/Id.ts"
import * as Dealing from "../../domain/assignment/Dealing.ts"
import * as LeadOwner from "../../domain/assignment/LeadOwner.ts"
import type { OwnerChoice } from "../../domain/assignment/OwnerChoice.ts"
import { evolve, type PoolEvent } from "../../domain/assignment/PoolEvent.ts"
import { type DistributionPool, MAX_POOL_MEMBERS } from "../../domain/record/DistributionPool.ts"
import type { User } from "../../domain/record/User.ts"
import type { Settings } from "../../domain/settings/Settings.ts"
import { directoryOf } from "../crm/CrmCommand.ts"
import type { DeskTransaction } from "../execution/DeskCommand.ts"

/** What a foreign CRM says of its people: the pools' members, in no order that counts. */
export interface Staff {
  readonly users: ReadonlyArray<User>
  readonly pools: ReadonlyArray<DistributionPool>
}

/**
 * Decides who owns a new lead where the library deals (F1), and takes the pool's turn in this commit (F2): whoever
 * deals from the same pool at the same time conflicts, and decides again (F3). The queue is the desk's own; who is a
 * member is the CRM's word, as it is now. Refusals: `OwnerNotAllowed`, `OwnerRequired`, `NoActiveUser`.
 */
export const dealOwner = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  settings: Settings,
  { pools, users }: Staff,
  asked: { readonly picked: OwnerChoice | null; readonly creator: UserId | null }
) {
  const choices = asked.picked === null ? settings.leadOwners : [...settings.leadOwners, asked.picked]
  const named = pools.filter(({ id }) => choices.some((choice) => choice._tag === "Pool" && choice.poolId === id))
  const reads = yield* transaction.peek(...named.map(({ id }) => ({ kind: "poolQueue" as const, id })))
  const queues = named.map((pool, at) => reconciled(reads[at]?.value ?? null, pool))
  const assigned = LeadOwner.decide({
    anyOwnerAllowed: settings.anyOwnerAllowed,
    configured: settings.leadOwners,
    access: settings.accessToCrmData,
    picked: asked.picked,
    creator: asked.creator,
    directory: directoryOf(users),
    pools: new Map(queues.map(({ pool }) => [pool.id, pool]))
  })
  if (Result.isFailure(assigned)) return yield* Effect.fail(assigned.failure)
  const { decision, pool: dealt } = assigned.success
  const at = queues.findIndex(({ pool }) => pool.id === dealt?.before.id)
  const [queue, read] = [queues[at], reads[at]]
  if (dealt === null || queue === undefined || read === undefined) return decision
  let { before: pool } = queue
  for (const event of [...queue.events, ...dealt.events]) {
    pool = evolve(pool, event)
    transaction.event(`pool/${dealt.before.id}`, pool?.eventCount ?? 0, event)
  }
  if (pool !== null) transaction.put(read, pool)
  return decision
})

/** The queue with the members that the CRM names now: who joined is at the tail, the others keep their order (F2). */
const reconciled = (stored: DistributionPool | null, current: DistributionPool) => {
  // decision: of a foreign pool above F2's limit the first members deal, because a lead must have an owner
  const members = [...new Set(current.members)].slice(0, MAX_POOL_MEMBERS)
  const { id: poolId, name, recordKind } = current
  if (stored === null) {
    const created: PoolEvent = { _tag: "PoolCreated", poolId, name, recordKind, members }
    return { before: null, events: [created], pool: evolve(null, created) ?? current }
  }
  const before: DistributionPool = { ...stored, name, recordKind, isDeleted: current.isDeleted }
  const events = Result.getOrElse(Dealing.setMembers(before, members), (): ReadonlyArray<PoolEvent> => [])
  return { before, events, pool: events.reduce<DistributionPool>(evolve, before) }
}
