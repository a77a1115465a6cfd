import { Schema } from "effect"
import { FieldId } from "../account/Id.ts"
import { MatchableKind } from "./RecordRef.ts"

/** The types of field values (I2). */
export const FieldType = Schema.Literals([
  "text",
  "number",
  "date",
  "boolean",
  "singleChoice",
  "multipleChoice",
  "email",
  "phone",
  "url",
  "address"
])
export type FieldType = typeof FieldType.Type

/** A field of the account's registry: standard ones come with the record, custom ones are the account's own (I2). */
export const FieldDefinition = Schema.Struct({
  id: FieldId,
  label: Schema.String,
  type: FieldType,
  /** The choices, in order; empty unless the type is a choice. */
  choices: Schema.Array(Schema.String),
  /** The record kinds that have this field. */
  recordKinds: Schema.Array(MatchableKind),
  isCustom: Schema.Boolean,
  isDeleted: Schema.Boolean
})
export type FieldDefinition = typeof FieldDefinition.Type
