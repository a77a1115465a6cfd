import { Effect, Fiber, Stream } from "effect"
import { Id, Instant, type Signal } from "leadline"
import { MemorySignals } from "leadline/memory"
import { describe, expect, it } from "vitest"

const account = Id.AccountId.make("signals")
const chatId = Id.ChatId.make("c")
const read = (number: number): Signal.Signal => ({
  _tag: "Read",
  chatId,
  from: { _tag: "Visitor" },
  number,
  at: Instant.fromMillis(0)
})

describe("signals in memory", () => {
  it("are handed out frozen, and as they were when they were sent", () =>
    Effect.runPromise(
      Effect.gen(function* () {
        const signals = MemorySignals.make()
        const follower = yield* Effect.forkChild(Stream.runHead(signals.follow(account, chatId)), {
          startImmediately: true
        })
        yield* Effect.yieldNow
        const mine = { ...read(1) }
        yield* signals.send(account, mine)
        Object.assign(mine, { number: 2 })
        const got = yield* Fiber.join(follower)
        expect(got).toMatchObject({ value: { number: 1 } })
        expect(Object.isFrozen(got._tag === "Some" ? got.value : {})).toBe(true)
      })
    ))

  it("outlive a follower that is gone, and a follower another's end", () =>
    Effect.runPromise(
      Effect.gen(function* () {
        const signals = MemorySignals.make()
        const got: Array<Signal.Signal> = []
        const follow = (keep: (signal: Signal.Signal) => void) =>
          Effect.forkChild(
            Stream.runForEach(signals.follow(account, chatId), (signal) => Effect.sync(() => keep(signal))),
            {
              startImmediately: true
            }
          )
        const stays = yield* follow((signal) => got.push(signal))
        const gone = yield* follow(() => {})
        yield* Effect.yieldNow
        yield* Fiber.interrupt(gone)
        yield* signals.send(account, read(1))
        for (let n = 0; n < 20; n++) yield* Effect.yieldNow
        expect(got).toEqual([read(1)])
        yield* Fiber.interrupt(stays)
        yield* signals.send(account, read(2))
        expect(got).toEqual([read(1)])
      })
    ))

  it("leave a slow follower the latest 64", () =>
    Effect.runPromise(
      Effect.gen(function* () {
        const signals = MemorySignals.make()
        const got: Array<number> = []
        yield* Stream.runForEach(signals.follow(account, chatId), (signal) =>
          Effect.sync(() => got.push(signal._tag === "Read" ? signal.number : 0))
        ).pipe(Effect.forkChild({ startImmediately: true }))
        for (let n = 0; n < 20; n++) yield* Effect.yieldNow
        for (let n = 1; n <= 500; n++) yield* signals.send(account, read(n))
        for (let n = 0; n < 200; n++) yield* Effect.yieldNow
        expect(got.length).toBeLessThanOrEqual(MemorySignals.SIGNALS_KEPT + 1)
        expect(got.slice(-MemorySignals.SIGNALS_KEPT)).toEqual(Array.from({ length: 64 }, (_, n) => 437 + n))
      })
    ))
})
