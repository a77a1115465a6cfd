/**
 * Who owns a lead and who is told: choices, explanations, refusals. {@link request} draws all that such a decision asks
 * for, of one account, so that its parts name each other.
 *
 * @module
 */
import fc from "fast-check"
import { PoolId, UserId } from "../../domain/account/Id.ts"
import * as Dealing from "../../domain/assignment/Dealing.ts"
import * as LeadOwner from "../../domain/assignment/LeadOwner.ts"
import * as NoticeRecipient from "../../domain/assignment/NoticeRecipient.ts"
import * as OwnerChoice from "../../domain/assignment/OwnerChoice.ts"
import * as OwnerExplanation from "../../domain/assignment/OwnerExplanation.ts"
import * as PoolEvent from "../../domain/assignment/PoolEvent.ts"
import * as TopmostManager from "../../domain/assignment/TopmostManager.ts"
import * as Account from "./Account.ts"
import { deriving, structDeriving } from "./Derived.ts"
import * as Identity from "./Identity.ts"
import * as Record from "./Record.ts"

const of = deriving(Record.known)
const nullable = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: null })

export const ownerChoice = of(OwnerChoice.OwnerChoice)
export const poolEvent = of(PoolEvent.PoolEvent)
export const deletedPool = of(Dealing.DeletedPool)
export const otherRecordKind = of(Dealing.OtherRecordKind)
export const ownerNotAllowed = of(LeadOwner.OwnerNotAllowed)
export const ownerRequired = of(LeadOwner.OwnerRequired)
export const noActiveUser = of(TopmostManager.NoActiveUser)

/** Told, or the reason why nobody is (G3). */
export const noticeRecipient: fc.Arbitrary<NoticeRecipient.NoticeRecipient> = fc
  .tuple(of(NoticeRecipient.NoticeRecipient), Account.userId)
  .map(([{ why }, userId]) => ({ why, told: nobody.has(why) ? null : userId }))
const nobody: ReadonlySet<string> = new Set(["ownerIsAuthor", "recipientIsAuthor", "nobodyActive"])

export const namedUser = structDeriving(Record.known)(OwnerExplanation.NamedUser, { name: nullable(Identity.name) })

/** Of a lead as it is, with the names of some: what {@link OwnerExplanation.explain} gives. */
export const ownerExplanation: fc.Arbitrary<OwnerExplanation.OwnerExplanation> = fc
  .tuple(
    Record.lead,
    fc.array(fc.tuple(Account.userId, Identity.name), { maxLength: 4 }),
    fc.array(fc.tuple(Account.poolId, Identity.companyName), { maxLength: 2 })
  )
  .map(([lead, users, pools]) => OwnerExplanation.explain(lead, { users: new Map(users), pools: new Map(pools) }))

/** One that a lead's explanation holds. */
export const namedDecision: fc.Arbitrary<OwnerExplanation.NamedDecision> = fc
  .tuple(Record.liveLead, Record.ownerDecision, fc.array(fc.tuple(Account.userId, Identity.name), { maxLength: 4 }))
  .map(([lead, assignment, users]) => {
    const explained = OwnerExplanation.explain({ ...lead, assignment }, { users: new Map(users), pools: new Map() })
    return explained._tag === "NeverDecided" ? null : explained.decision
  })
  .filter((decision) => decision !== null)

/**
 * All that {@link LeadOwner.decide} asks for (F1): users, pools of some of them, what is configured and picked, mostly
 * out of these. Shrinks to one user, nothing configured, nothing picked.
 */
export const request: fc.Arbitrary<LeadOwner.Request> = fc
  .record({
    users: Record.users({ minLength: 0, maxLength: 6 }),
    pools: fc.array(fc.tuple(Record.distributionPool, fc.array(fc.nat({ max: 7 }), { maxLength: 4 })), {
      maxLength: 2
    }),
    anyOwnerAllowed: fc.boolean(),
    configured: fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 7 })), { maxLength: 3 }),
    picked: nullable(fc.tuple(fc.boolean(), fc.nat({ max: 7 }))),
    access: fc.constantFrom("allAgents" as const, "crmUsersOnly" as const),
    creator: nullable(fc.nat({ max: 7 }))
  })
  .map(({ access, anyOwnerAllowed, configured, creator, picked, pools, users }) => {
    const userAt = (at: number) => users[at]?.id ?? STRANGER
    const choice = ([isUser, at]: readonly [boolean, number]): OwnerChoice.OwnerChoice =>
      isUser ? OwnerChoice.user(userAt(at)) : OwnerChoice.pool(PoolId.make(`pool-${(at % 3) + 1}`))
    const dealt = pools.map(([pool, members], at) => ({
      ...pool,
      id: PoolId.make(`pool-${at + 1}`),
      members: [...new Set(members.map(userAt))]
    }))
    return {
      directory: new Map(users.map((user) => [user.id, user])),
      pools: new Map(dealt.map((pool) => [pool.id, pool])),
      anyOwnerAllowed,
      access,
      configured: configured.map(choice),
      picked: picked === null ? null : choice(picked),
      creator: creator === null ? null : userAt(creator)
    }
  })

/** Somebody whom the directory does not know (F4: `unknown`). */
const STRANGER = UserId.make("stranger")
