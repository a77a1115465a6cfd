import { Schema } from "effect"
import { PoolId, UserId } from "../account/Id.ts"

/** Largest pool. Source: F2. */
export const MAX_POOL_MEMBERS = 200

/** A round robin of users to whom records of one type are dealt (F2). */
export const DistributionPool = Schema.Struct({
  id: PoolId,
  name: Schema.String,
  recordKind: Schema.Literals(["lead", "contact", "deal"]),
  /** The queue: the head is next. At most 200; who joins or rejoins goes to the tail (F2). */
  members: Schema.Array(UserId),
  isDeleted: Schema.Boolean,
  /** The number of this pool's last event (K2). */
  eventCount: Schema.Int
})
export type DistributionPool = typeof DistributionPool.Type
