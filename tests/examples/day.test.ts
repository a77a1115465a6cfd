import { describe, expect, it } from "vitest"
import { run } from "./Run.ts"

describe("a day of a large account", () => {
  it("of 200 agents, 20 departments and 10,000 chats ends with every invariant intact (B5, B6, C2, C4, C8, D7, H8)", () => {
    const { err, out, status } = run("01-walking-flow", "--day", "--json")
    expect(err).toBe("")
    const day = JSON.parse(out)
    expect(Object.values(day.breaches).flat()).toEqual([])
    expect(Object.keys(day.breaches)).toHaveLength(8)
    expect(day.asked).toBeGreaterThan(9_500)
    expect(day.served + day.missed + day.offlineMessages).toBe(day.asked)
    for (const happened of [day.offers.missed, day.offers.declined, day.offers.withdrawn, day.transfers]) {
      expect(happened).toBeGreaterThan(0)
    }
    expect(status).toBe(0)
  }, 300_000)

  it("is the same for the same seed, and another for another (C7)", () => {
    const small = ["--agents", "10", "--departments", "3", "--chats", "150", "--json"]
    const [first, again, other] = [
      run("09-day", ...small, "--seed", "7"),
      run("09-day", ...small, "--seed", "7"),
      run("09-day", ...small, "--seed", "8")
    ]
    expect(again.out).toBe(first.out)
    expect(other.out).not.toBe(first.out)
  }, 60_000)

  it("prints a table, and what held", () => {
    const { out, status } = run("09-day", "--agents", "5", "--departments", "2", "--chats", "50")
    expect(out).toContain("One day: 5 agents, 2 departments, assigned routing")
    expect(out.match(/✓/g)).toHaveLength(8)
    expect(status).toBe(0)
  }, 60_000)

  it("refuses a size that is none", () => {
    expect(run("09-day", "--agents", "none").status).toBe(1)
  }, 60_000)
})
