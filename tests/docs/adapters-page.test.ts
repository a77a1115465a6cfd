import { readFileSync } from "node:fs"
import { Laws } from "leadline/testing"
import { describe, expect, it } from "vitest"
import { root } from "../architecture/Source.ts"
import { run } from "../examples/Run.ts"
import { codeBlocks, programsInPage } from "./CodeBlock.ts"
import { expectRunOf, expectTypesOf, slow, titleOf, writePrograms } from "./Programs.ts"

const path = "adapters/README.md"
const page = readFileSync(`${root}${path}`, "utf8")
const programs = programsInPage(path, page)
const folder = writePrograms("adapters", programs)

const named = new Set([...page.matchAll(/`((?:store|desk)\.\w+\.\w+)`/g)].map(([, id]) => id))
const lawsOf = (suite: { readonly laws: ReadonlyArray<{ readonly id: string }> }) => suite.laws.map(({ id }) => id)

describe("the page for adapters' authors", () => {
  it("holds a program with right types", { timeout: slow }, () => expectTypesOf(folder))

  it.each(programs.map((program) => ({ title: titleOf(program), program })))(
    "$title runs, and keeps every law",
    { timeout: slow },
    ({ program }) => expectRunOf(folder, program)
  )

  it("names every law of the stores, and no other", () => {
    expect([...named].toSorted()).toEqual([...new Set(lawsOf(Laws.deskStore))].toSorted())
  })

  it("shows what a broken law really prints", { timeout: slow }, () => {
    const shown = codeBlocks(page).at(-1)?.code ?? ""
    expect(shown).toMatch(/is broken/)
    expect(run("05-own-adapter").out).toContain(shown)
  })
})
