import { Schema } from "effect"
import { PoolId, UserId } from "../account/Id.ts"

/** Why this user owns the lead (F1, F2, F5). */
export const OwnerReason = Schema.Union([
  /** The agent picked this user. */
  Schema.TaggedStruct("Picked", {}),
  /** The only configured owner. */
  Schema.TaggedStruct("OnlyChoice", {}),
  /** This user's turn in a pool; `picked`: the agent chose the pool. */
  Schema.TaggedStruct("Dealt", { poolId: PoolId, picked: Schema.Boolean }),
  /** The user who creates the lead. */
  Schema.TaggedStruct("Creator", {}),
  /**
   * The topmost manager: the only one, the account's owner among several, or the lowest id among several.
   * `emptyPool`: the pool in which nobody was active (F2).
   */
  Schema.TaggedStruct("TopmostManager", {
    among: Schema.Literals(["sole", "accountOwner", "lowestId"]),
    emptyPool: Schema.NullOr(PoolId)
  })
])
export type OwnerReason = typeof OwnerReason.Type

/** Who did not get a lead, and why (F4). */
export const PassedOver = Schema.Struct({
  userId: UserId,
  /** `inactive`: deactivated; `unknown`: no such user; `lowerRank`: another topmost manager came first (F5). */
  reason: Schema.Literals(["inactive", "unknown", "lowerRank"])
})
export type PassedOver = typeof PassedOver.Type

/** Who got a lead, why, and who was passed over for which reason; kept with the lead (F4). */
export const OwnerDecision = Schema.Struct({
  owner: UserId,
  reason: OwnerReason,
  passedOver: Schema.Array(PassedOver)
})
export type OwnerDecision = typeof OwnerDecision.Type
