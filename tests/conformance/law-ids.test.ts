import { readFileSync } from "node:fs"
import { glob } from "node:fs/promises"
import { Laws } from "leadline/testing"
import { describe, expect, it } from "vitest"
import { ruleIds } from "../architecture/SpecificationRules.ts"

const root = new URL("../../", import.meta.url)

/** `store.commit.conflict`: a port, a member, what the law says of it. */
const lawId = /`([a-zA-Z]+\.[a-zA-Z]+\.[a-zA-Z]+)`/g

const idsInPorts = async (): Promise<ReadonlyArray<string>> => {
  const ids = new Set<string>()
  for await (const path of glob("src/ports/*.ts", { cwd: root })) {
    for (const [, id] of readFileSync(new URL(path, root), "utf8").matchAll(lawId)) if (id !== undefined) ids.add(id)
  }
  return [...ids].sort()
}

const suites = Object.values(Laws)
const laws = suites.flatMap(
  (suite): ReadonlyArray<{ readonly id: string; readonly rules: ReadonlyArray<string> }> => suite.laws
)

describe("the laws", () => {
  it("are those that the ports' documentation names, and no others", async () => {
    const named = await idsInPorts()
    expect(named.length).toBeGreaterThan(100)
    expect([...new Set(laws.map(({ id }) => id))].sort()).toEqual(named)
  })

  it.each(suites.map((suite) => [suite.port, suite.laws.map(({ id }) => id)] as const))(
    "of %s have an id each",
    (_, ids) => {
      expect(ids.filter((id, n) => ids.indexOf(id) !== n)).toEqual([])
    }
  )

  it("cite rules that there are", () => {
    expect(laws.flatMap(({ rules }) => rules).filter((rule) => !ruleIds.includes(rule))).toEqual([])
    expect(laws.filter(({ rules }) => rules.length === 0)).toEqual([])
  })
})
