import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { createLead, drainDeskBridge } from "leadline/use-cases"
import { account, chatId } from "../crm/World.ts"
import { agentAt, chatting } from "../panel/Chats.ts"
import { atOnce, settled } from "../routing/Floor.ts"
import { Books, cast, foreign, inProcess, tagged } from "./Foreign.ts"

describe("a request that two hosts go on with at once", () => {
  it.effect("is done by one of them, and the other waits for nobody: not even for itself (E5, G4)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const crm = yield* Books
        yield* chatting("c", { email: "ann@example.com" })
        crm.befall((call) => (call === "add" ? "lost" : "well"))
        yield* Effect.flip(createLead(agentAt("a1", "k"), { chatId: chatId("c") }))
        crm.befall(() => "well")
        yield* TestClock.adjust("30 seconds")
        const hosts = [1, 2].map(() => inProcess(drainDeskBridge(account)))
        const working = yield* Effect.forkChild(Effect.all(hosts, atOnce), { startImmediately: true })
        yield* settled
        expect(working.pollUnsafe()).toMatchObject({ _tag: "Success" })
        yield* Fiber.interrupt(working)
        expect(yield* tagged("LeadCreated")).toHaveLength(1)
        expect(crm.books.folk.size).toBe(1)
      })
    )
  )
})
