import { Result } from "effect"
import fc from "fast-check"
import { Limits } from "leadline"
import { HostileText } from "leadline/testing"
import { describe, expect, it } from "vitest"

const fields = Object.keys(Limits.limits) as ReadonlyArray<Limits.LimitedField>

describe("limits on input", () => {
  it("are those of the specification (D11)", () => {
    expect(Limits.limits).toMatchObject({ message: 16_000, name: 255, email: 254, note: 65_535, tags: 50 })
  })

  it.each(fields)("of a %s let through the limit, and refuse one more with field, limit and size (D11)", (field) => {
    const limit = Limits.limits[field]
    const longest = "x".repeat(limit)
    const refusal = Result.fail({ _tag: "TooLong", field, limit, size: limit + 1 })
    for (const check of [Limits.within, Limits.meaningful]) {
      expect(check(field, longest)).toEqual(Result.succeed(longest))
      expect(check(field, `${longest}x`)).toEqual(refusal)
    }
  })

  it("never cut or change a text (D11)", () => {
    fc.assert(
      fc.property(fc.constantFrom(...fields), HostileText.text, (field, typed) => {
        const checked = Limits.within(field, typed)
        expect(Result.isSuccess(checked) ? checked.success : typed.length > Limits.limits[field]).toBe(
          Result.isSuccess(checked) ? typed : true
        )
      })
    )
  })

  it("refuse a text that says nothing where something must be said (D11)", () => {
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.stringMatching(/^[ \t\n\u00A0\u3000]{0,8}$/), (field, blanks) => {
        expect(Limits.meaningful(field, blanks)).toEqual(Result.fail({ _tag: "Blank", field }))
      })
    )
  })
})
