import { it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Instant } from "leadline"
import { DeskStore } from "leadline/ports"
import { answerChat, endChat, requestChat, sendMessage, whatIf } from "leadline/use-cases"
import { describe, expect } from "vitest"
import { account, chatId, importer } from "../crm/World.ts"
import { agentAt, agentOf, hire, settle, visitorAt, visitorId, world } from "../panel/Chats.ts"

/** A chat that a1 answers after three seconds and that lasts a minute. */
const chatOf = (id: string, messages = 0) =>
  Effect.gen(function* () {
    const visitor = visitorAt(`v-${id}`)
    yield* requestChat(visitor, { visitorId: visitorId(`v-${id}`), chatId: chatId(id) })
    yield* TestClock.adjust("3 seconds")
    yield* answerChat(agentAt("a1"), { chatId: chatId(id) })
    for (let at = 0; at < messages; at++) yield* sendMessage(visitor, { chatId: chatId(id), text: "?" })
    yield* TestClock.adjust("1 minute")
    yield* endChat(visitor, { chatId: chatId(id) })
  })

describe("what if", () => {
  it.effect("replays the whole log, over pages, with the roster and what settings the policy leaves out (C1, C5)", () =>
    world(
      Effect.gen(function* () {
        yield* settle({ offers: { reassignAfterMillis: 5_000, autoIdleAfterMisses: null, autoAccept: true } })
        yield* hire(agentOf("a1"), agentOf("a2"))
        yield* chatOf("c1", 600)
        yield* chatOf("c2")
        const { past, replayed } = yield* whatIf(importer, { policy: { routing: "assigned" } })
        expect(past.chats).toEqual({ asked: 2, served: 2, missed: 0 })
        expect(past.waits).toMatchObject({ median: 3_000, longest: 3_000 })
        expect(past.fairness.spread).toBe(2)
        expect(replayed.chats).toEqual(past.chats)
        expect(replayed.offers.made).toBe(2)
        expect(replayed.waits.longest).toBe(0)
        expect(replayed.fairness).toMatchObject({ chats: 1, busy: 1, spread: 0 })
      })
    )
  )

  it.effect("looks at the chats of the period only, and changes nothing (C7)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatOf("c1")
        yield* chatOf("c2")
        const store = yield* DeskStore
        const before = (yield* store.log(account, 0, 1_000)).entries.length
        const from = Instant.fromMillis(63_000)
        expect((yield* whatIf(importer, { policy: {}, from })).past.chats.asked).toBe(1)
        expect((yield* whatIf(importer, { policy: {}, until: from })).past.chats.asked).toBe(1)
        expect((yield* whatIf(importer, { policy: {}, seed: 7 })).replayed.waits.longest).toBe(3_000)
        expect((yield* store.log(account, 0, 1_000)).entries).toHaveLength(before)
      })
    )
  )

  it.effect("is refused to who does not operate the account (J1)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        expect(yield* Effect.flip(whatIf(agentAt("a1"), { policy: {} }))).toEqual({
          _tag: "AccessDenied",
          action: "account.operate",
          reason: "notYours"
        })
      })
    )
  )
})
