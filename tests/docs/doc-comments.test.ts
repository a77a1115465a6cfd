import { describe, expect, it } from "vitest"
import { parseSource, readSources } from "../architecture/Source.ts"
import { codeBlocks, programsInComments, programsInPage } from "./CodeBlock.ts"
import { expectRunOf, expectTypesOf, slow, titleOf, writePrograms } from "./Programs.ts"

const programs = readSources("{src,adapters}/**/*.ts").flatMap(programsInComments)
const folder = writePrograms("comments", programs)

describe("examples in doc comments", () => {
  it("have right types", { timeout: slow }, () => expectTypesOf(folder))

  it.each(programs.map((program) => ({ title: titleOf(program), program })))(
    "$title runs and prints what its comments say",
    { timeout: slow },
    ({ program }) => expectRunOf(folder, program)
  )
})

describe("finding programs", () => {
  const fence = "```"

  it("pairs a program with the output right after it", () => {
    const page = `# A\n${fence}ts\nconsole.log(1)\n${fence}\nprints\n${fence}text\n1\n${fence}\n${fence}ts\nlet b\n${fence}\n`
    expect(programsInPage("A.md", page)).toEqual([
      { path: "A.md", line: 2, code: "console.log(1)", prints: "1" },
      { path: "A.md", line: 9, code: "let b", prints: undefined }
    ])
  })

  it("keeps the indentation inside a block", () => {
    expect(codeBlocks(`  ${fence}ts\n  if (a) {\n    b()\n  }\n  ${fence}`)[0]?.code).toBe("if (a) {\n  b()\n}")
  })

  it("takes only what stands under @example, with its line and its promises", () => {
    const inComment = [
      "const a = 1",
      "/**",
      " * Not this:",
      ` * ${fence}ts`,
      " * not()",
      ` * ${fence}`,
      " * @example",
      ` * ${fence}ts`,
      " * console.log([1, 2].length) // => 2",
      ` * ${fence}`,
      " */"
    ].join("\n")
    expect(programsInComments(parseSource("src/A.ts", inComment))).toEqual([
      { path: "src/A.ts", line: 8, code: "console.log([1, 2].length) // => 2", prints: "2" }
    ])
  })

  it("fails for a program that prints something else, ends badly, or has wrong types", { timeout: slow }, () => {
    const program = { path: "A.md", line: 1, code: `console.log("a")`, prints: "b" }
    const throwing = { path: "A.md", line: 2, code: `throw new Error("x")`, prints: undefined }
    const wrong = { path: "A.md", line: 3, code: `const a: number = "a"`, prints: undefined }
    const planted = writePrograms("planted", [program, throwing, wrong])
    expect(() => expectRunOf(planted, program)).toThrow()
    expect(() => expectRunOf(planted, throwing)).toThrow()
    expect(() => expectTypesOf(planted)).toThrow(/A\.md-3\.ts/)
    expect(() => expectRunOf(planted, { ...program, prints: "a" })).not.toThrow()
  })
})
