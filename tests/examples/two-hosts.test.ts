import { describe, expect, it } from "vitest"
import { run } from "./Run.ts"

const story = [
  "ChatRequested",
  "Zoe: Do you deliver to Berlin?",
  "ChatAnswered",
  "Ada: We do! What may it be?",
  "Zoe: Forty chairs, please.",
  "ChatClosed"
]

const seenBy = (host: string, out: string): ReadonlyArray<string> =>
  out.split("\n").flatMap((line) => (line.startsWith(host) ? [line.split(" sees ")[1] ?? ""] : []))

describe("two hosts on one database", () => {
  // brings a server of its own, as for users
  it("see the same chat, which a visitor asked for in one and an agent answered in the other", {
    timeout: 60_000
  }, () => {
    const { err, out, status } = run("03-two-hosts")
    expect(err).toBe("")
    expect(status).toBe(0)
    // Zoe may have written before Ada answered, or after
    for (const host of ["website", "desk"]) expect([...seenBy(host, out)].sort()).toEqual([...story].sort())
    expect(seenBy("website", out)).toEqual(seenBy("desk", out))
    expect(out).toContain("both saw the same chat, in the same order")
  })
})
