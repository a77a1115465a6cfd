import { parseArgs } from "node:util"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { layer as memory } from "leadline/memory"
import { OwnCrm } from "leadline/use-cases"
import { progress } from "../02-replay/Progress.ts"
import { playDay } from "./Day.ts"

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
  const layers = Layer.mergeAll(OwnCrm.layer.pipe(Layer.provideMerge(memory())), TestClock.layer())
  yield* Effect.gen(function* () {
    const day = yield* playDay(size, yield* number("seed", values.seed), bar.advance)
    bar.end()
    const tags = new Map<string, number>()
    for (const { event } of day.log) tags.set(event.payload._tag, (tags.get(event.payload._tag) ?? 0) + 1)
    console.log(Object.fromEntries(tags), day.acts, Math.round(performance.now() - started))
  }).pipe(Effect.provide(layers))
})
