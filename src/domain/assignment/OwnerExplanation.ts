import { Schema } from "effect"
import { PoolId, UserId } from "../account/Id.ts"
import { type OwnerDecision, OwnerReason, PassedOver } from "../record/OwnerDecision.ts"
import type { Lead } from "../record/Record.ts"
import { RecordId } from "../record/RecordRef.ts"

/** A user, and the name they go by now; `null`: nobody of that id is known any more. */
export const NamedUser = Schema.Struct({ userId: UserId, name: Schema.NullOr(Schema.String) })
export type NamedUser = typeof NamedUser.Type

/** A decision as it was stored (F4), with names. */
export const NamedDecision = Schema.Struct({
  owner: NamedUser,
  reason: OwnerReason,
  /** The pool that the reason names; its name is `null` once it is deleted. */
  pool: Schema.NullOr(Schema.Struct({ poolId: PoolId, name: Schema.NullOr(Schema.String) })),
  passedOver: Schema.Array(Schema.Struct({ ...NamedUser.fields, reason: PassedOver.fields.reason }))
})
export type NamedDecision = typeof NamedDecision.Type

const decided = {
  lead: RecordId,
  owner: NamedUser,
  decision: NamedDecision,
  /** The decisions before that one, oldest first, where the lead was dealt again. */
  earlier: Schema.Array(NamedDecision)
}

/**
 * Why a lead has the owner it has.
 *
 * | tag | `decision` |
 * |---|---|
 * | `Decided` | the last one: of the lead's creation, or of dealing it again (F1, F2) |
 * | `ChangedSince` | the last one; somebody gave the lead to another owner afterwards |
 * | `NeverDecided` | none: the lead came with its owner, by an import or by hand |
 */
export const OwnerExplanation = Schema.Union([
  Schema.TaggedStruct("Decided", decided),
  Schema.TaggedStruct("ChangedSince", decided),
  Schema.TaggedStruct("NeverDecided", { lead: RecordId, owner: NamedUser })
])
export type OwnerExplanation = typeof OwnerExplanation.Type

/** Names as they are now. */
export interface Names {
  readonly users: ReadonlyMap<UserId, string>
  readonly pools: ReadonlyMap<PoolId, string>
}

/** Explains from what is kept with the lead (F4); nothing is decided again. */
export const explain = (
  lead: Pick<Lead, "id" | "ownerId" | "assignment" | "earlierAssignments">,
  names: Names
): OwnerExplanation => {
  const owner = userIn(names, lead.ownerId)
  if (lead.assignment === null) return { _tag: "NeverDecided", lead: lead.id, owner }
  return {
    _tag: lead.assignment.owner === lead.ownerId ? "Decided" : "ChangedSince",
    lead: lead.id,
    owner,
    decision: named(lead.assignment, names),
    earlier: (lead.earlierAssignments ?? []).map((decision) => named(decision, names))
  }
}

const userIn = ({ users }: Names, userId: UserId): NamedUser => ({ userId, name: users.get(userId) ?? null })

const named = ({ owner, passedOver, reason }: OwnerDecision, names: Names): NamedDecision => {
  const poolId = poolOf(reason)
  return {
    owner: userIn(names, owner),
    reason,
    pool: poolId === null ? null : { poolId, name: names.pools.get(poolId) ?? null },
    passedOver: passedOver.map(({ reason, userId }) => ({ ...userIn(names, userId), reason }))
  }
}

const poolOf = (reason: OwnerReason): PoolId | null => {
  if (reason._tag === "Dealt") return reason.poolId
  return reason._tag === "TopmostManager" ? reason.emptyPool : null
}

/** The explanation in English, for people; who is unknown by name goes by their id. */
export const sentence = (explanation: OwnerExplanation): string => {
  const owner = nameOf(explanation.owner)
  switch (explanation._tag) {
    case "NeverDecided":
      return `${owner} owns this lead: it came with this owner.`
    case "Decided":
      return `${owner} owns this lead: ${because(explanation.decision)}.${others(explanation.decision)}`
    case "ChangedSince": {
      const { decision } = explanation
      const first = `Before, it went to ${nameOf(decision.owner)}: ${because(decision)}.`
      return `${owner} owns this lead: somebody gave it to them. ${first}${others(decision)}`
    }
  }
}

const nameOf = ({ name, userId }: NamedUser): string => (name === null || name.trim() === "" ? userId : name)

const because = ({ pool, reason }: NamedDecision): string => {
  const poolName = pool === null ? "" : (pool.name ?? pool.poolId)
  switch (reason._tag) {
    case "Picked":
      return "they were picked"
    case "OnlyChoice":
      return "no other owner could be chosen"
    case "Creator":
      return "they made it, and no other owner could be chosen"
    case "Dealt":
      return `it was their turn in the pool ${poolName}${reason.picked ? ", which was picked" : ""}`
    case "TopmostManager":
      return `${pool === null ? "" : `nobody in the pool ${poolName} was active, and `}${topmost[reason.among]}`
  }
}

/** F5. */
const topmost = {
  sole: "they are the topmost manager",
  accountOwner: "of the topmost managers they own the account",
  lowestId: "of the topmost managers they come first"
} as const

const others = ({ passedOver }: NamedDecision): string => {
  if (passedOver.length === 0) return ""
  return ` Passed over: ${passedOver.map((one) => `${nameOf(one)} (${why[one.reason]})`).join(", ")}.`
}

const why = {
  inactive: "not active",
  unknown: "no such user",
  lowerRank: "another topmost manager comes first"
} as const
