import { Schema } from "effect"
import { EmailKey } from "../identity/EmailKey.ts"
import { PhoneKey } from "../identity/PhoneKey.ts"
import { RecordRef } from "../record/RecordRef.ts"
import { Actor } from "./Actor.ts"
import { Commitment } from "./Content.ts"
import { ChatId, ErasureId, VisitorId } from "./Id.ts"
import { Instant } from "./Instant.ts"

/** The places where a person's values lie, in the order in which they are worked off (J4). */
export const steps = ["chats", "contents", "crm"] as const
export const Step = Schema.Union([
  /** Chats close and lose their keys. `after`: how far the list of chats, by id, is worked off. */
  Schema.TaggedStruct("chats", { after: Schema.NullOr(ChatId) }),
  /** Texts, salts and bans go, subject by subject: visitors, then records. `next`: which one. */
  Schema.TaggedStruct("contents", { next: Schema.Int }),
  /** Records and their histories go. `batch` makes the idempotency key; `after` is the CRM's own word (`Crm.erase`). */
  Schema.TaggedStruct("crm", { batch: Schema.Int, after: Schema.NullOr(Schema.String) }),
  Schema.TaggedStruct("ended", { at: Instant })
])
export type Step = typeof Step.Type

/** What was erased, by place. `contents` is counted before the first text goes, so that a crash loses no count. */
export const Counts = Schema.Struct({
  chats: Schema.Int,
  contents: Schema.Int,
  bans: Schema.Int,
  /** `null`: the CRM cannot erase. */
  crm: Schema.NullOr(Schema.Int)
})
export type Counts = typeof Counts.Type

/** Why a step could not be done, and when it is tried again; `null`: given up, until it is asked for again. */
export const Trouble = Schema.Struct({ tries: Schema.Int, nextTryAt: Schema.NullOr(Instant), lastError: Schema.String })
export type Trouble = typeof Trouble.Type

/** What the erasure looks for, and what was asked, to know the same request again. Personal: gone when it ends. */
export const Wanted = Schema.Struct({
  emails: Schema.Array(EmailKey),
  phones: Schema.Array(PhoneKey),
  visitors: Schema.Array(VisitorId),
  records: Schema.Array(RecordRef),
  /** Of the keys' commitments in `EraseRequested`. */
  salt: Schema.String
})
export type Wanted = typeof Wanted.Type

/**
 * The erasure of a person (J4): a saga in bounded steps. Any host takes the next one, and each step moves this record, so
 * that a step done twice counts once.
 *
 * | step | to |
 * |---|---|
 * | `chats` | `contents`, when every chat of theirs is closed and has no keys |
 * | `contents` | `crm`, when no text and no ban is left |
 * | `crm` | `ended`, when the CRM says so, or cannot erase |
 */
export const Erasure = Schema.Struct({
  id: ErasureId,
  requestedAt: Instant,
  by: Actor,
  /** Named, or found by a key; grows while the chats are worked off. */
  visitors: Schema.Array(VisitorId),
  /** Named, matching, or made from a chat of theirs. */
  records: Schema.Array(RecordRef),
  wanted: Schema.NullOr(Wanted),
  step: Step,
  counts: Counts,
  trouble: Schema.NullOr(Trouble)
})
export type Erasure = typeof Erasure.Type

/** By visitor id: an erasure is at work on the chat side. No chat begins, so that none is left half erased (J4). */
export const VisitorErasure = Schema.Struct({ erasureId: ErasureId })
export type VisitorErasure = typeof VisitorErasure.Type

/** One, `all`: the erasures that have not ended, so that the same person is not begun with twice. */
export const Erasures = Schema.Struct({ open: Schema.Array(ErasureId) })
export type Erasures = typeof Erasures.Type

/** What the log says of erasures: ids, and commitments to keys that nobody can open once the salt is gone (J4). */
export const ErasureEvent = Schema.Union([
  Schema.TaggedStruct("EraseRequested", {
    erasureId: ErasureId,
    visitors: Schema.Array(VisitorId),
    records: Schema.Array(RecordRef),
    keys: Schema.Array(Commitment)
  }),
  /** A step was given up; it is tried again when the erasure is asked for again. */
  Schema.TaggedStruct("ErasureGivenUp", {
    erasureId: ErasureId,
    step: Schema.Literals(steps),
    tries: Schema.Int,
    lastError: Schema.String
  }),
  Schema.TaggedStruct("ErasureResumed", { erasureId: ErasureId }),
  Schema.TaggedStruct("PersonErased", {
    erasureId: ErasureId,
    visitors: Schema.Array(VisitorId),
    records: Schema.Array(RecordRef),
    counts: Counts
  })
])
export type ErasureEvent = typeof ErasureEvent.Type

