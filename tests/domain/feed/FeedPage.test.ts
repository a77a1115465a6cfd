import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { chainOf, entriesOf, growing, nameOf, sorted, still } from "./Chain.ts"

describe("a chain of pages", () => {
  it("holds exactly once, newest first, each entry there when its first page was read, whatever is added (H4)", () => {
    fc.assert(
      fc.property(growing, (world) => {
        const shown = entriesOf(chainOf(world))
        const names = shown.map(nameOf)
        expect(names).toEqual(sorted(shown).map(nameOf))
        expect(new Set(names).size).toBe(names.length)
        const asked = new Set(world.entries.map(nameOf))
        expect(names.filter((name) => asked.has(name))).toEqual(sorted(world.entries).map(nameOf))
      }),
      { numRuns: 500 }
    )
  })

  it("fills every page but the last, goes on exactly while there is more, and says complete (H4, H5)", () => {
    fc.assert(
      fc.property(still, (world) => {
        const pages = chainOf(world)
        let left = world.entries.length
        for (const [n, { completeness, entries, next }] of pages.entries()) {
          const size = (world.readings[n] ?? world.readings.at(-1))?.pageSize ?? 0
          expect(entries.length).toBe(Math.min(size, left))
          left -= entries.length
          expect(next !== null).toBe(left > 0)
          expect(completeness).toEqual({ _tag: "Complete" })
        }
        expect(left).toBe(0)
      })
    )
  })
})
