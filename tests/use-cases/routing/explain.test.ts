import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Id } from "leadline"
import {
  answerChat,
  declineOffer,
  drainTimers,
  explainRouting,
  runTimers,
  saveAgent,
  setStatus,
  transferToDepartment
} from "leadline/use-cases"
import { account, chatId, importer } from "../crm/World.ts"
import { agentAt, agentOf, hire, settle, visitorAt, world } from "../panel/Chats.ts"
import { ask, assigned } from "./Floor.ts"

const c = { chatId: chatId("c") }
const sales = Id.DepartmentId.make("sales")

describe("an explanation", () => {
  it.effect("in broadcast says at whom it rang and why not at others, once for each time it waits (C7)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2", { chatLimit: 0 }), agentOf("a3"), agentOf("a4"))
        yield* setStatus(agentAt("a3"), { status: "away" })
        yield* saveAgent(importer, agentOf("a4", { isEnabled: false }))
        yield* ask("c")
        expect((yield* explainRouting(agentAt("a1"), c)).decisions).toEqual([])
        for (let round = 0; round < 2; round++) yield* runTimers(account)
        const rang = {
          mode: "broadcast",
          ringsAt: ["a1"],
          chosen: null,
          others: [
            { why: "limit", agents: ["a2"] },
            { why: "status", agents: ["a3"] },
            { why: "disabled", agents: ["a4"] }
          ]
        }
        const explained = yield* explainRouting(agentAt("a1"), c)
        expect(explained.decisions).toMatchObject([rang])
        expect(explained).toMatchObject({ answered: null, now: rang })
        yield* answerChat(agentAt("a1"), c)
        expect(yield* explainRouting(importer, c)).toMatchObject({ answered: { by: "a1", at: 0 }, now: null })
        yield* TestClock.adjust("1 minute")

        yield* transferToDepartment(agentAt("a1"), { ...c, department: sales })
        yield* runTimers(account)
        expect((yield* explainRouting(agentAt("a1"), c)).decisions).toHaveLength(2)
      })
    )
  )

  it.effect("of a chat that waits says what keeps it waiting now (C7, C4)", () =>
    world(
      Effect.gen(function* () {
        yield* settle(assigned)
        yield* hire(agentOf("a1"), agentOf("a2"))
        yield* setStatus(agentAt("a2"), { status: "away" })
        yield* ask("c")
        yield* drainTimers(account)
        expect((yield* explainRouting(agentAt("a1"), c)).now).toBe(null)
        yield* declineOffer(agentAt("a1"), c)
        yield* drainTimers(account)
        const { decisions, now } = yield* explainRouting(agentAt("a1"), c)
        expect(decisions.map(({ chosen, clearsExclusions }) => [chosen?.agentId, clearsExclusions])).toEqual([
          ["a1", false],
          [undefined, true]
        ])
        expect(now?.others).toEqual([
          { why: "status", agents: ["a2"] },
          { why: "tooSoon", agents: ["a1"] }
        ])
      })
    )
  )

  it.effect("is for agents and Leadline, of chats there are (J1)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        expect(yield* Effect.flip(explainRouting(agentAt("a1"), c))).toEqual({ _tag: "ChatNotFound", chatId: "c" })
        yield* ask("c")
        yield* saveAgent(importer, agentOf("a1", { isEnabled: false }))
        for (const caller of [agentAt("a1"), agentAt("a9"), visitorAt("v-c")]) {
          expect(yield* Effect.flip(explainRouting(caller, c))).toMatchObject({ _tag: "AccessDenied" })
        }
      })
    )
  )
})
