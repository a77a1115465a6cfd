import { parseArgs } from "node:util"
import { DateTime, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { CrmStore, DeskStore, type LogEntry, SettingsStore } from "leadline/ports"
import { OwnCrm } from "leadline/use-cases"
import { run as day } from "../09-day/Run.ts"
import { account, countedIds, hire } from "./Cast.ts"
import { flow } from "./Flow.ts"
import { silent, terminal } from "./Screen.ts"
import * as Store from "./Store.ts"

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

/** In a store that lasts the story may have been played already: its ids are taken. */
const isNew = Effect.gen(function* () {
  const { entries } = yield* (yield* DeskStore).log(account, 0, 1)
  return entries.length === 0
})

const main = Effect.gen(function* () {
  if (!(yield* isNew)) return yield* Effect.fail(`${values.store} holds this story already: give it another --schema`)
  yield* TestClock.setTime(DateTime.makeUnsafe("2026-03-02T09:00:00Z").epochMilliseconds)
  yield* hire
  yield* flow.pipe(Effect.provide(values.json === true ? silent : terminal))
  if (values.json === true) yield* printEvents
})

/** `--day` plays a whole day of a large account instead: see ../09-day. */
const { values } = parseArgs({
  strict: false,
  options: {
    json: { type: "boolean", default: false },
    day: { type: "boolean", default: false },
    store: { type: "string", default: "pglite" },
    schema: { type: "string", default: "leadline_demo" }
  }
})

const stores = Store.named(String(values.store), String(values.schema))

const play = (found: Store.Stores) =>
  main.pipe(
    Effect.provide(
      Layer.mergeAll(
        OwnCrm.layer.pipe(Layer.provideMerge(Layer.merge(found, Store.beside))),
        countedIds,
        TestClock.layer()
      )
    )
  )

const run =
  values.day === true
    ? day(process.argv.slice(2))
    : stores === null
      ? Effect.fail(`--store ${Store.choices}`)
      : play(stores)

await Effect.runPromise(run).catch((error: unknown) => {
  console.error("the demo failed:", error)
  process.exitCode = 1
})
