import type { FieldId } from "../account/Id.ts"
import type { FieldType } from "../record/CustomField.ts"
import { type FieldValue, typed } from "./FieldValue.ts"
import type { Layout, Registry } from "./Layout.ts"
import { type FieldNotAvailable, unavailability } from "./LayoutRules.ts"
import * as StandardFields from "./StandardFields.ts"

/** A field as the panel shows it. */
export interface RenderedField {
  readonly fieldId: FieldId
  readonly label: string
  readonly type: FieldType
  readonly value: FieldValue
}

/** A field that is not shown, and why (I3). `unreadable`: the stored value does not fit the field's type. */
export interface SkippedField {
  readonly fieldId: FieldId
  readonly reason: FieldNotAvailable["reason"] | "unreadable"
}

/** A record as its layout shows it. */
export interface Rendering {
  readonly fields: ReadonlyArray<RenderedField>
  readonly skipped: ReadonlyArray<SkippedField>
}

/**
 * Renders a record (I3). Total: whatever is deleted, unknown, for another kind or unreadable is skipped and reported,
 * and hides no other field. Order as in the layout.
 */
export const render = (
  layout: Pick<Layout, "fields" | "recordKind">,
  record: StandardFields.ShownRecord,
  registry: Registry,
  lookup: StandardFields.Lookup
): Rendering => {
  const fields: Array<RenderedField> = []
  const skipped: Array<SkippedField> = []
  for (const fieldId of layout.fields) {
    const definition = registry.get(fieldId)
    const reason = unavailability(fieldId, layout.recordKind, registry)
    if (definition === undefined || reason !== null) {
      skipped.push({ fieldId, reason: reason ?? "unknown" })
      continue
    }
    const { label, type } = definition
    const value = typed(storedIn(record, fieldId, lookup), definition)
    if (value === null) skipped.push({ fieldId, reason: "unreadable" })
    else fields.push({ fieldId, label, type, value })
  }
  return { fields, skipped }
}

/** By id and not by `isCustom`, which a foreign registry may say wrongly: a value would then come out as empty. */
const storedIn = (record: StandardFields.ShownRecord, fieldId: FieldId, lookup: StandardFields.Lookup) => {
  if (StandardFields.isStandard(fieldId)) return StandardFields.read(fieldId, record, lookup)
  return Object.hasOwn(record.custom, fieldId) ? record.custom[fieldId] : undefined
}
