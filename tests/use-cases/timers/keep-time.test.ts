import { describe, expect, it } from "@effect/vitest"
import { type Duration, Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Id } from "leadline"
import { DeskStore, SettingsStore, StoreError } from "leadline/ports"
import {
  answerNext,
  changeSettings,
  declineOffer,
  drainTimers,
  endChat,
  keepTime,
  leavePage,
  runTimers,
  sendMessage,
  setStatus,
  signIn
} from "leadline/use-cases"
import { account, chatId, importer } from "../crm/World.ts"
import { agentAt, agentOf, chatting, hire, settle, visitorAt, world } from "../panel/Chats.ts"
import { ask, assigned, chatOf, deskOf, disagreements, events, pass, settled, told } from "../routing/Floor.ts"

const keeping = Effect.forkChild(keepTime(account), { startImmediately: true })
const later = (duration: Duration.Input) => TestClock.adjust(duration)

/** The same store, but that it cannot be reached while `isDown` says so; counts what it was asked. */
const shaky = Effect.fnUntraced(function* (isDown: () => boolean) {
  const store = yield* DeskStore
  const bill = { asked: 0 }
  const down = new StoreError({ reason: "unavailable", isRetryable: true, operation: "test" })
  const members = Object.entries(store).map(([name, member]) => [
    name,
    typeof member !== "function"
      ? member
      : name === "changes"
        ? (of: Id.AccountId) => Stream.mapEffect(store.changes(of), () => (isDown() ? Effect.fail(down) : Effect.void))
        : (...given: ReadonlyArray<unknown>) =>
            Effect.suspend(() => {
              bill.asked++
              return isDown()
                ? Effect.fail(down)
                : (member as (...given: ReadonlyArray<unknown>) => Effect.Effect<unknown>)(...given)
            })
  ])
  return { bill, store: DeskStore.of(Object.fromEntries(members) as never) }
})

describe("keeping time", () => {
  it.effect("offers what comes at once, misses it exactly at its deadline, offers it to the next (C5, C7)", () =>
    world(
      Effect.gen(function* () {
        yield* settle(assigned)
        yield* hire(agentOf("a1"), agentOf("a2"))
        yield* keeping
        yield* ask("c")
        yield* settled
        const one = (yield* chatOf("c")).offer?.to
        expect(one).toBeDefined()
        yield* pass(29_999)
        expect((yield* chatOf("c")).offer?.to).toBe(one)
        yield* pass(1)
        const two = (yield* chatOf("c")).offer
        expect(two?.to).not.toBe(one)
        expect(two?.until).toBe(60_000)
        expect((yield* told("OfferMissed")).map(({ at }) => at)).toEqual([30_000])
      })
    )
  )

  it.effect("is exact for leases, idleness and visitors, and rests where nothing is due (B3, B4, D5)", () =>
    world(
      Effect.gen(function* () {
        const idle = { afterMillis: 45_000, becomes: "away" as const, ignoreIfChatting: false }
        yield* hire(agentOf("a1"), agentOf("a2", { idle }))
        yield* signIn(agentAt("a1"), { deviceId: Id.DeviceId.make("d") })
        yield* chatting("c")
        yield* chatting("d")
        yield* leavePage(visitorAt("v-d"), { chatId: chatId("d") })
        yield* keeping
        yield* pass(1_800_000, 15_000)
        const when = (yield* events).flatMap(({ at, payload, stream }) =>
          at > 0 ? [`${at / 1000} ${stream} ${payload._tag}`] : []
        )
        expect(when).toEqual([
          "45 desk/a2 StatusChanged",
          "60 desk/a1 StatusChanged",
          "60 chat/c AgentLeft",
          "60 chat/c ChatRequeued",
          "60 chat/d AgentLeft",
          "60 chat/d ChatRequeued",
          "60 desk/a1 ChatReleased",
          "60 desk/a1 ChatReleased",
          "120 chat/d ChatClosed",
          "600 chat/c VisitorIdle",
          "1800 chat/c ChatClosed"
        ])
      })
    )
  )

  it.effect("by several hosts does everything once (K2, C5)", () =>
    world(
      Effect.gen(function* () {
        yield* settle(assigned)
        yield* hire(agentOf("a1"), agentOf("a2"), agentOf("a3"))
        for (let host = 0; host < 3; host++) yield* keeping
        for (const id of ["c", "d"]) yield* ask(id)
        yield* pass(30_000)
        expect(yield* told("OfferMissed")).toHaveLength(2)
        expect(yield* told("ChatOffered")).toHaveLength(4)
        expect(yield* disagreements).toEqual([])
      })
    )
  )

  it.effect("survives a store that is down, does late what was due, and is exact again afterwards (K3)", () =>
    world(
      Effect.gen(function* () {
        yield* settle(assigned)
        yield* hire(agentOf("a1"), agentOf("a2"))
        let isDown = false
        const { bill, store } = yield* shaky(() => isDown)
        yield* Effect.provideService(keeping, DeskStore, store)
        yield* ask("c")
        yield* settled
        expect((yield* chatOf("c")).offer).not.toBe(null)
        isDown = true
        const before = bill.asked
        yield* pass(600_000, 500)
        expect(bill.asked - before).toBeGreaterThan(5)
        expect(bill.asked - before).toBeLessThan(100)
        expect(yield* told("OfferMissed")).toEqual([])
        isDown = false
        yield* pass(40_000, 500)
        expect(yield* told("OfferMissed")).not.toEqual([])
        yield* endChat(visitorAt("v-c"), { chatId: chatId("c") })
        yield* ask("e")
        yield* settled
        const { offer } = yield* chatOf("e")
        yield* pass(30_000)
        expect((yield* told("OfferMissed")).at(-1)).toMatchObject({ stream: "chat/e", at: offer?.until })
        isDown = true
        yield* pass(100)
        isDown = false
        yield* pass(5_000, 500)
        expect((yield* chatOf("e")).offer).not.toBe(null)
      })
    )
  )

  it.effect("ends its rounds however much is going on (C7)", () =>
    world(
      Effect.gen(function* () {
        yield* settle(assigned)
        yield* hire(agentOf("a1"))
        yield* keeping
        yield* ask("d")
        yield* settled
        yield* answerNext(agentAt("a1"))
        yield* ask("c")
        for (let n = 0; n < 60 && (yield* chatOf("c")).offer === null; n++) {
          yield* sendMessage(visitorAt("v-d"), { chatId: chatId("d"), text: "and more" })
        }
        expect((yield* chatOf("c")).offer?.to).toBe("a1")
      })
    )
  )

  it.effect("rests when the chat a deadline of routing was for is gone, in any mode (C4, C6)", () =>
    world(
      Effect.gen(function* () {
        yield* settle(assigned)
        yield* hire(agentOf("a1"))
        yield* ask("c")
        yield* drainTimers(account)
        yield* declineOffer(agentAt("a1"), { chatId: chatId("c") })
        expect((yield* drainTimers(account)).nextAt).toBe(30_000)
        yield* endChat(visitorAt("v-c"), { chatId: chatId("c") })
        expect((yield* drainTimers(account)).nextAt).toBe(null)
        yield* ask("d", { skills: ["french"] })
        expect((yield* drainTimers(account)).nextAt).toBe(30_000)
        yield* settle({ routing: "broadcast" })
        expect((yield* drainTimers(account)).nextAt).toBe(600_000)
        const store = yield* DeskStore
        expect(yield* store.due(account, "routing", 1e15 as never, 1)).toEqual([])
      })
    )
  )
})

