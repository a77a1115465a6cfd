import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { Id, Webhook } from "leadline"
import { DeskStore, WebhookSender } from "leadline/ports"
import {
  drainErasures,
  erasePerson,
  keepDeliveringWebhooks,
  moveWebhook,
  readGivenUp,
  readWebhooks,
  replayGivenUp,
  saveWebhook,
  webhookPatience
} from "leadline/use-cases"
import { account, importer, run } from "../crm/World.ts"
import { visitorId, world } from "../panel/Chats.ts"
import { asking, hook, receiver, refusing, saying, told } from "./Receiving.ts"

const bridge = Webhook.bridgeOf(hook)
const logged = Effect.gen(function* () {
  const { entries } = yield* (yield* DeskStore).log(account, 0, 10_000)
  return entries
})

describe("a webhook", () => {
  it.effect("gets what happens after it was added, and nothing from before", () =>
    world(
      Effect.gen(function* () {
        const { drain, saved, taken } = receiver()
        yield* asking("before")
        yield* saved()
        yield* asking("c")
        yield* saying("c", "hello")
        yield* drain
        expect(taken.map(told)).toEqual(["webhook/w WebhookSaved", "chat/c ChatRequested", "chat/c MessageSent"])
        expect(taken.map(({ id }) => id)).toEqual((yield* logged).slice(-3).map(({ event }) => event.id))
        expect(yield* drain).toEqual({ done: 0, failed: 0 })
      })
    )
  )

  it.effect("gets the types it names, from a position on, with their texts", () =>
    world(
      Effect.gen(function* () {
        const { drain, saved, taken } = receiver()
        yield* asking("c")
        yield* saying("c", "hello")
        yield* saved({ types: ["MessageSent"], after: 0 })
        yield* drain
        expect(taken.map(told)).toEqual(["chat/c MessageSent"])
        expect([...(taken[0]?.event?.texts.values() ?? [])]).toEqual(["hello"])
      })
    )
  )

  it.effect("gets no text that was erased while its event waited (J4)", () =>
    world(
      Effect.gen(function* () {
        const { drain, lives, saved, taken } = receiver((_, before) => (before < 2 ? refusing(500) : null))
        yield* saved({ types: ["MessageSent"] })
        yield* asking("c")
        yield* saying("c", "my secret")
        yield* drain
        yield* erasePerson(importer, { visitorIds: [visitorId("c")], emails: [], records: [] })
        yield* drainErasures(account)
        yield* lives(310)
        expect(taken.map(told)).toEqual(["chat/c MessageSent"])
        expect(taken[0]?.event?.texts.size).toBe(0)
      })
    )
  )

  it.effect("is tried ten times within three days, under one id, by the schedule of Standard Webhooks (G4)", () =>
    world(
      Effect.gen(function* () {
        const { drain, saved, tries } = receiver(() => refusing(500))
        yield* saved({ types: ["ChatRequested"] })
        yield* asking("c")
        yield* drain
        const hours = (of: number) => of * 3_600
        const waits = [5, 300, 1_800, hours(2), hours(5), hours(10), hours(14), hours(20), hours(24)]
        for (const [at, wait] of waits.entries()) {
          expect(webhookPatience.waitMillis(at + 1)).toBe(wait * 1_000)
          yield* TestClock.adjust(wait * 1_000 - 1)
          yield* drain
          expect(tries.length).toBe(at + 1)
          yield* TestClock.adjust(1)
          yield* drain
          expect(tries.length).toBe(at + 2)
        }
        expect(new Set(tries.map(({ delivery }) => delivery.id)).size).toBe(1)
        const [item] = yield* readGivenUp(importer, 10, bridge)
        expect(item).toMatchObject({ bridge, tries: 10, nextTryAt: null, lastError: "DeliveryFailed: answered 500" })
        yield* TestClock.adjust("30 days")
        yield* drain
        expect(tries.length).toBe(10)
      })
    )
  )

  it.effect("given up, is delivered when somebody has it tried again (G4)", () =>
    world(
      Effect.gen(function* () {
        let isBroken = true
        const { drain, saved, taken, tries } = receiver(() => (isBroken ? refusing(500) : null))
        yield* saved({ types: ["ChatRequested"] })
        yield* asking("c")
        yield* drain
        for (let n = 0; n < 9; n++) {
          yield* TestClock.adjust("24 hours")
          yield* drain
        }
        const [item] = yield* readGivenUp(importer, 10, bridge)
        isBroken = false
        yield* replayGivenUp(importer, { eventId: item?.eventId ?? "", bridge })
        yield* drain
        expect(taken.map(({ id }) => id)).toEqual([tries[0]?.delivery.id])
        expect(yield* readGivenUp(importer, 10, bridge)).toEqual([])
      })
    )
  )

  it.effect("waits as long as its receiver asks to be left alone, a day at most", () =>
    world(
      Effect.gen(function* () {
        const { drain, saved, tries } = receiver((_, before) =>
          before === 0 ? refusing(429, 120_000) : before === 1 ? refusing(503, 10 ** 12) : null
        )
        yield* saved({ types: ["ChatRequested"] })
        yield* asking("c")
        yield* drain
        yield* TestClock.adjust("119 seconds")
        yield* drain
        expect(tries.length).toBe(1)
        yield* TestClock.adjust("1 second")
        yield* drain
        expect(tries.length).toBe(2)
        yield* TestClock.adjust("1 day")
        yield* drain
        expect(tries.length).toBe(3)
      })
    )
  )

  it.effect("holds up what follows in its chat, and no other chat (G4)", () =>
    world(
      Effect.gen(function* () {
        const { drain, lives, saved, taken } = receiver((delivery, before) =>
          told(delivery).startsWith("chat/c ") && before === 0 ? refusing(500) : null
        )
        yield* saved({ types: ["ChatRequested", "MessageSent"] })
        for (const chat of ["c", "d"]) yield* asking(chat)
        yield* drain
        yield* saying("c", "later")
        yield* saying("d", "now")
        yield* drain
        expect(taken.map(told)).toEqual(["chat/d ChatRequested", "chat/d MessageSent"])
        yield* lives(20)
        expect(taken.slice(2).map(told)).toEqual(["chat/c ChatRequested", "chat/c MessageSent"])
      })
    )
  )

  it.effect("whose receiver is down reads no further than its backlog, and loses nothing", () =>
    world(
      Effect.gen(function* () {
        let isDown = true
        const { drain, lives, saved, taken } = receiver(() => (isDown ? refusing(503) : null))
        yield* saved({ types: ["ChatRequested"] })
        for (let n = 0; n < 500; n++) yield* asking(`c${n}`)
        yield* drain
        const store = yield* DeskStore
        expect((yield* store.parked(account, bridge, 1_000)).length).toBeLessThan(300)
        isDown = false
        yield* lives(10)
        expect(taken.map(told).sort()).toEqual(Array.from({ length: 500 }, (_, n) => `chat/c${n} ChatRequested`).sort())
      })
    )
  )

  it.effect("is switched off when its receiver is gone, and misses nothing when it is switched on again", () =>
    world(
      Effect.gen(function* () {
        let isGone = true
        const { drain, lives, saved, taken, tries } = receiver(() => (isGone ? refusing(410) : null))
        yield* saved({ types: ["ChatRequested", "MessageSent"] })
        yield* asking("c")
        yield* drain
        expect(yield* readWebhooks(importer)).toMatchObject([{ id: hook, isEnabled: false }])
        expect((yield* logged).at(-1)?.event.payload).toEqual({
          ...{ _tag: "WebhookDisabled", webhookId: hook, reason: "gone" }
        })
        yield* saying("c", "meanwhile")
        yield* lives(20)
        expect(tries.length).toBe(1)
        isGone = false
        yield* saved({ types: ["ChatRequested", "MessageSent"] })
        yield* lives(20)
        expect(taken.map(told)).toEqual(["chat/c ChatRequested", "chat/c MessageSent"])
      })
    )
  )

  it.effect("delivers again what came after a position, under the same ids", () =>
    world(
      Effect.gen(function* () {
        const { drain, saved, taken } = receiver()
        yield* saved({ types: ["ChatRequested"] })
        for (const chat of ["a", "b", "c"]) yield* asking(chat)
        yield* drain
        const first = taken.map(({ id }) => id)
        yield* moveWebhook(importer, { webhookId: hook, after: taken[0]?.event?.entry.position ?? 0 })
        yield* drain
        expect(taken.slice(3).map(({ id }) => id)).toEqual(first.slice(1))
      })
    )
  )

  it.effect("moved back while a page is under way, goes on from there and not from where the page ended", () =>
    world(
      Effect.gen(function* () {
        const { on, saved, taken, drain } = receiver()
        yield* saved({ types: ["ChatRequested"] })
        for (const chat of ["a", "b"]) yield* asking(chat)
        // the first host meets the second between its claim and its commit
        const hosts = yield* Effect.forkChild(Effect.all([drain, drain], { concurrency: 2 }))
        while (taken.length === 0) yield* Effect.yieldNow
        yield* on(moveWebhook(importer, { webhookId: hook, after: 0 }))
        yield* Fiber.join(hosts)
        yield* drain
        const times = (chat: string) => taken.filter((one) => told(one) === `chat/${chat} ChatRequested`).length
        expect([times("a"), times("b")]).toEqual([2, 2])
      })
    )
  )

  it("hears everything at least once and each chat in order, whatever fails, with several hosts", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 20 }),
        fc.array(fc.nat(2), { minLength: 1, maxLength: 10 }),
        (said, script) =>
          run(
            Effect.gen(function* () {
              let call = 0
              const { drain, saved, taken, tries } = receiver((_, before) =>
                before < (script[call++ % script.length] ?? 0) ? refusing(500) : null
              )
              yield* saved({ types: ["ChatRequested", "MessageSent"] })
              for (const chat of new Set(said.map(([chat]) => chat))) yield* asking(`c${chat}`)
              for (const [at, [chat]] of said.entries()) yield* saying(`c${chat}`, `${at}`)
              // each of them fails twice at most, one after another
              for (let n = 0; n < 3 * (said.length + 1); n++) {
                yield* Effect.all([drain, drain, drain], { concurrency: "unbounded" })
                yield* TestClock.adjust("30 minutes")
              }
              const expected = (yield* logged).filter(({ event }) =>
                ["ChatRequested", "MessageSent"].includes(event.payload._tag)
              )
              const streams = new Set(expected.map(({ event }) => event.stream))
              for (const stream of streams) {
                const heard = taken.filter(({ event }) => event?.entry.event.stream === stream).map(({ id }) => id)
                expect([...new Set(heard)]).toEqual(
                  expected.filter(({ event }) => event.stream === stream).map(({ event }) => event.id)
                )
              }
              expect(tries.length).toBeGreaterThanOrEqual(expected.length)
            }).pipe(Effect.provide(TestClock.layer()))
          )
      ),
      { numRuns: 20 }
    ))

  it.effect("that is slow holds up no other, when they are kept running", () =>
    world(
      Effect.gen(function* () {
        const slow = receiver()
        const { on, saved, taken } = slow
        yield* saved({ types: ["ChatRequested"] })
        const hung = receiver()
        yield* hung.on(
          saveWebhook(importer, {
            ...{ id: Id.WebhookId.make("hung"), url: "https://hung.example", types: [], isEnabled: true }
          })
        )
        const mixed = WebhookSender.of({
          isAllowed: () => true,
          send: (account, delivery) =>
            delivery.webhookId === hook
              ? on(WebhookSender.use((sender) => sender.send(account, delivery)))
              : Effect.never
        })
        const keeping = yield* Effect.forkChild(
          Effect.provideService(keepDeliveringWebhooks(account), WebhookSender, mixed)
        )
        for (let n = 0; n < 3; n++) {
          yield* asking(`c${n}`)
          yield* TestClock.adjust("1 second")
        }
        for (let n = 0; n < 5; n++) yield* TestClock.adjust("1 second")
        expect(taken.map(told)).toEqual(["chat/c0 ChatRequested", "chat/c1 ChatRequested", "chat/c2 ChatRequested"])
        yield* Fiber.interrupt(keeping)
      })
    )
  )
})
