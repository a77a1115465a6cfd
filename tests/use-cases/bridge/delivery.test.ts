import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { Id, Instant } from "leadline"
import { MemoryNotices } from "leadline/memory"
import { CrmStore, DeskStore, Notifier } from "leadline/ports"
import { createLead, drainBridge, keepBridging, runBridge } from "leadline/use-cases"
import { account, chatId, notices, run } from "../crm/World.ts"
import { agentAt, chatting, world } from "../panel/Chats.ts"
import { bridgeFor, cast, down, leadFrom, noteOn, seconds, teller } from "./Telling.ts"

const chatsOf = (all: ReadonlyArray<{ readonly chatId: string | null }>) => all.map((notice) => notice.chatId)

describe("the bridge", () => {
  it.effect("tells each notice once, in order, and nothing again (G4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        for (const chat of ["c1", "c2"]) yield* leadFrom(chat)
        yield* noteOn("c1", "one")
        yield* noteOn("c1", "two")
        const { notifier, told, tries } = teller()
        const drain = Effect.provideService(drainBridge(account), Notifier, notifier)
        expect(yield* drain).toMatchObject({ failed: 0 })
        expect(told).toEqual(yield* notices)
        expect(chatsOf(told)).toEqual(["c1", "c2", "c1", "c1"])
        expect(yield* drain).toEqual({ done: 0, failed: 0 })
        yield* TestClock.adjust("1 day")
        yield* drain
        expect(tries.length).toBe(4)
      })
    )
  )

  it.effect("goes on where it stopped, page by page, with what comes later (G4, K2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const { notifier, told } = teller()
        const drain = Effect.provideService(drainBridge(account), Notifier, notifier)
        const chats = Array.from({ length: 60 }, (_, n) => `c${n}`)
        for (const chat of chats) yield* leadFrom(chat)
        const log = yield* (yield* CrmStore).log(account, 0, 1_000)
        expect(log.entries.length).toBeGreaterThan(150)
        expect(yield* drain).toEqual({ done: log.entries.length, failed: 0 })
        expect(chatsOf(told)).toEqual(chats)
        yield* leadFrom("late")
        yield* drain
        expect(chatsOf(told)).toEqual([...chats, "late"])
      })
    )
  )

  it.effect("works for its own account alone (J2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* leadFrom("c")
        const { notifier, told } = teller()
        const other = Effect.provideService(runBridge(Id.AccountId.make("other")), Notifier, notifier)
        expect(yield* other).toEqual({ done: 0, failed: 0, isIdle: true })
        expect(told).toEqual([])
      })
    )
  )

  it.effect("leaves a host that took a page alone for a minute, then goes on for it (G4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* leadFrom("c")
        const { notifier, told } = teller()
        const hung = Notifier.of({ capabilities: { idempotent: false }, notify: () => Effect.never })
        const first = yield* Effect.forkChild(Effect.provideService(runBridge(account), Notifier, hung))
        yield* TestClock.adjust("59 seconds")
        const drain = Effect.provideService(drainBridge(account), Notifier, notifier)
        expect(yield* drain).toEqual({ done: 0, failed: 0 })
        yield* TestClock.adjust("1 second")
        yield* drain
        expect(chatsOf(told)).toEqual(["c"])
        yield* Fiber.interrupt(first)
      })
    )
  )
})