/** What became of a place (J4). */
export const Outcome = Schema.Union([
  Schema.TaggedStruct("Pending", {}),
  Schema.TaggedStruct("Erased", { count: Schema.Int }),
  /** It cannot erase: somebody has to do it by hand. */
  Schema.TaggedStruct("Unsupported", {}),
  /** Nothing to erase: ids, no personal value. */
  Schema.TaggedStruct("HoldsIdsOnly", {}),
  Schema.TaggedStruct("Failed", {
    state: Schema.Literals(["retrying", "givenUp"]),
    tries: Schema.Int,
    nextTryAt: Schema.NullOr(Instant),
    lastError: Schema.String,
    /** Before it failed. */
    erased: Schema.Int
  })
])
export type Outcome = typeof Outcome.Type

/** What an erasure did, place by place (J4). Names nobody but by ids. */
export const Certificate = Schema.Struct({
  id: ErasureId,
  requestedAt: Instant,
  by: Actor,
  endedAt: Schema.NullOr(Instant),
  visitors: Schema.Array(VisitorId),
  records: Schema.Array(RecordRef),
  places: Schema.Struct({
    /** Chats that were closed and lost their keys. */
    chats: Outcome,
    /** Texts with their salts: messages, names, addresses, comments. */
    contents: Outcome,
    bans: Outcome,
    /** Records, and entries of their histories. */
    crm: Outcome,
    notices: Outcome,
    /** Parked work and what follows the logs: webhooks, mails not yet sent. */
    queues: Outcome,
    /** Remembered answers (K1). */
    answers: Outcome
  })
})
export type Certificate = typeof Certificate.Type

const idsOnly: Outcome = { _tag: "HoldsIdsOnly" }

/** The certificate as of now. `canEraseContents`: what the desk's store declares. */
export const certificate = (erasure: Erasure, canEraseContents: boolean): Certificate => {
  const { by, counts, id, records, requestedAt, step, visitors } = erasure
  const contents = outcomeAt(erasure, "contents", counts.contents)
  return {
    id,
    requestedAt,
    by,
    endedAt: step._tag === "ended" ? step.at : null,
    visitors,
    records,
    places: {
      chats: outcomeAt(erasure, "chats", counts.chats),
      contents: canEraseContents ? contents : { _tag: "Unsupported" },
      bans: outcomeAt(erasure, "contents", counts.bans),
      crm: counts.crm === null ? { _tag: "Unsupported" } : outcomeAt(erasure, "crm", counts.crm),
      notices: idsOnly,
      queues: idsOnly,
      answers: idsOnly
    }
  }
}

const outcomeAt = ({ step, trouble }: Erasure, place: (typeof steps)[number], count: number): Outcome => {
  const at = step._tag === "ended" ? steps.length : steps.indexOf(step._tag)
  if (at > steps.indexOf(place)) return { _tag: "Erased", count }
  if (at < steps.indexOf(place) || trouble === null) return { _tag: "Pending" }
  return { _tag: "Failed", state: trouble.nextTryAt === null ? "givenUp" : "retrying", ...trouble, erased: count }
}

/** No erasure of that id. */
export const ErasureNotFound = Schema.TaggedStruct("ErasureNotFound", { erasureId: ErasureId })
export type ErasureNotFound = typeof ErasureNotFound.Type

/** Nobody was named: no visitor, no address, no record. */
export const NobodyNamed = Schema.TaggedStruct("NobodyNamed", {})
export type NobodyNamed = typeof NobodyNamed.Type

/** An address that compares with nothing (A1, A2): it would erase nothing, and nobody would know. */
export const UnusableAddress = Schema.TaggedStruct("UnusableAddress", {
  field: Schema.Literals(["emails", "phones"]),
  index: Schema.Int
})
export type UnusableAddress = typeof UnusableAddress.Type

/** The visitor is being erased (J4): again when that is over, as somebody new. */
export const BeingErased = Schema.TaggedStruct("BeingErased", {})
export type BeingErased = typeof BeingErased.Type
