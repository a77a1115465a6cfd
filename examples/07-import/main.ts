/**
 * Moves the past of another chat system into feeds.
 *
 * The log of `02-replay` is imported into an account that has never chatted: `importChats` takes closed chats, and
 * nothing rings, waits or is told. Then the same log is lived through, chat by chat, as in `02-replay`, and the two
 * accounts are compared: every record's feed shows the same chats, entry for entry. The leads that agents made on the
 * way are a CRM's own business: they are carried over before the import.
 *
 *     node --conditions=leadline-source examples/07-import/main.ts [--chats FILE] [--crm FILE] [--json]
 */
import { readFileSync } from "node:fs"
import { isDeepStrictEqual, parseArgs } from "node:util"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Actor, type PastChat } from "leadline"
import { layer as memory } from "leadline/memory"
import { type Caller, importChats, OwnCrm, saveRecord } from "leadline/use-cases"
import { type CrmFile, parseCrm } from "../02-replay/CrmFile.ts"
import { chatsOf, indexLog, type LogIndex } from "../02-replay/LogFile.ts"
import { account, play } from "../02-replay/Replay.ts"
import * as Report from "../02-replay/Report.ts"
import { seed } from "../02-replay/Seed.ts"
import { merged } from "../02-replay/Timeline.ts"
import { chatsByRecord, leadsMade } from "./Feeds.ts"
import { pastChatOf } from "./PastChats.ts"

const bundled = (name: string) => new URL(`../02-replay/data/${name}`, import.meta.url).pathname

/** decision: an answer to show progress by; each chat is a commit of its own anyway. */
const BATCH = 100

const importer: Caller = { account, actor: Actor.service("import"), surface: "api" }

/** An account of its own, in memory, on a clock of its own. */
const inAccount = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof layers>>) =>
  Effect.provide(effect, Layer.fresh(layers))
const layers = Layer.merge(OwnCrm.layer.pipe(Layer.provideMerge(memory())), TestClock.layer())

/** The log, lived through. */
const live = (file: string, index: LogIndex, crm: CrmFile) =>
  Effect.gen(function* () {
    yield* seed(crm)
    const steps = merged(chatsOf(file, index))
    const report = Report.empty()
    for (;;) {
      const step = yield* Effect.promise(() => steps.next())
      if (step.done === true) break
      yield* play(step.value, report)
    }
    return { feeds: yield* chatsByRecord, leads: yield* leadsMade }
  })

/** The log, imported; and once more, because whoever imports twice by mistake should see nothing happen. */
const imported = (past: ReadonlyArray<PastChat.PastChat>, crm: CrmFile, leads: Effect.Success<typeof leadsMade>) =>
  Effect.gen(function* () {
    yield* seed(crm)
    for (const lead of leads) yield* saveRecord(importer, lead)
    yield* TestClock.setTime(Math.max(0, ...past.map(({ endedAt }) => endedAt)))
    const counts: Record<string, number> = {}
    for (const time of ["first", "again"]) {
      for (let from = 0; from < past.length; from += BATCH) {
        for (const answer of yield* importChats(importer, past.slice(from, from + BATCH))) {
          Report.count(counts, `${time}:${answer._tag}`)
          if (answer._tag === "Refused") console.error(`chat ${answer.chatId}: ${JSON.stringify(answer.refusal)}`)
        }
      }
    }
    return { feeds: yield* chatsByRecord, counts }
  })

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: { chats: { type: "string" }, crm: { type: "string" }, json: { type: "boolean", default: false } }
  })
  const file = values.chats ?? bundled("chats.jsonl")
  const crm = parseCrm(JSON.parse(readFileSync(values.crm ?? bundled("crm.json"), "utf8")))
  const index = await indexLog(file)
  for (const { field, line, problem } of index.bad) console.error(`${file}:${line} ${field}: ${problem}`)
  const past: Array<PastChat.PastChat> = []
  for await (const chat of chatsOf(file, index)) past.push(pastChatOf(chat))

  const lived = await Effect.runPromise(inAccount(live(file, index, crm)))
  const moved = await Effect.runPromise(inAccount(imported(past, crm, lived.leads)))
  const records = [...new Set([...lived.feeds.keys(), ...moved.feeds.keys()])]
  const differing = records.filter((key) => !isDeepStrictEqual(lived.feeds.get(key), moved.feeds.get(key)))
  const chatEntriesInFeeds = { lead: 0, person: 0, company: 0, deal: 0 }
  for (const { entries, kind } of moved.feeds.values()) chatEntriesInFeeds[kind] += entries.length

  const outcome = { chats: past.length, ...moved.counts, records: records.length, differing, chatEntriesInFeeds }
  if (values.json) console.log(JSON.stringify(outcome, null, 1))
  else {
    console.log(`imported         ${moved.counts["first:Imported"] ?? 0} of ${past.length} chats`)
    console.log(
      `imported again   ${moved.counts["again:Imported"] ?? 0}; ${moved.counts["again:AlreadyThere"] ?? 0} were there`
    )
    console.log(`feeds            ${records.length}, ${differing.length} differ from the replay's`)
  }
  return differing.length > 0 ? 3 : index.bad.length > 0 ? 2 : 0
}

/** 0: imported, and all feeds are the same; 1: it failed; 2: lines that are no chats; 3: feeds that differ. */
process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return 1
})
