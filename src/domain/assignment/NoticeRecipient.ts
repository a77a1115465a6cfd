import { Result, Schema } from "effect"
import { UserId } from "../account/Id.ts"
import type { Directory } from "../record/User.ts"
import { find, nearestActive } from "./TopmostManager.ts"

/** Who is told, and why; the answer to a note says it (G3). */
export const NoticeRecipient = Schema.Struct({
  /** `null`: nobody. */
  told: Schema.NullOr(UserId),
  /**
   * Told: `owner`; `managerOfInactiveOwner`, the nearest active one; `topmostManager`, where there is none (F5).
   * Nobody: `ownerIsAuthor`; `recipientIsAuthor`, who would stand in for an inactive owner; `nobodyActive`.
   */
  why: Schema.Literals([
    "owner",
    "ownerIsAuthor",
    "managerOfInactiveOwner",
    "topmostManager",
    "recipientIsAuthor",
    "nobodyActive"
  ])
})
export type NoticeRecipient = typeof NoticeRecipient.Type

/** A note on a record (G1, G3). `author`: `null` for an agent without a CRM licence, who is never told. */
export interface NoteFacts {
  readonly owner: UserId
  readonly author: UserId | null
  readonly directory: Directory
}

/** A lead just dealt (F6). `creator`: `null` for an agent without a CRM licence. */
export interface LeadFacts {
  readonly owner: UserId
  readonly creator: UserId | null
}

/** The owner, or who stands in for an inactive one; nobody is told of their own note (G3). */
export const forNote = ({ owner, author, directory }: NoteFacts): NoticeRecipient => {
  if (owner === author) return { told: null, why: "ownerIsAuthor" }
  const recipient = recipientOf(directory, owner)
  return recipient.told !== null && recipient.told === author ? { told: null, why: "recipientIsAuthor" } : recipient
}

/** The owner, unless they made the lead themselves (F6). */
export const forNewLead = ({ owner, creator }: LeadFacts): NoticeRecipient =>
  owner === creator ? { told: null, why: "ownerIsAuthor" } : { told: owner, why: "owner" }

/**
 * A lead made with a note gives **one** notice (F6, G2): call this instead of the two above, not besides them. Who makes
 * the lead writes the note, so both name the same user; where the owner was deactivated in between (the note of a
 * foreign CRM's lead comes later), the note's rule finds somebody who reads it.
 */
export const forLeadWithNote = ({
  owner,
  creator,
  directory
}: LeadFacts & Omit<NoteFacts, "author">): NoticeRecipient => forNote({ owner, author: creator, directory })

const recipientOf = (directory: Directory, owner: UserId): NoticeRecipient => {
  if (directory.get(owner)?.isActive === true) return { told: owner, why: "owner" }
  const manager = nearestActive(directory, owner)
  if (manager !== null) return { told: manager.id, why: "managerOfInactiveOwner" }
  return Result.match(find(directory), {
    onSuccess: (topmost): NoticeRecipient => ({ told: topmost.user.id, why: "topmostManager" }),
    onFailure: () => ({ told: null, why: "nobodyActive" })
  })
}
