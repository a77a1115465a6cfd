import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Result } from "effect"
import { TestClock } from "effect/testing"
import { MemoryNotices } from "leadline/memory"
import { DeskStore, StoreError } from "leadline/ports"
import { createLead, drainBridge, endChat, readFeed } from "leadline/use-cases"
import {
  account,
  chatId,
  leadRef,
  leads,
  notices,
  person,
  personRef,
  poolId,
  poolOf,
  run,
  saveRecords
} from "../crm/World.ts"
import { agentAt, agentId, agentOf, chatting, hire, settle, visitorAt, type World, world } from "./Chats.ts"
import { inProcess, NEVER } from "./Crash.ts"

const email = "ann@example.com"
const c = { chatId: chatId("c") }

const cast = Effect.gen(function* () {
  yield* poolOf("p", "m1", "m2")
  yield* hire(agentOf("a1"))
  yield* settle({ leadOwners: [{ _tag: "Pool", poolId: poolId("p") }] })
  yield* chatting("c", { email })
})

const press = (key?: string) => createLead(agentAt("a1", key), { ...c, note: "Call" })

const chatNow = Effect.gen(function* () {
  const [chat] = yield* (yield* DeskStore).get(account, [{ kind: "chat", id: "c" }])
  return chat.value
})

const shown = Effect.flatMap(MemoryNotices, (memory) => memory.shown(account))

/** How many calls a command makes when nothing fails, in an account like this one. */
const callsOf = <A, E>(command: Effect.Effect<A, E, World>) =>
  run(
    Effect.gen(function* () {
      yield* cast
      const { asked, exit } = yield* inProcess(command, NEVER)
      expect(Exit.isSuccess(exit)).toBe(true)
      return asked
    })
  )

/** Wherever it died: one lead with one note, of which one person was told once; the chat knows it, and is in its feed. */
const expectOneLead = Effect.gen(function* () {
  const made = yield* leads
  expect(made.length).toBe(1)
  const [lead] = made
  if (lead === undefined) return
  expect((yield* chatNow)?.lead).toEqual({ id: lead.id, owner: lead.ownerId })
  expect(lead.ownerId).toBe("m1")
  expect((yield* notices).length).toBe(1)
  expect((yield* shown).length).toBe(1)
  yield* endChat(visitorAt("v-c"), c)
  const { entries } = yield* readFeed(agentAt("a1"), { record: leadRef(lead.id) })
  const seen = entries.map((entry) => (entry._tag === "Chat" ? entry.id : entry.activity._tag))
  expect(seen.toSorted()).toEqual(["AddedFromChat", "Note", "c"])
})

describe("creating a lead", () => {
  it.effect("whose chat cannot be written leaves the CRM's lead; the bridge tells the chat (E3, G4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const desk = yield* DeskStore
        const broken = new StoreError({ reason: "unavailable", isRetryable: true, operation: "DeskStore.commit" })
        const readOnly = DeskStore.of({ ...desk, commit: () => Effect.fail(broken) })
        expect(yield* Effect.flip(Effect.provideService(press("k"), DeskStore, readOnly))).toBe(broken)
        expect((yield* leads).length).toBe(1)
        expect((yield* chatNow)?.lead).toBe(null)
        yield* drainBridge(account)
        const [lead] = yield* leads
        expect((yield* chatNow)?.lead).toEqual({ id: lead?.id, owner: "m1" })
        expect(yield* press("k")).toMatchObject({ lead: lead?.id, owner: "m1", noteStored: true })
        expect(yield* press("k")).toMatchObject({ lead: lead?.id, owner: "m1", noteStored: true })
        yield* expectOneLead
      })
    )
  )

  it("gives one lead, one notice and the same answer on repetition, wherever the process died (E3, E5, G4, H8, K1)", async () => {
    const calls = await callsOf(press("k"))
    expect(calls.filter((call) => call.endsWith("commit"))).toEqual(["crm.commit", "desk.commit"])
    const ends = new Set<string>()
    for (let dies = 1; dies <= calls.length + 1; dies++) {
      for (const bridgeFirst of [true, false]) {
        await run(
          Effect.gen(function* () {
            yield* cast
            const { exit } = yield* inProcess(press("k"), dies)
            expect(Exit.isSuccess(exit)).toBe(dies > calls.length)
            if (bridgeFirst) yield* drainBridge(account)
            const [before] = yield* leads
            ends.add(
              `${before === undefined ? "no lead" : "lead"}, ${(yield* chatNow)?.lead === null ? "untold" : "told"}`
            )
            const repeated = yield* press("k")
            if (before !== undefined) expect(repeated.lead).toBe(before.id)
            if (Exit.isSuccess(exit)) expect(repeated).toEqual(exit.value)
            expect(yield* press("k")).toEqual(repeated)
            yield* drainBridge(account)
            yield* expectOneLead
          })
        )
      }
    }
    expect([...ends].sort()).toEqual(["lead, told", "lead, untold", "no lead, untold"])
  })

  it("gives one lead and one notice without a key, too; the repetition is told of it (E5, G4, H8)", async () => {
    const calls = await callsOf(press())
    for (let dies = 1; dies <= calls.length + 1; dies++) {
      await run(
        Effect.gen(function* () {
          yield* cast
          yield* inProcess(press(), dies)
          const [before] = yield* leads
          const repeated = yield* Effect.result(press())
          if (before === undefined) expect(Result.isSuccess(repeated)).toBe(true)
          else {
            expect(repeated).toMatchObject({
              failure: { _tag: "AlreadyCreated", lead: before.id, owner: "m1", noteStored: false }
            })
          }
          yield* drainBridge(account)
          yield* expectOneLead
        })
      )
    }
  })

  it("is finished by the bridge alone, once the CRM has the lead: also for a chat that ended meanwhile (E7, H8)", async () => {
    const calls = await callsOf(press())
    for (let dies = calls.indexOf("crm.commit") + 2; dies <= calls.length + 1; dies++) {
      await run(
        Effect.gen(function* () {
          yield* cast
          yield* inProcess(press(), dies)
          yield* endChat(visitorAt("v-c"), c)
          yield* drainBridge(account)
          yield* expectOneLead
        })
      )
    }
  })
})

