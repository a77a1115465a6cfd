import { Schema } from "effect"
import fc from "fast-check"
import { CustomField, FieldValue, Id, type Record } from "leadline"
import { describe, expect, it } from "vitest"

const field = (type: CustomField.FieldType): CustomField.FieldDefinition => ({
  id: Id.FieldId.make("field"),
  label: "Field",
  type,
  choices: ["red", "green", "blue"],
  recordKinds: ["lead"],
  isCustom: true,
  isDeleted: false
})

/** What a foreign CRM may hold, though no schema lets it in. */
const typed = (type: CustomField.FieldType, stored: unknown) =>
  FieldValue.typed(stored as Record.StoredValue, field(type))

const types = CustomField.FieldType.literals
const isFieldValue = Schema.is(FieldValue.FieldValue)

/** Any JSON, and near misses of every type. */
const anyStored = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(undefined, Number.NaN, Number.POSITIVE_INFINITY, "2026-02-29", "https://", "12,5", "red"),
  fc.webUrl(),
  fc.subarray(["red", "green", "pink"]),
  fc.double(),
  fc.double({ noNaN: true }).map(String),
  fc.dictionary(fc.constantFrom("line1", "city", "country", "street", "__proto__"), fc.oneof(fc.string(), fc.nat()))
)

describe("a stored value", () => {
  it("comes out typed as its field, empty or unreadable, whatever it is (I3)", () => {
    const tags = {
      text: "Text",
      number: "Number",
      date: "Date",
      boolean: "Boolean",
      singleChoice: "Choice",
      multipleChoice: "Choices",
      email: "Email",
      phone: "Phone",
      url: "Url",
      address: "Address"
    }
    fc.assert(
      fc.property(fc.constantFrom(...types), anyStored, (type, stored) => {
        const value = typed(type, stored)
        if (value === null) return
        expect(isFieldValue(value)).toBe(true)
        expect([tags[type], "Empty"]).toContain(value._tag)
      }),
      { numRuns: 2_000 }
    )
  })

  it.each(types)("that is absent or blank is an empty %s (I3)", (type) => {
    for (const stored of [undefined, null, "", "  \t\n"]) expect(typed(type, stored)).toEqual({ _tag: "Empty" })
  })

  it("of a type that a newer release knows is unreadable (I3)", () => {
    expect(typed("money" as CustomField.FieldType, "5 EUR")).toBe(null)
  })

  it.each([
    ["text", " as typed ", { _tag: "Text", text: " as typed " }],
    ["number", 12.5, { _tag: "Number", number: 12.5 }],
    ["number", 0, { _tag: "Number", number: 0 }],
    ["date", "2026-01-31", { _tag: "Date", date: "2026-01-31" }],
    ["boolean", true, { _tag: "Boolean", boolean: true }],
    ["boolean", false, { _tag: "Boolean", boolean: false }],
    ["singleChoice", "green", { _tag: "Choice", choice: "green" }],
    ["multipleChoice", ["blue", "red"], { _tag: "Choices", choices: ["blue", "red"] }],
    ["multipleChoice", [], { _tag: "Empty" }],
    ["email", "Ada@Example.com", { _tag: "Email", email: "Ada@Example.com" }],
    ["email", "not an address", { _tag: "Email", email: "not an address" }],
    ["phone", "+1 415-555-0101", { _tag: "Phone", phone: "+1 415-555-0101" }],
    ["address", { line1: "1 Street", city: "" }, { _tag: "Address", address: { line1: "1 Street", city: "" } }],
    ["address", { line1: " ", city: "" }, { _tag: "Empty" }],
    ["address", {}, { _tag: "Empty" }]
  ] as const)("of a %s field, %j, comes out typed (I3)", (type, stored, value) => {
    expect(typed(type, stored)).toEqual(value)
  })

  it.each([
    ["text", 5],
    ["text", ["a"]],
    ["text", true],
    ["number", "twelve"],
    ["number", true],
    ["number", Number.NaN],
    ["number", Number.POSITIVE_INFINITY],
    ["date", 20260131],
    ["date", "2026-01-31T00:00:00Z"],
    ["date", "31.01.2026"],
    ["boolean", "true"],
    ["boolean", 1],
    ["singleChoice", "pink"],
    ["singleChoice", ["red"]],
    ["multipleChoice", ["red", "pink"]],
    ["multipleChoice", "red"],
    ["multipleChoice", [null]],
    ["email", ["a@example.com"]],
    ["phone", 4155550101],
    ["url", 5],
    ["url", {}],
    ["address", "1 Street"],
    ["address", ["1 Street"]],
    ["address", { line1: 5 }],
    ["address", { street: "1 Street" }],
    ["address", { line1: "", street: "1 Street" }]
  ] as const)("of a %s field, %j, is unreadable and not guessed at (I3)", (type, stored) => {
    expect(typed(type, stored)).toBe(null)
  })
})

