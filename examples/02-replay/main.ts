import { readFileSync } from "node:fs"
import { parseArgs, styleText } from "node:util"
import { Effect, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import { OwnCrm } from "leadline/use-cases"
import * as Store from "../01-walking-flow/Store.ts"
import { type CrmFile, parseCrm } from "./CrmFile.ts"
import { chatsOf, indexLog, type LogIndex } from "./LogFile.ts"
import { progress } from "./Progress.ts"
import { conclude, play, type Refused } from "./Replay.ts"
import * as Report from "./Report.ts"
import { seed } from "./Seed.ts"
import { merged } from "./Timeline.ts"

const here = (name: string) => new URL(`data/${name}`, import.meta.url).pathname

/** Replays a log over a CRM; every step in its place in time, nothing waited for. */
const replay = (file: string, index: LogIndex, crm: CrmFile, stores: Store.Stores) =>
  Effect.gen(function* () {
    const report = Report.empty()
    const refused: Array<Refused> = []
    yield* seed(crm)
    const bar = progress(index.places.length, "replaying")
    const ids: Array<string> = []
    const steps = merged(chatsOf(file, index))
    for (;;) {
      const step = yield* Effect.promise(() => steps.next())
      if (step.done === true) break
      const done = yield* Effect.result(play(step.value, report))
      const { chat, _tag } = step.value
      if (Result.isFailure(done)) refused.push({ chatId: chat.id, step: _tag, refusal: done.failure })
      if (_tag === "Request" || _tag === "OfflineMessage") bar.advance(ids.push(chat.id))
    }
    bar.end()
    yield* conclude(report, ids)
    return { report, refused }
  }).pipe(
    Effect.provide(
      Layer.merge(OwnCrm.layer.pipe(Layer.provideMerge(Layer.merge(stores, Store.beside))), TestClock.layer())
    )
  )

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      chats: { type: "string" },
      crm: { type: "string" },
      json: { type: "boolean", default: false },
      store: { type: "string", default: "memory" },
      schema: { type: "string", default: "leadline_replay" }
    }
  })
  const stores = Store.named(values.store, values.schema)
  if (stores === null) throw new Error(`--store ${Store.choices}`)
  const file = values.chats ?? here("chats.jsonl")
  const crm = parseCrm(JSON.parse(readFileSync(values.crm ?? here("crm.json"), "utf8")))
  const index = await indexLog(file)
  for (const { field, line, problem } of index.bad) {
    console.error(`${styleText("red", `${file}:${line}`, { stream: process.stderr })} ${field}: ${problem}`)
  }
  const { refused, report } = await Effect.runPromise(replay(file, index, crm, stores))
  for (const { chatId, refusal, step } of refused) {
    console.error(`chat ${chatId}: ${step} was refused: ${JSON.stringify(refusal)}`)
  }
  console.log(values.json ? JSON.stringify(report, null, 1) : Report.render(report))
  return index.bad.length > 0 ? 2 : refused.length > 0 ? 3 : 0
}

/** 0: all replayed; 1: the replay itself failed; 2: lines that are no chats; 3: steps that the rules forbid. */
process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error && error.message !== "" ? error.message : error)
  return 1
})