describe("several bridges at once", () => {
  const bridges = (notifier: Notifier["Service"]) =>
    Effect.all(
      [1, 2, 3, 4].map(() => Effect.provideService(drainBridge(account), Notifier, notifier)),
      {
        concurrency: "unbounded",
        discard: true
      }
    )

  it("tell each notice once, though the notifier would show it twice (G4)", () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 3 }), (leads, notes) =>
        run(
          Effect.gen(function* () {
            yield* cast
            for (let n = 0; n < leads; n++) yield* leadFrom(`c${n}`)
            for (let n = 0; n < notes; n++) yield* noteOn("c0", `note ${n}`)
            const { notifier, told } = teller()
            yield* bridges(notifier)
            yield* bridges(notifier)
            expect(told).toEqual(yield* notices)
          })
        )
      ),
      { numRuns: 10 }
    ))

  it("tell each notice once while leads are being made (G4)", () =>
    run(
      Effect.gen(function* () {
        yield* cast
        const chats = Array.from({ length: 20 }, (_, n) => `c${n}`)
        for (const chat of chats) yield* chatting(chat, { email: `${chat}@example.com` })
        const { notifier, told } = teller()
        const making = Effect.forEach(chats, (chat) => createLead(agentAt("a1"), { chatId: chatId(chat) }), {
          concurrency: 3,
          discard: true
        })
        yield* Effect.all([making, bridges(notifier), bridges(notifier)], { concurrency: "unbounded" })
        yield* bridges(notifier)
        expect(told).toEqual(yield* notices)
        expect(new Set(chatsOf(told)).size).toBe(20)
      })
    ))

  it("lose nothing and change no order within a record, whatever fails how often (G4)", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ failures: fc.integer({ min: 0, max: 3 }), notes: fc.integer({ min: 0, max: 2 }) }), {
          minLength: 1,
          maxLength: 6
        }),
        (leads) =>
          run(
            Effect.gen(function* () {
              yield* cast
              for (const at of leads.keys()) yield* leadFrom(`c${at}`)
              for (const [at, { notes }] of leads.entries()) {
                for (let n = 0; n < notes; n++) yield* noteOn(`c${at}`, `note ${n}`)
              }
              const { notifier, told } = teller((chat) => ({ times: leads[Number(chat.slice(1))]?.failures ?? 0 }))
              for (let second = 0; second < 30; second++) {
                yield* bridges(notifier)
                yield* TestClock.adjust("1 second")
              }
              const due = yield* notices
              expect(told.length).toBe(due.length)
              for (const at of leads.keys()) {
                const mine = (all: typeof due) => all.filter((notice) => notice.chatId === `c${at}`)
                expect(mine(told)).toEqual(mine(due))
              }
            }).pipe(Effect.provide(TestClock.layer()))
          )
      ),
      { numRuns: 12 }
    ))
})

describe("a bridge that is kept running", () => {
  it.effect("delivers without being called, what was there and what comes (G4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* leadFrom("before")
        const bridge = yield* Effect.forkChild(keepBridging(account))
        yield* seconds(1)
        const memory = yield* MemoryNotices
        expect(chatsOf(yield* memory.shown(account))).toEqual(["before"])
        yield* leadFrom("after")
        yield* seconds(1)
        expect(chatsOf(yield* memory.shown(account))).toEqual(["before", "after"])
        yield* Fiber.interrupt(bridge)
      })
    )
  )

  it.effect("tries again what failed, by itself, with the same notice (G4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* leadFrom("c")
        const { notifier, told, tries } = teller(() => ({ times: 3 }))
        const bridge = yield* Effect.forkChild(Effect.provideService(keepBridging(account), Notifier, notifier))
        yield* seconds(20)
        expect(chatsOf(told)).toEqual(["c"])
        expect(tries.length).toBe(4)
        expect(new Set(tries.map(({ notice }) => notice.id)).size).toBe(1)
        yield* Fiber.interrupt(bridge)
      })
    )
  )

  it.effect("outlives every outage of a store, and is back within a minute, also after the twentieth (G4, H8)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const { notifier, told } = teller()
        const desk = yield* DeskStore
        let isDown = false
        const shaky = DeskStore.of({
          ...desk,
          parked: (of, bridge, limit) => (isDown ? Effect.fail(down(true)) : desk.parked(of, bridge, limit))
        })
        const keep = keepBridging(account).pipe(
          Effect.provideService(Notifier, notifier),
          Effect.provideService(DeskStore, shaky)
        )
        const bridge = yield* Effect.forkChild(keep)
        const chats = Array.from({ length: 20 }, (_, n) => `c${n}`)
        for (const chat of chats) {
          isDown = true
          yield* leadFrom(chat)
          yield* seconds(5)
          expect(chatsOf(told)).not.toContain(chat)
          isDown = false
          yield* seconds(60)
          expect(chatsOf(told)).toContain(chat)
        }
        expect(chatsOf(told)).toEqual(chats)
        yield* Fiber.interrupt(bridge)
      })
    )
  )

  it.effect("is woken by a change, not only by the clock (G4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const { notifier, tries } = teller()
        const bridge = yield* Effect.forkChild(Effect.provideService(keepBridging(account), Notifier, notifier))
        yield* TestClock.adjust("1500 millis")
        yield* leadFrom("c")
        for (let n = 0; n < 100; n++) yield* Effect.yieldNow
        expect(tries.map(({ at }) => at)).toEqual([1.5])
        yield* Fiber.interrupt(bridge)
      })
    )
  )
})

describe("what is done", () => {
  it.effect("leaves no parked items behind (G4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* leadFrom("c")
        const { notifier } = teller(() => ({ times: 2 }))
        yield* Effect.provideService(bridgeFor(10), Notifier, notifier)
        const parked = yield* (yield* DeskStore).due(account, "parked", Instant.fromMillis(Number.MAX_SAFE_INTEGER), 10)
        expect(parked).toEqual([])
      })
    )
  )
})
