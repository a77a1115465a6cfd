import { Schema } from "effect"
import { PoolId, UserId } from "../account/Id.ts"
import { DistributionPool } from "../record/DistributionPool.ts"

/**
 * What happens to a distribution pool (F2).
 *
 * | event | the queue |
 * |---|---|
 * | `PoolCreated` | `members` in this order |
 * | `MemberJoined` | the tail |
 * | `MemberLeft` | the others keep their order |
 * | `LeadDealt` | the heads down to `to` go to the tail in their order |
 * | `PoolDeleted` | kept, deals no more; final |
 */
export const PoolEvent = Schema.Union([
  Schema.TaggedStruct("PoolCreated", {
    poolId: PoolId,
    name: Schema.String,
    recordKind: DistributionPool.fields.recordKind,
    members: Schema.Array(UserId)
  }),
  Schema.TaggedStruct("MemberJoined", { poolId: PoolId, userId: UserId }),
  Schema.TaggedStruct("MemberLeft", { poolId: PoolId, userId: UserId }),
  /** One turn: a record of the pool's kind went to `to`. `skipped`: the heads before, whose turns are gone. */
  Schema.TaggedStruct("LeadDealt", { poolId: PoolId, to: UserId, skipped: Schema.Array(UserId) }),
  Schema.TaggedStruct("PoolDeleted", { poolId: PoolId })
])
export type PoolEvent = typeof PoolEvent.Type

/**
 * Applies an event that has happened (K4). Total: one that does not fit (none that a decider made) leaves the queue as
 * it is. `null` is a pool that does not exist yet; who passes a pool gets a pool.
 */
export const evolve = <Pool extends DistributionPool | null>(
  pool: Pool,
  event: PoolEvent
): DistributionPool | (Pool & null) => {
  if (event._tag === "PoolCreated") return pool ?? created(event)
  if (pool === null || pool.id !== event.poolId) return pool
  return { ...pool, ...changed(pool, event), eventCount: pool.eventCount + 1 }
}

type Creation = Extract<PoolEvent, { readonly _tag: "PoolCreated" }>

const created = (event: Creation): DistributionPool => ({
  id: event.poolId,
  name: event.name,
  recordKind: event.recordKind,
  members: event.members,
  isDeleted: false,
  eventCount: 1
})

const changed = (pool: DistributionPool, event: Exclude<PoolEvent, Creation>): Partial<DistributionPool> => {
  const { members } = pool
  switch (event._tag) {
    case "MemberJoined":
      return members.includes(event.userId) ? {} : { members: [...members, event.userId] }
    case "MemberLeft":
      return { members: members.filter((member) => member !== event.userId) }
    case "LeadDealt": {
      // For somebody who is no member this is 0: nothing moves.
      const turns = members.indexOf(event.to) + 1
      return { members: [...members.slice(turns), ...members.slice(0, turns)] }
    }
    case "PoolDeleted":
      return { isDeleted: true }
  }
}
