import { Order, Result, Schema } from "effect"
import type { UserId } from "../account/Id.ts"
import type { OwnerDecision } from "../record/OwnerDecision.ts"
import { type Directory, managersOf, type User } from "../record/User.ts"

/** The account has no active user: nobody can own a record (F5). */
export const NoActiveUser = Schema.TaggedStruct("NoActiveUser", {})
export type NoActiveUser = typeof NoActiveUser.Type

/** Who gets a lead for want of anybody else (F5). */
export interface TopmostManager {
  readonly user: User
  /** The only one; the account's owner among several; the lowest id among several. */
  readonly among: "sole" | "accountOwner" | "lowestId"
  /** The other topmost managers, by rank (F4). */
  readonly passedOver: OwnerDecision["passedOver"]
}

/**
 * The active users with no active manager above them, at any level; if several, the account's owner if among them,
 * else the lowest id (F5). It does not matter how the directory is ordered.
 */
export const find = (directory: Directory): Result.Result<TopmostManager, NoActiveUser> => {
  const [user, ...others] = topmost(directory).toSorted(byRank)
  if (user === undefined) return Result.fail({ _tag: "NoActiveUser" })
  return Result.succeed({
    user,
    among: others.length === 0 ? "sole" : user.isAccountOwner ? "accountOwner" : "lowestId",
    passedOver: others.map((other) => ({ userId: other.id, reason: "lowerRank" }))
  })
}

/** The nearest active manager above a user, who may be inactive themselves (F5, G3). */
export const nearestActive = (directory: Directory, userId: UserId): User | null =>
  managersOf(directory, userId).find((manager) => manager.isActive) ?? null

/**
 * decision: where reporting circles of foreign data leave nobody on top though somebody is active, those on the circles
 * are: an account with an active user always has an owner for a lead.
 */
const topmost = (directory: Directory): ReadonlyArray<User> => {
  const active = [...directory.values()].filter((user) => user.isActive)
  const top = active.filter((user) => !hasActiveManager(directory, user))
  return top.length > 0 ? top : active.filter((user) => isOnCircle(directory, user))
}

/** Most managers are active: one look-up, then, spares the walk up from every user of the account. */
const hasActiveManager = (directory: Directory, user: User): boolean => {
  if (user.reportsTo === null || user.reportsTo === user.id) return false
  return directory.get(user.reportsTo)?.isActive === true || nearestActive(directory, user.id) !== null
}

const isOnCircle = (directory: Directory, user: User): boolean =>
  managersOf(directory, user.id).at(-1)?.reportsTo === user.id

const digitsOnly = /^\d+$/

/**
 * Lowest id first. decision: ids of digits come first and compare by value (9 before 10), because that is what people
 * mean by "lowest" where ids are numbers; others compare as strings. Compared without `Number`: 128 digits are an id.
 */
export const idOrder: Order.Order<UserId> = Order.make((a, b) => {
  const [x, y] = [digitsOnly.test(a), digitsOnly.test(b)]
  if (x !== y) return x ? -1 : 1
  return (x ? byValue(a, b) : 0) || Order.String(a, b)
})

const byValue: Order.Order<string> = Order.combine(
  Order.mapInput(Order.Number, (digits: string) => significant(digits).length),
  Order.mapInput(Order.String, (digits: string) => significant(digits))
)

const significant = (digits: string): string => digits.replace(/^0+/, "")

const byRank: Order.Order<User> = Order.combine(
  Order.mapInput(Order.flip(Order.Boolean), (user: User) => user.isAccountOwner),
  Order.mapInput(idOrder, (user: User) => user.id)
)
