import { posix } from "node:path"
import { type Ring, rings } from "./Ring.ts"
import { type Import, manifest, type Source, type Violation } from "./Source.ts"

const isPackage = (specifier: string, name: string): boolean => specifier === name || specifier.startsWith(`${name}/`)

const entryPoints = Object.keys(manifest.exports).map((entry) => entry.replace(/^\./, "leadline"))

/** date-fns functions that look at the clock. */
const readsClock = /Now(Strict)?$|^is(Past|Future|Today|Tomorrow|Yesterday|This[A-Z]\w*)$|Of(Today|Tomorrow|Yesterday)$/

const relativeFault = (ring: Ring, path: string, specifier: string): string | undefined => {
  if (!specifier.endsWith(".ts")) return "a relative import carries its .ts"
  const target = posix.join(posix.dirname(path), specifier)
  if (ring.reaches.some((folder) => target.startsWith(folder))) return undefined
  const advice = ring.byName && target.startsWith("src/") ? "; import the package by its own name" : ""
  return `${ring.name} reaches only ${ring.reaches.join(", ")}${advice}`
}

const effectFault = (ring: Ring, { specifier, names }: Import): string | undefined => {
  if (ring.effect === "all") return undefined
  if (specifier !== "effect") return `${ring.name} imports by name from "effect" itself, not from its subpaths`
  const allowed = ring.effect === "stable" ? undefined : ring.effect
  const refused = names.filter((name) => name === "*" || allowed?.includes(name) === false)
  return refused.length === 0 ? undefined : `${ring.name} may not use effect's ${refused.join(", ")}`
}

const fault = (ring: Ring, path: string, from: Import): string | undefined => {
  const { specifier } = from
  if (specifier.startsWith(".")) return relativeFault(ring, path, specifier)
  if (specifier.startsWith("node:")) return ring.node ? undefined : `${ring.name} may not use Node's own modules`
  if (isPackage(specifier, "leadline")) {
    if (!ring.byName) return `${ring.name} is inside the package and imports by path`
    return entryPoints.includes(specifier) ? undefined : "no such entry point in package.json"
  }
  if (ring.packages.some((name) => isPackage(specifier, name))) {
    const clocks = ring.name.startsWith("domain/") ? from.names.filter((name) => readsClock.test(name)) : []
    return clocks.length === 0 ? undefined : `${clocks.join(", ")} reads the clock; the domain is told the time`
  }
  if (isPackage(specifier, "effect")) return effectFault(ring, from)
  return `${ring.name} may not import this package`
}

/** What a source imports against the table of rings. */
export const importViolations = (source: Source): ReadonlyArray<Violation> => {
  const ring = rings.find((candidate) => candidate.holds.test(source.path))
  if (ring === undefined) return [{ path: source.path, line: 1, message: "belongs to no ring of Ring.ts" }]
  return source.imports.flatMap((from) => {
    const message = fault(ring, source.path, from)
    return message === undefined
      ? []
      : [{ path: source.path, line: from.line, message: `"${from.specifier}": ${message}` }]
  })
}
