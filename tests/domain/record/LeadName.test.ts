import fc from "fast-check"
import { EmailKey, LeadName } from "leadline"
import { describe, expect, it } from "vitest"

const email = "Ann.Lee@x.de"

describe("the name of a lead made from a chat", () => {
  it.each([
    ["Ann Lee", "Ann", "Lee"],
    ["Ludwig van Beethoven", "Ludwig van", "Beethoven"],
    ["  Ann \t\u00a0 Lee\u200b ", "Ann", "Lee\u200b"],
    ["Cher", null, "Cher"],
    [" Cher ", null, "Cher"],
    ["毛　泽东", "毛", "泽东"]
  ])("has the last word of %j as last name and the rest as first name (E4)", (name, firstName, lastName) => {
    expect(LeadName.fromVisitor({ name, email })).toEqual({ firstName, lastName })
  })

  it.each([null, "", "  ", "\t\n", "\u200b", " \u200b \u200e "])(
    "is the email's local part as typed where the name is %j (E4)",
    (name) => {
      expect(LeadName.fromVisitor({ name, email: ` ${email} ` })).toEqual({ firstName: null, lastName: "Ann.Lee" })
    }
  )

  it("keeps every word in its order, and always has a last name without white space (E4)", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (parts) => {
        const name = parts.join(" ")
        fc.pre(EmailKey.isGiven(name))
        const { firstName, lastName } = LeadName.fromVisitor({ name, email })
        expect([firstName, lastName].filter((part) => part !== null).join(" ")).toBe(name.trim().split(/\s+/).join(" "))
        expect(lastName).toMatch(/^\S+$/)
        expect(firstName).not.toBe("")
      })
    )
  })

  it("is the email as it stands where the email has no local part either (E4)", () => {
    expect(LeadName.fromVisitor({ name: null, email: "nonsense" })).toEqual({ firstName: null, lastName: "nonsense" })
  })
})
