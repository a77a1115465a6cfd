/**
 * Who acts, moments, ids, detached texts, erasures: a generator for each public type of `src/domain/account`. The
 * generator of a type `Name` is called `name`; that holds for all the namespaces `…Arbitrary`.
 *
 * @module
 */
import fc from "fast-check"
import * as Access from "../../domain/account/Access.ts"
import * as Actor from "../../domain/account/Actor.ts"
import * as BridgeEvent from "../../domain/account/BridgeEvent.ts"
import * as Content from "../../domain/account/Content.ts"
import * as Erasure from "../../domain/account/Erasure.ts"
import * as Id from "../../domain/account/Id.ts"
import * as Idempotency from "../../domain/account/Idempotency.ts"
import * as Instant from "../../domain/account/Instant.ts"
import type * as Limits from "../../domain/account/Limits.ts"
import * as Webhook from "../../domain/account/Webhook.ts"
import * as PhoneKey from "../../domain/identity/PhoneKey.ts"
import { RecordId } from "../../domain/record/RecordRef.ts"
import { deriving, type Known, structDeriving } from "./Derived.ts"
import * as Identity from "./Identity.ts"

/** decision: what people live through. Further out, what is added to a moment leaves the calendar. */
const CENTURIES = { min: Date.UTC(1900), max: Date.UTC(2100) } as const

/** A moment of the years 1900 to 2099. Shrinks to 1970. */
export const instant: fc.Arbitrary<Instant.Instant> = fc.integer(CENTURIES).map(Instant.fromMillis)

/** Ids that are legal and break careless code: prefixes of each other, digits by value, keys of objects, long ones. */
const odd = [
  "10",
  "9",
  "09",
  "a.b",
  "…",
  "__proto__",
  "constructor",
  "urn:x:1",
  "é",
  "e\u0301",
  "😀",
  "%2F",
  "x".repeat(128)
]

/** Any id; few different ones, so that they meet. Shrinks to `0`. */
const id: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: fc.nat({ max: 9 }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom(...odd) }
)

const hex64 = fc
  .array(fc.constantFrom(..."0123456789abcdef"), { minLength: 64, maxLength: 64 })
  .map((digits) => digits.join(""))

const digits: Known = [
  [Instant.Instant, instant],
  [Id.AccountId, id],
  [RecordId, id],
  [Content.Commitment, hex64],
  [PhoneKey.PhoneKey, Identity.phoneKey]
]
const leaf = deriving(digits)

export const accountId = leaf(Id.AccountId)
export const userId = leaf(Id.UserId)
export const teamId = leaf(Id.TeamId)
export const agentId = leaf(Id.AgentId)
export const deviceId = leaf(Id.DeviceId)
export const departmentId = leaf(Id.DepartmentId)
export const visitorId = leaf(Id.VisitorId)
export const chatId = leaf(Id.ChatId)
export const poolId = leaf(Id.PoolId)
export const activityId = leaf(Id.ActivityId)
export const fieldId = leaf(Id.FieldId)
export const eventId = leaf(Id.EventId)
export const mailId = leaf(Id.MailId)
export const erasureId = leaf(Id.ErasureId)
export const webhookId = leaf(Id.WebhookId)
export const noticeId = leaf(Id.NoticeId)

/** A reference as hosts make them: plain letters and digits. */
export const contentRef: fc.Arbitrary<Content.ContentRef> = fc
  .nat({ max: 99_999 })
  .map((number) => Content.ContentRef.make(`text-${number}`))
export const commitment = leaf(Content.Commitment)
export const content: fc.Arbitrary<Content.Content> = fc.record({ ref: contentRef, commitment })

const positive = fc.integer({ min: 1, max: 1_000 })
const sized = (over: number, limit: number) => ({ limit, size: limit + over })
const field = fc.constantFrom("message", "name", "email", "note", "tags", "phone")

export const tooLong: fc.Arbitrary<Limits.TooLong> = fc
  .tuple(field, positive, positive)
  .map(([field, over, limit]) => ({ _tag: "TooLong", field, ...sized(over, limit) }))
export const tooMany: fc.Arbitrary<Limits.TooMany> = fc
  .tuple(field, positive, positive)
  .map(([field, over, limit]) => ({ _tag: "TooMany", field, ...sized(over, limit) }))
