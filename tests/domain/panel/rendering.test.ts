import fc from "fast-check"
import {
  CustomField,
  Id,
  Instant,
  Layout,
  LayoutRules,
  type Record,
  RecordRef,
  Rendering,
  Sample,
  StandardFields
} from "leadline"
import { describe, expect, it } from "vitest"

const id = (name: string): Id.FieldId => Id.FieldId.make(name)
const ids = (...names: ReadonlyArray<string>): ReadonlyArray<Id.FieldId> => names.map(id)
const recordId = (name: string): RecordRef.RecordId => RecordRef.RecordId.make(name)
const user = (name: string): Id.UserId => Id.UserId.make(name)

const field = (name: string, more: Partial<CustomField.FieldDefinition> = {}): CustomField.FieldDefinition => ({
  id: id(name),
  label: `The ${name}`,
  type: "text",
  choices: [],
  recordKinds: ["lead", "person", "company"],
  isCustom: true,
  isDeleted: false,
  ...more
})

const none = { emails: [], phones: [] }

const common = {
  id: recordId("1"),
  ownerId: user("ann"),
  emails: ["ada@example.com", "ada@work.example"],
  phones: ["+1 415-555-0101", "030 1"],
  keys: none,
  aliases: none,
  custom: {},
  lifecycle: { _tag: "Live" },
  createdAt: Instant.fromMillis(Date.UTC(2026, 0, 31, 23, 59)),
  updatedAt: Instant.fromMillis(0),
  eventCount: 1
} as const

const lead = (more: Partial<Record.Lead> = {}): Record.Lead => ({
  _tag: "Lead",
  ...common,
  firstName: "Ada",
  lastName: "Lovelace",
  organisation: "Engines",
  status: "New",
  source: "Chat",
  addedFrom: { _tag: "Chat", chatId: Id.ChatId.make("c1") },
  assignment: null,
  ...more
})

const person = (more: Partial<Record.Person> = {}): Record.Person => ({
  _tag: "Person",
  ...common,
  firstName: "Ada",
  lastName: "Lovelace",
  companyId: recordId("9"),
  ...more
})

const company = (more: Partial<Record.Company> = {}): Record.Company => ({
  _tag: "Company",
  ...common,
  name: "Engines",
  ...more
})

const records = { lead: lead(), person: person(), company: company() }
const kinds: ReadonlyArray<RecordRef.MatchableKind> = ["lead", "person", "company"]

const lookup: StandardFields.Lookup = {
  user: (who) => (who === "ann" ? "Ann Owner" : null),
  company: (which) => (which === "9" ? "Engines Ltd" : null)
}

const render = (
  record: StandardFields.ShownRecord,
  fields: ReadonlyArray<Id.FieldId>,
  registry = Layout.registryOf([])
): Rendering.Rendering => {
  const recordKind = ({ Lead: "lead", Person: "person", Company: "company" } as const)[record._tag]
  return Rendering.render({ recordKind, fields }, record, registry, lookup)
}

/** The values that come out, by field id. */
const valuesOf = ({ fields }: Rendering.Rendering) =>
  Object.fromEntries(fields.map(({ fieldId, value }) => [fieldId, Object.values(value)[1] ?? null]))

const standardOf = (kind: RecordRef.MatchableKind): ReadonlyArray<Id.FieldId> =>
  StandardFields.definitions.filter(({ recordKinds }) => recordKinds.includes(kind)).map((definition) => definition.id)

