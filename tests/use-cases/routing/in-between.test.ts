import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Settings } from "leadline"
import { Conflict, DeskStore, type DeskStoreShape } from "leadline/ports"
import {
  declineOffer,
  drainTimers,
  endChat,
  explainRouting,
  leavePage,
  runTimers,
  transferToAgent
} from "leadline/use-cases"
import { account, chatId } from "../crm/World.ts"
import { agentAt, agentId, agentOf, chatting, hire, settle, visitorAt, world } from "../panel/Chats.ts"
import { ask, assigned, chatOf, disagreements } from "./Floor.ts"

/** Lets something happen once, right before the first commit that does this. */
const before = Effect.fnUntraced(function* (
  isIt: (change: Parameters<DeskStoreShape["commit"]>[1]) => boolean,
  happens: Effect.Effect<unknown, unknown, DeskStore>
) {
  const store = yield* DeskStore
  let isStillToCome = true
  return DeskStore.of({
    ...store,
    commit: (of, change) =>
      Effect.suspend(() => {
        if (!isStillToCome || !isIt(change)) return store.commit(of, change)
        isStillToCome = false
        return Effect.andThen(Effect.orDie(Effect.provideService(happens, DeskStore, store)), store.commit(of, change))
      })
  })
})

const offers = (change: Parameters<DeskStoreShape["commit"]>[1]) =>
  change.events.some(({ payload }) => payload._tag === "ChatOffered")

describe("routing, between its snapshot and its commit", () => {
  it.effect("sees an older chat that comes back: it is offered first, whoever else was meant (C2, C7)", () =>
    world(
      Effect.gen(function* () {
        yield* settle(assigned)
        yield* hire(agentOf("a1"))
        yield* ask("c1")
        yield* drainTimers(account)
        yield* hire(agentOf("a2"))
        yield* ask("c2")
        const declines = declineOffer(agentAt("a1"), { chatId: chatId("c1") }) as Effect.Effect<
          unknown,
          unknown,
          DeskStore
        >
        const racing = yield* before(offers, declines)
        yield* Effect.provideService(runTimers(account), DeskStore, racing)
        expect((yield* chatOf("c1")).offer?.to).toBe("a2")
        expect((yield* chatOf("c2")).offer?.to).toBe("a1")
        expect(yield* disagreements).toEqual([])
      })
    )
  )

  it.effect("one deadline that cannot be worked off leaves the others alone (C5, K3)", () =>
    world(
      Effect.gen(function* () {
        yield* settle(assigned)
        yield* hire(agentOf("a1"), agentOf("a2"))
        yield* ask("c1")
        yield* ask("c2")
        yield* drainTimers(account)
        yield* TestClock.adjust("30 seconds")
        const store = yield* DeskStore
        const stuck = DeskStore.of({
          ...store,
          commit: (of, change) =>
            change.put.some(({ key }) => key.kind === "chat" && key.id === "c1")
              ? Effect.fail(new Conflict({ keys: [{ kind: "chat", id: "c1" }] }))
              : store.commit(of, change)
        })
        yield* Effect.provideService(Effect.ignore(runTimers(account)), DeskStore, stuck)
        expect((yield* chatOf("c1")).exclusions).toEqual([])
        expect((yield* chatOf("c2")).exclusions).toMatchObject([{ why: "missed" }])
      })
    )
  )
})

describe("who is chosen", () => {
  it.effect("is who has been without a chat, before who serves a quiet one (C3, B5)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2"))
        yield* chatting("quiet", { by: "a1" })
        yield* chatting("over", { by: "a2" })
        yield* endChat(agentAt("a2"), { chatId: chatId("over") })
        yield* TestClock.adjust("10 minutes")
        yield* settle(assigned)
        yield* ask("c")
        yield* runTimers(account)
        expect((yield* chatOf("c")).offer?.to).toBe("a2")
        expect((yield* explainRouting(agentAt("a1"), { chatId: chatId("c") })).decisions).toMatchObject([
          { chosen: { by: "timeWithoutChat" } }
        ])
      })
    )
  )

  it.effect("is nobody whose only slot an offer holds, in broadcast (B5, C1, C7)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2", { chatLimit: 1 }), agentOf("a3"))
        yield* chatting("first")
        yield* transferToAgent(agentAt("a1"), { chatId: chatId("first"), to: agentId("a2") })
        yield* ask("c")
        yield* runTimers(account)
        const [decision] = (yield* explainRouting(agentAt("a1"), { chatId: chatId("c") })).decisions
        expect(decision).toMatchObject({ ringsAt: ["a1", "a3"], others: [{ why: "limit", agents: ["a2"] }] })
      })
    )
  )
})

describe("a chat's timeouts", () => {
  it.effect("are the account's as it began; a changed setting binds the chats after it (D5)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        const { timeouts } = Settings.defaults
        yield* settle({ timeouts: { ...timeouts, pageClosedMillis: 1_000 } })
        yield* ask("short")
        yield* settle({ timeouts })
        yield* ask("long")
        for (const id of ["short", "long"]) yield* leavePage(visitorAt(`v-${id}`), { chatId: chatId(id) })
        yield* TestClock.adjust("1 second")
        yield* drainTimers(account)
        expect((yield* chatOf("short")).state).toMatchObject({ _tag: "Closed", reason: "timeout" })
        expect((yield* chatOf("long")).state._tag).toBe("Closing")
      })
    )
  )
})
