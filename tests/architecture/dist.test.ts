import { existsSync, readFileSync, statSync } from "node:fs"
import { posix } from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import { emptyFolder, runNode, runTsc } from "./Run.ts"
import { manifest, parseSource, root } from "./Source.ts"

/** What each entry's JavaScript may import besides `effect`, and how many bytes it may bring, chunks included. */
const budgets: Record<string, { readonly bytes: number; readonly imports: ReadonlyArray<string> }> = {
  ".": { bytes: 250_000, imports: ["date-fns", "tr46", "libphonenumber-js", "@noble/hashes"] },
  "./ports": { bytes: 150_000, imports: ["date-fns", "tr46", "libphonenumber-js", "@noble/hashes"] },
  "./use-cases": { bytes: 550_000, imports: ["date-fns", "tr46", "libphonenumber-js", "@noble/hashes", "nanoid"] },
  "./wire": { bytes: 250_000, imports: ["date-fns", "tr46", "libphonenumber-js", "@noble/hashes"] },
  "./testing": { bytes: 500_000, imports: ["date-fns", "tr46", "libphonenumber-js", "@noble/hashes", "fast-check"] },
  "./testing/vitest": {
    bytes: 500_000,
    imports: ["date-fns", "tr46", "libphonenumber-js", "@noble/hashes", "fast-check", "vitest"]
  },
  "./testing/simulator": {
    bytes: 800_000,
    imports: ["date-fns", "tr46", "libphonenumber-js", "@noble/hashes", "nanoid"]
  },
  "./memory": { bytes: 150_000, imports: ["leadline"] },
  "./postgres": { bytes: 150_000, imports: ["leadline", "nanoid", "@effect/sql-pg", "node:"] },
  "./pglite": { bytes: 20_000, imports: ["leadline", "@effect/sql-pg", "@electric-sql/pglite", "node:"] },
  "./http": { bytes: 150_000, imports: ["leadline"] },
  "./http/server": { bytes: 300_000, imports: ["leadline", "jose", "nanoid"] },
  "./http/node": { bytes: 20_000, imports: ["leadline", "@effect/platform-node", "node:"] },
  "./http/client": { bytes: 100_000, imports: ["leadline"] }
}

/** Where this test builds; the repository's own dist stays as it is. */
const folder = "tests/.cache/dist"

const built = (path: string): string => path.replace(/^\.\/dist\//, `${folder}/`)

const entries = Object.entries(manifest.exports).flatMap(([name, entry]) =>
  typeof entry === "string" ? [] : [{ name, script: built(entry.default), types: built(entry.types) }]
)

/** All of Node's own modules are one: `node:`. */
const packageOf = (specifier: string): string => specifier.match(/^(node:|(@[^/]+\/)?[^/]+)/)?.[0] ?? specifier

/** The files of an entry and the packages that they import. */
const closure = (script: string): { readonly files: ReadonlySet<string>; readonly packages: ReadonlySet<string> } => {
  const files = new Set<string>()
  const packages = new Set<string>()
  const visit = (path: string): void => {
    if (files.has(path)) return
    files.add(path)
    for (const { specifier } of parseSource(path, readFileSync(`${root}${path}`, "utf8")).imports) {
      if (specifier.startsWith(".")) visit(posix.join(posix.dirname(path), specifier))
      else packages.add(packageOf(specifier))
    }
  }
  visit(script)
  return { files, packages }
}

beforeAll(() => {
  emptyFolder("dist")
  const script = runNode("node_modules/tsup/dist/cli-default.js", "--out-dir", folder, "--silent")
  expect(script.status, script.output).toBe(0)
  const types = runTsc("-p", "src/tsconfig.build.json", "--outDir", folder)
  expect(types.status, types.output).toBe(0)
}, 180_000)

describe("the package", () => {
  it("has a budget for every entry point", () => {
    expect(Object.keys(budgets)).toEqual(entries.map(({ name }) => name))
  })

  it("declares what it may import", () => {
    const declared = [
      "leadline",
      "node:",
      ...Object.keys(manifest.dependencies),
      ...Object.keys(manifest.peerDependencies)
    ]
    expect(Object.values(budgets).flatMap(({ imports }) => imports.filter((name) => !declared.includes(name)))).toEqual(
      []
    )
  })
})

describe.each(entries)("entry $name", ({ name, script, types }) => {
  const budget = budgets[name] ?? { bytes: 0, imports: [] }

  it("has its JavaScript and its declarations where package.json says", () => {
    expect([script, types].filter((path) => !existsSync(`${root}${path}`))).toEqual([])
  })

  it("imports only what it may", () => {
    const allowed = ["effect", ...budget.imports]
    expect([...closure(script).packages].filter((found) => !allowed.includes(found))).toEqual([])
  })

  it("bundles nothing foreign", () => {
    for (const path of closure(script).files) {
      const map = JSON.parse(readFileSync(`${root}${path}.map`, "utf8")) as { readonly sources: ReadonlyArray<string> }
      const origins = map.sources.map((source) => posix.join(posix.dirname(path), source))
      expect(origins.filter((origin) => !/^(src|adapters)\//.test(origin))).toEqual([])
    }
  })

  it("stays within its size", () => {
    const bytes = [...closure(script).files].reduce((sum, path) => sum + statSync(`${root}${path}`).size, 0)
    expect(bytes).toBeLessThanOrEqual(budget.bytes)
  })
})
