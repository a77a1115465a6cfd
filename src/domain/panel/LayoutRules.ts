import { Result, Schema } from "effect"
import { FieldId } from "../account/Id.ts"
import { MatchableKind } from "../record/RecordRef.ts"
import type { Registry } from "./Layout.ts"

/** The field is not in the registry, deleted, or not for this kind of record (I2). */
export const FieldNotAvailable = Schema.TaggedStruct("FieldNotAvailable", {
  fieldId: FieldId,
  recordKind: MatchableKind,
  reason: Schema.Literals(["unknown", "deleted", "notForKind"])
})
export type FieldNotAvailable = typeof FieldNotAvailable.Type

/** The field is in the layout already (I2). */
export const FieldAlreadyShown = Schema.TaggedStruct("FieldAlreadyShown", { fieldId: FieldId })
export type FieldAlreadyShown = typeof FieldAlreadyShown.Type

/** The field is not in the layout. */
export const FieldNotShown = Schema.TaggedStruct("FieldNotShown", { fieldId: FieldId })
export type FieldNotShown = typeof FieldNotShown.Type

/** Everything that keeps a draft from being published (I2); never empty. */
export const LayoutInvalid = Schema.TaggedStruct("LayoutInvalid", {
  problems: Schema.NonEmptyArray(Schema.Union([FieldNotAvailable, FieldAlreadyShown]))
})
export type LayoutInvalid = typeof LayoutInvalid.Type

/** Somebody published since the draft was begun: look at what they did, and begin again. */
export const StaleDraft = Schema.TaggedStruct("StaleDraft", { base: Schema.Int, published: Schema.Int })
export type StaleDraft = typeof StaleDraft.Type

/** No such version was ever published. */
export const VersionNotFound = Schema.TaggedStruct("VersionNotFound", { version: Schema.Int })
export type VersionNotFound = typeof VersionNotFound.Type

/** A change of a draft; indexes beyond an end mean that end. */
export type LayoutEdit =
  | { readonly _tag: "Add"; readonly fieldId: FieldId; readonly index?: number }
  | { readonly _tag: "Remove"; readonly fieldId: FieldId }
  | { readonly _tag: "Move"; readonly fieldId: FieldId; readonly index: number }

export type EditRefusal = FieldNotAvailable | FieldAlreadyShown | FieldNotShown

/** Why a field cannot be in a layout of this kind, or `null`. */
export const unavailability = (
  fieldId: FieldId,
  recordKind: MatchableKind,
  registry: Registry
): FieldNotAvailable["reason"] | null => {
  const definition = registry.get(fieldId)
  if (definition === undefined) return "unknown"
  if (definition.isDeleted) return "deleted"
  return definition.recordKinds.includes(recordKind) ? null : "notForKind"
}

/** Adds, removes or moves a field (I1); the ids stay unique and valid for the kind (I2). */
export const edit = (
  fields: ReadonlyArray<FieldId>,
  change: LayoutEdit,
  recordKind: MatchableKind,
  registry: Registry
): Result.Result<ReadonlyArray<FieldId>, EditRefusal> => {
  const { fieldId } = change
  const isShown = fields.includes(fieldId)
  const others = fields.filter((id) => id !== fieldId)
  if (change._tag === "Add") {
    if (isShown) return Result.fail({ _tag: "FieldAlreadyShown", fieldId })
    const reason = unavailability(fieldId, recordKind, registry)
    if (reason !== null) return Result.fail({ _tag: "FieldNotAvailable", fieldId, recordKind, reason })
    return Result.succeed(inserted(others, fieldId, change.index ?? others.length))
  }
  if (!isShown) return Result.fail({ _tag: "FieldNotShown", fieldId })
  return Result.succeed(change._tag === "Remove" ? others : inserted(others, fieldId, change.index))
}

const inserted = (fields: ReadonlyArray<FieldId>, fieldId: FieldId, index: number): ReadonlyArray<FieldId> => {
  const at = Math.min(Math.max(0, Math.trunc(index) || 0), fields.length)
  return [...fields.slice(0, at), fieldId, ...fields.slice(at)]
}

/** Everything wrong with a layout's fields: empty if it can be published (I2). */
export const problems = (
  fields: ReadonlyArray<FieldId>,
  recordKind: MatchableKind,
  registry: Registry
): ReadonlyArray<FieldNotAvailable | FieldAlreadyShown> =>
  fields.flatMap((fieldId, at): ReadonlyArray<FieldNotAvailable | FieldAlreadyShown> => {
    if (fields.indexOf(fieldId) < at) return [{ _tag: "FieldAlreadyShown", fieldId }]
    const reason = unavailability(fieldId, recordKind, registry)
    return reason === null ? [] : [{ _tag: "FieldNotAvailable", fieldId, recordKind, reason }]
  })

/** The fields as they are, or all that is wrong with them (I2). */
export const validate = (
  fields: ReadonlyArray<FieldId>,
  recordKind: MatchableKind,
  registry: Registry
): Result.Result<ReadonlyArray<FieldId>, LayoutInvalid> => {
  const [first, ...others] = problems(fields, recordKind, registry)
  return first === undefined
    ? Result.succeed(fields)
    : Result.fail({ _tag: "LayoutInvalid", problems: [first, ...others] })
}
