import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Crm, DeskStore } from "leadline/ports"
import { createLead, drainDeskBridge, endChat, OwnCrm, resyncFeed } from "leadline/use-cases"
import { account, chatId, importer, layer as ownLayer, person, personRef, recordId, saveRecords } from "../crm/World.ts"
import { agentAt, agentOf, chatted, chatting, hire, settle, visitorAt } from "../panel/Chats.ts"
import { Books, bridgeFor, cast, foreign } from "./Foreign.ts"

const email = "ann@example.com"
const client = (mail: string, since = -60_000) => ({
  ...{ sort: "client" as const, title: "Ann", mail, tel: "", holder: "m1", tag: "", since }
})

/** The chats on a record's own screen at Prospector, sorted. */
const cardsOf = (no: number) =>
  Effect.map(Books, ({ books }) =>
    [...books.pins.values()].flatMap(({ on, sort, tag }) => (on === no && sort === "card" ? [tag] : [])).sort()
  )
const resync = (no: number) => resyncFeed(importer, { record: { kind: "person", id: recordId(String(no)) } })

describe("closed chats in a foreign CRM's own screens", () => {
  it.effect("are copied once to every record that matches, and to the lead made there (E7, H1, H2)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const crm = yield* Books
        const [one, two] = [crm.enter(client(email)), crm.enter(client(email))]
        yield* chatted("c", { email, says: "Hello" })
        yield* drainDeskBridge(account)
        expect(yield* cardsOf(one)).toEqual([])
        yield* bridgeFor(2)
        expect([yield* cardsOf(one), yield* cardsOf(two)]).toEqual([["c"], ["c"]])
        yield* chatting("d", { email: "new@example.com" })
        const { lead } = yield* createLead(agentAt("a1"), { chatId: chatId("d") })
        yield* endChat(visitorAt("v-d"), { chatId: chatId("d") })
        yield* bridgeFor(2)
        expect(yield* cardsOf(Number(lead))).toEqual(["d"])
        expect(yield* cardsOf(one)).toEqual(["c"])
      })
    )
  )

  it.effect("reach a record that the search did not know yet when the chat closed (H8)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const crm = yield* Books
        yield* TestClock.adjust("1 minute")
        yield* chatting("c", { email })
        const no = crm.enter(client(email, 59_000))
        yield* endChat(visitorAt("v-c"), { chatId: chatId("c") })
        yield* bridgeFor(2)
        expect(yield* cardsOf(no)).toEqual(["c"])
      })
    )
  )

  it.effect("are neither missed chats, nor shown while past chats are switched off (D4, H6)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const no = (yield* Books).enter(client(email))
        yield* chatted("missed", { email, by: null })
        yield* bridgeFor(2)
        expect(yield* cardsOf(no)).toEqual([])
        yield* settle({ pastChatsInFeed: false })
        yield* chatted("hidden", { email })
        yield* bridgeFor(2)
        expect(yield* resync(no)).toEqual({ added: 0, present: 0, pending: 0 })
        expect(yield* cardsOf(no)).toEqual([])
        yield* settle({ pastChatsInFeed: true })
        expect(yield* resync(no)).toEqual({ added: 1, present: 0, pending: 0 })
        expect(yield* cardsOf(no)).toEqual(["hidden"])
      })
    )
  )

  it.effect("come late, but once, when the CRM was down or lost the answer (H2, H8)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const crm = yield* Books
        const no = crm.enter(client(email))
        crm.befall(() => "down")
        yield* chatted("c", { email })
        yield* bridgeFor(5)
        crm.befall((call, number) => (call === "pin" && number % 2 === 0 ? "down" : call === "pin" ? "lost" : "well"))
        yield* bridgeFor(10)
        crm.befall(() => "well")
        yield* bridgeFor(10)
        expect(yield* cardsOf(no)).toEqual(["c"])
      })
    )
  )
})

describe("resyncFeed", () => {
  it.effect("adds what is missing or was deleted there, leaves the rest, removes nothing (H2)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const crm = yield* Books
        const no = crm.enter(client(email))
        for (const id of ["a", "b", "d"]) yield* chatted(id, { email })
        yield* bridgeFor(2)
        yield* TestClock.adjust("1 minute")
        const card = [...crm.books.pins.values()].find(({ tag }) => tag === "b")
        crm.unpin(card?.no ?? 0)
        const stranger = { ...client("x"), sort: "card", on: no, body: "", tag: "stranger" }
        crm.books.pins.set(999, { ...stranger, no: 999, sort: "card" })
        expect(yield* resync(no)).toEqual({ added: 1, present: 2, pending: 0 })
        expect(yield* resync(no)).toEqual({ added: 0, present: 3, pending: 0 })
        expect(yield* cardsOf(no)).toEqual(["a", "b", "d", "stranger"])
      })
    )
  )

  it.effect("never doubles a copy whose answer was lost: it is pending, then there (H2)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const crm = yield* Books
        yield* chatted("c", { email })
        yield* bridgeFor(2)
        const no = crm.enter(client(email))
        crm.befall((call) => (call === "pin" ? "lost" : "well"))
        expect(yield* resync(no)).toEqual({ added: 0, present: 0, pending: 1 })
        expect(yield* resync(no)).toEqual({ added: 0, present: 0, pending: 1 })
        crm.befall(() => "well")
        yield* TestClock.adjust("10 seconds")
        expect(yield* resync(no)).toEqual({ added: 0, present: 0, pending: 1 })
        yield* bridgeFor(1)
        expect(yield* resync(no)).toEqual({ added: 0, present: 1, pending: 0 })
        expect(yield* cardsOf(no)).toEqual(["c"])
      })
    )
  )

  it.effect("repairs a feed of more than a page, at once in several hosts (H2)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const crm = yield* Books
        const ids = Array.from({ length: 203 }, (_, n) => `c${n}`)
        for (const id of ids) yield* chatted(id, { email })
        yield* bridgeFor(2)
        const no = crm.enter(client(email))
        yield* Effect.all([resync(no), resync(no)], { concurrency: "unbounded" })
        yield* bridgeFor(1)
        expect(yield* cardsOf(no)).toEqual(ids.toSorted())
      })
    )
  )

  it.effect("is for services, and for CRMs that take copies (J1, K3)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const record = { kind: "person", id: recordId("1") } as const
        expect(yield* Effect.flip(resyncFeed(agentAt("a1"), { record }))).toMatchObject({ _tag: "AccessDenied" })
        expect(yield* Effect.flip(resyncFeed(importer, { record }))).toMatchObject({ _tag: "RecordNotFound" })
        const crm = yield* Crm
        const blind = Crm.of({ ...crm, capabilities: { ...crm.capabilities, chatCopies: false } })
        expect(
          yield* Effect.flip(resyncFeed(importer, { record }).pipe(Effect.provideService(Crm, blind)))
        ).toMatchObject({ _tag: "StoreError", reason: "unsupported" })
      })
    )
  )
})

describe("the desk's bridge", () => {
  it.effect("has nothing to ask of a CRM of our own (H8)", () =>
    Effect.provide(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* saveRecords(person(personRef("x").id, [email]))
        yield* chatted("c", { email })
        yield* drainDeskBridge(account)
        const desk = yield* DeskStore
        const [request] = yield* desk.get(account, [{ kind: "crmRequest", id: "copies/c" }])
        expect(request.value).toBeNull()
        expect((yield* Crm).capabilities.chatCopies).toBe(false)
        expect(OwnCrm.make).toBeDefined()
      }),
      ownLayer()
    )
  )
})
