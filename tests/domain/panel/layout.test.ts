import { Result } from "effect"
import fc from "fast-check"
import { type CustomField, Id, Layout, LayoutRules, type RecordRef } from "leadline"
import { describe, expect, it } from "vitest"

const id = (name: string): Id.FieldId => Id.FieldId.make(name)
const ids = (...names: ReadonlyArray<string>): ReadonlyArray<Id.FieldId> => names.map(id)

const field = (name: string, more: Partial<CustomField.FieldDefinition> = {}): CustomField.FieldDefinition => ({
  id: id(name),
  label: name,
  type: "text",
  choices: [],
  recordKinds: ["lead", "person", "company"],
  isCustom: true,
  isDeleted: false,
  ...more
})

const kinds: ReadonlyArray<RecordRef.MatchableKind> = ["lead", "person", "company"]
const registry = Layout.registryOf([
  field("size"),
  field("region"),
  field("old", { isDeleted: true }),
  field("vat", { recordKinds: ["company"] })
])

/** Known and unknown ids, few, so that they meet. */
const anyId = fc.constantFrom(...ids("name", "email", "status", "company", "size", "region", "old", "vat", "nothing"))
const anyKind = fc.constantFrom(...kinds)
const anyIndex = fc.oneof(fc.integer({ min: -3, max: 12 }), fc.double())
const anyEdit: fc.Arbitrary<LayoutRules.LayoutEdit> = fc.oneof(
  fc.record(
    { _tag: fc.constant("Add" as const), fieldId: anyId, index: anyIndex },
    { requiredKeys: ["_tag", "fieldId"] }
  ),
  fc.record({ _tag: fc.constant("Remove" as const), fieldId: anyId }),
  fc.record({ _tag: fc.constant("Move" as const), fieldId: anyId, index: anyIndex })
)

const edit = (
  fields: ReadonlyArray<Id.FieldId>,
  change: LayoutRules.LayoutEdit,
  kind: RecordRef.MatchableKind = "lead"
) =>
  Result.match(LayoutRules.edit(fields, change, kind, registry), {
    onSuccess: (edited): unknown => edited,
    onFailure: (refusal) => refusal
  })

/** I2, told apart from the code under test. */
const isValid = (fields: ReadonlyArray<Id.FieldId>, kind: RecordRef.MatchableKind): boolean =>
  new Set(fields).size === fields.length &&
  fields.every((fieldId) => {
    const definition = registry.get(fieldId)
    return definition !== undefined && !definition.isDeleted && definition.recordKinds.includes(kind)
  })

describe("the default layouts", () => {
  it.each(kinds)("list unique fields valid for a %s, changed by nobody, and can be published (I1, I2)", (kind) => {
    const layout = Layout.defaults[kind]
    expect(layout).toMatchObject({ recordKind: kind, version: 0, changedAt: null, changedBy: null })
    expect(layout.fields.length).toBeGreaterThan(0)
    expect(isValid(layout.fields, kind)).toBe(true)
    expect(LayoutRules.validate(layout.fields, kind, Layout.registryOf([]))).toEqual(Result.succeed(layout.fields))
  })
})

describe("the registry", () => {
  it("holds the standard fields and the account's own, and none of those hides a standard one (I2)", () => {
    const full = Layout.registryOf([field("size"), field("email", { type: "number", isDeleted: true })])
    expect(full.get(id("size"))?.isCustom).toBe(true)
    expect(full.get(id("email"))).toMatchObject({ type: "email", isCustom: false, isDeleted: false })
  })

  it("says why a field cannot be shown: unknown, deleted, not for the kind (I2)", () => {
    expect(LayoutRules.unavailability(id("nothing"), "lead", registry)).toBe("unknown")
    expect(LayoutRules.unavailability(id("old"), "lead", registry)).toBe("deleted")
    expect(LayoutRules.unavailability(id("vat"), "lead", registry)).toBe("notForKind")
    expect(LayoutRules.unavailability(id("vat"), "company", registry)).toBe(null)
    expect(LayoutRules.unavailability(id("status"), "person", registry)).toBe("notForKind")
  })

  it("names no inherited property a field (I2)", () => {
    for (const name of ["constructor", "toString", "__proto__"]) {
      expect(LayoutRules.unavailability(id(name), "lead", registry)).toBe("unknown")
    }
  })
})

