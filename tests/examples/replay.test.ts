import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { run } from "./Run.ts"

const data = new URL("../../examples/02-replay/data/", import.meta.url)
const bundled = readFileSync(new URL("chats.jsonl", data), "utf8").trimEnd().split("\n")

/** Worked out by hand from the bundled log and CRM. */
const expected = {
  chats: 10,
  served: 8,
  missed: 1,
  offlineMessages: 1,
  messages: 18,
  panels: { "Record:person": 1, "Record:company": 1, "Record:lead": 2, CanCreateLead: 3, NeedsEmail: 1 },
  leadsCreated: 3,
  leadsByOwner: { "2": 2, "3": 1 },
  notesByOwner: { "2": 2, "3": 1 },
  noteNotificationsByOwner: { "2": 1, "3": 1 },
  phoneEdits: 2,
  chatEntriesInFeeds: { lead: 5, person: 1, company: 2, deal: 1 }
}

const logOf = (lines: ReadonlyArray<string>): string => {
  const folder = mkdtempSync(join(tmpdir(), "leadline-replay-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, "chats.jsonl")
  writeFileSync(file, lines.join("\n"))
  return file
}

describe("the replay", () => {
  it("gives, on the bundled log, what the rules give by hand (A1, A3, D4, E1, E5, F2, G3, H2)", () => {
    const { err, out, status } = run("02-replay", "--json")
    expect(err).toBe("")
    expect(JSON.parse(out)).toEqual(expected)
    expect(status).toBe(0)
  })

  it("keeps the expected answer beside the data", () => {
    expect(JSON.parse(readFileSync(new URL("expected.json", data), "utf8"))).toEqual(expected)
  })

  it("prints a summary for people", () => {
    expect(run("02-replay").out).toContain("chats              10 (8 served, 1 missed, 1 offline messages)")
  })

  it("reports a malformed line with its number and field, replays the rest, and says so by its exit status", () => {
    const bad = JSON.stringify({ ...JSON.parse(bundled[0] ?? ""), id: "other", timestamp: "yesterday" })
    const { err, out, status } = run("02-replay", "--json", "--chats", logOf([bad, ...bundled, "{ broken", ""]))
    expect(JSON.parse(out)).toEqual(expected)
    expect(err).toMatch(/:1 timestamp: /)
    expect(err).toMatch(/:12 \(line\): /)
    expect(status).toBe(2)
  })

  it("gives the same answer whatever the order of the lines", () => {
    expect(JSON.parse(run("02-replay", "--json", "--chats", logOf([...bundled].reverse())).out)).toEqual(expected)
  })

  it("fails with a status of its own where a file is missing", () => {
    const { err, status } = run("02-replay", "--chats", "/nowhere.jsonl")
    expect(err).toContain("/nowhere.jsonl")
    expect(status).toBe(1)
  })
})
