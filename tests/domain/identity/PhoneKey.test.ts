import { Schema } from "effect"
import fc from "fast-check"
import { PhoneKey } from "leadline"
import { describe, expect, it } from "vitest"

const { make } = PhoneKey

const regions = fc.constantFrom(null, "DE", "US", "GB", "IT", "AR", "MX", "BR", "RU", "SG")
const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 4, maxLength: 16 })
const country = fc.constantFrom("+1", "+44", "+49", "+39", "+54", "+52", "+55", "+7", "+65", "+43", "+800", "+225")
const phone = fc.oneof(
  digits,
  fc.tuple(country, digits).map((parts) => parts.join("")),
  fc.tuple(fc.constantFrom("0", "00", "011", "0049", "8", "15"), digits).map((parts) => parts.join(""))
)
const noise = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(..."+0123456789 ()-./;=x#,~*＋４a"), maxLength: 40 }),
  fc.constantFrom("__proto__", "constructor", "tel:+49;ext=1", ";phone-context=", "+".repeat(300), "1".repeat(300))
)

describe("a phone's key", () => {
  it.each([
    ["+49 30 901820", null],
    ["+49 (0) 30 / 901820", "US"],
    ["0049 30 901820", "DE"],
    ["030 901820", "DE"],
    ["030-90 18.20", "DE"],
    ["\u202a+49 30 901820\u202c", "US"],
    ["＋４９ ３０ ９０１８２０", "US"]
  ])("is in E.164 however the phone was typed: %j read in %j (A2)", (typed, region) => {
    expect(make(typed, region)).toBe("+4930901820")
  })

  it("reads phones without a country code in the default region, others without it (A2)", () => {
    expect(make("(202) 555-0123", "US")).toBe("+12025550123")
    expect(make("(0202) 555-0123", "DE")).toBe("+492025550123")
    expect(make("+1 202 555 0123", "DE")).toBe("+12025550123")
  })

  it.each([null, "", "de", "XX", "DEU", "__proto__", "constructor", "toString"])(
    "is missing for a phone without a country code where %j is no region (A2)",
    (region) => {
      expect(make("030 901820", region)).toBeNull()
      expect(make("+49 30 901820", region)).toBe("+4930901820")
    }
  )

  it("keeps the zero that Italian numbers start with (A2)", () => {
    expect(make("06 6982 1234", "IT")).toBe("+390669821234")
  })

  it("leaves the extension out, as E.164 has none (A2)", () => {
    expect(make("+1 202 555 0123 ext. 5", null)).toBe("+12025550123")
  })

  it.each([
    ...["", "  ", "n/a", "+", "12", "+49", "+999 123456", "1111111", "1234567", "030 901820 or 030 901821"],
    ...["call +49 30 901820", "+49 30 901820 (office)", "+49 30 901820, +49 30 901821"],
    // valid in the library's eyes, and too long for E.164
    "+49 695 123456789012"
  ])("is missing where %j is not one valid phone (A2)", (typed) => {
    expect(make(typed, "DE")).toBeNull()
  })

  it("is E.164, and its own key in every region (A2)", () => {
    fc.assert(
      fc.property(phone, regions, regions, (typed, region, other) => {
        const key = make(typed, region)
        fc.pre(key !== null)
        expect(Schema.is(PhoneKey.PhoneKey)(key)).toBe(true)
        expect(make(key, other)).toBe(key)
      }),
      { numRuns: 300 }
    )
  })

  it("is found or missing for any text in any region, and never throws (A2)", () => {
    fc.assert(
      fc.property(noise, fc.oneof(regions, noise), (typed, region) => {
        const key = make(typed, region)
        expect(key === null || Schema.is(PhoneKey.PhoneKey)(key)).toBe(true)
      }),
      { numRuns: 500 }
    )
  })
})
