import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Chat, type OperatingHours } from "leadline"
import {
  answerChat,
  answerNext,
  drainTimers,
  explainRouting,
  keepTime,
  readAccountStatus,
  readConsole,
  requestChat,
  setStatus,
  transferToAgent
} from "leadline/use-cases"
import { account, chatId } from "../crm/World.ts"
import { agentAt, agentId, agentOf, chatting, hire, settle, visitorAt, visitorId, world } from "../panel/Chats.ts"
import { ask, assigned, chatOf, chats, deskOf, disagreements, pass, settled, told } from "../routing/Floor.ts"

/** The clock starts on a Thursday at midnight: open from 9 to 10. */
const hours: OperatingHours.OperatingHours = {
  timeZone: "UTC",
  weekly: [{ day: 4, from: 540, to: 600 }],
  holidays: []
}
const toOpening = TestClock.adjust("9 hours")
const toClosing = TestClock.adjust("1 hour")

describe("operating hours", () => {
  it.effect("open and close the account at the instant, and say so once, on any number of hosts (B8)", () =>
    world(
      Effect.gen(function* () {
        yield* settle({ hours })
        yield* hire(agentOf("a1"))
        for (let host = 0; host < 2; host++) {
          yield* Effect.forkChild(keepTime(account), { startImmediately: true })
        }
        yield* settled
        expect(yield* readAccountStatus(account)).toBe("offline")
        yield* pass(9 * 3_600_000, 60_000)
        expect(yield* readAccountStatus(account)).toBe("online")
        yield* pass(3_600_000, 60_000)
        expect(yield* readAccountStatus(account)).toBe("offline")
        const at = (tag: string) => Effect.map(told(tag), (all) => all.map((event) => event.at / 3_600_000))
        expect(yield* at("AccountClosed")).toEqual([0, 10])
        expect(yield* at("AccountOpened")).toEqual([9])
      })
    )
  )

  for (const routing of ["broadcast", "assigned"] as const) {
    it.effect(`close, ${routing}: what waits becomes offline messages, served chats go on (B8, D4)`, () =>
      world(
        Effect.gen(function* () {
          yield* settle({ hours })
          yield* toOpening
          yield* TestClock.adjust("59 minutes")
          yield* hire(agentOf("a1"), agentOf("a2"))
          yield* chatting("served")
          yield* chatting("again", { by: "a2" })
          yield* setStatus(agentAt("a2"), { status: "offline" })
          yield* settle({
            routing,
            offers: { reassignAfterMillis: 600_000, autoIdleAfterMisses: null, autoAccept: false }
          })
          yield* chatting("new", { by: null })
          yield* drainTimers(account)
          expect((yield* chatOf("again")).state._tag).toBe(routing === "assigned" ? "Offered" : "Waiting")
          yield* TestClock.adjust("1 minute")
          expect((yield* readConsole(agentAt("a1"))).icon).toMatchObject({ blinking: routing === "assigned" })
          yield* Effect.all([drainTimers(account), drainTimers(account)], { concurrency: "unbounded" })
          const closed = { state: { _tag: "Closed", reason: "hours" } }
          const isNew = yield* chatOf("new")
          const again = yield* chatOf("again")
          expect(isNew).toMatchObject({ ...closed, kind: "offlineMessage" })
          expect(Chat.outcomeOf(isNew)).toBe("offlineMessage")
          expect(again).toMatchObject({ ...closed, kind: "chat" })
          expect(Chat.outcomeOf(again)).toBe("served")
          expect((yield* chatOf("served")).state._tag).toBe("Served")
          expect(yield* deskOf("a1")).toMatchObject({ offer: null, missesInARow: 0 })
          expect(yield* disagreements).toEqual([])
          expect(yield* told("ChatClosed")).toHaveLength(2)
          expect((yield* drainTimers(account)).done).toBe(0)
          // the visitors' places are free again (D6)
          yield* TestClock.adjust("167 hours")
          expect(yield* ask("next", { visitorId: visitorId("v-next") })).toMatchObject({
            isNew: true,
            isOffline: false
          })
        })
      )
    )
  }

  it.effect("closed: a request is an offline message, over as it begins; nothing rings by hand (B8, C8)", () =>
    world(
      Effect.gen(function* () {
        yield* settle({ hours })
        yield* hire(agentOf("a1"))
        const request = { visitorId: visitorId("v"), chatId: chatId("c") }
        expect(yield* requestChat(visitorAt("v"), request)).toEqual({ chatId: "c", isNew: true, isOffline: true })
        expect(yield* chatOf("c")).toMatchObject({ kind: "offlineMessage", state: { _tag: "Closed", reason: "hours" } })
        yield* toOpening
        expect(yield* requestChat(visitorAt("v"), { visitorId: visitorId("v") })).toMatchObject({ isOffline: false })
        expect((yield* readConsole(agentAt("a1"))).ringing).toHaveLength(1)
        yield* toClosing
        // no timer has run yet: the chat still waits, and does not ring
        const shown = yield* readConsole(agentAt("a1"))
        expect(shown.ringing).toEqual([])
        expect(shown.icon).toMatchObject({ blinking: false, sound: false })
        expect(yield* Effect.flip(answerNext(agentAt("a1")))).toEqual({ _tag: "NothingWaiting" })
        yield* drainTimers(account)
        for (const chat of yield* chats) expect(chat.state._tag).toBe("Closed")
      })
    )
  )

  it.effect("closed: nothing is offered, and the explanation says why (B8, C7)", () =>
    world(
      Effect.gen(function* () {
        yield* settle({ ...assigned, hours })
        yield* toOpening
        yield* ask("c")
        yield* toClosing
        yield* hire(agentOf("a1"))
        const { now } = yield* explainRouting(agentAt("a1"), { chatId: chatId("c") })
        expect(now).toMatchObject({ chosen: null, others: [{ why: "closed", agents: ["a1"] }] })
      })
    )
  )

  it.effect("closed: a served chat can still be transferred, and goes on with the other (B8, C11)", () =>
    world(
      Effect.gen(function* () {
        yield* settle({ hours })
        yield* toOpening
        yield* TestClock.adjust("59 minutes")
        yield* hire(agentOf("a1"), agentOf("a2"))
        yield* chatting("c")
        yield* TestClock.adjust("1 minute")
        yield* drainTimers(account)
        yield* transferToAgent(agentAt("a1"), { chatId: chatId("c"), to: agentId("a2") })
        yield* drainTimers(account)
        expect((yield* chatOf("c")).state._tag).toBe("Offered")
        expect((yield* readConsole(agentAt("a2"))).ringing).toHaveLength(1)
        yield* answerNext(agentAt("a2"))
        expect((yield* chatOf("c")).serving).toMatchObject([{ agentId: "a2" }])
        expect(yield* disagreements).toEqual([])
      })
    )
  )

  it.effect("taken away or changed bind at once (B8)", () =>
    world(
      Effect.gen(function* () {
        yield* settle({ hours })
        yield* drainTimers(account)
        yield* settle({ hours: { ...hours, weekly: [{ day: 5, from: 0, to: 60 }] } })
        expect((yield* drainTimers(account)).nextAt).toBe(86_400_000)
        expect(yield* told("AccountClosed")).toHaveLength(1)
        yield* settle({ hours: null })
        yield* drainTimers(account)
        expect((yield* drainTimers(account)).nextAt).toBe(null)
        expect(yield* told("AccountOpened")).toHaveLength(1)
        yield* hire(agentOf("a1"))
        yield* chatting("c", { by: null, department: null })
        yield* answerChat(agentAt("a1"), { chatId: chatId("c") })
      })
    )
  )
})