describe("the standard fields", () => {
  it("show a lead's name, addresses, owner, status, source and where it came from (I1, E3)", () => {
    const rendering = render(lead(), standardOf("lead"))
    expect(rendering.skipped).toEqual([])
    expect(valuesOf(rendering)).toEqual({
      name: "Ada Lovelace",
      firstName: "Ada",
      lastName: "Lovelace",
      organisation: "Engines",
      email: "ada@example.com",
      phone: "+1 415-555-0101",
      owner: "Ann Owner",
      status: "New",
      source: "Chat",
      addedFrom: "chat",
      createdAt: "2026-01-31"
    })
  })

  it("show a person's name, addresses, owner and company (I1)", () => {
    const rendering = render(person(), standardOf("person"))
    expect(rendering.skipped).toEqual([])
    expect(valuesOf(rendering)).toEqual({
      name: "Ada Lovelace",
      firstName: "Ada",
      lastName: "Lovelace",
      company: "Engines Ltd",
      email: "ada@example.com",
      phone: "+1 415-555-0101",
      owner: "Ann Owner",
      createdAt: "2026-01-31"
    })
  })

  it("show a company's name, addresses and owner (I1)", () => {
    const rendering = render(company(), standardOf("company"))
    expect(rendering.skipped).toEqual([])
    expect(valuesOf(rendering)).toEqual({
      name: "Engines",
      email: "ada@example.com",
      phone: "+1 415-555-0101",
      owner: "Ann Owner",
      createdAt: "2026-01-31"
    })
  })

  it("have unique ids and a label, and are neither custom nor deleted (I2)", () => {
    const { definitions } = StandardFields
    expect(new Set(definitions.map((definition) => definition.id)).size).toBe(definitions.length)
    for (const definition of definitions) {
      expect(definition).toMatchObject({ isCustom: false, isDeleted: false })
      expect(definition.label).not.toBe("")
      expect(definition.recordKinds.length).toBeGreaterThan(0)
    }
  })

  it("are empty where the record has nothing, and hide nothing (I3)", () => {
    const bare = {
      emails: [],
      phones: [],
      firstName: null,
      lastName: "",
      organisation: null,
      source: null,
      status: "New"
    }
    const rendering = render(lead(bare), standardOf("lead"))
    const empty = rendering.fields.filter(({ value }) => value._tag === "Empty").map(({ fieldId }) => fieldId)
    expect(rendering.skipped).toEqual([])
    expect(empty).toEqual(["name", "firstName", "lastName", "organisation", "email", "phone", "source"])
  })

  it("show the owner's id where the name is unknown, and nothing of a company that is (I3, J1)", () => {
    const rendering = render(person({ ownerId: user("zoe"), companyId: recordId("8") }), ids("owner", "company"))
    expect(valuesOf(rendering)).toEqual({ owner: "zoe", company: null })
    expect(render(person({ companyId: null }), ids("company")).fields).toMatchObject([{ value: { _tag: "Empty" } }])
  })

  it("report a moment that no calendar has as unreadable (I3)", () => {
    for (const millis of [8.64e15 + 1, -8.64e15 - 1, Number.MAX_SAFE_INTEGER, Date.UTC(10_000, 0, 1)]) {
      const rendering = render(company({ createdAt: Instant.fromMillis(millis) }), ids("createdAt", "name"))
      expect(rendering.skipped).toEqual([{ fieldId: "createdAt", reason: "unreadable" }])
      expect(valuesOf(rendering)).toEqual({ name: "Engines" })
    }
  })

  it("are read from the record and never from custom values of the same name (I2)", () => {
    const impostor = { name: "Impostor", source: "Impostor" }
    const registry = Layout.registryOf([field("name"), field("source")])
    const rendering = render(lead({ custom: impostor, source: null }), ids("name", "source"), registry)
    expect(valuesOf(rendering)).toEqual({ name: "Ada Lovelace", source: null })
  })
})

