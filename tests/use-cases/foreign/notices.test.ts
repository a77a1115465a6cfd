import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { MemoryNotices } from "leadline/memory"
import { Notifier, StoreError } from "leadline/ports"
import { createLead, drainDeskBridge, notifySales } from "leadline/use-cases"
import { account, chatId } from "../crm/World.ts"
import { agentAt, chatting } from "../panel/Chats.ts"
import { cast, foreign } from "./Foreign.ts"

/** The same notifier, down for its next calls. */
const downFor = Effect.fnUntraced(function* (calls: number) {
  const notifier = yield* Notifier
  let left = calls
  return Notifier.of({
    ...notifier,
    notify: (...given) =>
      Effect.suspend(() =>
        left-- > 0
          ? Effect.fail(new StoreError({ reason: "unavailable", isRetryable: true, operation: "Notifier.notify" }))
          : notifier.notify(...given)
      )
  })
})

describe("a notice that the library delivers for a foreign CRM", () => {
  it.effect("is tried again until it is delivered, like any other (G4)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email: "ann@example.com" })
        yield* createLead(agentAt("a1"), { chatId: chatId("c") })
        yield* notifySales(agentAt("a1"), { chatId: chatId("c"), text: "Call" })
        const notifier = yield* downFor(3)
        for (let step = 0; step < 10; step++) {
          yield* Effect.provideService(drainDeskBridge(account), Notifier, notifier)
          yield* TestClock.adjust("4 seconds")
        }
        const shown = yield* (yield* MemoryNotices).shown(account)
        expect(shown.map(({ reason }) => reason).toSorted()).toEqual(["leadDealt", "noteLeft"])
      })
    )
  )
})
