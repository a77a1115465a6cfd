import { Effect } from "effect"
import fc from "fast-check"
import { layer as memory } from "leadline/memory"
import { History, Invention, Report, Shortening, Simulation, Simulator } from "leadline/testing/simulator"
import { describe, expect, it } from "vitest"

const ports = () => memory()

describe("the simulator", () => {
  it("finds every rule kept in 40 histories, in which every kind of fault struck (H8, K1, K2, G4, B6, C7, C8)", async () => {
    const tried = await Effect.runPromise(Simulator.simulate({ seed: 1, runs: 40, ports }))
    expect(Report.lines(tried).at(-1)).toBe("Every rule held.")
    expect(tried.histories).toBe(40)
    expect(tried.actions).toBeGreaterThan(2_000)
    expect([...tried.struck].filter(([, times]) => times === 0)).toEqual([])
  }, 60_000)

  it("plays the same history the same way", async () => {
    const plays = [1, 2].map(() => Effect.runPromise(Simulation.play(Invention.history(7), ports)))
    const [first, again] = await Promise.all(plays)
    expect(again).toEqual(first)
    expect(first?.events).toBeGreaterThan(30)
  })

  it("invents the same of a seed, and another of another", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const history = Invention.history(seed)
        expect(Invention.history(seed)).toEqual(history)
        expect(Invention.history(seed + 1).steps).not.toEqual(history.steps)
        expect(history.steps.map(({ at }) => at)).toEqual(history.steps.map(({ at }) => at).toSorted((a, b) => a - b))
        expect(new Set(history.steps.map(({ id }) => id)).size).toBe(history.steps.length)
        expect(History.lines(history).length).toBeGreaterThan(history.steps.length)
      }),
      { numRuns: 50 }
    )
  })
})

describe("shortening", () => {
  it("leaves exactly the steps that a failure needs, whichever they are", () => {
    const history = Invention.history(1)
    const ids = history.steps.map(({ id }) => id)
    fc.assert(
      fc.property(fc.subarray(ids, { minLength: 1, maxLength: 4 }), (needed) => {
        const fails = (one: History.History) =>
          Effect.sync(() => needed.every((id) => one.steps.some((step) => step.id === id)))
        const { steps } = Effect.runSync(Shortening.shorten(history, fails, 5_000))
        expect(steps.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(needed.toSorted((a, b) => a - b))
      }),
      { numRuns: 50 }
    )
  })

  it("asks no more often than it is allowed", () => {
    let asked = 0
    const fails = () => Effect.sync(() => ++asked % 7 === 0)
    Effect.runSync(Shortening.shorten(Invention.history(2), fails, 10))
    expect(asked).toBe(10)
  })
})
