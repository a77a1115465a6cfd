import { describe, expect, it } from "vitest"
import { run } from "./Run.ts"

describe("the simulator's script", () => {
  it("says what it tried, and that every rule held", () => {
    const { err, out, status } = run("10-simulate", "--seed", "1", "--runs", "5")
    expect(err).toBe("")
    expect(out).toMatch(/^5 histories, \d+ actions, \d+ events; faults that struck:$/m)
    expect(out).toMatch(/^ {2}Crash +\d+$/m)
    expect(out).toContain("Every rule held.")
    expect(status).toBe(0)
  }, 60_000)

  it("refuses a number of runs that is none", () => {
    expect(run("10-simulate", "--runs", "none").status).toBe(1)
  }, 60_000)
})
