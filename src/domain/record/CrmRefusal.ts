import { Schema } from "effect"
import { UserId } from "../account/Id.ts"
import { MatchableRef, RecordId, RecordRef } from "./RecordRef.ts"

/** No record of that kind and id, or a deleted one. */
export const RecordNotFound = Schema.TaggedStruct("RecordNotFound", { record: RecordRef })
export type RecordNotFound = typeof RecordNotFound.Type

/** The record exists; this viewer may not see it (J1). Says nothing of it. */
export const RecordHidden = Schema.TaggedStruct("RecordHidden", { record: RecordRef })
export type RecordHidden = typeof RecordHidden.Type

/** A live lead was made from this chat already (E5). */
export const AlreadyCreated = Schema.TaggedStruct("AlreadyCreated", {
  lead: RecordId,
  owner: UserId,
  noteStored: Schema.Literal(false)
})
export type AlreadyCreated = typeof AlreadyCreated.Type

/** A record with this email or phone exists, or appeared meanwhile (E5); those that the viewer may see. */
export const AlreadyMatched = Schema.TaggedStruct("AlreadyMatched", {
  records: Schema.Array(MatchableRef),
  noteStored: Schema.Literal(false)
})
export type AlreadyMatched = typeof AlreadyMatched.Type

/** A record matches that the viewer may not see: no creation either (E1). */
export const MatchHidden = Schema.TaggedStruct("MatchHidden", { noteStored: Schema.Literal(false) })
export type MatchHidden = typeof MatchHidden.Type

export type LeadRefusal = AlreadyCreated | AlreadyMatched | MatchHidden
