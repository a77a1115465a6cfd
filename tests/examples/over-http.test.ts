import { spawnSync } from "node:child_process"
import { describe, expect, it } from "vitest"
import { run } from "./Run.ts"

const story = `a server runs, with tokens for trying it out
Zoe asked for a chat, and wrote, with curl
Ada answered, and reads: Do you deliver to Berlin?
beside the chat the panel says CanCreateLead
a lead was made; olga owns it: TopmostManager
asked again, the server refuses: AlreadyCreated
Zoe can still read it: Do you deliver to Berlin? / We do! What may it be?
in the lead's feed: 1 chat, Complete
`

describe("a chat over HTTP", () => {
  // the only example that takes more than Node: its visitor has curl
  it.skipIf(spawnSync("curl", ["--version"]).status !== 0)(
    "goes from curl to the lead's feed (C2, D8, E1, E3, H1)",
    { timeout: 60_000 },
    () => {
      const { err, out, status } = run("04-over-http")
      expect([err, status]).toEqual(["", 0])
      expect(out).toBe(story)
    }
  )
})
