import { describe, expect, it } from "vitest"
import { parseSource, readSources } from "./Source.ts"
import { citationsIn, ruleIds } from "./SpecificationRules.ts"
import { stillToCome } from "./still-to-come.ts"

const citations = readSources("tests/**/*.test.ts")
  .filter(({ path }) => path !== "tests/architecture/rules.test.ts")
  .flatMap(citationsIn)

const cited = new Set(citations.map(({ id }) => id))

describe("the specification's rules", () => {
  it("are each cited by a test title, or listed as still to come", () => {
    expect(ruleIds.filter((id) => !cited.has(id))).toEqual(stillToCome)
  })

  it("are the only ids that test titles cite", () => {
    const unknown = citations.filter(({ id }) => !ruleIds.includes(id))
    expect(unknown.map(({ id, path, title }) => `${path}: ${id} in "${title}"`)).toEqual([])
  })
})

describe("collecting citations", () => {
  const idsIn = (text: string): ReadonlyArray<string> =>
    citationsIn(parseSource("tests/a.test.ts", text)).map(({ id }) => id)

  it.each([
    [`it("refuses a second answer (C8)", () => {})`, ["C8"]],
    [`test("D7: numbers messages", () => {})`, ["D7"]],
    [`describe("feeds (H4, H5)", () => {})`, ["H4", "H5"]],
    [`it.effect("one key (A1)", () => effect)`, ["A1"]],
    [`it.effect.prop("fair (F3)", { pool }, () => effect)`, ["F3"]],
    [`it.each(rows)("%s is refused (D10)", () => {})`, ["D10"]],
    [`it.layer(layer)("remembers (K1)", (it) => {})`, ["K1"]],
    ["it(`ends by $" + "{path} (D2)`, () => {})", ["D2"]],
    [`it.skip("later (B1)", () => {})`, []],
    [`it.todo("later (B1)")`, []],
    [`expect("(B1)").toBe(1)`, []],
    [`it("speaks E164 and (Z9)", () => {})`, []]
  ])("finds in %s: %j", (text, ids) => {
    expect(idsIn(text)).toEqual(ids)
  })
})
