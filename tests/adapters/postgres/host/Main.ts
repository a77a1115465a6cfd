import { writeSync } from "node:fs"
import { createInterface } from "node:readline"
import { Effect, Layer, Redacted, Result, Stream } from "effect"
import { Id, RecordRef } from "leadline"
import { Notifier } from "leadline/ports"
import * as Postgres from "leadline/postgres"
import { answerChat, dealLead, followLog, keepBridging, keepTime, OwnCrm, transferToAgent } from "leadline/use-cases"
import { account, administrator, agentId, asAgent, pool, setup } from "../Company.ts"
import { ahead, insist, play } from "../Script.ts"
import type { Ask, Ending, Say, Seen, Start } from "./Wire.ts"

/** A host as a process of its own: serves one account, does what it is asked, tells what happened. */
const start = JSON.parse(process.argv[2] ?? "{}") as Start

/** At once and whole: what was said before a SIGKILL has been said. */
const say = (what: Say): void => {
  const line = Buffer.from(`${JSON.stringify(what)}\n`)
  for (let at = 0; at < line.length; ) {
    try {
      at += writeSync(1, line, at)
    } catch {
      // the pipe is full: its reader is slower than we are
    }
  }
}

const telling = Layer.succeed(Notifier, {
  capabilities: { idempotent: true },
  notify: (_, notice) => Effect.sync(() => say({ _tag: "Told", notice }))
})

const stores = Postgres.layer({
  url: Redacted.make(start.url),
  schema: start.schema,
  applicationName: start.name,
  pollMillis: start.pollMillis ?? 500
})

const ending = <A, E, R>(command: Effect.Effect<A, E, R>) =>
  Effect.map(
    Effect.result(command),
    (result): Ending => (Result.isSuccess(result) ? { done: result.success } : { refused: result.failure })
  )

const seen: Array<Seen> = []

const following = Stream.runForEach(followLog(setup, 0), ({ event, position }) =>
  Effect.sync(() => seen.push({ position, id: event.id, tag: event.payload._tag, at: Date.now() }))
)

const answer = Effect.fnUntraced(function* (ask: Ask) {
  switch (ask._tag) {
    case "Play":
      return yield* play(
        ask,
        () => ask.chats,
        (lane, next) => say({ _tag: "Acknowledged", lane, next })
      )
    case "Answer":
      return yield* Effect.forEach(
        ask.agents,
        (n) => ending(answerChat(asAgent(n), { chatId: Id.ChatId.make(ask.chatId) })),
        { concurrency: "unbounded" }
      )
    case "Transfer":
      return yield* Effect.forEach(
        ask.to,
        (to) => ending(transferToAgent(asAgent(ask.by), { chatId: Id.ChatId.make(ask.chatId), to: agentId(to) })),
        { concurrency: "unbounded" }
      )
    case "Deal":
      return yield* Effect.forEach(
        ask.leads,
        (lead) =>
          Effect.gen(function* () {
            const began = performance.now()
            const deal = dealLead(administrator, { lead: RecordRef.RecordId.make(lead), poolId: pool })
            const ended = yield* ending(deal)
            return { ended, millis: performance.now() - began }
          }),
        { concurrency: ask.atOnce }
      )
    case "Follow":
      return yield* Effect.asVoid(Effect.forkDetach(insist(following)))
    case "Saw":
      return seen
  }
})

const main = Effect.gen(function* () {
  if (start.works) {
    yield* Effect.forkDetach(ahead(start.bridgeAheadMillis ?? 0)(insist(keepBridging(account))))
    yield* Effect.forkDetach(insist(keepTime(account)))
  }
  say({ _tag: "Ready" })
  const run = Effect.runForkWith(yield* Effect.context<Effect.Services<ReturnType<typeof answer>>>())
  let asked = 0
  createInterface({ input: process.stdin }).on("line", (line) => {
    const ask = asked++
    run(answer(JSON.parse(line) as Ask)).addObserver((exit) =>
      say(
        exit._tag === "Success"
          ? { _tag: "Answered", ask, answer: exit.value ?? null }
          : { _tag: "Failed", ask, error: String(exit.cause) }
      )
    )
  })
  return yield* Effect.never
})

await Effect.runPromise(main.pipe(Effect.provide(OwnCrm.layer.pipe(Layer.provideMerge(Layer.merge(stores, telling))))))
