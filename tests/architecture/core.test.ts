import { writeFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { emptyFolder, runTsc } from "./Run.ts"
import { root } from "./Source.ts"

const slow = 120_000

/** Type-checks one file with the core's own options. */
const compileAsCore = (name: string, text: string): ReturnType<typeof runTsc> => {
  const folder = emptyFolder(`core/${name}`)
  writeFileSync(
    `${root}${folder}/tsconfig.json`,
    JSON.stringify({ extends: "../../../../src/tsconfig.json", include: ["."], exclude: [] })
  )
  writeFileSync(`${root}${folder}/Planted.ts`, text)
  return runTsc("-p", folder)
}

describe("the core", () => {
  it("compiles without the types of Node and DOM", { timeout: slow }, () => {
    const { status, output } = runTsc("-p", "src/tsconfig.json")
    expect(status, output).toBe(0)
  })

  it.each([
    ["process", "export const a = process.argv"],
    ["fetch", `export const a = fetch("x")`],
    ["Buffer", `export const a = Buffer.from("x")`],
    ["setTimeout", "setTimeout(() => 1, 1)"],
    ["console", `console.log("x")`]
  ])("does not know %s", { timeout: slow }, (name, text) => {
    const { status, output } = compileAsCore(name, text)
    expect(status).not.toBe(0)
    expect(output).toMatch(new RegExp(`Planted\\.ts.*Cannot find name '${name}'`))
  })

  it("knows ECMAScript and Effect", { timeout: slow }, () => {
    const text = `import { Option } from "effect"\nexport const a = Option.some([1].toSorted())`
    expect(compileAsCore("innocent", text)).toEqual({ status: 0, output: "" })
  })
})
