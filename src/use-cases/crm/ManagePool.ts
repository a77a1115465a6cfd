import { Effect, Result, Schema } from "effect"
import { PoolId, type UserId } from "../../domain/account/Id.ts"
import * as Dealing from "../../domain/assignment/Dealing.ts"
import { evolve, type PoolEvent } from "../../domain/assignment/PoolEvent.ts"
import type { DistributionPool } from "../../domain/record/DistributionPool.ts"
import type { CrmRecords } from "../../ports/CrmStore.ts"
import type { Read } from "../../ports/RecordStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { administer, type CrmTransaction } from "./CrmCommand.ts"

/** No pool of that id. */
export const PoolNotFound = Schema.TaggedStruct("PoolNotFound", { poolId: PoolId })
export type PoolNotFound = typeof PoolNotFound.Type

/** A pool of that id is there already. */
export const PoolExists = Schema.TaggedStruct("PoolExists", { poolId: PoolId })
export type PoolExists = typeof PoolExists.Type

/** A pool as an administrator makes it: its first queue is in the order of `members`. */
export interface PoolToCreate {
  readonly id: PoolId
  readonly name: string
  readonly recordKind: DistributionPool["recordKind"]
  readonly members: ReadonlyArray<UserId>
}

/** Creates a pool (F2). By CRM administrators (J3). Refusals: `PoolExists`, `TooMany`, `Blank`, `TooLong`. */
export const createPool = Effect.fn("createPool")(function* (caller: Caller, input: PoolToCreate) {
  return yield* administer(caller, "createPool", input, (transaction) =>
    Effect.gen(function* () {
      const [read] = yield* transaction.get({ kind: "pool", id: input.id })
      if (read.value !== null) return yield* Effect.fail<PoolExists>({ _tag: "PoolExists", poolId: input.id })
      const created = Dealing.create(input.id, input.name, input.recordKind, input.members)
      if (Result.isFailure(created)) return yield* Effect.fail(created.failure)
      changePool(transaction, read, created.success)
      return { poolId: input.id }
    })
  )
})

/**
 * Sets the members of a pool: who is new joins at the tail, who goes leaves the others' order as it is (F2). By CRM
 * administrators (J3). Refusals: `PoolNotFound`, `DeletedPool`, `TooMany`, `AccessDenied`.
 */
export const setPoolMembers = Effect.fn("setPoolMembers")(function* (
  caller: Caller,
  input: { readonly poolId: PoolId; readonly members: ReadonlyArray<UserId> }
) {
  return yield* administer(caller, "setPoolMembers", input, (transaction) =>
    Effect.gen(function* () {
      const read = yield* poolOf(transaction, input.poolId)
      const changed = Dealing.setMembers(read.value, input.members)
      if (Result.isFailure(changed)) return yield* Effect.fail(changed.failure)
      changePool(transaction, read, changed.success)
      return { poolId: input.poolId }
    })
  )
})

/** Deletes a pool: it deals no more; what it dealt stays (F2). By CRM administrators (J3). Refusals: `PoolNotFound`. */
export const deletePool = Effect.fn("deletePool")(function* (caller: Caller, input: { readonly poolId: PoolId }) {
  return yield* administer(caller, "deletePool", input, (transaction) =>
    Effect.gen(function* () {
      const read = yield* poolOf(transaction, input.poolId)
      changePool(transaction, read, Dealing.remove(read.value))
      return { poolId: input.poolId }
    })
  )
})

/** A pool that is there. */
const poolOf = Effect.fnUntraced(function* (transaction: CrmTransaction, poolId: PoolId) {
  const [read] = yield* transaction.get({ kind: "pool", id: poolId })
  return read.value === null
    ? yield* Effect.fail<PoolNotFound>({ _tag: "PoolNotFound", poolId })
    : { ...read, value: read.value }
})

/** Lets a pool's events grow into the change; none: the pool is only expected to be as it was read. */
export const changePool = (
  transaction: CrmTransaction,
  read: Read<CrmRecords, "pool">,
  events: ReadonlyArray<PoolEvent>
): void => {
  transaction.expect(read)
  let pool = read.value
  for (const event of events) {
    pool = evolve(pool, event)
    transaction.event(`pool/${event.poolId}`, pool?.eventCount ?? 0, event)
  }
  if (pool !== null && events.length > 0) transaction.put(read, pool)
}
