import { describe, expect, it } from "vitest"
import { run } from "./Run.ts"

describe("the property suite", () => {
  const { err, out, status } = run("06-property-suite", "--json")
  const outcomes = status === 0 ? JSON.parse(out) : []

  it("finds what is wrong with the first tries, and nothing with the better ones", () => {
    expect([err, status]).toEqual(["", 0])
    expect(outcomes.map(({ broken, title }: { broken: unknown; title: string }) => [title, broken !== null])).toEqual([
      ["the first greeting is one line of text", true],
      ["the better greeting is one line of text", false],
      ["the first score does not depend on spelling", true],
      ["the better score does not depend on spelling", false]
    ])
  })

  it("shows the least world that breaks each: one empty name, one address spelt two ways (A1)", () => {
    const [greeting, , score] = outcomes
    expect(greeting.broken.world).toEqual([{ name: "", greeting: "Hello !" }])
    expect(score.broken.world.visitors.length).toBe(1)
    expect(score.broken.world.lead.flat().length).toBe(1)
    expect(score.broken.shrinks).toBeGreaterThan(10)
  })

  it("prints for people, and again the same with the same seed", () => {
    const again = run("06-property-suite", "--seed", "6").out
    expect(again).toMatch(/^Worlds of seed 6/)
    expect(again).toMatch(
      /^BROKEN {2}the first greeting is one line of text\n +by world \d+, made smaller \d+ times:\n/m
    )
    expect(again).toMatch(/^ok {6}the better score does not depend on spelling \(300 worlds\)$/m)
    expect(run("06-property-suite", "--seed", "6").out).toBe(again)
  })
})
