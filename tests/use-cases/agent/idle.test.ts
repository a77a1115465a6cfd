import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Actor, Id, Settings } from "leadline"
import { drainTimers, heartbeat, leaveChat, readConsole, saveAgent, setStatus, signIn } from "leadline/use-cases"
import { account, chatId, importer } from "../crm/World.ts"
import { agentAt, agentOf, chatting, hire, settle, world } from "../panel/Chats.ts"
import { deskOf, told } from "../routing/Floor.ts"

const device = (id: string) => ({ deviceId: Id.DeviceId.make(id) })
const statusOf = (id: string) => Effect.map(readConsole(agentAt(id)), ({ status }) => status)

describe("an idle agent", () => {
  const idle = { afterMillis: 300_000, becomes: "invisible" as const, ignoreIfChatting: false }

  it.effect("becomes what they chose to be, at their limit and not before; a second round does nothing (B3)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1", { idle }), agentOf("a2"))
        yield* TestClock.adjust(299_999)
        expect(yield* drainTimers(account)).toEqual({ done: 0, nextAt: 300_000, isDone: true })
        expect(yield* statusOf("a1")).toBe("online")
        yield* TestClock.adjust(1)
        yield* drainTimers(account)
        expect(yield* statusOf("a1")).toBe("invisible")
        expect(yield* statusOf("a2")).toBe("online")
        expect((yield* told("StatusChanged")).at(-1)).toMatchObject({
          actor: Actor.system,
          payload: { reason: "idle" }
        })
        expect((yield* deskOf("a1"))?.lastChosen).toBe("online")
        yield* TestClock.adjust("1 hour")
        expect((yield* drainTimers(account)).done).toBe(0)
      })
    )
  )

  it.effect("never becomes it from another status (B3)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1", { idle: { ...idle, becomes: "away" } }))
        for (const status of ["away", "invisible"] as const) {
          yield* setStatus(agentAt("a1"), { status })
          yield* TestClock.adjust("1 hour")
          yield* drainTimers(account)
          expect(yield* statusOf("a1")).toBe(status)
        }
      })
    )
  )

  it.effect("starts the clock again by choosing a status and by using a console, not by its heartbeat (B3)", () =>
    world(
      Effect.gen(function* () {
        yield* settle({ timeouts: { ...Settings.defaults.timeouts, leaseMillis: 86_400_000 } })
        yield* saveAgent(importer, agentOf("a1", { idle }))
        yield* signIn(agentAt("a1"), device("d"))
        yield* TestClock.adjust(200_000)
        yield* setStatus(agentAt("a1"), { status: "away" })
        yield* setStatus(agentAt("a1"), { status: "online" })
        yield* TestClock.adjust(200_000)
        yield* heartbeat(agentAt("a1"), { ...device("d"), isActive: true })
        yield* TestClock.adjust(299_999)
        yield* heartbeat(agentAt("a1"), device("d"))
        yield* drainTimers(account)
        expect(yield* statusOf("a1")).toBe("online")
        yield* TestClock.adjust(1)
        yield* drainTimers(account)
        expect(yield* statusOf("a1")).toBe("invisible")
      })
    )
  )

  it.effect("does not become it while chatting, where they said so; the clock starts when the chat ends (B3)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1", { idle: { ...idle, ignoreIfChatting: true } }), agentOf("a2", { idle }))
        yield* chatting("c")
        yield* chatting("d", { by: "a2" })
        yield* TestClock.adjust("8 minutes")
        yield* drainTimers(account)
        expect(yield* statusOf("a1")).toBe("online")
        expect(yield* statusOf("a2")).toBe("invisible")
        yield* TestClock.adjust("1 minute")
        yield* saveAgent(importer, agentOf("a1", { idle: { ...idle, ignoreIfChatting: true } }))

        yield* leaveChat(agentAt("a1"), { chatId: chatId("c") })
        yield* TestClock.adjust(299_999)
        yield* drainTimers(account)
        expect(yield* statusOf("a1")).toBe("online")
        yield* TestClock.adjust(1)
        yield* drainTimers(account)
        expect(yield* statusOf("a1")).toBe("invisible")
      })
    )
  )

  it.effect("has a limit given later bind from then on, also without a console (B3)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* TestClock.adjust("1 hour")
        yield* saveAgent(importer, agentOf("a1", { idle }))
        yield* drainTimers(account)
        expect(yield* statusOf("a1")).toBe("online")
        yield* TestClock.adjust("5 minutes")
        yield* drainTimers(account)
        expect(yield* statusOf("a1")).toBe("invisible")
      })
    )
  )
})