describe("rendering", () => {
  const registry = Layout.registryOf([
    field("size", { type: "number" }),
    field("old", { isDeleted: true }),
    field("vat", { recordKinds: ["company"] })
  ])

  it("skips and reports what is deleted, unknown, for another kind or unreadable, each with its reason (I3)", () => {
    const record = lead({ custom: { size: "big", old: "x", vat: "FR1" } })
    const rendering = render(record, ids("old", "name", "nothing", "vat", "email", "size"), registry)
    expect(rendering.fields.map(({ fieldId }) => fieldId)).toEqual(["name", "email"])
    expect(rendering.skipped).toEqual([
      { fieldId: "old", reason: "deleted" },
      { fieldId: "nothing", reason: "unknown" },
      { fieldId: "vat", reason: "notForKind" },
      { fieldId: "size", reason: "unreadable" }
    ])
  })

  it("gives each field its label, its type and its typed value (I3)", () => {
    expect(render(lead({ custom: { size: 5 } }), ids("size"), registry).fields).toEqual([
      { fieldId: "size", label: "The size", type: "number", value: { _tag: "Number", number: 5 } }
    ])
  })

  it("marks a custom field without a value as empty (I3)", () => {
    const value = { _tag: "Empty" }
    expect(render(lead(), ids("size"), registry).fields).toMatchObject([{ fieldId: "size", value }])
  })

  it("takes no inherited property for a value (I3)", () => {
    const hostile = Layout.registryOf(["constructor", "toString", "__proto__"].map((name) => field(name)))
    const rendering = render(lead(), ids("constructor", "toString", "__proto__"), hostile)
    expect(rendering.skipped).toEqual([])
    expect(rendering.fields.every(({ value }) => value._tag === "Empty")).toBe(true)
  })

  it("finds the value of a foreign CRM's field that does not call itself custom (I3)", () => {
    const foreign = Layout.registryOf([field("tier", { isCustom: false })])
    expect(valuesOf(render(lead({ custom: { tier: "gold" } }), ids("tier"), foreign))).toEqual({ tier: "gold" })
  })

  it("shows a record of another kind than the layout's as empty fields, and does not fail (I3)", () => {
    const layout = { recordKind: "lead", fields: standardOf("lead") } as const
    const rendering = Rendering.render(layout, company(), Layout.registryOf([]), lookup)
    expect(rendering.skipped).toEqual([])
    expect(valuesOf(rendering)).toMatchObject({ name: "Engines", status: null, firstName: null, addedFrom: null })
  })
})

