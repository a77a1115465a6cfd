import { describe, expect, it } from "vitest"
import { run } from "./Run.ts"

describe("what if", () => {
  it("compares what happened with each mode, on the bundled log, and prints JSON for machines (C1, C3)", () => {
    const { err, out, status } = run("08-what-if", "--json")
    expect(err).toBe("")
    expect(status).toBe(0)
    const reports = JSON.parse(out)
    expect(Object.keys(reports)).toEqual(["happened", "broadcast", "hybrid", "assigned"])
    expect(reports.happened.chats).toEqual({ asked: 9, served: 8, missed: 1 })
    expect(reports.happened.waits).toMatchObject({ median: 4_000, longest: 87_000 })
    for (const mode of ["broadcast", "hybrid", "assigned"]) {
      expect(reports[mode].chats).toEqual({ asked: 9, served: 9, missed: 0 })
      expect(reports[mode].waits).toMatchObject({ median: 4_000, longest: 4_000 })
    }
    expect(reports.assigned.offers).toEqual({ made: 9, missed: 0, declined: 0 })
    expect(reports.assigned.fairness.spread).toBeLessThan(reports.broadcast.fairness.spread)
  })

  it("prints a table for people", () => {
    const { out } = run("08-what-if", "--limit", "none")
    expect(out).toMatch(/^ +happened +broadcast +hybrid +assigned$/m)
    expect(out).toMatch(/^served +8 +9 +9 +9$/m)
    expect(out).toMatch(/^agent 200 +4, 7 min/m)
  })

  it("fails with a status of its own where a file is missing", () => {
    const { err, status } = run("08-what-if", "--chats", "/nowhere.jsonl")
    expect(err).toContain("/nowhere.jsonl")
    expect(status).toBe(1)
  })
})
