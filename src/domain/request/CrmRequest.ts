import { Schema } from "effect"
import { Actor } from "../account/Actor.ts"
import { Content, type ContentRef } from "../account/Content.ts"
import { ActivityId, ChatId, UserId } from "../account/Id.ts"
import { Instant } from "../account/Instant.ts"
import { OwnerNotAllowed, OwnerRequired } from "../assignment/LeadOwner.ts"
import { NoticeRecipient } from "../assignment/NoticeRecipient.ts"
import { OwnerChoice } from "../assignment/OwnerChoice.ts"
import { NoActiveUser } from "../assignment/TopmostManager.ts"
import { EmailKey } from "../identity/EmailKey.ts"
import { PhoneKey } from "../identity/PhoneKey.ts"
import { AlreadyCreated, AlreadyMatched, MatchHidden, RecordHidden, RecordNotFound } from "../record/CrmRefusal.ts"
import { OwnerDecision } from "../record/OwnerDecision.ts"
import { MatchableRef, RecordId, RecordRef } from "../record/RecordRef.ts"

/** Names a request; its idempotency key at the CRM, and the mark of what it writes there. */
export const CrmRequestId = Schema.NonEmptyString.pipe(Schema.brand("CrmRequestId"))
export type CrmRequestId = typeof CrmRequestId.Type

/** The text that was to be written was erased before the CRM had it (J4). */
export const TextErased = Schema.TaggedStruct("TextErased", {})
export type TextErased = typeof TextErased.Type

/** A later change of the same lead's phone came first: an older one must not undo it (E6). */
export const Superseded = Schema.TaggedStruct("Superseded", {})
export type Superseded = typeof Superseded.Type

/** Why a request ended without a write. */
export const RequestRefusal = Schema.Union([
  AlreadyCreated,
  AlreadyMatched,
  MatchHidden,
  OwnerNotAllowed,
  OwnerRequired,
  NoActiveUser,
  RecordNotFound,
  RecordHidden,
  TextErased,
  Superseded
])
export type RequestRefusal = typeof RequestRefusal.Type

const Viewer = Schema.Union([Schema.TaggedStruct("All", {}), Schema.TaggedStruct("User", { userId: UserId })])

/** What is asked of the CRM. Personal texts are detached (J4); addresses are the visitor's own, as they were then. */
export const Wanted = Schema.Union([
  /** A lead (E3): `evidence` is what it was looked for by, and is gone once the request has ended. */
  Schema.TaggedStruct("Lead", {
    evidence: Schema.Struct({ email: Schema.NullOr(EmailKey), phone: Schema.NullOr(PhoneKey) }),
    name: Schema.NullOr(Content),
    email: Content,
    phone: Schema.NullOr(Content),
    note: Schema.NullOr(Content),
    status: Schema.String,
    source: Schema.NullOr(Schema.String),
    /** `null`: the CRM deals itself, by the policy and `picked`. */
    decision: Schema.NullOr(OwnerDecision),
    picked: Schema.NullOr(OwnerChoice),
    creator: Actor,
    creatorUser: Schema.NullOr(UserId),
    viewer: Viewer,
    defaultRegion: Schema.NullOr(Schema.String)
  }),
  /** A note (G1). `ofNewLead`: the one a lead was made with (G2); who is told of both, once (F6). */
  Schema.TaggedStruct("Note", {
    record: MatchableRef,
    text: Content,
    author: Actor,
    authorUser: Schema.NullOr(UserId),
    viewer: Viewer,
    ofNewLead: Schema.NullOr(NoticeRecipient)
  }),
  /** A lead's phone (E6). */
  Schema.TaggedStruct("Phone", {
    lead: RecordId,
    phone: Content,
    by: Actor,
    viewer: Viewer,
    defaultRegion: Schema.NullOr(Schema.String)
  }),
  /** A closed chat's copy on one record (H1, H2). */
  Schema.TaggedStruct("Copy", { record: RecordRef }),
  /** Which records a closed chat is copied to; they are looked for when the search is sure to know them. */
  Schema.TaggedStruct("Copies", {})
])
export type Wanted = typeof Wanted.Type

/** Not ended. */
export const Open = Schema.TaggedStruct("Open", {
  /** How often a write was begun: from the second on, what is there under the mark is looked for first. */
  attempts: Schema.Int,
  /** How often one failed; a host that died does not count. */
  tries: Schema.Int,
  /** Others leave it alone until then; `null`: given up, only a replay tries it again (G4). */
  nextTryAt: Schema.NullOr(Instant),
  lastError: Schema.NullOr(Schema.String)
})
export type Open = typeof Open.Type

