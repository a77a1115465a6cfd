import { Effect, Fiber, Stream } from "effect"
import { Id, Signal } from "leadline"
import type { SignalsShape } from "leadline/ports"
import { describe, expect, it } from "vitest"
import { account, agentId, at } from "./DeskLawKit.ts"
import { other } from "./LawKit.ts"

/** Runs a law on fresh signals. */
export type WithSignals = <A, E>(use: (signals: SignalsShape) => Effect.Effect<A, E>) => Effect.Effect<A, E>

const chat = (id: string) => Id.ChatId.make(id)
const read = (n: number, id = "c"): Signal.Signal => ({
  _tag: "Read",
  chatId: chat(id),
  from: { _tag: "Agent", agentId: agentId("1") },
  number: n,
  at: at(n)
})
const typing = (id = "c") => Signal.typing(chat(id), { _tag: "Visitor" }, "public", at(0))
const numberOf = (signal: Signal.Signal) => (signal._tag === "Read" ? signal.number : 0)

/** A follower that keeps what it gets until a mark of `last` or above has come, and the moment it is there. */
const following = Effect.fnUntraced(function* (signals: SignalsShape, last: number, id = "c", of = account) {
  const got: Array<Signal.Signal> = []
  const fiber = yield* signals.follow(of, chat(id)).pipe(
    Stream.takeUntil((signal) => numberOf(signal) >= last),
    Stream.runForEach((signal) => Effect.sync(() => got.push(signal))),
    Effect.forkChild({ startImmediately: true })
  )
  // a mark of nothing, again and again, shows when it has begun
  while (got.length === 0) {
    yield* signals.send(of, read(0, id))
    yield* Effect.yieldNow
  }
  const rest = Effect.map(Fiber.join(fiber), () =>
    got.filter((signal) => numberOf(signal) > 0 || signal._tag !== "Read")
  )
  return { got, rest }
})

/** The laws of signals. */
export const signalsLaws = (name: string, withSignals: WithSignals): void => {
  const law = <A, E>(title: string, use: (signals: SignalsShape) => Effect.Effect<A, E>) =>
    it(title, () => Effect.runPromise(withSignals(use)))

  describe(name, () => {
    law("signals.follow.each: every follower of a chat gets its signals, whole", (signals) =>
      Effect.gen(function* () {
        const [one, two] = [yield* following(signals, 1), yield* following(signals, 1)]
        for (const signal of [typing(), read(1)]) yield* signals.send(account, signal)
        expect(yield* one.rest).toEqual([typing(), read(1)])
        expect(yield* two.rest).toEqual([typing(), read(1)])
      })
    )

    law("signals.follow.chat: the signals of this chat alone", (signals) =>
      Effect.gen(function* () {
        const follower = yield* following(signals, 2)
        for (const signal of [read(1, "d"), read(1), typing("d"), read(2)]) yield* signals.send(account, signal)
        expect(yield* follower.rest).toEqual([read(1), read(2)])
      })
    )

    law("signals.follow.account: the signals of this account alone (J2)", (signals) =>
      Effect.gen(function* () {
        const ours = yield* following(signals, 2)
        const theirs = yield* following(signals, 3, "c", other)
        yield* signals.send(other, read(1))
        yield* signals.send(account, read(2))
        yield* signals.send(other, read(3))
        expect(yield* ours.rest).toEqual([read(2)])
        expect(yield* theirs.rest).toEqual([read(1), read(3)])
      })
    )

    law("signals.follow.order: what one sender sends comes in its order, none twice", (signals) =>
      Effect.gen(function* () {
        const follower = yield* following(signals, 50)
        for (let n = 1; n <= 50; n++) {
          yield* signals.send(account, read(n))
          yield* Effect.yieldNow
        }
        const numbers = (yield* follower.rest).map(numberOf)
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
        expect(numbers.at(-1)).toBe(50)
      })
    )

    law("signals.follow.latest: a slow follower gets the latest, and no more than a few hundred", (signals) =>
      Effect.gen(function* () {
        const follower = yield* following(signals, 5_000)
        // no other fiber runs meanwhile where sending does not wait
        for (let n = 1; n <= 5_000; n++) yield* signals.send(account, read(n))
        const got = yield* follower.rest
        expect(got.at(-1)).toEqual(read(5_000))
        expect(got.length).toBeLessThan(1_000)
      })
    )

    law("signals.send.forgotten: nothing is kept for those who follow later", (signals) =>
      Effect.gen(function* () {
        yield* signals.send(account, read(7))
        const early = yield* following(signals, 2)
        for (const n of [1, 2]) yield* signals.send(account, read(n))
        expect(yield* early.rest).toEqual([read(1), read(2)])
        const late = yield* following(signals, 3)
        yield* signals.send(account, read(3))
        expect(yield* late.rest).toEqual([read(3)])
      })
    )

    law("signals.send.unhindered: a follower that stands still holds up nobody", (signals) =>
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
        while (!isStuck) {
          yield* signals.send(account, read(0))
          yield* Effect.yieldNow
        }
        const follower = yield* following(signals, 2_000)
        for (let n = 1; n <= 2_000; n++) {
          yield* signals.send(account, read(n))
          yield* Effect.yieldNow
        }
        expect((yield* follower.rest).at(-1)).toEqual(read(2_000))
      })
    )
  })
}
