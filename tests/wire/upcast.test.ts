import { Result } from "effect"
import fc from "fast-check"
import { Upcast } from "leadline/wire"
import { describe, expect, it } from "vitest"

/** Leaves its mark, so that order and number of the steps show. */
const marking = (from: number): Upcast.Upcaster => ({
  from,
  lift: (envelope) => ({ ...envelope, marks: `${String(envelope.marks ?? "")}${from}>` })
})

const steps = (count: number) => Array.from({ length: count }, (_, index) => marking(index + 1))

const unreadable = (problem: string) => Result.fail({ _tag: "Unreadable", problem })

describe("lifting a stored event", () => {
  it("applies each upcaster from its version on, once, in order of version (K5)", () => {
    const version = fc.integer({ min: 1, max: 6 })
    const inAnyOrder = fc.shuffledSubarray(steps(6), { minLength: 6 })
    fc.assert(
      fc.property(version, version, inAnyOrder, (a, b, upcasters) => {
        const [version, current] = [Math.min(a, b), Math.max(a, b)]
        const path = steps(6).slice(version - 1, current - 1)
        const marks = path.map(({ from }) => `${from}>`).join("")
        const expected = { id: "e", schemaVersion: current, ...(marks === "" ? {} : { marks }) }
        expect(Upcast.upcast({ id: "e", schemaVersion: version }, upcasters, current)).toEqual(Result.succeed(expected))
      })
    )
  })

  it("counts the version itself, whatever an upcaster writes there (K5)", () => {
    const careless: Upcast.Upcaster = { from: 1, lift: (envelope) => ({ ...envelope, schemaVersion: 9 }) }
    expect(Upcast.upcast({ schemaVersion: 1 }, [careless], 2)).toEqual(Result.succeed({ schemaVersion: 2 }))
  })

  it("shows an upcaster the version it lifts from (K5)", () => {
    const seen: Array<unknown> = []
    const watching = (from: number): Upcast.Upcaster => ({
      from,
      lift: (envelope) => {
        seen.push(envelope.schemaVersion)
        return { ...envelope }
      }
    })
    Upcast.upcast({ schemaVersion: 1 }, [watching(1), watching(2)], 3)
    expect(seen).toEqual([1, 2])
  })

  it("refuses a newer version, and one to which a step is missing (K5)", () => {
    expect(Upcast.upcast({ schemaVersion: 4 }, steps(2), 3)).toEqual(
      unreadable("schemaVersion 4: this release reads up to 3")
    )
    expect(Upcast.upcast({ schemaVersion: 0 }, steps(2), 3)).toEqual(
      unreadable("schemaVersion 0: this release reads up to 3")
    )
    expect(Upcast.upcast({ schemaVersion: 1.5 }, steps(2), 3)).toMatchObject({ failure: { _tag: "Unreadable" } })
    expect(Upcast.upcast({ schemaVersion: Number.NaN }, [], 3)).toMatchObject({ failure: { _tag: "Unreadable" } })
  })

  it("refuses what is no envelope, or has no version (K5)", () => {
    for (const json of [null, undefined, 1, "{}"])
      expect(Upcast.upcast(json, [], 1)).toEqual(unreadable("not an object"))
    for (const json of [{}, [], { schemaVersion: "1" }, { schemaVersion: null }]) {
      expect(Upcast.upcast(json, [], 1)).toEqual(unreadable("no schemaVersion"))
    }
  })

  it("leaves what was stored as it is (K5)", () => {
    const stored = Object.freeze({ schemaVersion: 1, marks: "" })
    Upcast.upcast(stored, steps(3), 3)
    expect(stored).toEqual({ schemaVersion: 1, marks: "" })
  })
})
