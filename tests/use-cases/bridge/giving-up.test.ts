import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { DeskStore, Notifier } from "leadline/ports"
import { BRIDGE, drainBridge, readGivenUp, replayGivenUp, saveUser } from "leadline/use-cases"
import { account, importer, user } from "../crm/World.ts"
import { agentAt, agentOf, hire, userAt, visitorAt, world } from "../panel/Chats.ts"
import { bridgeFor, cast, type Failing, leadFrom, noteOn, type Try, teller } from "./Telling.ts"

const ALWAYS = Number.POSITIVE_INFINITY

const timesOf = (tries: ReadonlyArray<Try>, chat: string) =>
  tries.filter(({ notice }) => notice.chatId === chat).map(({ at }) => at)

/** What the log says of the bridge's work. */
const said = Effect.gen(function* () {
  const { entries } = yield* (yield* DeskStore).log(account, 0, 10_000)
  return entries.flatMap(({ event }) => (event.stream === `bridge/${BRIDGE}` ? [event.payload] : []))
})

/** A bridge with a notifier of this kind, beside an agent and an owner. */
const bridgeWith = Effect.fnUntraced(function* (failing: Failing) {
  yield* cast
  const told = teller(failing)
  return {
    ...told,
    drain: Effect.provideService(drainBridge(account), Notifier, told.notifier),
    lives: (seconds: number) => Effect.provideService(bridgeFor(seconds), Notifier, told.notifier)
  }
})

describe("a notice that cannot be told", () => {
  it.effect("is tried again after 1, 2, 4 … seconds, under one id, and told when it can be (G4)", () =>
    world(
      Effect.gen(function* () {
        const { drain, lives, told, tries } = yield* bridgeWith(() => ({ times: 6 }))
        yield* leadFrom("c")
        expect(yield* drain).toMatchObject({ failed: 1 })
        yield* lives(200)
        expect(timesOf(tries, "c")).toEqual([0, 1, 3, 7, 15, 31, 63])
        expect(new Set(tries.map(({ notice }) => notice.id)).size).toBe(1)
        expect(told.length).toBe(1)
        expect(yield* readGivenUp(importer)).toEqual([])
        expect(yield* said).toEqual([])
      })
    )
  )

  it.effect("is not tried before its time, however often the bridge looks (G4)", () =>
    world(
      Effect.gen(function* () {
        const { drain, tries } = yield* bridgeWith(() => ({ times: ALWAYS }))
        yield* leadFrom("c")
        yield* drain
        yield* TestClock.adjust("999 millis")
        for (let n = 0; n < 5; n++) expect(yield* drain).toEqual({ done: 0, failed: 0 })
        expect(tries.length).toBe(1)
        yield* TestClock.adjust("1 millis")
        expect(yield* drain).toEqual({ done: 0, failed: 1 })
      })
    )
  )

  it.effect("holds up what follows on its record, which comes in order then; others pass (G4)", () =>
    world(
      Effect.gen(function* () {
        const { drain, lives, told, tries } = yield* bridgeWith((chat) => ({ times: chat === "c" ? 2 : 0 }))
        const order = () => told.map(({ chatId, reason }) => `${chatId} ${reason}`)
        yield* leadFrom("c")
        yield* noteOn("c", "one")
        yield* leadFrom("d")
        yield* drain
        expect(order()).toEqual(["d leadDealt"])
        yield* noteOn("c", "two")
        yield* noteOn("d", "three")
        yield* drain
        expect(order()).toEqual(["d leadDealt", "d noteLeft"])
        expect(timesOf(tries, "c")).toEqual([0])
        yield* lives(30)
        expect(order().slice(2)).toEqual(["c leadDealt", "c noteLeft", "c noteLeft"])
        const notes = told.filter(({ chatId, reason }) => chatId === "c" && reason === "noteLeft")
        expect(new Set(notes.map(({ id }) => id)).size).toBe(2)
        expect(told.map(({ id }) => id)).toEqual([...new Set(told.map(({ id }) => id))])
      })
    )
  )

  it.effect("is given up after twelve tries, visibly, and holds up nothing any more (G4)", () =>
    world(
      Effect.gen(function* () {
        const { drain, lives, told, tries } = yield* bridgeWith((chat) => ({ times: chat === "c" ? ALWAYS : 0 }))
        yield* leadFrom("c")
        yield* drain
        yield* lives(2046)
        expect(tries.length).toBe(11)
        expect(yield* readGivenUp(importer)).toEqual([])
        yield* lives(1)
        expect(timesOf(tries, "c")).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1023, 2047])
        const [item] = yield* readGivenUp(importer)
        expect(item).toMatchObject({
          bridge: BRIDGE,
          log: "crm",
          tries: 12,
          nextTryAt: null,
          lastError: "StoreError: unavailable"
        })
        expect(yield* said).toEqual([
          { _tag: "WorkGivenUp", eventId: item?.eventId, tries: 12, lastError: "StoreError: unavailable" }
        ])
        yield* TestClock.adjust("1 day")
        yield* drain
        expect(tries.length).toBe(12)
        yield* leadFrom("d")
        yield* drain
        expect(told.map(({ chatId }) => chatId)).toEqual(["d"])
      })
    )
  )

  it.effect("is given up at once where trying again cannot help; what waited behind it is told (G4, K3)", () =>
    world(
      Effect.gen(function* () {
        let isBroken = true
        const { drain, told, tries } = yield* bridgeWith(() => ({ times: isBroken ? ALWAYS : 0, isRetryable: false }))
        yield* leadFrom("c")
        expect(yield* drain).toMatchObject({ failed: 1 })
        expect(yield* readGivenUp(importer)).toMatchObject([{ tries: 1, lastError: "StoreError: misconfigured" }])
        expect((yield* said).map(({ _tag }) => _tag)).toEqual(["WorkGivenUp"])
        isBroken = false
        yield* noteOn("c", "after")
        yield* drain
        expect(told.map(({ reason }) => reason)).toEqual(["noteLeft"])
        expect(tries.length).toBe(2)
      })
    )
  )

  it.effect("once given up, does not keep what follows in the same page from being tried (G4)", () =>
    world(
      Effect.gen(function* () {
        const { drain, lives, told } = yield* bridgeWith(() => ({ times: 0 }))
        yield* leadFrom("c")
        yield* noteOn("c", "after")
        const broken = teller(() => ({ times: ALWAYS, isRetryable: false }))
        yield* Effect.provideService(drainBridge(account), Notifier, broken.notifier)
        expect(yield* readGivenUp(importer)).toHaveLength(2)
        yield* drain
        yield* lives(5)
        expect(told).toEqual([])
      })
    )
  )
})

