import { Cause, Effect, Exit, Result } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { MemoryNotices } from "leadline/memory"
import { DeskStore } from "leadline/ports"
import { createLead, drainDeskBridge, endChat } from "leadline/use-cases"
import { describe, expect, it } from "vitest"
import { account, chatId } from "../crm/World.ts"
import { agentAt, chatting, visitorAt } from "../panel/Chats.ts"
import { Books, bridgeFor, cast, inProcess, runForeign, tagged } from "./Foreign.ts"
import type { Fate } from "./ForeignCrm.ts"

const email = "ann@example.com"
const c = chatId("c")

/** Three chats of the same visitor's address; the same lead is wanted from each. */
const begin = Effect.gen(function* () {
  yield* cast
  for (const id of ["c", "d", "e"]) yield* chatting(id, { email, by: `a${"cde".indexOf(id) + 1}`, says: "Hello" })
})

const press = (chat: string, key: string | null, note: string | null) =>
  createLead(agentAt(`a${"cde".indexOf(chat) + 1}`, key ?? undefined), { chatId: chatId(chat), note })

/** Whatever happened: one lead, as its chat says, its owner told once; each note that was promised is there once. */
const expectOne = Effect.gen(function* () {
  const { books } = yield* Books
  const leads = [...books.folk.values()]
  expect(leads.length).toBe(1)
  const created = yield* tagged("LeadCreated")
  expect(created).toEqual([{ _tag: "LeadCreated", lead: String(leads[0]?.no), owner: leads[0]?.holder }])
  const memory = yield* MemoryNotices
  expect((yield* memory.shown(account)).map(({ to }) => to)).toEqual([leads[0]?.holder])
  const scribbles = [...books.pins.values()].filter(({ sort }) => sort === "scribble")
  expect(scribbles.length).toBeLessThanOrEqual(1)
  expect(scribbles.length).toBe((yield* tagged("NoteStored")).length)
  expect((yield* tagged("NoteRequested")).length).toBe(scribbles.length)
  // every turn that was taken made this lead, or was spent visibly
  const refused = yield* tagged("LeadRefused")
  expect((yield* tagged("LeadDealt")).length).toBe(1 + refused.length)
  for (const { turn } of refused) expect(turn).not.toBeNull()
})

const fates: ReadonlyArray<Fate> = ["well", "well", "well", "down", "lost", "silent"]

interface Press {
  readonly chat: "c" | "d" | "e"
  readonly key: string | null
  readonly note: string | null
  readonly dies: number
}

const presses: fc.Arbitrary<Press> = fc.record({
  chat: fc.constantFrom("c", "d", "e"),
  key: fc.option(fc.constantFrom("k1", "k2")),
  note: fc.option(fc.constant("Call")),
  dies: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(Number.POSITIVE_INFINITY))
})

const runs = fc.record({
  rounds: fc.array(fc.array(presses, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
  fates: fc.array(fc.constantFrom(...fates), { maxLength: 40 }),
  bridges: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 3 })
})

describe("exactly one lead comes out of a foreign CRM", () => {
  it("of any presses by any agents in any processes that die, with answers lost at any call (E5, F2, F6, G2, K1)", () =>
    fc.assert(
      fc.asyncProperty(runs, ({ bridges, fates: befalls, rounds }) =>
        runForeign(
          Effect.gen(function* () {
            yield* begin
            const crm = yield* Books
            crm.befall((_, number) => befalls[number] ?? "well")
            for (const round of rounds) {
              const at = round.map(({ chat, dies, key, note }) => inProcess(press(chat, key, note), dies))
              const others = bridges.map((dies) => inProcess(drainDeskBridge(account), dies))
              const fiber = yield* Effect.forkChild(Effect.all([...at, ...others], { concurrency: "unbounded" }), {
                startImmediately: true
              })
              for (let second = 0; second < 12; second++) {
                for (let step = 0; step < 40; step++) yield* Effect.yieldNow
                yield* TestClock.adjust("10 seconds")
              }
              void fiber
            }
            crm.befall(() => "well")
            yield* bridgeFor(12)
            const last = yield* Effect.result(press("c", null, null))
            const made = [...crm.books.folk.keys()][0]
            if (Result.isFailure(last)) {
              expect(["AlreadyCreated", "AlreadyMatched"]).toContain(last.failure._tag)
              expect(JSON.stringify(last.failure)).toContain(`"${made}"`)
            }
            yield* bridgeFor(2)
            yield* expectOne
          })
        )
      ),
      { numRuns: 60 }
    ))

  it("wherever the process dies, between any two calls, and the bridges that follow it, too (E5, G4)", async () => {
    const pressed = press("c", "k", "Call")
    const { calls } = await runForeign(Effect.andThen(begin, inProcess(pressed)))
    expect(calls).toBeGreaterThan(20)
    for (let dies = 1; dies <= calls + 1; dies++) {
      await runForeign(
        Effect.gen(function* () {
          yield* begin
          const { exit } = yield* inProcess(pressed, dies)
          expect(Exit.isSuccess(exit)).toBe(dies > calls)
          if (Exit.isFailure(exit)) expect(Cause.hasDies(exit.cause)).toBe(true)
          yield* TestClock.adjust("91 seconds")
          yield* inProcess(drainDeskBridge(account), 1 + ((dies * 7) % 40))
          yield* bridgeFor(4)
          const repeated = yield* Effect.result(pressed)
          yield* bridgeFor(2)
          if (Exit.isSuccess(exit)) expect(repeated).toEqual(Result.succeed(exit.value))
          expect(Result.isSuccess(repeated)).toBe(true)
          yield* expectOne
        })
      )
    }
  })

  it("and one copy of the chat, wherever the bridge dies and whatever is lost (H2, H8)", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 4 }),
        fc.array(fc.constantFrom(...fates), { maxLength: 30 }),
        (deaths, befalls) =>
          runForeign(
            Effect.gen(function* () {
              yield* begin
              yield* press("c", null, null)
              const crm = yield* Books
              yield* endChat(visitorAt("v-c"), { chatId: c })
              const from = crm.asked.length
              crm.befall((_, number) => befalls[number - from] ?? "well")
              for (const dies of deaths) {
                const hosts = [inProcess(drainDeskBridge(account), dies), inProcess(drainDeskBridge(account))]
                yield* Effect.forkChild(Effect.all(hosts, { concurrency: "unbounded" }), { startImmediately: true })
                for (let step = 0; step < 100; step++) yield* Effect.yieldNow
                yield* TestClock.adjust("31 seconds")
              }
              crm.befall(() => "well")
              yield* bridgeFor(15)
              const cards = [...crm.books.pins.values()].filter(({ sort }) => sort === "card")
              expect(cards).toMatchObject([{ tag: "c", body: "Hello" }])
              const [request] = yield* (yield* DeskStore).get(account, [{ kind: "crmRequest", id: "copies/c" }])
              expect(request.value?.state._tag).toBe("Spread")
            })
          )
      ),
      { numRuns: 40 }
    ))
})
