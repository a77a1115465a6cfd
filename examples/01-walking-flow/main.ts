import { parseArgs } from "node:util"
import { DateTime, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { layer as memory } from "leadline/memory"
import { CrmStore, DeskStore, type LogEntry, SettingsStore } from "leadline/ports"
import { OwnCrm } from "leadline/use-cases"
import { account, countedIds, hire } from "./Cast.ts"
import { flow } from "./Flow.ts"
import { silent, terminal } from "./Screen.ts"

/** Every event of the three logs, as one JSON object a line. */
const printEvents = Effect.gen(function* () {
  const stores = { desk: yield* DeskStore, crm: yield* CrmStore, settings: yield* SettingsStore }
  for (const [log, store] of Object.entries(stores)) {
    const { entries } = yield* store.log(account, 0, Number.MAX_SAFE_INTEGER)
    for (const { event, position } of entries as ReadonlyArray<LogEntry<unknown>>) {
      console.log(JSON.stringify({ log, position, ...event }))
    }
  }
})

const main = Effect.gen(function* () {
  const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } })
  yield* TestClock.setTime(DateTime.makeUnsafe("2026-03-02T09:00:00Z").epochMilliseconds)
  yield* hire
  yield* flow.pipe(Effect.provide(values.json ? silent : terminal))
  if (values.json) yield* printEvents
})

const layers = Layer.mergeAll(OwnCrm.layer.pipe(Layer.provideMerge(memory())), countedIds, TestClock.layer())

await Effect.runPromise(main.pipe(Effect.provide(layers))).catch((error: unknown) => {
  console.error("the demo failed:", error)
  process.exitCode = 1
})
