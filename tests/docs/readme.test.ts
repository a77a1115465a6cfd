import { existsSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { manifest, root } from "../architecture/Source.ts"
import { codeBlocks, programsInPage } from "./CodeBlock.ts"
import { expectRunOf, expectTypesOf, slow, titleOf, writePrograms } from "./Programs.ts"

const path = "README.md"
const page = existsSync(`${root}${path}`) ? readFileSync(`${root}${path}`, "utf8") : ""
const programs = programsInPage(path, page)
const folder = writePrograms("readme", programs)

const isShell = (language: string): boolean => language === "sh" || language === "bash"
const commands = codeBlocks(page).flatMap(({ language, code }) => (isShell(language) ? code.split("\n") : []))

describe("README", () => {
  it("has a program to run", () => {
    expect(programs.length).toBeGreaterThan(0)
  })

  it("holds programs with right types", { timeout: slow }, () => {
    if (programs.length > 0) expectTypesOf(folder)
  })

  it.each(programs.map((program) => ({ title: titleOf(program), program })))(
    "$title runs and prints what stands below it",
    { timeout: slow },
    ({ program }) => expectRunOf(folder, program)
  )

  it("names only scripts that exist", () => {
    const named = commands.flatMap((line) =>
      [...line.matchAll(/npm run (?:-\S+ )*([\w:-]+)/g)].map((found) => found[1])
    )
    expect(named.filter((name) => name === undefined || manifest.scripts[name] === undefined)).toEqual([])
  })
})
