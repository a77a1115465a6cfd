import { describe, expect, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import { Actor, Id, type Settings } from "leadline"
import { DeskStore } from "leadline/ports"
import {
  answerChat,
  answerNext,
  declineOffer,
  drainTimers,
  endChat,
  explainRouting,
  leavePage,
  readConsole,
  runTimers,
  saveAgent,
  setStatus,
  transferToAgent
} from "leadline/use-cases"
import { account, chatId, importer } from "../crm/World.ts"
import { agentAt, agentId, agentOf, chatting, hire, settle, visitorAt, world } from "../panel/Chats.ts"
import { ask, assigned, atOnce, chatOf, deskOf, disagreements, events, told } from "./Floor.ts"

const c = { chatId: chatId("c") }
const sales = Id.DepartmentId.make("sales")
const offers = (more: Partial<Settings.Settings["offers"]>) => ({
  offers: { reassignAfterMillis: 30_000, autoIdleAfterMisses: null, autoAccept: false, ...more }
})
const ringing = (id: string) => Effect.map(readConsole(agentAt(id)), (shown) => shown.ringing.map((chat) => chat.id))

describe("an offer", () => {
  it.effect("with auto-accept is served as it is made, to the limit of everybody (C5, B6)", () =>
    world(
      Effect.gen(function* () {
        yield* settle({ ...assigned, ...offers({ autoAccept: true }) })
        yield* hire(agentOf("a1", { chatLimit: 2 }), agentOf("a2", { chatLimit: 1 }))
        for (const id of ["c", "d", "e", "f"]) yield* ask(id)
        yield* drainTimers(account)
        expect((yield* deskOf("a1"))?.serving).toHaveLength(2)
        expect((yield* deskOf("a2"))?.serving).toHaveLength(1)
        expect((yield* chatOf("f")).state._tag).toBe("Waiting")
        expect(yield* disagreements).toEqual([])
        const { decisions } = yield* explainRouting(agentAt("a1"), { chatId: chatId("d") })
        expect(decisions).toHaveLength(1)
      })
    )
  )

  it.effect("missed so many times in a row makes its agent idle, as they chose; one missed less does not (C5)", () =>
    world(
      Effect.gen(function* () {
        yield* settle({ ...assigned, ...offers({ autoIdleAfterMisses: 2 }) })
        const idle = { afterMillis: 86_400_000, becomes: "invisible" as const, ignoreIfChatting: false }
        yield* hire(agentOf("a1"), agentOf("a2", { idle }))
        for (const id of ["c", "d"]) yield* ask(id)
        yield* drainTimers(account)
        yield* TestClock.adjust("30 seconds")
        yield* drainTimers(account)
        for (const id of ["a1", "a2"]) {
          expect(yield* deskOf(id)).toMatchObject({ status: "online", missesInARow: 1 })
        }
        yield* TestClock.adjust("30 seconds")
        yield* drainTimers(account)
        expect(yield* deskOf("a1")).toMatchObject({ status: "away", missesInARow: 2, lastMissAt: 60_000, offer: null })
        expect(yield* deskOf("a2")).toMatchObject({ status: "invisible", missesInARow: 2, lastChosen: "online" })
        const idled = (yield* told("StatusChanged")).filter(({ at }) => at > 0)
        expect(idled.map(({ actor, payload }) => [actor, "reason" in payload && payload.reason])).toEqual([
          [Actor.system, "missedOffers"],
          [Actor.system, "missedOffers"]
        ])
        yield* setStatus(agentAt("a1"), { status: "online" })
        expect((yield* deskOf("a1"))?.missesInARow).toBe(0)
        expect(yield* disagreements).toEqual([])
      })
    )
  )

  it.effect("missed by who is away already changes no status; never, where the account does not ask for it (C5)", () =>
    world(
      Effect.gen(function* () {
        const idle = { afterMillis: 86_400_000, becomes: "invisible" as const, ignoreIfChatting: false }
        yield* hire(agentOf("a1"), agentOf("a2", { idle }), agentOf("a3"))
        yield* settle(offers({ autoIdleAfterMisses: 1 }))
        yield* chatting("c")
        yield* setStatus(agentAt("a2"), { status: "away" })
        yield* transferToAgent(agentAt("a1"), { ...c, to: agentId("a2") })
        yield* TestClock.adjust("30 seconds")
        yield* drainTimers(account)
        expect(yield* deskOf("a2")).toMatchObject({ status: "away", missesInARow: 1 })
        yield* settle(offers({}))
        yield* chatting("d")
        yield* transferToAgent(agentAt("a1"), { chatId: chatId("d"), to: agentId("a3") })
        yield* TestClock.adjust("30 seconds")
        yield* drainTimers(account)
        expect(yield* deskOf("a3")).toMatchObject({ status: "online", missesInARow: 1 })
      })
    )
  )

  it.effect(
    "declined waits again with its old number, at once offered to another; others decline nothing (C2, C4)",
    () =>
      world(
        Effect.gen(function* () {
          yield* settle(assigned)
          yield* hire(agentOf("a1"))
          yield* ask("c")
          yield* drainTimers(account)
          yield* ask("d")
          yield* hire(agentOf("a2"))
          const before = (yield* events).length
          yield* declineOffer(agentAt("a2"), c)
          expect(yield* events).toHaveLength(before)
          yield* declineOffer(agentAt("a1"), c)
          expect(yield* chatOf("c")).toMatchObject({ state: { _tag: "Waiting" }, queueNumber: 1 })
          expect((yield* deskOf("a1"))?.missesInARow).toBe(0)
          yield* drainTimers(account)
          expect((yield* chatOf("c")).offer?.to).toBe("a2")
          expect((yield* chatOf("d")).offer?.to).toBe("a1")
          yield* saveAgent(importer, agentOf("a2", { isEnabled: false }))
          expect(yield* Effect.flip(declineOffer(agentAt("a2"), c))).toMatchObject({ _tag: "AccessDenied" })
          expect((yield* chatOf("c")).offer).toBe(null)
        })
      )
  )

  it.effect("is withdrawn without a miss when its agent leaves the department or the visitor leaves (C4, D1)", () =>
    world(
      Effect.gen(function* () {
        yield* settle(assigned)
        yield* hire(agentOf("a1", { departments: [sales] }))
        yield* ask("c", { department: sales })
        yield* drainTimers(account)
        yield* saveAgent(importer, agentOf("a1", { departments: [sales], displayName: "Ada" }))
        expect((yield* chatOf("c")).offer?.to).toBe("a1")
        yield* saveAgent(importer, agentOf("a1"))
        expect(yield* chatOf("c")).toMatchObject({ state: { _tag: "Waiting" }, offer: null, exclusions: [] })
        yield* saveAgent(importer, agentOf("a1", { departments: [sales] }))
        yield* drainTimers(account)
        expect((yield* chatOf("c")).offer?.to).toBe("a1")
        yield* leavePage(visitorAt("v-c"), c)
        expect(yield* deskOf("a1")).toMatchObject({ offer: null, missesInARow: 0, lastMissAt: null })
        expect((yield* chatOf("c")).state).toMatchObject({ _tag: "Closing", before: { _tag: "Waiting" } })
        expect((yield* runTimers(account)).done).toBe(0)
      })
    )
  )

  it.effect("decided while its agent leaves the department is decided again (C4, C7)", () =>
    world(
      Effect.gen(function* () {
        yield* settle(assigned)
        yield* hire(agentOf("a1", { departments: [sales] }))
        yield* ask("c", { department: sales })
        const store = yield* DeskStore
        let isFirst = true
        const overtaken = DeskStore.of({
          ...store,
          roster: (of) =>
            Effect.tap(store.roster(of), () => {
              const moving = isFirst ? saveAgent(importer, agentOf("a1")) : Effect.void
              isFirst = false
              return Effect.orDie(Effect.provideService(Effect.provide(moving, needs), DeskStore, store))
            })
        })
        const needs = yield* Effect.context<Effect.Services<ReturnType<typeof saveAgent>>>()
        yield* Effect.provideService(drainTimers(account), DeskStore, overtaken)
        expect((yield* chatOf("c")).offer).toBe(null)
        expect((yield* deskOf("a1"))?.offer ?? null).toBe(null)
      })
    )
  )

  it("answered, declined, missed, withdrawn and ended at once has one outcome that all agree on (C8)", () =>
    fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(["answer", "next", "decline", "timeout", "away", "invisible", "end", "gone"], {
          minLength: 2
        }),
        fc.boolean(),
        (acts, isDue) =>
          Effect.runPromise(
            world(
              Effect.gen(function* () {
                yield* settle(assigned)
                yield* hire(agentOf("a1"), agentOf("a2"))
                yield* setStatus(agentAt("a2"), { status: "offline" })
                yield* ask("c")
                yield* drainTimers(account)
                yield* setStatus(agentAt("a2"), { status: "online" })
                if (isDue) yield* TestClock.adjust("30 seconds")
                const a1 = agentAt("a1")
                const does: Record<string, Effect.Effect<unknown, unknown, never>> = {
                  answer: answerChat(a1, c),
                  next: answerNext(a1),
                  decline: declineOffer(a1, c),
                  timeout: drainTimers(account),
                  away: setStatus(a1, { status: "away" }),
                  invisible: setStatus(a1, { status: "invisible" }),
                  end: endChat(visitorAt("v-c"), c),
                  gone: leavePage(visitorAt("v-c"), c)
                } as never
                yield* Effect.forEach(acts, (what) => Effect.result(does[what] ?? Effect.void), atOnce)
                expect(yield* disagreements).toEqual([])
                const ends = (yield* events).filter(
                  ({ payload }) =>
                    ["ChatAnswered", "OfferDeclined", "OfferMissed", "OfferWithdrawn"].includes(payload._tag) &&
                    "agentId" in payload &&
                    payload.agentId === "a1"
                )
                const offered = (yield* told("ChatOffered")).filter(
                  ({ payload }) => "agentId" in payload && payload.agentId === "a1"
                )
                const isHeld = (yield* chatOf("c")).offer?.to === "a1"
                expect(ends.length + (isHeld ? 1 : 0)).toBe(offered.length)
                if (isDue) expect((yield* chatOf("c")).serving.filter((one) => one.agentId === "a1")).toEqual([])
              })
            ).pipe(Effect.provide(TestClock.layer())) as Effect.Effect<void>
          )
      ),
      { numRuns: 150 }
    ))

  it.effect("answered from two consoles at once is answered once, and both succeed (C8)", () =>
    world(
      Effect.gen(function* () {
        yield* settle(assigned)
        yield* hire(agentOf("a1"), agentOf("a2"))
        yield* ask("c")
        yield* drainTimers(account)
        const to = (yield* chatOf("c")).offer?.to ?? ""
        yield* Effect.all(
          (["crm", "mobile"] as const).map((surface) => answerChat({ ...agentAt(to), surface }, c)),
          atOnce
        )
        expect(yield* told("ChatAnswered")).toHaveLength(1)
        const other = to === "a1" ? "a2" : "a1"
        expect(yield* Effect.flip(answerChat(agentAt(other), c))).toEqual({
          _tag: "ChatAlreadyAnswered",
          by: to,
          at: 0
        })
      })
    )
  )
})

