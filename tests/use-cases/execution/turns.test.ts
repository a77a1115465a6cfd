import { Effect, Fiber, Layer, Semaphore } from "effect"
import { Actor, Id } from "leadline"
import { layer as memory } from "leadline/memory"
import { DeskStore, SettingsStore } from "leadline/ports"
import { type Caller, OwnCrm, requestChat, sendMessage } from "leadline/use-cases"
import { describe, expect, it } from "vitest"

const account = Id.AccountId.make("acme")
const visitorId = Id.VisitorId.make("zoe")
const zoe: Caller = { account, actor: Actor.visitor(visitorId), surface: "api" }

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)

/** Two hosts of one store: `here` gives turns and counts them and its commits, `there` just writes. */
const hosts = Effect.gen(function* () {
  const { chatId } = yield* requestChat(zoe, { visitorId, email: "zoe@example.com" })
  const store = yield* DeskStore
  const settings = yield* SettingsStore
  const seen = { commits: 0, turns: 0 }
  const turn = yield* Semaphore.make(1)
  const say = Effect.asVoid(sendMessage(zoe, { chatId, text: "hello" }))
  const there = Effect.orDie(
    say.pipe(Effect.provideService(DeskStore, { ...store }), Effect.provideService(SettingsStore, settings))
  )
  let racesToLose = 0
  const host: typeof store = {
    ...store,
    commit: (of, change) =>
      Effect.suspend(() => {
        seen.commits++
        return Effect.andThen(racesToLose-- > 0 ? there : Effect.void, store.commit(of, change))
      }),
    inTurn: (_account, _key, effect) =>
      Effect.suspend(() => {
        seen.turns++
        return turn.withPermit(effect)
      })
  }
  const here = Effect.provideService(say, DeskStore, host)
  const lose = (races: number) => {
    racesToLose = races
  }
  return { here, lose, seen, there, turn }
})

const run = <A, E>(effect: Effect.Effect<A, E, DeskStore | SettingsStore>): Promise<A> =>
  Effect.runPromise(Effect.provide(effect, Layer.provideMerge(OwnCrm.layer, memory({ yieldsBeforeEach: true }))))

describe("a record that other processes write all the time", () => {
  it("is written in turn after two lost races, and from then on without losing any (cost law)", () =>
    run(
      Effect.gen(function* () {
        const { here, lose, seen, there } = yield* hosts
        lose(2)
        yield* here
        expect(seen).toEqual({ commits: 3, turns: 1 })
        for (const _ of upTo(10)) {
          yield* there
          yield* here
        }
        expect(seen).toEqual({ commits: 13, turns: 11 })
      })
    ))

  it("is written without turns again when the others have gone for a while (cost law)", () =>
    run(
      Effect.gen(function* () {
        const { here, lose, seen } = yield* hosts
        lose(2)
        for (const _ of upTo(100)) yield* here
        expect(seen.commits).toBe(102)
        expect(seen.turns).toBe(1 + 32)
        lose(1)
        yield* here
        expect(seen.turns).toBe(1 + 32)
      })
    ))

  it("is waited for together: one turn and one commit for all who came meanwhile (cost law)", () =>
    run(
      Effect.gen(function* () {
        const { here, lose, seen, turn } = yield* hosts
        lose(2)
        yield* here
        const waiting = yield* turn.withPermit(
          Effect.gen(function* () {
            const fibers = yield* Effect.forEach(upTo(10), () => Effect.forkChild(here))
            for (let n = 0; n < 50; n++) yield* Effect.yieldNow
            expect(seen).toEqual({ commits: 3, turns: 2 })
            return fibers
          })
        )
        for (const fiber of waiting) yield* Fiber.join(fiber)
        expect(seen).toEqual({ commits: 4, turns: 2 })
      })
    ))
})