describe("what was given up", () => {
  it.effect("is tried again when it is replayed, under the same notice id, from the first wait on (G4)", () =>
    world(
      Effect.gen(function* () {
        let isBroken = true
        const { drain, lives, told, tries } = yield* bridgeWith((chat) => ({
          times: isBroken ? ALWAYS : chat === "c" ? 3 : 0,
          isRetryable: !isBroken
        }))
        for (const chat of ["c", "d"]) yield* leadFrom(chat)
        yield* drain
        const items = yield* readGivenUp(importer)
        expect(items.length).toBe(2)
        expect(items[0]?.position).toBeLessThan(items[1]?.position ?? 0)
        isBroken = false
        const replay = (eventId: string) => replayGivenUp(importer, { eventId })
        expect(yield* replay(items[0]?.eventId ?? "")).toEqual({ isReplayed: true })
        expect(yield* replay(items[0]?.eventId ?? "")).toEqual({ isReplayed: false })
        expect(yield* replay("unknown")).toEqual({ isReplayed: false })
        expect((yield* readGivenUp(importer)).map(({ eventId }) => eventId)).toEqual([items[1]?.eventId])
        yield* drain
        yield* lives(10)
        expect(told.map(({ chatId }) => chatId)).toEqual(["c"])
        expect(timesOf(tries, "c")).toEqual([0, 0, 1, 3])
        expect(new Set(tries.filter(({ notice }) => notice.chatId === "c").map(({ notice }) => notice.id)).size).toBe(1)
        expect((yield* said).map(({ _tag }) => _tag)).toEqual(["WorkGivenUp", "WorkGivenUp", "WorkReplayed"])
        expect((yield* readGivenUp(importer)).map(({ eventId }) => eventId)).toEqual([items[1]?.eventId])
      })
    )
  )

  it.effect("is shown and replayed only to who operates the account (J1)", () =>
    world(
      Effect.gen(function* () {
        const { drain } = yield* bridgeWith(() => ({ times: ALWAYS, isRetryable: false }))
        yield* leadFrom("c")
        yield* drain
        yield* hire(agentOf("boss", { isChatAdministrator: true }))
        yield* saveUser(importer, user("admin", { isCrmAdministrator: true }))
        const [item] = yield* readGivenUp(importer)
        const input = { eventId: item?.eventId ?? "" }
        const denied = { _tag: "AccessDenied", action: "account.operate" }
        for (const caller of [agentAt("a1"), agentAt("boss"), userAt("admin"), visitorAt("v-c")]) {
          expect(yield* Effect.flip(readGivenUp(caller))).toMatchObject(denied)
          expect(yield* Effect.flip(replayGivenUp(caller, input))).toMatchObject(denied)
        }
        expect(yield* readGivenUp(importer)).toEqual([item])
      })
    )
  )
})