describe("adding, removing, moving", () => {
  const shown = ids("name", "email", "phone")

  it("adds a field at its place, or at the end (I1)", () => {
    expect(edit(shown, { _tag: "Add", fieldId: id("size"), index: 1 })).toEqual(["name", "size", "email", "phone"])
    expect(edit(shown, { _tag: "Add", fieldId: id("size"), index: 0 })).toEqual(["size", "name", "email", "phone"])
    expect(edit(shown, { _tag: "Add", fieldId: id("size") })).toEqual(["name", "email", "phone", "size"])
    expect(edit([], { _tag: "Add", fieldId: id("size") })).toEqual(["size"])
  })

  it("removes a field (I1)", () => {
    expect(edit(shown, { _tag: "Remove", fieldId: id("email") })).toEqual(["name", "phone"])
    expect(edit(ids("name"), { _tag: "Remove", fieldId: id("name") })).toEqual([])
  })

  it("moves a field so that it ends at the index, forward and back (I1)", () => {
    expect(edit(shown, { _tag: "Move", fieldId: id("name"), index: 1 })).toEqual(["email", "name", "phone"])
    expect(edit(shown, { _tag: "Move", fieldId: id("name"), index: 2 })).toEqual(["email", "phone", "name"])
    expect(edit(shown, { _tag: "Move", fieldId: id("phone"), index: 0 })).toEqual(["phone", "name", "email"])
  })

  it.each([
    [-1, 0],
    [Number.NEGATIVE_INFINITY, 0],
    [Number.NaN, 0],
    [0.9, 0],
    [1.9, 1],
    [99, 2],
    [Number.POSITIVE_INFINITY, 2]
  ])("takes the index %s as %s of three (I1)", (index, place) => {
    const moved = LayoutRules.edit(shown, { _tag: "Move", fieldId: id("email"), index }, "lead", registry)
    expect(Result.map(moved, (fields) => fields.indexOf(id("email")))).toEqual(Result.succeed(place))
  })

  it("refuses a field that is shown already (I2)", () => {
    const refusal = { _tag: "FieldAlreadyShown", fieldId: "email" }
    expect(edit(shown, { _tag: "Add", fieldId: id("email"), index: 0 })).toEqual(refusal)
  })

  it.each([
    ["nothing", "unknown"],
    ["old", "deleted"],
    ["vat", "notForKind"],
    ["company", "notForKind"]
  ])("refuses to add %s to leads: %s (I2)", (name, reason) => {
    const refusal = { _tag: "FieldNotAvailable", fieldId: name, recordKind: "lead", reason }
    expect(edit(shown, { _tag: "Add", fieldId: id(name) })).toEqual(refusal)
  })

  it("refuses to remove or move a field that is not shown (I1)", () => {
    const refusal = { _tag: "FieldNotShown", fieldId: "size" }
    expect(edit(shown, { _tag: "Remove", fieldId: id("size") })).toEqual(refusal)
    expect(edit(shown, { _tag: "Move", fieldId: id("size"), index: 0 })).toEqual(refusal)
  })

  it("removes and moves a field that was deleted since it was shown (I1, I3)", () => {
    expect(edit(ids("name", "old"), { _tag: "Move", fieldId: id("old"), index: 0 })).toEqual(["old", "name"])
    expect(edit(ids("name", "old"), { _tag: "Remove", fieldId: id("old") })).toEqual(["name"])
  })

  it("keeps ids unique and valid through any edits, and the others in their order (I2)", () => {
    fc.assert(
      fc.property(anyKind, fc.array(anyEdit, { maxLength: 30 }), (kind, edits) => {
        let fields = Layout.defaults[kind].fields
        for (const change of edits) {
          const edited = LayoutRules.edit(fields, change, kind, registry)
          if (Result.isFailure(edited)) continue
          const others = (list: ReadonlyArray<Id.FieldId>) => list.filter((fieldId) => fieldId !== change.fieldId)
          expect(others(edited.success)).toEqual(others(fields))
          expect(edited.success.includes(change.fieldId)).toBe(change._tag !== "Remove")
          fields = edited.success
          expect(isValid(fields, kind)).toBe(true)
        }
      })
    )
  })
})

describe("validating a layout", () => {
  it("names every problem, not only the first, in the layout's order (I2)", () => {
    const fields = ids("old", "name", "nothing", "name", "vat")
    expect(LayoutRules.validate(fields, "lead", registry)).toEqual(
      Result.fail({
        _tag: "LayoutInvalid",
        problems: [
          { _tag: "FieldNotAvailable", fieldId: "old", recordKind: "lead", reason: "deleted" },
          { _tag: "FieldNotAvailable", fieldId: "nothing", recordKind: "lead", reason: "unknown" },
          { _tag: "FieldAlreadyShown", fieldId: "name" },
          { _tag: "FieldNotAvailable", fieldId: "vat", recordKind: "lead", reason: "notForKind" }
        ]
      })
    )
  })

  it("takes exactly the layouts whose ids are unique and valid for the kind (I2)", () => {
    fc.assert(
      fc.property(anyKind, fc.array(anyId, { maxLength: 6 }), (kind, fields) => {
        const found = LayoutRules.problems(fields, kind, registry)
        const validated = LayoutRules.validate(fields, kind, registry)
        expect(found.length === 0).toBe(isValid(fields, kind))
        expect(validated).toEqual(
          found.length === 0 ? Result.succeed(fields) : Result.fail({ _tag: "LayoutInvalid", problems: found })
        )
      })
    )
  })

  it("finds a fault at each faulty place once (I2)", () => {
    fc.assert(
      fc.property(anyKind, fc.array(anyId, { maxLength: 8 }), (kind, fields) => {
        const faulty = fields.filter((fieldId, at) => fields.indexOf(fieldId) < at || !isValid([fieldId], kind))
        expect(LayoutRules.problems(fields, kind, registry).map(({ fieldId }) => fieldId)).toEqual(faulty)
      })
    )
  })
})
