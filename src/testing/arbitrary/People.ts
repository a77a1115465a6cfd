/** References, parts, users, pools: the first half of `RecordArbitrary`. */
import { Result } from "effect"
import fc from "fast-check"
import { UserId } from "../../domain/account/Id.ts"
import * as Dealing from "../../domain/assignment/Dealing.ts"
import * as PoolEvent from "../../domain/assignment/PoolEvent.ts"
import * as DistributionPool from "../../domain/record/DistributionPool.ts"
import * as OwnerDecision from "../../domain/record/OwnerDecision.ts"
import * as Record from "../../domain/record/Record.ts"
import * as RecordRef from "../../domain/record/RecordRef.ts"
import * as User from "../../domain/record/User.ts"
import * as Account from "./Account.ts"
import { deriving, type Known, structDeriving } from "./Derived.ts"
import * as Identity from "./Identity.ts"

const base: Known = Account.known
const of = deriving(base)
const struct = structDeriving(base)
const nullable = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: null })

// --- references and parts -------------------------------------------------------------------------------------------

export const recordKind = of(RecordRef.RecordKind)
export const matchableKind = of(RecordRef.MatchableKind)
export const recordId = of(RecordRef.RecordId)
export const recordRef = of(RecordRef.RecordRef)
export const matchableRef = of(RecordRef.MatchableRef)
export const address = of(Record.Address)
export const storedValue = of(Record.StoredValue)
export const lifecycle = of(Record.Lifecycle)
export const addedFrom = of(Record.AddedFrom)
export const absorbed = of(Record.Absorbed)

/** Each key once. */
export const recordKeys: fc.Arbitrary<Record.RecordKeys> = fc.record({
  emails: fc.uniqueArray(Identity.emailKey, { maxLength: 3 }),
  phones: fc.uniqueArray(Identity.phoneKey, { maxLength: 2 })
})

export const ownerReason = of(OwnerDecision.OwnerReason)
export const passedOver = of(OwnerDecision.PassedOver)

/** Nobody is passed over twice, and the owner is not (F4). */
export const ownerDecision: fc.Arbitrary<OwnerDecision.OwnerDecision> = struct(OwnerDecision.OwnerDecision, {
  passedOver: fc.uniqueArray(passedOver, { maxLength: 3, selector: ({ userId }) => userId })
}).map((drawn) => ({ ...drawn, passedOver: drawn.passedOver.filter(({ userId }) => userId !== drawn.owner) }))

// --- users and pools ------------------------------------------------------------------------------------------------

export const visibility = of(User.Visibility)

/** A user who does not report to themselves. */
export const user: fc.Arbitrary<User.User> = struct(User.User, {
  name: Identity.name,
  email: Identity.email,
  teams: fc.uniqueArray(Account.teamId, { maxLength: 2 }),
  groups: fc.uniqueArray(Account.teamId, { maxLength: 2 })
}).map((drawn) => ({ ...drawn, reportsTo: drawn.reportsTo === drawn.id ? null : drawn.reportsTo }))

export const reportingCycle: fc.Arbitrary<User.ReportingCycle> = fc
  .uniqueArray(Account.userId, { minLength: 1, maxLength: 4 })
  .map((path) => ({ _tag: "ReportingCycle", userId: path.at(-1) ?? UserId.make("0"), path }))

/** How many users a directory has. */
export interface Size {
  readonly minLength?: number
  readonly maxLength?: number
}

/**
 * The users of an account, `user-1` first, in reporting trees: everybody reports to somebody before them, or nobody, so
 * there are no circles (F5). One is the account's owner. Shrinks to one active user who reports to nobody.
 */
export const users = ({ maxLength = 8, minLength = 1 }: Size = {}): fc.Arbitrary<ReadonlyArray<User.User>> =>
  fc.array(fc.tuple(user, nullable(fc.nat({ max: 20 })), fc.nat({ max: 4 })), { minLength, maxLength }).map((drawn) =>
    drawn.map(([user, manager, activity], at) => ({
      ...user,
      id: UserId.make(`user-${at + 1}`),
      reportsTo: manager === null || at === 0 ? null : UserId.make(`user-${(manager % at) + 1}`),
      isActive: activity < 4,
      isAccountOwner: at === 0
    }))
  )

/** The same as a {@link User.Directory}. */
export const directory = (size: Size = {}): fc.Arbitrary<User.Directory> =>
  users(size).map((users) => new Map(users.map((user) => [user.id, user])))

const change = fc.record({
  what: fc.constantFrom("join", "join", "leave", "deal", "remove"),
  userId: Account.userId,
  isActive: fc.boolean()
})

/** A pool as events made it: nobody is in it twice (F2). Shrinks to an empty one that deals leads. */
export const distributionPool: fc.Arbitrary<DistributionPool.DistributionPool> = fc
  .record({
    id: Account.poolId,
    name: Identity.companyName,
    kind: fc.constantFrom("lead" as const, "contact" as const, "deal" as const),
    members: fc.uniqueArray(Account.userId, { maxLength: 5 }),
    changes: fc.array(change, { maxLength: 5 })
  })
  .map(({ changes, id, kind, members, name }) => {
    const initial = { id, name, recordKind: kind, members, isDeleted: false, eventCount: 1 }
    return changes.reduce<DistributionPool.DistributionPool>((pool, { userId, what }) => {
      const events = happening(pool, what, userId)
      return events.reduce<DistributionPool.DistributionPool>(PoolEvent.evolve, pool)
    }, initial)
  })

const happening = (
  pool: DistributionPool.DistributionPool,
  what: string,
  userId: UserId
): ReadonlyArray<PoolEvent.PoolEvent> => {
  if (what === "join") return Result.getOrElse(Dealing.join(pool, userId), () => [])
  if (what === "leave") return Dealing.leave(pool, userId)
  if (what === "remove") return Dealing.remove(pool)
  const [to] = pool.members
  return to === undefined || pool.isDeleted ? [] : [{ _tag: "LeadDealt", poolId: pool.id, to, skipped: [] }]
}

/** What stands for the schemas of this module wherever they occur in others. */
export const known: Known = [
  [Record.RecordKeys, recordKeys],
  [OwnerDecision.OwnerDecision, ownerDecision],
  [User.User, user],
  [DistributionPool.DistributionPool, distributionPool],
  ...base
]
