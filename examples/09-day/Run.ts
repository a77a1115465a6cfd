import { parseArgs } from "node:util"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { layer as memory } from "leadline/memory"
import { OwnCrm } from "leadline/use-cases"
import { countedIds } from "../01-walking-flow/Cast.ts"
import { progress } from "../02-replay/Progress.ts"
import type { Size } from "./Company.ts"
import { playDay } from "./Day.ts"
import { checkFeeds } from "./Feeds.ts"
import { type Figures, figuresOf, table } from "./Figures.ts"
import { Observer } from "./Invariants.ts"

/** One day of a large account, on a virtual clock: `--agents`, `--departments`, `--chats`, `--seed`, `--json`. */
export const run = Effect.fnUntraced(function* (args: ReadonlyArray<string>) {
  const number = (name: string, text: string) => {
    const value = Number(text)
    return Number.isInteger(value) && value > 0
      ? Effect.succeed(value)
      : Effect.fail(`--${name} ${text}: a number from 1`)
  }
  const { values } = parseArgs({
    args: [...args],
    options: {
      day: { type: "boolean", default: false },
      agents: { type: "string", default: "200" },
      departments: { type: "string", default: "20" },
      chats: { type: "string", default: "10000" },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false }
    }
  })
  const size = {
    agents: yield* number("agents", values.agents),
    departments: yield* number("departments", values.departments),
    chats: yield* number("chats", values.chats)
  }
  const started = performance.now()
  const bar = progress(size.chats, "chats ended")
  const layers = Layer.mergeAll(OwnCrm.layer.pipe(Layer.provideMerge(memory())), countedIds, TestClock.layer())
  yield* Effect.gen(function* () {
    const day = yield* playDay(size, yield* number("seed", values.seed), bar.advance)
    bar.end()
    const observer = new Observer(day.agents)
    let commit: number | null = null
    for (const entry of day.log) {
      if (commit !== null && entry.event.at !== commit) observer.settled()
      commit = entry.event.at
      observer.see(entry)
    }
    observer.end()
    yield* checkFeeds(observer)
    const seconds = (performance.now() - started) / 1_000
    const figures = figuresOf(day.log, observer.chats.values(), observer.desks.values())
    if (values.json)
      console.log(JSON.stringify({ ...size, ...figures, breaches: Object.fromEntries(observer.breaches) }))
    else print(size, figures, seconds, observer)
    if ([...observer.breaches.values()].some((found) => found.length > 0)) process.exitCode = 1
  }).pipe(Effect.provide(layers))
})

const print = (size: Size, figures: Figures, seconds: number, { breaches }: Observer): void => {
  console.log(`\nOne day: ${size.agents} agents, ${size.departments} departments, assigned routing\n`)
  console.log(table(figures, seconds))
  console.log("\nWhat held, event by event:\n")
  for (const [rule, found] of breaches) {
    console.log(found.length === 0 ? `  ✓ ${rule}` : `  ✗ ${rule}: ${found.length} times, first: ${found[0]}`)
  }
}
