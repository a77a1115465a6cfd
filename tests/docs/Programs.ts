import { writeFileSync } from "node:fs"
import { expect } from "vitest"
import { emptyFolder, runNode, runTsc } from "../architecture/Run.ts"
import { root } from "../architecture/Source.ts"
import type { Program } from "./CodeBlock.ts"

export const slow = 120_000

export const titleOf = ({ path, line }: Program): string => `${path}:${line}`

/** A program's file. Its name tells where the program stands: `README.md:40` is `README.md-40.ts`. */
const fileOf = ({ path, line }: Program): string => `${path.replaceAll("/", "-").replace(/\.ts$/, "")}-${line}.ts`

const options = {
  extends: "../../../../tsconfig.json",
  compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
  include: ["."],
  exclude: []
}

/** Writes the programs to a folder of their own inside the package, so that they import it by its name. */
export const writePrograms = (name: string, programs: ReadonlyArray<Program>): string => {
  const folder = emptyFolder(`docs/${name}`)
  writeFileSync(`${root}${folder}/tsconfig.json`, JSON.stringify(options))
  for (const program of programs) {
    // a program without imports is a module as well, so that it may await
    writeFileSync(`${root}${folder}/${fileOf(program)}`, `${program.code}\nexport {}\n`)
  }
  return folder
}

/** Type-checks all programs of a folder at once. Line n of a program is line n of its block. */
export const expectTypesOf = (folder: string): void => {
  const { status, output } = runTsc("-p", folder)
  expect(status, output).toBe(0)
}

const tidy = (text: string): string => text.trimEnd().replace(/[ \t]+$/gm, "")

/** Runs a program; it must end well and print what the document says, if the document says anything. */
export const expectRunOf = (folder: string, program: Program): void => {
  const { status, output } = runNode("--conditions=leadline-source", `${folder}/${fileOf(program)}`)
  expect(status, output).toBe(0)
  if (program.prints !== undefined) expect(tidy(output)).toBe(tidy(program.prints))
}