describe("rendering anything", () => {
  const names = ["name", "email", "owner", "status", "createdAt", "a", "b", "c", "d", "constructor", "__proto__"]
  const anyId = fc.constantFrom(...ids(...names, "nothing"))
  const anyFields = fc.array(anyId, { maxLength: 14 })
  const anyDefinition = fc.record({
    id: fc.constantFrom(...ids(...names)),
    label: fc.string(),
    type: fc.constantFrom(...CustomField.FieldType.literals, "money" as CustomField.FieldType),
    choices: fc.array(fc.string({ maxLength: 2 }), { maxLength: 3 }),
    recordKinds: fc.subarray([...kinds]),
    isCustom: fc.boolean(),
    isDeleted: fc.boolean()
  })
  const anyRegistry = fc.array(anyDefinition, { maxLength: 8 }).map(Layout.registryOf)
  const anyStored = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(undefined, "", "javascript:alert(1)", "2026-01-31", "12", Number.NaN),
    fc.dictionary(fc.constantFrom("line1", "city", "street"), fc.oneof(fc.string(), fc.nat()))
  )
  const anyRecord = fc
    .record({
      kind: fc.constantFrom(...kinds),
      // what a store holds may be anything, whatever its type says
      custom: fc.dictionary(fc.constantFrom(...names), anyStored) as fc.Arbitrary<Record.Lead["custom"]>,
      createdAt: fc.maxSafeInteger().map(Instant.fromMillis),
      emails: fc.array(fc.string(), { maxLength: 2 })
    })
    .map(({ kind, ...more }): StandardFields.ShownRecord => ({ ...records[kind], ...more }))

  it("never fails, keeps the order, and shows or reports each field exactly once (I3)", () => {
    fc.assert(
      fc.property(anyRecord, anyFields, anyRegistry, (record, fields, registry) => {
        const { fields: shown, skipped } = render(record, fields, registry)
        const skippedIds = new Set(skipped.map(({ fieldId }) => fieldId))
        const isSkipped = (fieldId: Id.FieldId) => skippedIds.has(fieldId)
        expect(shown.length + skipped.length).toBe(fields.length)
        expect(shown.map(({ fieldId }) => fieldId)).toEqual(fields.filter((fieldId) => !isSkipped(fieldId)))
        expect(skipped.map(({ fieldId }) => fieldId)).toEqual(fields.filter(isSkipped))
      }),
      { numRuns: 500 }
    )
  })

  it("says of each skipped field why it cannot be in the layout, or else that it is unreadable (I2, I3)", () => {
    fc.assert(
      fc.property(anyRecord, anyFields, anyRegistry, (record, fields, registry) => {
        const { fields: shown, skipped } = render(record, fields, registry)
        const recordKind = ({ Lead: "lead", Person: "person", Company: "company" } as const)[record._tag]
        const why = (fieldId: Id.FieldId) => LayoutRules.unavailability(fieldId, recordKind, registry)
        for (const { fieldId, reason } of skipped) expect(reason).toBe(why(fieldId) ?? "unreadable")
        for (const { fieldId } of shown) expect(why(fieldId)).toBe(null)
      })
    )
  })

  it("shows each field as it would alone: none hides or changes another (I3)", () => {
    fc.assert(
      fc.property(anyRecord, anyFields, anyRegistry, (record, fields, registry) => {
        const together = render(record, fields, registry)
        const alone = fields.map((fieldId) => render(record, [fieldId], registry))
        expect(together.fields).toEqual(alone.flatMap((rendering) => rendering.fields))
        expect(together.skipped).toEqual(alone.flatMap((rendering) => rendering.skipped))
      })
    )
  })

  it("changes no other field when one is deleted or goes from the registry (I3)", () => {
    fc.assert(
      fc.property(anyRecord, anyFields, anyRegistry, anyId, fc.boolean(), (record, fields, registry, gone, isKept) => {
        const without = new Map(registry)
        const definition = without.get(gone)
        without.delete(gone)
        if (isKept && definition !== undefined) without.set(gone, { ...definition, isDeleted: true })
        const others = (rendering: Rendering.Rendering) => ({
          fields: rendering.fields.filter(({ fieldId }) => fieldId !== gone),
          skipped: rendering.skipped.filter(({ fieldId }) => fieldId !== gone)
        })
        const after = render(record, fields, without)
        expect(others(after)).toEqual(others(render(record, fields, registry)))
        expect(after.fields.some(({ fieldId }) => fieldId === gone)).toBe(false)
      })
    )
  })
})

describe("the preview", () => {
  const custom = CustomField.FieldType.literals.map((type) => field(`my-${type}`, { type, choices: ["red", "green"] }))
  const registry = Layout.registryOf(custom)

  it.each(kinds)("fills every standard field and every type of custom field of a %s (I1)", (kind) => {
    const fields = [...registry.values()].filter(({ recordKinds }) => recordKinds.includes(kind)).map((each) => each.id)
    const preview = Sample.preview({ recordKind: kind, fields }, registry)
    expect(preview.skipped).toEqual([])
    expect(preview.fields.map(({ fieldId }) => fieldId)).toEqual(fields)
    expect(preview.fields.filter(({ value }) => value._tag === "Empty")).toEqual([])
  })

  it("reports what the panel would skip (I1, I3)", () => {
    const fields = ids("nothing", "name", "status")
    expect(Sample.preview({ recordKind: "person", fields }, registry).skipped).toEqual([
      { fieldId: "nothing", reason: "unknown" },
      { fieldId: "status", reason: "notForKind" }
    ])
  })

  it("shows a choice without choices as empty (I1)", () => {
    const bare = Layout.registryOf([field("one", { type: "singleChoice" }), field("many", { type: "multipleChoice" })])
    const preview = Sample.preview({ recordKind: "lead", fields: ids("one", "many") }, bare)
    expect(preview.fields.map(({ value }) => value._tag)).toEqual(["Empty", "Empty"])
  })
})
