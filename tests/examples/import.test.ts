import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { run } from "./Run.ts"

const data = new URL("../../examples/02-replay/data/", import.meta.url)
const { chatEntriesInFeeds } = JSON.parse(readFileSync(new URL("expected.json", data), "utf8"))

/** The 300 chats that are not part of the package; checked where they are at hand. */
const shared = fileURLToPath(new URL("../../../shared/data/replay/", import.meta.url))

describe("the import", () => {
  it("gives every record the feed that living through the log gives, and nothing when repeated (A7, E7, H2)", () => {
    const { err, out, status } = run("07-import", "--json")
    expect(err).toBe("")
    expect(JSON.parse(out)).toEqual({
      chats: 10,
      "first:Imported": 10,
      "again:AlreadyThere": 10,
      records: expect.any(Number),
      differing: [],
      chatEntriesInFeeds
    })
    expect(status).toBe(0)
  })

  it("prints a summary for people", () => {
    expect(run("07-import").out).toMatch(/imported +10 of 10 chats\n.* 0; 10 were there\nfeeds +\d+, 0 differ/)
  })

  it.skipIf(!existsSync(shared))("does so for the shared log, where it is at hand", () => {
    const { err, out, status } = run(
      "07-import",
      "--json",
      "--chats",
      `${shared}chats.jsonl`,
      "--crm",
      `${shared}crm.json`
    )
    expect([err, status]).toEqual(["", 0])
    const expected = JSON.parse(readFileSync(`${shared}expected.json`, "utf8"))
    expect(JSON.parse(out)).toMatchObject({
      "first:Imported": expected.chats,
      differing: [],
      chatEntriesInFeeds: expected.chatEntriesInFeeds
    })
  })
})