/** How a request ended. */
export const Outcome = Schema.Union([
  Schema.TaggedStruct("Made", {
    lead: RecordId,
    owner: UserId,
    decision: OwnerDecision,
    noteStored: Schema.Boolean,
    told: NoticeRecipient
  }),
  Schema.TaggedStruct("Noted", { activityId: ActivityId, told: NoticeRecipient }),
  Schema.TaggedStruct("PhoneSet", { isChanged: Schema.Boolean }),
  Schema.TaggedStruct("Copied", {}),
  /** The records that a chat is to be copied to. */
  Schema.TaggedStruct("Spread", { records: Schema.Array(RecordRef) }),
  Schema.TaggedStruct("Refused", { refusal: RequestRefusal })
])
export type Outcome = typeof Outcome.Type

/**
 * Something the desk has asked of a foreign CRM: written down before it is asked, and until there is an outcome.
 *
 * | from | to |
 * |---|---|
 * | `Open` | `Open` (begun, failed, given up, replayed), the outcome of its kind, `Refused` |
 * | an outcome, `Refused` | – (a copy that is missing in the CRM again: `Open`) |
 */
export const CrmRequest = Schema.Struct({
  id: CrmRequestId,
  chatId: ChatId,
  wanted: Wanted,
  requestedAt: Instant,
  state: Schema.Union([Open, ...Outcome.members]),
  /** When there was an outcome. */
  settledAt: Schema.NullOr(Instant),
  /** The number of this request's last event (K2). */
  eventCount: Schema.Int
})
export type CrmRequest = typeof CrmRequest.Type

/** A request that has not ended. */
export type OpenRequest = CrmRequest & { readonly state: Open }

/**
 * What must be unique among leads on their way: a live email or phone key, a chat (E5). Held while a request is open,
 * and after its lead was made until every search is sure to find it.
 */
export const LeadClaim = Schema.Struct({
  requestId: CrmRequestId,
  since: Instant,
  /** `null`: on its way. */
  made: Schema.NullOr(Schema.Struct({ lead: RecordId, owner: UserId })),
  /** From then on the CRM's own word counts; `null`: not while it is on its way. */
  until: Schema.NullOr(Instant)
})
export type LeadClaim = typeof LeadClaim.Type

/** The claims of a lead, its chat's first: `chat/ID`, `email/KEY`, `phone/KEY`. */
export const claimsOf = (
  chatId: ChatId,
  { email, phone }: { readonly email: EmailKey | null; readonly phone: PhoneKey | null }
): ReadonlyArray<string> => [
  `chat/${chatId}`,
  ...(email === null ? [] : [`email/${email}`]),
  ...(phone === null ? [] : [`phone/${phone}`])
]

/** The claim of a phone change on its lead: the latest change holds it (E6). */
export const phoneClaimOf = (lead: RecordId): string => `phoneOf/${lead}`

/** The one request for a copy of a chat on a record. */
export const copyId = (record: RecordRef, chatId: ChatId): CrmRequestId =>
  `copy/${record.kind}/${record.id}/${chatId}` as CrmRequestId

/** The one request to copy a chat to its records. */
export const copiesId = (chatId: ChatId): CrmRequestId => `copies/${chatId}` as CrmRequestId

/** The personal texts that a request refers to (J4). */
export const contentsOf = ({ wanted }: CrmRequest): ReadonlyArray<ContentRef> => {
  switch (wanted._tag) {
    case "Lead":
      return [wanted.name, wanted.email, wanted.phone, wanted.note].flatMap((text) => (text === null ? [] : [text.ref]))
    case "Note":
      return [wanted.text.ref]
    case "Phone":
      return [wanted.phone.ref]
    default:
      return []
  }
}

/** A request that nobody has begun, to be begun at `nextTryAt`. */
export const opened = (
  asked: Pick<CrmRequest, "id" | "chatId" | "wanted">,
  now: Instant,
  nextTryAt: Instant
): OpenRequest => ({
  ...asked,
  requestedAt: now,
  state: { _tag: "Open", attempts: 0, tries: 0, nextTryAt, lastError: null },
  settledAt: null,
  eventCount: 0
})

/** A host begins a write, and is left alone with it until `nextTryAt`. */
export const begun = (request: OpenRequest, nextTryAt: Instant): OpenRequest => ({
  ...request,
  state: { ...request.state, attempts: request.state.attempts + 1, nextTryAt }
})

/** It has ended: the keys that a lead was looked for by are not kept (J4). */
export const settled = (request: CrmRequest, outcome: Outcome, now: Instant): CrmRequest => ({
  ...request,
  wanted:
    request.wanted._tag === "Lead" ? { ...request.wanted, evidence: { email: null, phone: null } } : request.wanted,
  state: outcome,
  settledAt: now
})

export const isOpen = (request: CrmRequest): request is OpenRequest => request.state._tag === "Open"