describe("a round of timers", () => {
  it.effect("late by hours does what was due, once, now (D5, C5)", () =>
    world(
      Effect.gen(function* () {
        yield* settle(assigned)
        yield* hire(agentOf("a1"))
        yield* ask("c")
        yield* drainTimers(account)
        yield* later("5 hours")
        yield* Effect.all([drainTimers(account), drainTimers(account)], { concurrency: "unbounded" })
        const tags = (yield* events).flatMap(({ at, payload, stream }) =>
          stream === "chat/c" && at > 0 ? [payload._tag] : []
        )
        expect(tags).toEqual(["OfferMissed", "VisitorIdle", "ChatClosed"])
        expect(yield* deskOf("a1")).toMatchObject({ offer: null, missesInARow: 1 })
        expect(yield* drainTimers(account)).toEqual({ done: 0, nextAt: null, isDone: true })
      })
    )
  )

  it.effect("looks again where a visitor's sign pushed the deadline back (D5)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatting("c")
        yield* later("9 minutes")
        yield* sendMessage(visitorAt("v-c"), { chatId: chatId("c"), text: "still here" })
        yield* later("1 minute")
        expect((yield* drainTimers(account)).nextAt).toBe(19 * 60_000)
        expect(yield* told("VisitorIdle")).toEqual([])
        yield* later("9 minutes")
        yield* drainTimers(account)
        expect(yield* told("VisitorIdle")).toHaveLength(1)
      })
    )
  )

  it.effect("forgets answers when their time is over, in both stores, and not before (K1)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* setStatus(agentAt("a1", "k"), { status: "away" })
        yield* changeSettings({ ...importer, idempotencyKey: "k" }, { chatLimit: 3 })
        const desk = yield* DeskStore
        const settings = yield* SettingsStore
        expect((yield* drainTimers(account)).nextAt).toBe(86_400_000)
        yield* later(86_399_999)
        expect((yield* runTimers(account)).done).toBe(0)
        yield* later(1)
        expect(yield* runTimers(account)).toEqual({ done: 2, nextAt: null, isDone: true })
        expect(yield* desk.due(account, "command", 1e15 as never, 1)).toEqual([])
        expect(yield* settings.due(account, "command", 1e15 as never, 1)).toEqual([])
        yield* setStatus(agentAt("a1", "k"), { status: "online" })
      })
    )
  )
})
