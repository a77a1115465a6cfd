import { Schema } from "effect"
import { PoolId, UserId } from "../account/Id.ts"
import type { DistributionPool } from "../record/DistributionPool.ts"
import type { OwnerDecision } from "../record/OwnerDecision.ts"
import type { Directory } from "../record/User.ts"
import { refusal } from "./Dealing.ts"

/** An owner configured or picked for new leads: a user, or a pool that deals (F1). A pool never owns (F7). */
export const OwnerChoice = Schema.Union([
  Schema.TaggedStruct("User", { userId: UserId }),
  Schema.TaggedStruct("Pool", { poolId: PoolId })
])
export type OwnerChoice = typeof OwnerChoice.Type

/** Whom choices may name: all users of the account, and its pools. */
export interface Candidates {
  readonly directory: Directory
  readonly pools: ReadonlyMap<PoolId, DistributionPool>
}

export const user = (userId: UserId): OwnerChoice => ({ _tag: "User", userId })
export const pool = (poolId: PoolId): OwnerChoice => ({ _tag: "Pool", poolId })

/** `User/7`, `Pool/3`: choices with one key are one choice. */
export const toKey = (choice: OwnerChoice): string =>
  choice._tag === "User" ? `User/${choice.userId}` : `Pool/${choice.poolId}`

export const equals = (a: OwnerChoice, b: OwnerChoice): boolean => toKey(a) === toKey(b)

/** Whether the choice names an active user, or a pool that deals leads, be it empty (F1). */
export const isUsable = (choice: OwnerChoice, candidates: Candidates): boolean => {
  if (choice._tag === "User") return candidates.directory.get(choice.userId)?.isActive === true
  const found = candidates.pools.get(choice.poolId)
  return found !== undefined && refusal(found, "lead") === null
}

/** The choices that are left after striking (F1), each once. */
export const left = (choices: ReadonlyArray<OwnerChoice>, candidates: Candidates): ReadonlyArray<OwnerChoice> => [
  ...new Map(choices.filter((choice) => isUsable(choice, candidates)).map((choice) => [toKey(choice), choice])).values()
]

/** The users that striking passes over (F1, F4), each once; pools are nobody. */
export const struck = (choices: ReadonlyArray<OwnerChoice>, candidates: Candidates): OwnerDecision["passedOver"] =>
  [...new Set(choices.flatMap((choice) => (choice._tag === "User" ? [choice.userId] : [])))]
    .filter((userId) => candidates.directory.get(userId)?.isActive !== true)
    .map((userId) => ({ userId, reason: candidates.directory.has(userId) ? "inactive" : "unknown" }))