describe("serving the next request", () => {
  it.effect("takes what is offered first, then the oldest that rings; skills and limit bind ringing (C8, C6, C1)", () =>
    Effect.forEach(["broadcast", "hybrid"] as const, (routing) =>
      world(
        Effect.gen(function* () {
          yield* settle({ routing })
          yield* hire(agentOf("a1"), agentOf("a2", { chatLimit: 2 }))
          yield* chatting("given")
          yield* ask("french", { skills: ["French"] })
          for (const id of ["c", "d", "e"]) yield* ask(id)
          yield* transferToAgent(agentAt("a1"), { chatId: chatId("given"), to: agentId("a2") })
          expect(yield* ringing("a2")).toEqual(["given", "c", "d", "e"])
          expect(yield* answerNext(agentAt("a2"))).toEqual({ chatId: "given" })
          expect(yield* answerNext(agentAt("a2"))).toEqual({ chatId: "c" })
          expect(yield* ringing("a2")).toEqual([])
          expect(yield* Effect.flip(answerNext(agentAt("a2")))).toEqual({ _tag: "NothingWaiting" })
          const byHand = yield* Effect.result(answerChat(agentAt("a2"), { chatId: chatId("d") }))
          expect(Result.isSuccess(byHand)).toBe(routing === "hybrid")
          if (Result.isFailure(byHand)) expect(byHand.failure).toEqual({ _tag: "AtLimit", used: 2, limit: 2 })
          yield* TestClock.adjust("30 seconds")
          expect(yield* answerNext(agentAt("a1"))).toEqual({ chatId: "french" })
          yield* setStatus(agentAt("a1"), { status: "away" })
          expect(yield* Effect.flip(answerNext(agentAt("a1")))).toEqual({ _tag: "NothingWaiting" })
          yield* answerChat(agentAt("a1"), { chatId: chatId("e") })
        })
      )
    )
  )

  it.effect("in assigned mode is the offer alone; before there is one, or too late, nothing waits (C1, C5)", () =>
    world(
      Effect.gen(function* () {
        yield* settle(assigned)
        yield* hire(agentOf("a1"))
        yield* ask("c")
        const nothing = { _tag: "NothingWaiting" }
        expect(yield* Effect.flip(answerNext(agentAt("a1")))).toEqual(nothing)
        expect((yield* readConsole(agentAt("a1"))).icon).toMatchObject({ waiting: 1, blinking: false })
        yield* drainTimers(account)
        expect((yield* readConsole(agentAt("a1"))).icon).toMatchObject({ waiting: 0, blinking: true, sound: true })
        yield* TestClock.adjust("30 seconds")
        expect(yield* Effect.flip(answerNext(agentAt("a1")))).toEqual(nothing)
        expect(yield* Effect.flip(answerNext(agentAt("a9")))).toEqual(nothing)
      })
    )
  )

  it.effect("an offer holds its agent's slot, also against their own hands (B5, B6)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2", { chatLimit: 1 }))
        yield* chatting("c")
        yield* ask("d")
        yield* transferToAgent(agentAt("a1"), { ...c, to: agentId("a2") })
        expect(yield* Effect.flip(answerChat(agentAt("a2"), { chatId: chatId("d") }))).toEqual({
          _tag: "AtLimit",
          used: 1,
          limit: 1
        })
        expect(yield* readConsole(agentAt("a2"))).toMatchObject({ used: 1, limit: 1, offer: { chatId: "c" } })
        yield* answerChat(agentAt("a2"), c)
        expect((yield* readConsole(agentAt("a2"))).used).toBe(1)
        yield* TestClock.adjust("10 minutes")
        expect((yield* readConsole(agentAt("a2"))).used).toBe(0)
        yield* answerChat(agentAt("a2"), { chatId: chatId("d") })
      })
    )
  )

  it.effect("a slot that a quiet chat frees is found by the clock alone (B5, C7)", () =>
    world(
      Effect.gen(function* () {
        yield* settle(assigned)
        yield* hire(agentOf("a1", { chatLimit: 1 }))
        yield* ask("c")
        yield* drainTimers(account)
        yield* TestClock.adjust("20 seconds")
        yield* answerNext(agentAt("a1"))
        yield* TestClock.adjust("1 minute")
        yield* ask("d")
        yield* TestClock.adjust("530 seconds")
        expect((yield* drainTimers(account)).nextAt).toBe(620_000)
        expect((yield* chatOf("d")).offer).toBe(null)
        yield* TestClock.adjust("10 seconds")
        yield* drainTimers(account)
        expect((yield* chatOf("d")).offer?.to).toBe("a1")
      })
    )
  )
})
