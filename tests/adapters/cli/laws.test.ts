import { describe, expect, it } from "vitest"
import { runNode } from "../../architecture/Run.ts"

const leadline = (...given: ReadonlyArray<string>) =>
  runNode("--conditions=leadline-source", "adapters/cli/main.ts", ...given)

describe("leadline laws", () => {
  it("prints every law of the ports that a file exports, and ends well where they hold (K2)", {
    timeout: 60_000
  }, () => {
    const { output, status } = leadline("laws", "./tests/adapters/cli/GoodAdapter.ts", "--runs", "3")
    expect(status, output).toBe(0)
    expect(output).toMatch(/^ {2}holds {3}store\.commit\.oneWinner +of many who commit/m)
    expect(output).toMatch(/^ {2}- {7}store\.erase\.unsupported +does not apply: it declares erase$/m)
    expect(output).toMatch(/^SettingsStore: \d+ hold, 0 broken, 2 do not apply$/m)
    expect(output).toMatch(/^Signals: \d+ hold, 0 broken, 0 do not apply$/m)
  })

  it("prints of a broken law the sentence, the shortest script, expected, got, and the seed; and ends with 1", {
    timeout: 60_000
  }, () => {
    const { output, status } = leadline("laws", "./tests/adapters/cli/BrokenAdapter.ts", "--seed", "7", "--runs", "5")
    expect(status, output).toBe(1)
    expect(output).toMatch(/^ {2}BROKEN {2}store\.log\.order/m)
    const model = output.slice(output.indexOf("store.model.agrees is broken:")).split("\n\n")[0]?.split("\n") ?? []
    expect(model[0]).toContain("a store does what plain maps and a list do")
    // one event is enough to see it
    expect(model.filter((line) => /^ {2}\d+\. /.test(line))).toEqual([
      expect.stringMatching(/^ {2}1\. commit\((ours|theirs), /)
    ])
    expect(model.slice(-3)).toEqual([
      expect.stringMatching(/^ {2}expected {2}log after 1: \[\]$/),
      expect.stringMatching(/^ {2}got {7}\[\{id: "event-0-0", position: 1\}\]$/),
      "  again     seed 7"
    ])
  })

  it.each([
    [["laws"], /one file, please/],
    [["laws", "./tests/adapters/cli/Nowhere.ts"], /cannot be loaded/],
    [["laws", "./tests/Seed.ts"], /exports no layer under a port's name/],
    [["laws", "./tests/adapters/cli/GoodAdapter.ts", "--seed", "x"], /whole numbers/],
    [["fly"], /no such command: fly/]
  ])("says what is wrong with %j, and ends with 2", { timeout: 30_000 }, (given, text) => {
    const { output, status } = leadline(...given)
    expect(output).toMatch(text)
    expect(status).toBe(2)
  })
})
