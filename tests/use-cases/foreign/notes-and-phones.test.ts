import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { MemoryNotices } from "leadline/memory"
import { DeskStore } from "leadline/ports"
import { changePhone, createLead, drainDeskBridge, notifySales } from "leadline/use-cases"
import { account, chatId } from "../crm/World.ts"
import { agentAt, chatting } from "../panel/Chats.ts"
import { Books, bridgeFor, cast, foreign, inProcess, runForeign, tagged } from "./Foreign.ts"

const c = { chatId: chatId("c") }
const note = (key?: string, text = "Call her") => notifySales(agentAt("a1", key), { ...c, text })
const phone = (typed: string, key?: string) => changePhone(agentAt("a1", key), { ...c, phone: typed })

/** A chat with its lead in Prospector, made a minute ago. */
const withLead = Effect.gen(function* () {
  yield* cast
  yield* chatting("c", { email: "ann@example.com" })
  const { lead } = yield* createLead(agentAt("a1"), c)
  yield* bridgeFor(1)
  return lead
})

const pins = (sort: "scribble" | "tel") =>
  Effect.map(Books, ({ books }) => [...books.pins.values()].filter((pin) => pin.sort === sort))
const tel = Effect.map(Books, ({ books }) => [...books.folk.values()][0]?.tel)
const shown = Effect.map(
  Effect.flatMap(MemoryNotices, (memory) => memory.shown(account)),
  (all) => all.map(({ reason, to }) => `${reason} to ${to}`)
)

describe("a note in a foreign CRM", () => {
  it.effect("is stored, and the owner is told by the library (G1, G3)", () =>
    foreign(
      Effect.gen(function* () {
        const lead = yield* withLead
        const noted = yield* note()
        expect(noted).toMatchObject({ record: { kind: "lead", id: lead }, told: { told: "m1", why: "owner" } })
        yield* drainDeskBridge(account)
        expect(yield* pins("scribble")).toMatchObject([{ no: Number(noted.activityId), body: "Call her" }])
        expect(yield* shown).toEqual(["leadDealt to m1", "noteLeft to m1"])
      })
    )
  )

  it.effect("whose answer is lost is stored once, after the search is sure (G1, G4)", () =>
    foreign(
      Effect.gen(function* () {
        yield* withLead
        const crm = yield* Books
        crm.befall((call) => (call === "pin" ? "lost" : "well"))
        expect(yield* Effect.flip(note("k"))).toMatchObject({ _tag: "CrmPending" })
        yield* TestClock.adjust("29 seconds")
        expect(yield* Effect.flip(note("k"))).toMatchObject({ _tag: "CrmPending" })
        yield* TestClock.adjust("1 second")
        const noted = yield* note("k")
        expect(yield* note("k")).toEqual(noted)
        expect(yield* Effect.flip(note("k", "another"))).toMatchObject({ _tag: "IdempotencyKeyReused" })
        yield* bridgeFor(2)
        expect((yield* pins("scribble")).length).toBe(1)
        expect(yield* shown).toEqual(["leadDealt to m1", "noteLeft to m1"])
      })
    )
  )

  it.effect("on a record that is gone by then is refused, visibly (G1)", () =>
    foreign(
      Effect.gen(function* () {
        const lead = yield* withLead
        const crm = yield* Books
        crm.befall((call) => (call === "pin" ? "down" : "well"))
        yield* Effect.flip(note("k"))
        crm.befall(() => "well")
        crm.strike(Number(lead))
        yield* bridgeFor(1)
        expect(yield* tagged("WriteRefused")).toMatchObject([{ refusal: { _tag: "RecordNotFound" } }])
        expect(yield* Effect.flip(note("k"))).toMatchObject({ _tag: "RecordNotFound" })
      })
    )
  )

  it("is stored once and told of once, wherever the process died (G1, G4)", async () => {
    const { calls } = await runForeign(Effect.andThen(withLead, inProcess(note("k"))))
    for (let dies = 1; dies <= calls + 1; dies++) {
      await runForeign(
        Effect.gen(function* () {
          yield* withLead
          yield* inProcess(note("k"), dies)
          yield* bridgeFor(3)
          yield* note("k")
          yield* drainDeskBridge(account)
          expect((yield* pins("scribble")).length).toBe(1)
          expect((yield* shown).slice(1)).toEqual(["noteLeft to m1"])
        })
      )
    }
  })
})

describe("a phone in a foreign CRM", () => {
  it.effect("is set, an equal one changes nothing, and its history says so once (E6)", () =>
    foreign(
      Effect.gen(function* () {
        const lead = yield* withLead
        expect(yield* phone("+1 212 555 2368")).toEqual({ lead, isChanged: true })
        expect(yield* phone("+1 212 555 2368")).toEqual({ lead, isChanged: false })
        expect(yield* tel).toBe("+1 212 555 2368")
        expect((yield* pins("tel")).length).toBe(1)
        expect((yield* tagged("PhoneStored")).map(({ isChanged }) => isChanged)).toEqual([true, false])
      })
    )
  )

  it("is set once, wherever the process died and whatever was lost (E6)", async () => {
    const { calls } = await runForeign(Effect.andThen(withLead, inProcess(phone("555", "k"))))
    for (const lost of ["pin", "setTel", "get", null]) {
      for (let dies = 1; dies <= calls + 1; dies++) {
        await runForeign(
          Effect.gen(function* () {
            yield* withLead
            const crm = yield* Books
            crm.befall((call) => (call === lost ? "lost" : "well"))
            yield* inProcess(phone("555", "k"), dies)
            crm.befall(() => "well")
            yield* bridgeFor(3)
            expect(yield* phone("555", "k")).toMatchObject({ isChanged: true })
            expect(yield* tel).toBe("555")
            expect((yield* pins("tel")).length).toBe(1)
          })
        )
      }
    }
  })

  it.effect("that a later one has overtaken does not come back (E6)", () =>
    foreign(
      Effect.gen(function* () {
        yield* withLead
        const crm = yield* Books
        crm.befall(() => "down")
        // the desk knows the lead, so that only the write itself meets the CRM
        crm.befall((call) => (call === "pin" ? "down" : "well"))
        expect(yield* Effect.flip(phone("111", "k"))).toMatchObject({ _tag: "CrmPending" })
        crm.befall(() => "well")
        yield* phone("222")
        yield* bridgeFor(2)
        expect(yield* tel).toBe("222")
        expect(yield* Effect.flip(phone("111", "k"))).toEqual({ _tag: "Superseded" })
        const [claim] = yield* (yield* DeskStore).get(account, [{ kind: "leadClaim", id: "phoneOf/1" }])
        expect(claim.value).toBeNull()
      })
    )
  )
})
