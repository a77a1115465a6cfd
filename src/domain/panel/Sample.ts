import type { UserId } from "../account/Id.ts"
import { fromMillis } from "../account/Instant.ts"
import type { FieldDefinition } from "../record/CustomField.ts"
import type { StoredValue } from "../record/Record.ts"
import type { MatchableKind, RecordId } from "../record/RecordRef.ts"
import type { Layout, Registry } from "./Layout.ts"
import { type Rendering, render } from "./Rendering.ts"
import { isStandard, type Lookup, type ShownRecord } from "./StandardFields.ts"

const none = { emails: [], phones: [] }

const common = {
  id: "sample" as RecordId,
  ownerId: "sample" as UserId,
  emails: ["ada@example.com"],
  phones: ["+1 415-555-0101"],
  keys: none,
  aliases: none,
  lifecycle: { _tag: "Live" } as const,
  createdAt: fromMillis(Date.UTC(2026, 0, 31)),
  updatedAt: fromMillis(Date.UTC(2026, 0, 31)),
  eventCount: 1
}

const lookup: Lookup = { user: () => "Grace Hopper", company: () => "Analytical Engines" }

/** A record of a kind with a value in every field of the registry. */
export const sample = (kind: MatchableKind, registry: Registry): ShownRecord => {
  const custom = Object.fromEntries(
    [...registry.values()].filter(({ id }) => !isStandard(id)).map((field) => [field.id, sampleValue(field)])
  )
  const name = { firstName: "Ada", lastName: "Lovelace" }
  switch (kind) {
    case "lead":
      return {
        _tag: "Lead",
        ...common,
        ...name,
        custom,
        organisation: "Analytical Engines",
        status: "New",
        source: "Chat",
        addedFrom: { _tag: "Manual" },
        assignment: null
      }
    case "person":
      return { _tag: "Person", ...common, ...name, custom, companyId: "sample" as RecordId }
    case "company":
      return { _tag: "Company", ...common, custom, name: "Analytical Engines" }
  }
}

const sampleValue = ({ choices, type }: FieldDefinition): StoredValue => {
  switch (type) {
    case "text":
      return "Sample text"
    case "number":
      return 42
    case "date":
      return "2026-01-31"
    case "boolean":
      return true
    case "singleChoice":
      return choices[0] ?? null
    case "multipleChoice":
      return choices.slice(0, 2)
    case "email":
      return "ada@example.com"
    case "phone":
      return "+1 415-555-0101"
    case "url":
      return "https://example.com/"
    case "address":
      return { line1: "1 Example Street", city: "Example City", postalCode: "00000", country: "FR" }
  }
}

/** A layout on sample data, before it is published (I1). */
export const preview = (layout: Pick<Layout, "fields" | "recordKind">, registry: Registry): Rendering =>
  render(layout, sample(layout.recordKind, registry), registry, lookup)
