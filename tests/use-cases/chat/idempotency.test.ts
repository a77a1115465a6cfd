import { describe, expect, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { TestClock } from "effect/testing"
import { DeskStore } from "leadline/ports"
import { answerChat, leaveChat, requestChat, sendMessage, setStatus, tagChat } from "leadline/use-cases"
import { account, chatId } from "../crm/World.ts"
import { agentAt, agentOf, chatting, hire, visitorAt, visitorId, world } from "../panel/Chats.ts"

const events = Effect.gen(function* () {
  return (yield* (yield* DeskStore).log(account, 0, 10_000)).entries.map(({ event }) => event)
})
const keyed = (key: string) => ({ ...visitorAt("v-c"), idempotencyKey: key })
const c = { chatId: chatId("c") }

describe("a command under an idempotency key", () => {
  it.effect("repeated gives the same answer and has no second effect (K1)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatting("c")
        const first = yield* sendMessage(keyed("k"), { ...c, text: "hello" })
        const before = (yield* events).length
        expect(yield* sendMessage(keyed("k"), { ...c, text: "hello" })).toEqual(first)
        expect(yield* events).toHaveLength(before)
      })
    )
  )

  it.effect("that did nothing does nothing when repeated, although the state has changed (K1)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatting("c")
        const again = agentAt("a1", "k")
        const first = yield* answerChat(again, c)
        yield* leaveChat(agentAt("a1"), c)
        const before = (yield* events).length
        expect(yield* answerChat(again, c)).toEqual(first)
        expect(yield* events).toHaveLength(before)
      })
    )
  )

  it.effect("is refused where the key was another command's, or the same with other input (K1)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatting("c")
        yield* sendMessage(keyed("k"), { ...c, text: "hello" })
        const reused = { _tag: "IdempotencyKeyReused", key: "k" }
        expect(yield* Effect.flip(sendMessage(keyed("k"), { ...c, text: "other" }))).toEqual(reused)
        expect(yield* Effect.flip(requestChat(keyed("k"), { visitorId: visitorId("v-c") }))).toEqual(reused)
      })
    )
  )

  it.effect("is another actor's own matter (K1)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2"))
        yield* setStatus(agentAt("a1", "k"), { status: "away" })
        yield* setStatus(agentAt("a2", "k"), { status: "invisible" })
        const changed = (yield* events).flatMap(({ payload }) => (payload._tag === "StatusChanged" ? [payload.to] : []))
        expect(changed.slice(-2)).toEqual(["away", "invisible"])
      })
    )
  )

  it.effect("is forgotten after 24 hours, not before (K1)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatting("c")
        const send = sendMessage(keyed("k"), { ...c, text: "hello" })
        expect(yield* send).toEqual({ number: 1 })
        yield* TestClock.adjust("23 hours")
        expect(yield* send).toEqual({ number: 1 })
        yield* TestClock.adjust("1 hour")
        expect(yield* send).toEqual({ number: 2 })
      })
    )
  )

  it.effect("is tried again after a refusal, which is not remembered (K1)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatting("c", { by: null })
        yield* setStatus(agentAt("a1"), { status: "offline" })
        const answer = answerChat(agentAt("a1", "k"), c)
        expect(yield* Effect.flip(answer)).toMatchObject({ _tag: "NotEligible", reason: "status" })
        yield* setStatus(agentAt("a1"), { status: "online" })
        expect(yield* answer).toEqual(c)
      })
    )
  )

  it.effect.each([
    ["", 0],
    ["k".repeat(256), 256]
  ] as const)("is refused for a key of unusable length (K1)", ([key, size]) =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatting("c")
        const refused = yield* Effect.flip(tagChat(agentAt("a1", key), { ...c, tags: ["a"] }))
        expect(refused).toEqual({ _tag: "BadIdempotencyKey", limit: 255, size })
        yield* tagChat(agentAt("a1", "k".repeat(255)), { ...c, tags: ["a"] })
      })
    )
  )

  it.effect("stores its answer with its effect: a commit that fails leaves neither (K1, K2)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatting("c")
        const store = yield* DeskStore
        const before = (yield* events).length
        const dead = DeskStore.of({ ...store, commit: () => Effect.die("the host is gone") })
        const send = sendMessage(keyed("k"), { ...c, text: "hello" })
        yield* Effect.exit(Effect.provideService(send, DeskStore, dead))
        expect(yield* events).toHaveLength(before)
        expect(Result.isSuccess(yield* Effect.result(send))).toBe(true)
        expect(yield* events).toHaveLength(before + 1)
      })
    )
  )
})
