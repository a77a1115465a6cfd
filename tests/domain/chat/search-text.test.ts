import { Result } from "effect"
import * as fc from "fast-check"
import { SearchText } from "leadline"
import { describe, expect, it } from "vitest"

const { EXCERPT_LENGTH, excerptOf, fold, holds, MAX_SEARCH_LENGTH, wordsOf } = SearchText
const text = fc.string({ unit: "grapheme", maxLength: 60 })
const someWords = (typed: string) => Result.getOrElse(wordsOf(typed), (): ReadonlyArray<string> => [])

describe("a text as searches compare it (A1)", () => {
  it("is as long as its NFC form, character by character: places in one are places in the other", () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code)
      const length = character.normalize("NFC").length
      if (fold(character).length !== length) expect.fail(`U+${code.toString(16)} folds to ${fold(character).length}`)
    }
    fc.assert(
      fc.property(text, (one) => {
        expect(fold(one).length).toBe(one.normalize("NFC").length)
      })
    )
  })

  it("is the same for spellings that differ by case and composition only", () => {
    fc.assert(
      fc.property(text, (one) => {
        expect(fold(one.normalize("NFD"))).toBe(fold(one))
        expect(fold(fold(one))).toBe(fold(one))
      })
    )
    expect(fold("\u039F\u0394\u039F\u03A3 \u0130stanbul")).toBe("\u03BF\u03B4\u03BF\u03C3 istanbul")
  })
})

describe("the words of a search (D11)", () => {
  it("are what stands between blanks, folded, each once", () => {
    expect(wordsOf("  Red\tred \u00A0BLUE\n50% ")).toEqual(Result.succeed(["red", "blue", "50%"]))
    expect(wordsOf("a\u0000b \uD83D")).toEqual(Result.succeed(["a\uFFFDb", "\uFFFD"]))
  })

  it("are refused when there are none, and above the limit", () => {
    for (const blank of ["", " ", "\u00A0\n"]) {
      expect(wordsOf(blank)).toEqual(Result.fail({ _tag: "Blank", field: "text" }))
    }
    expect(Result.isSuccess(wordsOf("x".repeat(MAX_SEARCH_LENGTH)))).toBe(true)
    expect(wordsOf("x".repeat(MAX_SEARCH_LENGTH + 1))).toEqual(
      Result.fail({ _tag: "TooLong", field: "text", limit: 255, size: 256 })
    )
  })

  it("are all in every text they are made from, in whatever order and case", () =>
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 }), (parts) => {
        const typed = parts.join(" ")
        fc.pre(typed.trim() !== "")
        expect(
          holds(typed.toWellFormed().replaceAll("\u0000", "\uFFFD"), someWords([...parts].reverse().join(" ")))
        ).toBe(true)
      })
    ))

  it("are all needed", () => {
    expect(holds("red and blue", ["red", "blue"])).toBe(true)
    expect(holds("red and blue", ["red", "green"])).toBe(false)
  })
})

describe("an excerpt of what was found (H1)", () => {
  it("is the whole text where that is short", () => {
    const longest = "\u{1F600}".repeat(EXCERPT_LENGTH)
    expect(excerptOf(longest, ["x"])).toBe(longest)
    expect(excerptOf(`${longest}!`, ["x"])).toBe(`${longest}…`)
  })

  it("shows the first of the words, with what stands before it, and says where it was cut", () => {
    const long = `${"a".repeat(500)}Needle${"b".repeat(500)} pin`
    expect(excerptOf(long, ["pin", "needle"])).toBe(`…${"a".repeat(80)}Needle${"b".repeat(194)}…`)
    expect(excerptOf(long, ["pin"])).toBe(`…${"b".repeat(276)} pin`)
    expect(excerptOf(`Needle${long}`, ["needle"])).toBe(`Needle${"a".repeat(274)}…`)
    expect(excerptOf(`${"a".repeat(80)}Needle${"b".repeat(500)}`, ["needle"])).toBe(
      `${"a".repeat(80)}Needle${"b".repeat(194)}…`
    )
  })

  it("holds the first found word and never half a character, in any text", () =>
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 0, maxLength: 400, size: "max" }),
        fc.string({ unit: "grapheme", maxLength: 400, size: "max" }),
        (before, behind) => {
          const whole = `${before} Xyzzy ${behind}`.toWellFormed()
          const shown = excerptOf(whole, ["xyzzy"])
          expect(fold(shown)).toContain("xyzzy")
          expect(shown.isWellFormed()).toBe(true)
          expect([...shown].length).toBeLessThanOrEqual(EXCERPT_LENGTH + 2)
        }
      )
    ))
})
