import { Effect, Layer } from "effect"
import { layer as memory } from "leadline/memory"
import { CrmStore, DeskStore } from "leadline/ports"
import { Around } from "leadline/testing"
import { Report, Simulator } from "leadline/testing/simulator"
import { describe, expect, it } from "vitest"
import { everybodyWins, forgetful } from "./BrokenStores.ts"

/** The memory adapter with a desk that somebody has meddled with. */
const withDesk = (visit: () => Around.Visit) => () =>
  Layer.effect(
    DeskStore,
    Effect.map(DeskStore, (desk) => Around.around(desk, "desk", visit()))
  ).pipe(Layer.provideMerge(memory()))

const found = (tried: Simulator.Tried) => {
  if (tried.failure === null) throw new Error("nothing was found")
  return tried.failure
}

describe("the simulator finds what is broken on purpose", () => {
  it("a store that acknowledges a message now and then without writing it (K2)", async () => {
    const ports = withDesk(() => forgetful(3))
    const tried = await Effect.runPromise(Simulator.simulate({ seed: 1, runs: 20, ports, budget: 60 }))
    const { breaches, history, shortened } = found(tried)
    expect(breaches.map(({ rule }) => rule)).toContain("nothing acknowledged is lost (K2)")
    expect(shortened.steps.length).toBeLessThan(history.steps.length / 2)
    const printed = Report.lines(tried).join("\n")
    expect(printed).toContain(`Seed ${history.seed} fails; of its ${history.steps.length} steps`)
    expect(printed).toMatch(/✗ nothing acknowledged is lost \(K2\): "line \d+" in /)
  }, 60_000)

  it("a store that lets everybody win a race (K2, D7)", async () => {
    const ports = () =>
      Layer.effect(
        DeskStore,
        Effect.map(DeskStore, (desk) => everybodyWins(desk))
      ).pipe(Layer.provideMerge(memory()))
    const tried = await Effect.runPromise(Simulator.simulate({ seed: 1, runs: 60, ports, budget: 60 }))
    const { breaches, history, shortened } = found(tried)
    expect(breaches.map(({ rule }) => rule)).toContain("events are numbered without gaps (K2)")
    expect(shortened.steps.length).toBeLessThan(history.steps.length)
  }, 60_000)

  it("a CRM that lets two make a lead of one address (E5)", async () => {
    const ports = () =>
      Layer.effect(
        CrmStore,
        Effect.map(CrmStore, (crm) => everybodyWins(crm))
      ).pipe(Layer.provideMerge(memory()))
    const tried = await Effect.runPromise(Simulator.simulate({ seed: 1, runs: 200, ports, budget: 40 }))
    expect(found(tried).breaches.map(({ rule }) => rule)).toContain("one lead per address (E5)")
  }, 60_000)
})
