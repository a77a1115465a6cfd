/**
 * What if: replays a log of exported conversations live, in memory, by broadcast; then asks what would have happened had
 * the account routed them otherwise, and prints both side by side.
 *
 * `node --conditions=leadline-source examples/08-what-if/main.ts [--chats FILE] [--crm FILE] [--limit N] [--json]`
 *
 * The log and the CRM are those of `../02-replay`, and so are the modules that read and play them. `--limit` is the
 * account's chat limit (B5) to try, `none` for none.
 *
 * @module
 */
import { readFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Actor } from "leadline"
import { layer as memory } from "leadline/memory"
import { type Caller, OwnCrm, whatIf } from "leadline/use-cases"
import { type CrmFile, parseCrm } from "../02-replay/CrmFile.ts"
import { chatsOf, indexLog, type LogIndex } from "../02-replay/LogFile.ts"
import { account, play } from "../02-replay/Replay.ts"
import * as Report from "../02-replay/Report.ts"
import { seed } from "../02-replay/Seed.ts"
import { merged } from "../02-replay/Timeline.ts"
import { type Column, table } from "./Table.ts"

const here = (name: string) => new URL(`../02-replay/data/${name}`, import.meta.url).pathname

/** May read the account's log. */
const operator: Caller = { account, actor: Actor.service("what-if"), surface: "api" }

/** Lets the past happen; a step that the rules forbid does not. */
const live = Effect.fnUntraced(function* (file: string, index: LogIndex, crm: CrmFile) {
  yield* seed(crm)
  const steps = merged(chatsOf(file, index))
  for (;;) {
    const step = yield* Effect.promise(() => steps.next())
    if (step.done === true) return
    yield* Effect.result(play(step.value, Report.empty()))
  }
})

const columns = Effect.fnUntraced(function* (chatLimit: number | null) {
  const broadcast = yield* whatIf(operator, { policy: { routing: "broadcast", chatLimit } })
  const hybrid = yield* whatIf(operator, { policy: { routing: "hybrid", chatLimit } })
  const assigned = yield* whatIf(operator, { policy: { routing: "assigned", chatLimit } })
  return [
    { title: "happened", report: broadcast.past },
    { title: "broadcast", report: broadcast.replayed },
    { title: "hybrid", report: hybrid.replayed },
    { title: "assigned", report: assigned.replayed }
  ] satisfies ReadonlyArray<Column>
})

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      chats: { type: "string" },
      crm: { type: "string" },
      limit: { type: "string", default: "2" },
      json: { type: "boolean", default: false }
    }
  })
  const file = values.chats ?? here("chats.jsonl")
  const crm = parseCrm(JSON.parse(readFileSync(values.crm ?? here("crm.json"), "utf8")))
  const limit = values.limit === "none" ? null : Number(values.limit)
  const index = await indexLog(file)
  const tried = await Effect.runPromise(
    Effect.andThen(live(file, index, crm), columns(limit)).pipe(
      Effect.provide(Layer.merge(OwnCrm.layer.pipe(Layer.provideMerge(memory())), TestClock.layer()))
    )
  )
  if (values.json) {
    console.log(JSON.stringify(Object.fromEntries(tried.map(({ report, title }) => [title, report])), null, 1))
    return
  }
  console.log(`What if the chats of ${file} had been routed otherwise, with a chat limit of ${values.limit}?\n`)
  console.log(table(tried))
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
