import { Result, Schema } from "effect"
import { PoolId, type UserId } from "../account/Id.ts"
import { type Blank, meaningful, type TooLong, type TooMany } from "../account/Limits.ts"
import { DistributionPool, MAX_POOL_MEMBERS } from "../record/DistributionPool.ts"
import type { OwnerDecision } from "../record/OwnerDecision.ts"
import type { Directory } from "../record/User.ts"
import type { PoolEvent } from "./PoolEvent.ts"

type PoolKind = DistributionPool["recordKind"]

/** A deleted pool takes no members and deals nothing (F1). */
export const DeletedPool = Schema.TaggedStruct("DeletedPool", { poolId: PoolId })
export type DeletedPool = typeof DeletedPool.Type

/** A pool deals records of one type (F2). */
export const OtherRecordKind = Schema.TaggedStruct("OtherRecordKind", {
  poolId: PoolId,
  deals: DistributionPool.fields.recordKind,
  asked: DistributionPool.fields.recordKind
})
export type OtherRecordKind = typeof OtherRecordKind.Type

/** A pool's answer to one record. */
export interface Turn {
  /** One `LeadDealt`; none where nobody is active: then nothing moves (F2). */
  readonly events: ReadonlyArray<PoolEvent>
  /** `null`: nobody is active, the topmost manager gets the record (F5). */
  readonly owner: UserId | null
  /** The heads before the owner, or everybody (F4). */
  readonly passedOver: OwnerDecision["passedOver"]
}

/** Why the pool cannot deal a record of this kind, or `null`. */
export const refusal = (pool: DistributionPool, recordKind: PoolKind): DeletedPool | OtherRecordKind | null => {
  if (pool.isDeleted) return deleted(pool)
  return pool.recordKind === recordKind
    ? null
    : { _tag: "OtherRecordKind", poolId: pool.id, deals: pool.recordKind, asked: recordKind }
}

/** Deals one record (F2): the first time or again, each takes a turn. */
export const deal = (
  pool: DistributionPool,
  recordKind: PoolKind,
  directory: Directory
): Result.Result<Turn, DeletedPool | OtherRecordKind> => {
  const refused = refusal(pool, recordKind)
  return refused === null ? Result.succeed(turn(pool, directory)) : Result.fail(refused)
}

/** The turn of a pool that {@link refusal} lets deal. Looks at no member behind the one who gets the record. */
export const turn = (pool: DistributionPool, directory: Directory): Turn => {
  const at = pool.members.findIndex((member) => directory.get(member)?.isActive === true)
  const to = pool.members[at]
  const skipped = to === undefined ? pool.members : pool.members.slice(0, at)
  return {
    events: to === undefined ? [] : [{ _tag: "LeadDealt", poolId: pool.id, to, skipped }],
    owner: to ?? null,
    passedOver: skipped.map((userId) => ({ userId, reason: directory.has(userId) ? "inactive" : "unknown" }))
  }
}

/** Creates a pool; who is named twice has one place, the first. */
export const create = (
  poolId: PoolId,
  name: string,
  recordKind: PoolKind,
  wanted: ReadonlyArray<UserId>
): Result.Result<ReadonlyArray<PoolEvent>, TooMany | TooLong | Blank> => {
  const named = meaningful("name", name)
  if (Result.isFailure(named)) return Result.fail(named.failure)
  const members = [...new Set(wanted)]
  return members.length > MAX_POOL_MEMBERS
    ? Result.fail(tooMany(members.length))
    : Result.succeed([{ _tag: "PoolCreated", poolId, name, recordKind, members }])
}

/** Joins or rejoins at the tail; a member stays where they are (F2). */
export const join = (
  pool: DistributionPool,
  userId: UserId
): Result.Result<ReadonlyArray<PoolEvent>, TooMany | DeletedPool> => {
  if (pool.isDeleted) return Result.fail(deleted(pool))
  if (pool.members.includes(userId)) return Result.succeed([])
  return pool.members.length >= MAX_POOL_MEMBERS
    ? Result.fail(tooMany(pool.members.length + 1))
    : Result.succeed([{ _tag: "MemberJoined", poolId: pool.id, userId }])
}

/** Leaves; the others keep their order (F2). Who is no member leaves nothing. */
export const leave = (pool: DistributionPool, userId: UserId): ReadonlyArray<PoolEvent> =>
  pool.members.includes(userId) ? [{ _tag: "MemberLeft", poolId: pool.id, userId }] : []

/**
 * Makes `wanted` the members: leaves and joins. Who stays keeps their place, whatever the order of `wanted`; who joins
 * goes to the tail, in the order of `wanted` (F2: the queue's order is not configurable).
 */
export const setMembers = (
  pool: DistributionPool,
  wanted: ReadonlyArray<UserId>
): Result.Result<ReadonlyArray<PoolEvent>, TooMany | DeletedPool> => {
  if (pool.isDeleted) return Result.fail(deleted(pool))
  const before = new Set(pool.members)
  const after = new Set(wanted)
  if (after.size > MAX_POOL_MEMBERS) return Result.fail(tooMany(after.size))
  const poolId = pool.id
  const leaving = [...before].filter((userId) => !after.has(userId))
  const joining = [...after].filter((userId) => !before.has(userId))
  return Result.succeed([
    ...leaving.map((userId): PoolEvent => ({ _tag: "MemberLeft", poolId, userId })),
    ...joining.map((userId): PoolEvent => ({ _tag: "MemberJoined", poolId, userId }))
  ])
}

/** Deletes the pool; repeated: nothing happens. What it dealt is untouched (F2). */
export const remove = (pool: DistributionPool): ReadonlyArray<PoolEvent> =>
  pool.isDeleted ? [] : [{ _tag: "PoolDeleted", poolId: pool.id }]

const deleted = (pool: DistributionPool): DeletedPool => ({ _tag: "DeletedPool", poolId: pool.id })

const tooMany = (size: number): TooMany => ({ _tag: "TooMany", field: "members", limit: MAX_POOL_MEMBERS, size })
