import { Schema } from "effect"
import { FieldId } from "../account/Id.ts"
import { MatchableKind } from "../record/RecordRef.ts"

/** What happens to layouts (I1). Who and when is in the envelope. */
export const LayoutEvent = Schema.Union([
  Schema.TaggedStruct("LayoutDraftChanged", { recordKind: MatchableKind, fields: Schema.Array(FieldId) }),
  /** `restored`: the version whose fields these are, where an administrator went back. */
  Schema.TaggedStruct("LayoutPublished", {
    recordKind: MatchableKind,
    version: Schema.Int,
    fields: Schema.Array(FieldId),
    restored: Schema.NullOr(Schema.Int)
  })
])
export type LayoutEvent = typeof LayoutEvent.Type
