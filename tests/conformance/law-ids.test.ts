import { readFileSync } from "node:fs"
import { glob } from "node:fs/promises"
import { describe, expect, it } from "vitest"

const root = new URL("../../", import.meta.url)

const idsIn = async (pattern: string, find: RegExp): Promise<ReadonlyArray<string>> => {
  const ids = new Set<string>()
  for await (const path of glob(pattern, { cwd: root })) {
    for (const found of readFileSync(new URL(path, root), "utf8").matchAll(find)) if (found[1]) ids.add(found[1])
  }
  return [...ids].sort()
}

/** `desk.commit.conflict`: a port, a member, what the law says of it. */
const lawId = "[a-zA-Z]+\\.[a-zA-Z]+\\.[a-zA-Z]+"

describe("the laws", () => {
  it("are those that the ports' documentation names, and no others", async () => {
    const named = await idsIn("src/ports/*.ts", new RegExp(`\`(${lawId})\``, "g"))
    const checked = await idsIn("tests/conformance/*.ts", new RegExp(`[",] ?(${lawId})(?=[:,])`, "g"))
    expect(named.length).toBeGreaterThan(40)
    expect(checked).toEqual(named)
  })
})