describe("a number", () => {
  it.each([
    ["12.50", 12.5],
    ["-3", -3],
    ["+7", 7],
    ["007", 7],
    [" 42 ", 42],
    ["0.000000000000000012", 0.000000000000000012],
    ["123456789012345", 123456789012345],
    ["1.50000000000000000000", 1.5]
  ])("kept as the text %j is a number (I3)", (text, number) => {
    expect(typed("number", text)).toEqual({ _tag: "Number", number })
  })

  it.each(["12,50", "1e3", "0x10", "1.", ".5", "1 000", "--1", "Infinity", "NaN", "1.2.3", "٣"])(
    "is not in the text %j (I3)",
    (text) => {
      expect(typed("number", text)).toBe(null)
    }
  )

  it("kept as a text of more digits than a double holds is unreadable, not another number (I3)", () => {
    for (const text of ["1234567890123456", "9007199254740993", "0.1234567890123456", `1${"0".repeat(400)}`]) {
      expect(typed("number", text)).toBe(null)
    }
  })

  it("kept as a text is the same as typed, or unreadable (I3)", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.nat({ max: 20 }), (whole, zeros) => {
        const value = typed("number", `${whole}.${"0".repeat(zeros + 1)}`)
        const digits = String(whole).replace("-", "").length
        expect(value === null).toBe(digits > 15)
        if (value?._tag === "Number") expect(BigInt(value.number)).toBe(whole)
      })
    )
  })

  it("is looked for in bounded time (I3)", () => {
    expect(typed("number", `1.${"0".repeat(500_000)}1`)).toBe(null)
  })
})

describe("a date", () => {
  const pad = (n: number, width: number) => String(n).padStart(width, "0")

  it("is a day that the calendar has, written YYYY-MM-DD (I3)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.nat({ max: 13 }), fc.nat({ max: 32 }), (year, month, day) => {
        const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
        const moment = new Date(0)
        moment.setUTCFullYear(year, month - 1, day)
        const exists = moment.toISOString().slice(0, 10) === text
        expect(typed("date", text)).toEqual(exists ? { _tag: "Date", date: text } : null)
      }),
      { numRuns: 1_000 }
    )
  })

  it.each([
    ["2024-02-29", true],
    ["2026-02-29", false],
    ["1900-02-29", false],
    ["2000-02-29", true],
    ["2026-04-31", false],
    ["2026-1-31", false],
    ["02026-01-31", false]
  ])("%s: %s (I3)", (text, exists) => {
    expect(typed("date", text)).toEqual(exists ? { _tag: "Date", date: text } : null)
  })
})

describe("a url", () => {
  it.each(["https://example.com", "http://example.com/a?b#c", "HTTPS://EXAMPLE.com/", " https://münchen.example/ "])(
    "%j comes out without its blanks (I3)",
    (url) => {
      expect(typed("url", url)).toEqual({ _tag: "Url", url: url.trim() })
    }
  )

  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)//https://example.com",
    "java\nscript:alert(1)",
    "\u0001javascript:alert(1)",
    "javascript://https://example.com/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://example.com/x",
    "mailto:ada@example.com",
    "ftp://example.com/",
    "//example.com/",
    "/path",
    "example.com",
    "https:",
    "https://",
    "https:///example.com",
    "https://?a=b",
    "https:\\\\example.com",
    "https://exa mple.com/",
    "https://example.com/\u0000",
    "https://example.com/\njavascript:alert(1)",
    "https://example.com/\u202Egnp.exe"
  ])("%j is none: what a browser would run or misread never comes out (I3)", (url) => {
    expect(typed("url", url)).toBe(null)
  })

  it("opens http or https and nothing else, as a browser's parser reads it (I3)", () => {
    const scheme = fc.constantFrom("javascript:", "data:", "http:", "https:", "vbscript:", "HTTP:", "java\tscript:", "")
    const text = fc.tuple(fc.string({ maxLength: 3, unit: "binary" }), scheme, fc.constantFrom("", "//"), fc.string())
    fc.assert(
      fc.property(
        fc.oneof(
          text.map((parts) => parts.join("")),
          fc.webUrl()
        ),
        (stored) => {
          const value = typed("url", stored)
          if (value?._tag !== "Url") return
          const parsed = URL.parse(value.url)
          expect(["http:", "https:", undefined]).toContain(parsed?.protocol)
          expect(value.url).toMatch(/^https?:\/\//i)
        }
      ),
      { numRuns: 1_000 }
    )
  })

  it("of the web comes out (I3)", () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => {
        expect(typed("url", url)).toEqual({ _tag: "Url", url })
      })
    )
  })
})

describe("an address", () => {
  it("comes out with its own lines only (I3)", () => {
    const stored = { line1: "1 Street", country: "FR", latitude: 48.8, note: "secret" }
    const address = { line1: "1 Street", country: "FR" }
    expect(typed("address", stored)).toEqual({ _tag: "Address", address })
    expect(typed("address", { line1: "", latitude: 48.8 })).toBe(null)
  })
})
