/**
 * Who owns a new lead (F1). `left`: the configured choices after striking; `pick`: what the agent picked, if anything.
 *
 * | any owner allowed | left | pick | owner |
 * |---|---|---|---|
 * | yes | any | usable | the pick |
 * | yes | any | not usable | `OwnerNotAllowed` |
 * | no, or no pick | two or more | on the list | the pick |
 * | no, or no pick | two or more | not on the list / none | `OwnerNotAllowed` / `OwnerRequired` |
 * | no, or no pick | one | that one, or none | that one |
 * | no, or no pick | none | the owner below, or none | crmUsersOnly: the creator, if active; else F5 |
 * | no | one or none | another | `OwnerNotAllowed` |
 *
 * Where a pool is the owner, its next active member is; where it has none, the topmost manager (F2, F5, F7).
 *
 * @module
 */
import { Result, Schema } from "effect"
import type { PoolId, UserId } from "../account/Id.ts"
import type { DistributionPool } from "../record/DistributionPool.ts"
import type { OwnerDecision, OwnerReason } from "../record/OwnerDecision.ts"
import { turn } from "./Dealing.ts"
import { type Candidates, equals, isUsable, left, OwnerChoice, struck, user } from "./OwnerChoice.ts"
import type { PoolEvent } from "./PoolEvent.ts"
import * as TopmostManager from "./TopmostManager.ts"

/** What was picked is not to be had (F1). `allowed`: what is; `null`: any active user and any lead pool. */
export const OwnerNotAllowed = Schema.TaggedStruct("OwnerNotAllowed", {
  picked: OwnerChoice,
  allowed: Schema.NullOr(Schema.Array(OwnerChoice))
})
export type OwnerNotAllowed = typeof OwnerNotAllowed.Type

/** The agent must pick one of these (F1). */
export const OwnerRequired = Schema.TaggedStruct("OwnerRequired", { allowed: Schema.Array(OwnerChoice) })
export type OwnerRequired = typeof OwnerRequired.Type

export type Refusal = OwnerNotAllowed | OwnerRequired | TopmostManager.NoActiveUser

/** The facts F1 asks for. `directory` and `pools` hold at least those that `configured` and `picked` name. */
export interface Request extends Candidates {
  readonly anyOwnerAllowed: boolean
  readonly configured: ReadonlyArray<OwnerChoice>
  readonly access: "allAgents" | "crmUsersOnly"
  readonly picked: OwnerChoice | null
  /** The user who creates the lead; `null`: an agent without a CRM licence, or a program. */
  readonly creator: UserId | null
}

/** The owner, and the pool that was asked, to be committed with the lead: `before` is the version to expect. */
export interface Assignment {
  readonly decision: OwnerDecision
  /** `null`: no pool was asked. No events: nobody in it was active. */
  readonly pool: { readonly before: DistributionPool; readonly events: ReadonlyArray<PoolEvent> } | null
}

type Decided = Result.Result<Assignment, Refusal>
type PassedOver = OwnerDecision["passedOver"]

/** Decides by the table above; total. */
export const decide = (request: Request): Decided => {
  const { picked } = request
  if (request.anyOwnerAllowed && picked !== null) {
    return isUsable(picked, request) ? given(request, picked, true) : notAllowed(picked, null)
  }
  const allowed = left(request.configured, request)
  const [only, ...others] = allowed
  if (only === undefined) return unconfigured(request)
  if (picked !== null && !allowed.some((choice) => equals(choice, picked))) return notAllowed(picked, allowed)
  if (others.length === 0) return given(request, only, false)
  return picked === null ? Result.fail({ _tag: "OwnerRequired", allowed }) : given(request, picked, true)
}

/** A choice that is usable. Struck users count as passed over where the table chose, not where the agent did (F4). */
const given = (request: Request, choice: OwnerChoice, isPicked: boolean): Decided => {
  const passedOver = isPicked ? [] : struck(request.configured, request)
  if (choice._tag === "Pool") return fromPool(request, choice.poolId, isPicked, passedOver)
  return assigned(choice.userId, { _tag: isPicked ? "Picked" : "OnlyChoice" }, passedOver)
}

const fromPool = (request: Request, poolId: PoolId, isPicked: boolean, passedOver: PassedOver): Decided => {
  const before = request.pools.get(poolId)
  if (before === undefined) return topmost(request, poolId, passedOver, null)
  const { events, owner, passedOver: skipped } = turn(before, request.directory)
  const asked = { before, events }
  return owner === null
    ? topmost(request, poolId, [...passedOver, ...skipped], asked)
    : assigned(owner, { _tag: "Dealt", poolId, picked: isPicked }, [...passedOver, ...skipped], asked)
}

/** Nothing is left: the creator or F5. A pick may only name who it is anyway. */
const unconfigured = (request: Request): Decided => {
  const { picked } = request
  const owned = request.access === "crmUsersOnly" ? toCreator(request) : withoutCreator(request, [])
  if (picked === null || Result.isFailure(owned)) return owned
  const allowed = [user(owned.success.decision.owner)]
  return allowed.some((choice) => equals(choice, picked)) ? owned : notAllowed(picked, allowed)
}

const toCreator = (request: Request): Decided => {
  if (request.creator === null) return withoutCreator(request, [])
  const creator = user(request.creator)
  return isUsable(creator, request)
    ? assigned(request.creator, { _tag: "Creator" }, struck(request.configured, request))
    : withoutCreator(request, [creator])
}

const withoutCreator = (request: Request, alsoStruck: ReadonlyArray<OwnerChoice>): Decided =>
  topmost(request, null, struck([...request.configured, ...alsoStruck], request), null)

const topmost = (
  { directory }: Request,
  emptyPool: PoolId | null,
  passedOver: PassedOver,
  asked: Assignment["pool"]
): Decided =>
  Result.flatMap(TopmostManager.find(directory), (found) =>
    assigned(
      found.user.id,
      { _tag: "TopmostManager", among: found.among, emptyPool },
      [...passedOver, ...found.passedOver],
      asked
    )
  )

/** Nobody is passed over twice: one may be configured alone and be a pool's member too. */
const assigned = (
  owner: UserId,
  reason: OwnerReason,
  passedOver: PassedOver,
  pool: Assignment["pool"] = null
): Decided => {
  const distinct = [...new Map(passedOver.map((entry) => [entry.userId, entry])).values()]
  return Result.succeed({ decision: { owner, reason, passedOver: distinct }, pool })
}

const notAllowed = (picked: OwnerChoice, allowed: OwnerNotAllowed["allowed"]): Decided =>
  Result.fail({ _tag: "OwnerNotAllowed", picked, allowed })
