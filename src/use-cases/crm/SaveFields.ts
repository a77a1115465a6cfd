import { Effect, Schema } from "effect"
import { FieldId } from "../../domain/account/Id.ts"
import { definitions } from "../../domain/panel/StandardFields.ts"
import type { FieldDefinition } from "../../domain/record/CustomField.ts"
import type { Caller } from "../execution/Caller.ts"
import { administer } from "./CrmCommand.ts"

/** A field id that is a standard field's, or was given twice. */
export const FieldIdTaken = Schema.TaggedStruct("FieldIdTaken", { fieldId: FieldId })
export type FieldIdTaken = typeof FieldIdTaken.Type

/**
 * Adds or changes custom fields (I2); those not named stay. A field that goes is marked deleted, not left out, so that
 * layouts can say why they skip it (I3). Answers the ids of all custom fields. By CRM administrators (J3). Refusals:
 * `FieldIdTaken`, `AccessDenied`.
 */
export const saveFields = Effect.fn("saveFields")(function* (
  caller: Caller,
  input: { readonly fields: ReadonlyArray<FieldDefinition> }
) {
  return yield* administer(caller, "saveFields", input, (transaction) =>
    Effect.gen(function* () {
      const taken = new Set<string>(definitions.map(({ id }) => id))
      for (const { id } of input.fields) {
        if (taken.has(id)) return yield* Effect.fail<FieldIdTaken>({ _tag: "FieldIdTaken", fieldId: id })
        taken.add(id)
      }
      const [read] = yield* transaction.get({ kind: "fields", id: "all" })
      const fields = new Map((read.value?.definitions ?? []).map((field) => [field.id, field]))
      for (const field of input.fields) fields.set(field.id, { ...field, isCustom: true })
      transaction.put(read, { definitions: [...fields.values()] })
      transaction.event("fields", 0, { _tag: "FieldsChanged" })
      return { fields: [...fields.keys()] }
    })
  )
})
