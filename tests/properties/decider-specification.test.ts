import { Result } from "effect"
import { DeciderSpecification } from "leadline/testing"
import { describe, expect, it } from "vitest"

type Command = { readonly add: number }
type Event = { readonly added: number; readonly at?: number | null }

/** A sum up to 10. Its times are in the events, so that tests see them. */
const sum = DeciderSpecification.of({
  initial: 0,
  decide: ({ add }: Command, state: number, now): Result.Result<ReadonlyArray<Event>, { readonly tooMuch: number }> =>
    state + add > 10
      ? Result.fail({ tooMuch: state + add - 10 })
      : Result.succeed(add === 0 ? [] : [{ added: add, at: now }]),
  evolve: (state, event) => state + event.added
})

const past = sum.given({ added: 3 }, { added: 4 })

describe("given, when, then of a decider (K4)", () => {
  it("lets what holds pass", () => {
    past.when({ add: 1 }).thenHappens({ added: 1, at: 2_000 })
    past.when({ add: 4 }).thenRefuses({ tooMuch: 1 })
    past.when({ add: 0 }).thenNothing()
  })

  it("does not mind the order of fields", () => {
    past.when({ add: 1 }).thenHappens({ at: 2_000, added: 1 })
  })

  it("evolves the past and what happened; a refusal leaves the state", () => {
    expect([past.state, past.when({ add: 1 }).state, past.when({ add: 4 }).state]).toEqual([7, 8, 7])
    expect(sum.given().state).toBe(0)
  })

  it("times a command one step after the past, or as told", () => {
    expect(past.when({ add: 1 }).result).toEqual(Result.succeed([{ added: 1, at: DeciderSpecification.at(2) }]))
    expect(past.when({ add: 1 }, DeciderSpecification.at(-1)).result).toEqual(
      Result.succeed([{ added: 1, at: -1_000 }])
    )
  })

  it("fails for other events, more, fewer, absent or empty fields", () => {
    const adding = past.when({ add: 1 })
    expect(() => adding.thenHappens({ added: 2, at: 2_000 })).toThrow()
    expect(() => adding.thenHappens({ added: 1, at: 2_000 }, { added: 1, at: 2_000 })).toThrow()
    expect(() => adding.thenHappens({ added: 1 })).toThrow()
    expect(() => adding.thenHappens({ added: 1, at: null })).toThrow()
    expect(() => adding.thenHappens()).toThrow()
    expect(() => adding.thenNothing()).toThrow()
  })

  it("fails where a refusal is missing, other than expected, or unexpected", () => {
    expect(() => past.when({ add: 1 }).thenRefuses({ tooMuch: 1 })).toThrow()
    expect(() => past.when({ add: 4 }).thenRefuses({ tooMuch: 2 })).toThrow()
    expect(() => past.when({ add: 4 }).thenHappens()).toThrow()
    expect(() => past.when({ add: 4 }).thenNothing()).toThrow()
  })

  it("shows the command and the lines that differ", () => {
    const lines = [
      "{",
      '  "add": 1',
      "}",
      "decided otherwise (- expected, + found):",
      "  {",
      '    "events": [',
      "      {",
      '-       "added": 2,',
      '+       "added": 1,',
      '        "at": 2000',
      "      }",
      "    ]",
      "  }"
    ]
    expect(() => past.when({ add: 1 }).thenHappens({ added: 2, at: 2_000 })).toThrow(new Error(lines.join("\n")))
  })
})