export const blank: fc.Arbitrary<Limits.Blank> = field.map((field) => ({ _tag: "Blank", field }))

/** Empty, or too long (K1). */
export const badIdempotencyKey: fc.Arbitrary<Idempotency.BadIdempotencyKey> = fc
  .option(positive, { nil: null })
  .map((over) => ({
    _tag: "BadIdempotencyKey",
    limit: Idempotency.MAX_KEY_LENGTH,
    size: over === null ? 0 : Idempotency.MAX_KEY_LENGTH + over
  }))
export const idempotencyKeyReused: fc.Arbitrary<Idempotency.IdempotencyKeyReused> = fc
  .string({ minLength: 1, maxLength: Idempotency.MAX_KEY_LENGTH })
  .map((key) => ({ _tag: "IdempotencyKeyReused", key }))

/** What stands for the schemas of this feature wherever they occur in others. */
export const known: Known = [...digits, [Content.Content, content]]
const of = deriving(known)
const struct = structDeriving(known)

export const actor = of(Actor.Actor)
export const surface = of(Actor.Surface)
export const denialReason = of(Access.DenialReason)
export const accessDenied = struct(Access.AccessDenied, {
  action: fc.constantFrom("chat.serve", "desk.set", "crm.administer", "record.read")
})
export const erased = of(Content.Erased)
export const readable = of(Content.Readable)
export const subject: fc.Arbitrary<Content.Subject> = fc.oneof(
  { withCrossShrink: true },
  visitorId.map((visitorId): Content.Subject => ({ _tag: "Visitor", visitorId })),
  fc
    .tuple(fc.constantFrom("lead" as const, "person" as const, "company" as const, "deal" as const), id)
    .map(([kind, id]): Content.Subject => ({ _tag: "Record", kind, id }))
)
export const bridgeEvent = of(BridgeEvent.BridgeEvent)

// --- erasure --------------------------------------------------------------------------------------------------------

export const step = of(Erasure.Step)
export const counts = of(Erasure.Counts)
/** A step that failed at least once. */
export const trouble: fc.Arbitrary<Erasure.Trouble> = struct(Erasure.Trouble, { tries: positive })
export const wanted: fc.Arbitrary<Erasure.Wanted> = struct(Erasure.Wanted, {
  emails: fc.uniqueArray(Identity.emailKey, { maxLength: 3 }),
  phones: fc.uniqueArray(Identity.phoneKey, { maxLength: 3 }),
  salt: hex64.map((digits) => digits.slice(0, 32))
})

/** An erasure at any step. One that has ended wants nothing any more, and has no trouble (J4). */
export const erasure: fc.Arbitrary<Erasure.Erasure> = struct(Erasure.Erasure, {
  wanted,
  trouble: fc.option(trouble, { nil: null })
}).map((drawn) => (drawn.step._tag === "ended" ? { ...drawn, wanted: null, trouble: null } : drawn))

/** Of an {@link erasure}: its places agree with its step. */
export const certificate: fc.Arbitrary<Erasure.Certificate> = fc
  .tuple(erasure, fc.boolean())
  .map(([erasure, canEraseContents]) => Erasure.certificate(erasure, canEraseContents))
export const visitorErasure = of(Erasure.VisitorErasure)
export const erasures = of(Erasure.Erasures)
export const erasureEvent = of(Erasure.ErasureEvent)

// --- webhooks -------------------------------------------------------------------------------------------------------

export const secret = of(Webhook.Secret)
export const disabledReason = of(Webhook.DisabledReason)
export const webhook = of(Webhook.Webhook)
export const webhooks = of(Webhook.Webhooks)
export const webhookEvent = of(Webhook.WebhookEvent)
export const webhookNotFound = of(Webhook.WebhookNotFound)
export const unusableUrl = of(Webhook.UnusableUrl)

// --- refusals of erasures -------------------------------------------------------------------------------------------

export const outcome = of(Erasure.Outcome)
export const erasureNotFound = of(Erasure.ErasureNotFound)
export const nobodyNamed = of(Erasure.NobodyNamed)
export const unusableAddress = of(Erasure.UnusableAddress)
export const beingErased = of(Erasure.BeingErased)
