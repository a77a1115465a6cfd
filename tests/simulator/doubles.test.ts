import { describe, expect, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { StoreError } from "leadline/ports"
import { Around, Doubles } from "leadline/testing"

/** A port of three members: a read, a write, a search; it counts what was done below. */
const port = () => {
  const done: Array<string> = []
  const does = <A>(what: string, answer: A) =>
    Effect.as(
      Effect.sync(() => done.push(what)),
      answer
    )
  return {
    done,
    shape: {
      capabilities: { idempotent: true },
      get: (id: string) => does(`get ${id}`, id),
      commit: (id: string) => does(`commit ${id}`, id),
      match: (_: string) => Effect.suspend(() => does("match", done.length)),
      changes: () => Stream.make(1, 2)
    }
  }
}

const always = () => true
const failed = (reason: StoreError["reason"], operation: string) =>
  new StoreError({ reason, isRetryable: true, operation })

describe("fault doubles", () => {
  it.effect("unavailable: nothing happens, and the caller is told (K3)", () =>
    Effect.gen(function* () {
      const { done, shape } = port()
      const broken = Around.around(shape, "desk", Doubles.unavailable(always))
      expect(yield* Effect.flip(broken.get("a"))).toEqual(failed("unavailable", "desk.get"))
      expect(done).toEqual([])
      expect(broken.capabilities).toBe(shape.capabilities)
    })
  )

  it.effect("a lost answer: the write happened, and the caller cannot know; reads pass (K3)", () =>
    Effect.gen(function* () {
      const { done, shape } = port()
      const broken = Around.around(shape, "desk", Doubles.lostAnswer(always))
      expect(yield* Effect.flip(broken.commit("a"))).toEqual(failed("timeout", "desk.commit"))
      expect(yield* broken.get("a")).toBe("a")
      expect(done).toEqual(["commit a", "get a"])
    })
  )

  it.effect("twice: the write is sent again, and the first answer counts", () =>
    Effect.gen(function* () {
      const { done, shape } = port()
      const broken = Around.around(shape, "desk", Doubles.twice(always))
      expect([yield* broken.commit("a"), yield* broken.get("b")]).toEqual(["a", "b"])
      expect(done).toEqual(["commit a", "commit a", "get b"])
    })
  )

  it.effect("slow: late, and its answer later", () =>
    Effect.gen(function* () {
      const { done, shape } = port()
      const broken = Around.around(shape, "desk", Doubles.slow(always, Effect.sleep("5 seconds")))
      const asked = yield* Effect.forkChild(broken.commit("a"), { startImmediately: true })
      yield* TestClock.adjust("5 seconds")
      expect([done, asked.pollUnsafe()]).toEqual([["commit a"], undefined])
      yield* TestClock.adjust("5 seconds")
      expect(yield* Fiber.join(asked)).toBe("a")
    })
  )

  it.effect(
    "stale: a search answers what it knew, no longer than it declares, and nothing where it declares 0 (A2)",
    () =>
      Effect.gen(function* () {
        const { shape } = port()
        const [old, fresh] = [30_000, 0].map((millis) => Around.around(shape, "crm", Doubles.stale(always, millis)))
        const first = yield* old?.match("a") ?? Effect.never
        yield* fresh?.match("a") ?? Effect.never
        yield* TestClock.adjust("29 seconds")
        expect(yield* old?.match("a") ?? Effect.never).toBe(first)
        yield* TestClock.adjust("1 second")
        expect(yield* old?.match("a") ?? Effect.never).not.toBe(first)
        expect(yield* fresh?.match("a") ?? Effect.never).not.toBe(yield* fresh?.match("a") ?? Effect.never)
      })
  )

  it.effect("wakes twice: each wake-up comes again", () =>
    Effect.gen(function* () {
      const broken = Around.around(port().shape, "desk", (_, does) => does, Doubles.wakesTwice)
      expect(yield* Stream.runCollect(broken.changes())).toEqual([1, 1, 2, 2])
    })
  )

  it.effect("one inside another: the outer sees what the inner makes of a call", () =>
    Effect.gen(function* () {
      const { done, shape } = port()
      const both = Around.inside(Doubles.twice(always), Doubles.lostAnswer(always))
      expect(yield* Effect.flip(Around.around(shape, "desk", both).commit("a"))).toEqual(
        failed("timeout", "desk.commit")
      )
      expect(done).toEqual(["commit a"])
      expect(yield* Clock.currentTimeMillis).toBe(0)
    })
  )
})
