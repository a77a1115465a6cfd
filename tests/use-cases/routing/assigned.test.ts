import { it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Id } from "leadline"
import { DeskStore } from "leadline/ports"
import {
  answerChat,
  answerNext,
  declineOffer,
  drainTimers,
  explainRouting,
  readConsole,
  requestChat,
  setStatus,
  transferToAgent
} from "leadline/use-cases"
import { describe, expect } from "vitest"
import { account } from "../crm/World.ts"
import { agentAt, agentId, agentOf, hire, settle, visitorAt, visitorId, world } from "../panel/Chats.ts"

const chatId = (id: string) => Id.ChatId.make(id)
const ask = (id: string) => requestChat(visitorAt(`v-${id}`), { visitorId: visitorId(`v-${id}`), chatId: chatId(id) })
const chatOf = (id: string) =>
  Effect.gen(function* () {
    const store = yield* DeskStore
    return (yield* store.get(account, [{ kind: "chat", id }]))[0].value
  })

describe("a chat in assigned mode", () => {
  it.effect("is offered to one agent, who alone may answer it (C1, C8)", () =>
    world(
      Effect.gen(function* () {
        yield* settle({ routing: "assigned" })
        yield* hire(agentOf("a1"), agentOf("a2"))
        yield* ask("c")
        expect(yield* Effect.flip(answerChat(agentAt("a1"), { chatId: chatId("c") }))).toMatchObject({
          _tag: "NotOffered"
        })
        yield* drainTimers(account)
        const chat = yield* chatOf("c")
        expect(chat?.state._tag).toBe("Offered")
        const [to, other] = chat?.offer?.to === agentId("a1") ? ["a1", "a2"] : ["a2", "a1"]
        expect((yield* readConsole(agentAt(to))).ringing).toHaveLength(1)
        expect((yield* readConsole(agentAt(other))).ringing).toHaveLength(0)
        expect(yield* Effect.flip(answerChat(agentAt(other), { chatId: chatId("c") }))).toMatchObject({
          _tag: "OfferedToAnother"
        })
        yield* answerNext(agentAt(to))
        const explained = yield* explainRouting(agentAt(other), { chatId: chatId("c") })
        expect(explained.decisions).toMatchObject([
          { chosen: { agentId: to, by: "shuffle" }, others: [{ why: "shuffle", agents: [other] }] }
        ])
        expect(explained.answered?.by).toBe(to)
      })
    )
  )

  it.effect("missed at its deadline goes to the next; then exclusions clear, after a pause (C4, C5)", () =>
    world(
      Effect.gen(function* () {
        yield* settle({ routing: "assigned" })
        yield* hire(agentOf("a1"), agentOf("a2"))
        yield* ask("c")
        const first = yield* drainTimers(account)
        expect(first.nextAt).toBe(30_000)
        const one = (yield* chatOf("c"))?.offer?.to
        yield* TestClock.adjust("30 seconds")
        yield* drainTimers(account)
        const two = (yield* chatOf("c"))?.offer?.to
        expect(two).not.toBe(one)
        yield* declineOffer(agentAt(two ?? ""), { chatId: chatId("c") })
        yield* drainTimers(account)
        expect(yield* chatOf("c")).toMatchObject({ state: { _tag: "Waiting" }, queueNumber: 1, offer: null })
        expect((yield* drainTimers(account)).nextAt).toBe(60_000)
        yield* TestClock.adjust("30 seconds")
        yield* drainTimers(account)
        expect((yield* chatOf("c"))?.offer?.to).toBe(two)
        yield* setStatus(agentAt(two ?? ""), { status: "away" })
        expect(yield* chatOf("c")).toMatchObject({ state: { _tag: "Waiting" }, queueNumber: 1, offer: null })
        yield* drainTimers(account)
        expect((yield* chatOf("c"))?.offer?.to).toBe(one)
        yield* answerNext(agentAt(one ?? ""))
        yield* transferToAgent(agentAt(one ?? ""), { chatId: chatId("c"), to: agentId(two ?? "") })
        expect((yield* chatOf("c"))?.state._tag).toBe("Offered")
      })
    )
  )
})
