import { Duration, Effect, Fiber, Stream } from "effect"
import * as Id from "../../domain/account/Id.ts"
import * as Signal from "../../domain/chat/Signal.ts"
import { Signals, type SignalsShape } from "../../ports/Signals.ts"
import * as Expect from "./Expect.ts"
import { type Law, lawsOn, soon, trueSleep } from "./Law.ts"
import { at } from "./StoreKit.ts"

const law = lawsOn(Signals)

/** More than any follower may be behind. decision: half a megabyte of signals, a second on a server. */
const MANY = 2_000

const chat = (id: string) => Id.ChatId.make(id)
const read = (n: number, id = "c"): Signal.Signal => ({
  _tag: "Read",
  chatId: chat(id),
  from: { _tag: "Agent", agentId: Id.AgentId.make("1") },
  number: n,
  at: at(n)
})
const typing = (id = "c") => Signal.typing(chat(id), { _tag: "Visitor" }, "public", at(0))
const numberOf = (signal: Signal.Signal) => (signal._tag === "Read" ? signal.number : 0)

/** Lets others run: a moment of true time now and then, because followers may be behind a network. */
const pause = (turn: number) => (turn % 50 === 49 ? trueSleep(Duration.millis(1)) : Effect.yieldNow)

/** A follower that keeps what it gets until a mark of `last` or above has come, and the moment it is there. */
const following = Effect.fnUntraced(function* (signals: SignalsShape, account: Id.AccountId, last: number, id = "c") {
  const got: Array<Signal.Signal> = []
  const fiber = yield* signals.follow(account, chat(id)).pipe(
    Stream.takeUntil((signal) => numberOf(signal) >= last),
    Stream.runForEach((signal) => Effect.sync(() => got.push(signal))),
    Effect.forkChild({ startImmediately: true })
  )
  // a mark of nothing, again and again, shows when it has begun
  const began = Effect.gen(function* () {
    for (let turn = 0; got.length === 0; turn++) {
      yield* signals.send(account, read(0, id))
      yield* pause(turn)
    }
  })
  yield* soon("signals of a follower that begins", "one of those sent to it", () => got, began)
  const rest = Effect.map(
    soon(`signals up to mark ${last}`, "all", () => got.slice(-5), Fiber.join(fiber)),
    () => got.filter((signal) => numberOf(signal) > 0 || signal._tag !== "Read")
  )
  return { rest }
})

