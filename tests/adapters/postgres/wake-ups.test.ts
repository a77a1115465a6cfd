import { Effect, Fiber, Stream } from "effect"
import { Actor, Id } from "leadline"
import { DeskStore } from "leadline/ports"
import { followLog, requestChat, sendMessage } from "leadline/use-cases"
import { nanoid } from "nanoid"
import { describe, expect, inject, it } from "vitest"
import { account, by, open, setup } from "./Company.ts"
import { query } from "./Tables.ts"
import * as Trial from "./Trial.ts"

/** decision: nobody could wait so long for a poll, and no slow machine takes so long for a notification. */
const POLL_MILLIS = 30_000
const SOON_MILLIS = 5000

const schemaOf = () => `wake_${nanoid(8).replaceAll("-", "_").toLowerCase()}`
const trialOf = (schema: string): Trial.Trial => ({
  url: inject("databaseUrl"),
  schema,
  seed: 0,
  lanes: 1,
  notices: []
})
const visitorId = Id.VisitorId.make("vi")
const chatId = Id.ChatId.make("chat-1")
const visitor = by(Actor.visitor(visitorId))
const say = (text: string) => sendMessage(visitor, { chatId, text })

/** A reader in a host of its own; `texts` is what it has read so far. */
const reader = Effect.fnUntraced(function* (trial: Trial.Trial, options: Parameters<typeof Trial.host>[1]) {
  const texts: Array<string> = []
  const reading = Stream.runForEach(followLog(setup, 0), ({ event, texts: of }) =>
    Effect.sync(() => {
      if (event.payload._tag === "MessageSent") texts.push(of.get(event.payload.message.content.ref) ?? "?")
    })
  )
  yield* Effect.forkScoped(Effect.provide(reading, Trial.host(trial, options)))
  return texts
})

const until = (holds: () => boolean): Effect.Effect<void> =>
  Effect.suspend(() => (holds() ? Effect.void : Effect.andThen(Effect.sleep(10), until(holds))))

const inSchema = <A, E, R>(use: (trial: Trial.Trial) => Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const trial = trialOf(schemaOf())
    return Effect.ensuring(use(trial), query(trial.url, `drop schema if exists ${trial.schema} cascade`))
  })

/** Ends the connection that a host listens on; which it is, its last statement says. */
const cutListening = (url: string, name: string) =>
  query<{ cut: boolean }>(
    url,
    "select pg_terminate_backend(pid) as cut from pg_stat_activity where application_name = $1 and query ilike 'listen%'",
    [name]
  )

describe("wake-ups between hosts", () => {
  it("come by notification, long before the next poll (cost law)", () =>
    inSchema((trial) =>
      Effect.gen(function* () {
        yield* open(1)
        const texts = yield* reader(trial, { pollMillis: POLL_MILLIS })
        yield* requestChat(visitor, { visitorId, chatId })
        yield* say("first")
        yield* until(() => texts.length === 1)
        // it listens by now, or was woken by that
        yield* Effect.sleep(200)
        for (const text of ["second", "third", "fourth"]) {
          const expected = texts.length + 1
          yield* say(text)
          yield* Effect.timeout(
            until(() => texts.length === expected),
            SOON_MILLIS
          )
        }
        expect(texts).toEqual(["first", "second", "third", "fourth"])
      }).pipe(Effect.scoped, Effect.provide(Trial.host(trial)), Effect.timeout("15 seconds"))
    ).pipe(Effect.runPromise))

  it("are not missed when the listening connection is cut: readers poll, and listen again (K2)", () =>
    inSchema((trial) =>
      Effect.gen(function* () {
        const name = trial.schema
        yield* open(1)
        const texts = yield* reader(trial, { pollMillis: 300, applicationName: name })
        yield* requestChat(visitor, { visitorId, chatId })
        yield* say("0")
        yield* until(() => texts.length === 1)
        let cuts = 0
        for (let n = 1; n <= 20; n++) {
          if (n % 5 === 0) cuts += (yield* cutListening(trial.url, name)).length
          yield* say(String(n))
        }
        yield* until(() => texts.length === 21)
        expect(texts).toEqual(Array.from({ length: 21 }, (_, n) => String(n)))
        expect(cuts).toBeGreaterThan(0)
        // the next pause is at most 0.5 s, and a half for jitter
        yield* Effect.sleep(1500)
        expect((yield* cutListening(trial.url, name)).length).toBe(1)
      }).pipe(Effect.scoped, Effect.provide(Trial.host(trial)), Effect.timeout("15 seconds"))
    ).pipe(Effect.runPromise))
})

describe("two databases in one program", () => {
  it("stay apart, though one is provided inside the other (J2)", () =>
    inSchema((outer) =>
      inSchema((inner) =>
        Effect.gen(function* () {
          yield* open(1)
          yield* requestChat(visitor, { visitorId, chatId })
          const keys = [{ kind: "chat", id: chatId }] as const
          const read = Effect.flatMap(DeskStore, (store) => store.get(account, keys))
          expect((yield* read)[0].value?.id).toBe(chatId)
          expect((yield* Effect.provide(read, Trial.host(inner)))[0].value).toBe(null)
        }).pipe(Effect.provide(Trial.host(outer)))
      )
    ).pipe(Effect.runPromise))
})

describe("a host with one connection", () => {
  it("listens and works all the same", () =>
    inSchema((trial) =>
      Effect.gen(function* () {
        yield* open(1)
        const texts = yield* reader(trial, { connections: 1 })
        yield* requestChat(visitor, { visitorId, chatId })
        yield* say("heard")
        yield* until(() => texts.length === 1)
        yield* say("heard again")
        yield* until(() => texts.length === 2)
      }).pipe(Effect.scoped, Effect.provide(Trial.host(trial, { connections: 1 })), Effect.timeout("8 seconds"))
    ).pipe(Effect.runPromise))
})

describe("the end of a host", () => {
  it("comes after what is under way: every commit that was sent is answered, and there (K2)", () =>
    inSchema((trial) =>
      Effect.gen(function* () {
        yield* open(1)
        yield* requestChat(visitor, { visitorId, chatId })
        // the commits leave, their host closes in the same breath; who asked is not part of the host
        const answers = yield* Effect.gen(function* () {
          const store = yield* DeskStore
          const asked = yield* Effect.forkDetach(
            Effect.forEach(
              Array.from({ length: 50 }, (_, n) => n),
              (n) =>
                Effect.exit(
                  store.commit(account, {
                    expect: [{ key: { kind: "openChat", id: `late-${n}` }, version: 0 }],
                    put: [{ key: { kind: "openChat", id: `late-${n}` }, value: { chatId }, contents: [], due: null }],
                    remove: [],
                    contents: [],
                    events: [],
                    remember: null
                  })
                ),
              { concurrency: "unbounded" }
            )
          )
          yield* Effect.sleep(1)
          return asked
        }).pipe(Effect.provide(Trial.host(trial)))
        const exits = yield* Fiber.join(answers)
        expect(exits.filter((exit) => exit._tag === "Failure")).toEqual([])
        const found = yield* (yield* DeskStore).get(
          account,
          exits.map((_, n) => ({ kind: "openChat", id: `late-${n}` }) as const)
        )
        expect(found.filter(({ version }) => version === 0)).toEqual([])
      }).pipe(Effect.scoped, Effect.provide(Trial.host(trial)), Effect.timeout("15 seconds"))
    ).pipe(Effect.runPromise))
})
