/**
 * The simulator: the whole system in one process, on a virtual clock, in an order that a seed decides, with everything
 * going wrong that can; then a look whether anything was lost, doubled or forgotten.
 *
 * ```ts
 * const report = yield* Simulator.simulate({ seed: 1, runs: 100, ports: () => myLayer })
 * ```
 *
 * The same seed is the same history, with the same adapters event by event. On a failure the report has the seed and the
 * shortest history found that still fails. Everything is played by the use cases themselves, at several hosts; the fault
 * doubles around each host are those of `leadline/testing` (`Around`, `Doubles`).
 *
 * `ports` builds adapters that start empty; with a database: another schema, or another one, each time.
 *
 * @module
 */
export * as ForeignCrm from "./ForeignCrm.ts"
export * as History from "./History.ts"
export * as Invention from "./Invention.ts"
export * as Report from "./Report.ts"
export * as Shortening from "./Shortening.ts"
export * as Simulation from "./Simulation.ts"
export * as Simulator from "./Simulator.ts"