/** The laws of typing and read marks. */
export const signalsLaws: ReadonlyArray<Law<Signals>> = [
  law(
    { id: "signals.follow.each", sentence: "every follower of a chat gets its signals, whole", rules: ["D8"] },
    (signals, { account }) =>
      Effect.gen(function* () {
        const [one, two] = [yield* following(signals, account, 1), yield* following(signals, account, 1)]
        for (const signal of [typing(), read(1)]) yield* signals.send(account, signal)
        yield* Expect.same("what one gets", yield* one.rest, [typing(), read(1)])
        yield* Expect.same("what another gets", yield* two.rest, [typing(), read(1)])
      })
  ),

  law(
    { id: "signals.follow.chat", sentence: "a follower gets the signals of its chat alone", rules: ["D8"] },
    (signals, { account }) =>
      Effect.gen(function* () {
        const follower = yield* following(signals, account, 2)
        for (const signal of [read(1, "d"), read(1), typing("d"), read(2)]) yield* signals.send(account, signal)
        yield* Expect.same("signals of c", yield* follower.rest, [read(1), read(2)])
      })
  ),

  law(
    { id: "signals.follow.account", sentence: "a follower gets the signals of its account alone", rules: ["J2"] },
    (signals, { account, other }) =>
      Effect.gen(function* () {
        const ours = yield* following(signals, account, 2)
        const theirs = yield* following(signals, other, 3)
        yield* signals.send(other, read(1))
        yield* signals.send(account, read(2))
        yield* signals.send(other, read(3))
        yield* Expect.same("signals of ours", yield* ours.rest, [read(2)])
        yield* Expect.same("signals of theirs", yield* theirs.rest, [read(1), read(3)])
      })
  ),

  law(
    {
      id: "signals.follow.order",
      sentence: "what one sender sends comes in its order, none twice",
      rules: ["D8"]
    },
    (signals, { account }) =>
      Effect.gen(function* () {
        const follower = yield* following(signals, account, 50)
        for (let n = 1; n <= 50; n++) {
          yield* signals.send(account, read(n))
          yield* Effect.yieldNow
        }
        const numbers = (yield* follower.rest).map(numberOf)
        yield* Expect.same(
          "marks",
          numbers,
          [...new Set(numbers)].sort((a, b) => a - b)
        )
        yield* Expect.same("the last mark", numbers.at(-1), 50)
      })
  ),

  law(
    {
      id: "signals.follow.latest",
      sentence: "a follower that is slow gets the latest of what it missed, and not without bounds",
      rules: ["D8"],
      group: "concurrent"
    },
    (signals, { account }) =>
      Effect.gen(function* () {
        const got: Array<number> = []
        let isSent = false
        const fiber = yield* signals.follow(account, chat("c")).pipe(
          Stream.map(numberOf),
          Stream.mapEffect((n) =>
            Effect.gen(function* () {
              got.push(n)
              // stands still from its first signal until all is sent
              while (!isSent) yield* trueSleep(Duration.millis(2))
            })
          ),
          Stream.takeUntil(() => got.at(-1) === MANY),
          Stream.runDrain,
          Effect.forkChild({ startImmediately: true })
        )
        const began = Effect.gen(function* () {
          for (let turn = 0; got.length === 0; turn++) {
            yield* signals.send(account, read(0))
            yield* pause(turn)
          }
        })
        yield* soon("signals of a follower that begins", "one", () => got, began)
        for (let n = 1; n <= MANY; n++) {
          yield* signals.send(account, read(n))
          yield* pause(n)
        }
        isSent = true
        yield* soon("marks", `the latest, ${MANY}`, () => got.slice(-5), Fiber.join(fiber))
        const marks = got.filter((n) => n > 0).length
        yield* Expect.holds("how many a slow follower gets", marks < MANY / 2, marks, `bounded: below ${MANY / 2}`)
      })
  ),

  law(
    { id: "signals.send.forgotten", sentence: "nothing is kept for those who follow later", rules: ["D8"] },
    (signals, { account }) =>
      Effect.gen(function* () {
        yield* signals.send(account, read(7))
        const early = yield* following(signals, account, 2)
        for (const n of [1, 2]) yield* signals.send(account, read(n))
        yield* Expect.same("signals", yield* early.rest, [read(1), read(2)])
        const late = yield* following(signals, account, 3)
        yield* signals.send(account, read(3))
        yield* Expect.same("signals of who follows later", yield* late.rest, [read(3)])
      })
  ),

  law(
    {
      id: "signals.send.unhindered",
      sentence: "a follower that stands still holds up neither who sends nor another follower",
      rules: ["D8"],
      group: "concurrent"
    },
    (signals, { account }) =>
      Effect.gen(function* () {
        let isStuck = false
        yield* signals.follow(account, chat("c")).pipe(
          Stream.mapEffect(() => {
            isStuck = true
            return Effect.never
          }),
          Stream.runDrain,
          Effect.forkChild({ startImmediately: true })
        )
        const stuck = Effect.gen(function* () {
          for (let turn = 0; !isStuck; turn++) {
            yield* signals.send(account, read(0))
            yield* pause(turn)
          }
        })
        yield* soon("signals of the first follower", "one", () => "none", stuck)
        const follower = yield* following(signals, account, MANY)
        const sending = Effect.gen(function* () {
          for (let n = 1; n <= MANY; n++) {
            yield* signals.send(account, read(n))
            yield* pause(n)
          }
        })
        yield* soon("sending", "to return at once", () => "it waits", sending)
        const got = yield* follower.rest
        yield* Expect.same("the last that another follower gets", got.at(-1), read(MANY))
      })
  )
]