describe("ending a chat", () => {
  it("is done or not, wherever the process died: a chat that closed is in its feeds (D2, H8, K2)", async () => {
    const end = endChat(visitorAt("v-c"), c)
    const calls = await callsOf(end)
    const ends = new Set<boolean>()
    for (let dies = 1; dies <= calls.length + 1; dies++) {
      await run(
        Effect.gen(function* () {
          yield* cast
          yield* saveRecords(person("x", [email]))
          yield* inProcess(end, dies)
          const inFeed = Effect.map(readFeed(agentAt("a1"), { record: personRef("x") }), ({ entries }) =>
            entries.flatMap(({ _tag, id }) => (_tag === "Chat" ? [id] : []))
          )
          const isClosed = (yield* chatNow)?.state._tag === "Closed"
          ends.add(isClosed)
          expect(yield* inFeed).toEqual(isClosed ? ["c"] : [])
          const desk = yield* DeskStore
          const freed = Effect.map(
            desk.get(account, [
              { kind: "openChat", id: "v-c" },
              { kind: "desk", id: agentId("a1") }
            ]),
            ([open, at]) => open.value === null && at.value?.serving.length === 0
          )
          expect(yield* freed).toBe(isClosed)
          yield* end
          expect(yield* inFeed).toEqual(["c"])
          expect(yield* freed).toBe(true)
          const { entries } = yield* desk.log(account, 0, 1_000)
          expect(entries.filter(({ event }) => event.payload._tag === "ChatClosed").length).toBe(1)
        })
      )
    }
    expect(ends).toEqual(new Set([true, false]))
  })

  it.effect("puts the chat in its feeds though the CRM cannot be reached at that moment (H8)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("x", [email]))
        const { asked } = yield* inProcess(endChat(visitorAt("v-c"), c), NEVER)
        expect(asked.filter((call) => call.startsWith("crm."))).toEqual([])
        expect((yield* readFeed(agentAt("a1"), { record: personRef("x") })).entries).toMatchObject([{ id: "c" }])
      })
    )
  )
})

describe("a bridge that dies", () => {
  it("is followed by another, a minute later, which leaves nothing out and shows nothing twice (G4, H8)", async () => {
    const calls = await callsOf(Effect.andThen(press(), drainBridge(account)))
    const bridging = calls.length - (await callsOf(press())).length
    for (let dies = 1; dies <= bridging + 1; dies++) {
      await run(
        Effect.gen(function* () {
          yield* cast
          yield* press()
          yield* inProcess(drainBridge(account), dies)
          yield* TestClock.adjust("61 seconds")
          yield* drainBridge(account)
          yield* expectOneLead
        }).pipe(Effect.provide(TestClock.layer()))
      )
    }
  })
})
