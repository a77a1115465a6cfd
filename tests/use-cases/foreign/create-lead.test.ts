import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Result } from "effect"
import { TestClock } from "effect/testing"
import { MemoryNotices } from "leadline/memory"
import { Crm, DeskStore } from "leadline/ports"
import {
  changeVisitorDetails,
  createLead,
  DESK_BRIDGE,
  drainDeskBridge,
  endChat,
  explainOwner,
  readGivenUp,
  readPanel,
  replayGivenUp,
  saveAgent
} from "leadline/use-cases"
import { account, chatId, importer, poolId, userId } from "../crm/World.ts"
import { agentAt, agentOf, chatting, settle, visitorAt } from "../panel/Chats.ts"
import { Books, bridgeFor, cast, foreign, payloads, tagged } from "./Foreign.ts"

const email = "Ann@Example.com"
const c = { chatId: chatId("c") }
const press = (chat = "c", by = "a1", key?: string) => createLead(agentAt(by, key), { chatId: chatId(chat) })

const folk = Effect.map(Books, ({ books }) => [...books.folk.values()])
const shown = Effect.flatMap(MemoryNotices, (memory) => memory.shown(account))

const client = (mail: string, since = -60_000) => ({
  ...{ sort: "client" as const, title: "Ann", mail, tel: "", holder: "m1", tag: "", since }
})

describe("explaining the owner of a foreign lead", () => {
  it.effect("answers from what the desk asked the lead by: the CRM does not keep it (F4)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email: "zoe@example.com" })
        const { decision, lead } = yield* createLead(agentAt("a1"), { chatId: chatId("c") })
        const explained = yield* explainOwner(importer, { chatId: chatId("c") })
        expect(explained).toMatchObject({
          _tag: "Decided",
          lead,
          decision: { owner: { userId: decision.owner }, reason: { _tag: "Dealt", poolId: "p" } }
        })
      })
    )
  )
})

describe("creating a lead in a foreign CRM", () => {
  it.effect("names the owner by the library's turn, and the panel shows the lead at once (E1, E3, F2, F4)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email, name: "Ann Lee" })
        const made = yield* press()
        expect(made).toMatchObject({ owner: "m1", noteStored: false, told: { told: "m1", why: "owner" } })
        expect(made.decision).toEqual({
          owner: "m1",
          reason: { _tag: "Dealt", poolId: "p", picked: false },
          passedOver: []
        })
        expect(yield* folk).toMatchObject([{ title: "Ann Lee", mail: email, holder: "m1", sort: "prospect" }])
        expect((yield* tagged("LeadRequested")).map(({ owner }) => owner)).toEqual([made.decision])
        expect(yield* tagged("LeadCreated")).toMatchObject([{ lead: made.lead, owner: "m1" }])
        const { panel } = yield* readPanel(agentAt("a1"), c)
        expect(panel).toMatchObject({ _tag: "Record", record: { kind: "lead", id: made.lead } })
      })
    )
  )

  it.effect("deals in turns; who joins comes last, who leaves is passed by (F2, F3)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const crm = yield* Books
        const owners: Array<string> = []
        for (const id of ["c1", "c2", "c3", "c4", "c5", "c6"]) {
          yield* chatting(id, { email: `${id}@example.com` })
          owners.push((yield* press(id)).owner)
          if (id === "c2") {
            crm.staff.push({ login: "m3", boss: "boss", works: true })
            crm.circles.set("p", ["m3", "m2", "m1"])
          }
          if (id === "c4") crm.circles.set("p", ["m2", "m1"])
        }
        expect(owners).toEqual(["m1", "m2", "m1", "m2", "m1", "m2"])
        expect((yield* payloads).flatMap(({ _tag }) => (/^(Pool|Member|LeadDealt)/.test(_tag) ? [_tag] : []))).toEqual([
          ...["PoolCreated", "LeadDealt", "LeadDealt", "MemberJoined", "LeadDealt", "LeadDealt"],
          ...["MemberLeft", "LeadDealt", "LeadDealt"]
        ])
      })
    )
  )

  it.effect("is refused where a record matches, before a turn is taken (E3, E5)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        ;(yield* Books).enter(client("ann@example.com"))
        yield* chatting("c", { email })
        expect(yield* Effect.flip(press())).toMatchObject({ _tag: "AlreadyMatched", noteStored: false })
        yield* settle({ accessToCrmData: "crmUsersOnly" })
        expect(yield* Effect.flip(press())).toMatchObject({ _tag: "AccessDenied" })
        expect(yield* tagged("LeadRequested")).toEqual([])
        expect(yield* tagged("LeadDealt")).toEqual([])
      })
    )
  )

  it.effect("of an owner that is not to be had is refused, and nothing is written down (F1)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        const owner = { _tag: "Pool", poolId: poolId("none") } as const
        expect(yield* Effect.flip(createLead(agentAt("a1"), { ...c, owner }))).toMatchObject({
          _tag: "OwnerNotAllowed"
        })
        yield* settle({ leadOwners: [] })
        for (const one of (yield* Books).staff.splice(0)) (yield* Books).staff.push({ ...one, works: false })
        expect(yield* Effect.flip(press())).toEqual({ _tag: "NoActiveUser" })
        expect(yield* tagged("LeadRequested")).toEqual([])
      })
    )
  )

  it.effect("finds a lead of ours that the search does not know yet: by chat and by email (E5)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        yield* chatting("d", { email: "ann@EXAMPLE.com", by: "a2" })
        const { lead } = yield* press()
        for (const seconds of [0, 29, 1, 60]) {
          yield* TestClock.adjust(`${seconds} seconds`)
          yield* drainDeskBridge(account)
          const again = { noteStored: false }
          expect(yield* Effect.flip(press())).toEqual({ _tag: "AlreadyCreated", lead, owner: "m1", ...again })
          const records = [{ kind: "lead", id: lead }]
          expect(yield* Effect.flip(press("d", "a2"))).toEqual({ _tag: "AlreadyMatched", records, ...again })
        }
        expect((yield* tagged("LeadDealt")).length).toBe(1)
        const [claim] = yield* (yield* DeskStore).get(account, [{ kind: "leadClaim", id: "email/ann@example.com" }])
        expect(claim.value).toBeNull()
      })
    )
  )

  it.effect("is free again after the lead was deleted there (E5)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        const { lead } = yield* press()
        ;(yield* Books).strike(Number(lead))
        expect(yield* Effect.flip(press())).toMatchObject({ _tag: "AlreadyCreated" })
        yield* TestClock.adjust("30 seconds")
        expect(yield* press()).toMatchObject({ owner: "m2" })
        expect((yield* folk).length).toBe(1)
      })
    )
  )

  it.effect("does not tell who may not see the lead of it (E1, E2, E5)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        yield* chatting("d", { email, by: "a2" })
        yield* press()
        yield* settle({ accessToCrmData: "crmUsersOnly" })
        yield* saveAgent(importer, agentOf("a2", { userId: userId("m2") }))
        expect(yield* Effect.flip(press("d", "a2"))).toEqual({ _tag: "MatchHidden", noteStored: false })
        yield* saveAgent(importer, agentOf("a2", { userId: userId("m1") }))
        expect(yield* Effect.flip(press("d", "a2"))).toMatchObject({ _tag: "AlreadyMatched" })
      })
    )
  )

  it.effect("spends the turn visibly when a record appears in between, and frees the claims (E5, F2)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const crm = yield* Books
        yield* chatting("c", { email })
        crm.befall((call) => {
          if (call === "rounds") crm.enter(client("ann@example.com"))
          return "well"
        })
        const refused = yield* Effect.flip(press("c", "a1", "k"))
        expect(refused).toMatchObject({ _tag: "AlreadyMatched", noteStored: false })
        expect(yield* tagged("LeadRefused")).toMatchObject([
          { refusal: { _tag: "AlreadyMatched" }, turn: { poolId: "p", userId: "m1" } }
        ])
        expect(yield* tagged("LeadCreated")).toEqual([])
        expect(yield* Effect.flip(press("c", "a1", "k"))).toEqual(refused)
        expect((yield* tagged("LeadDealt")).length).toBe(1)
        const claims = ["chat/c", "email/ann@example.com"].map((id) => ({ kind: "leadClaim" as const, id }))
        expect((yield* (yield* DeskStore).get(account, claims)).map(({ value }) => value)).toEqual([null, null])
        yield* chatting("d", { email: "bob@example.com" })
        expect(yield* press("d")).toMatchObject({ owner: "m2" })
      })
    )
  )

  it.effect("whose answer is lost is pending, then found by its mark: one lead, told once (E5, G4, K1)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const crm = yield* Books
        yield* chatting("c", { email })
        crm.befall((call) => (call === "add" ? "lost" : "well"))
        expect(yield* Effect.flip(press("c", "a1", "k"))).toMatchObject({ _tag: "CrmPending", since: 0 })
        expect(yield* Effect.flip(press("c", "a2"))).toMatchObject({ _tag: "NotServing" })
        expect(yield* Effect.flip(press())).toMatchObject({ _tag: "CrmPending", since: 0 })
        crm.befall(() => "well")
        yield* TestClock.adjust("29 seconds")
        yield* drainDeskBridge(account)
        expect(yield* tagged("LeadCreated")).toEqual([])
        yield* TestClock.adjust("1 second")
        yield* drainDeskBridge(account)
        const [lead, ...others] = yield* folk
        expect(others).toEqual([])
        expect(yield* press("c", "a1", "k")).toMatchObject({ lead: String(lead?.no), owner: "m1" })
        expect(yield* shown).toMatchObject([{ to: "m1", reason: "leadDealt", about: { id: String(lead?.no) } }])
        expect(yield* Effect.flip(createLead(agentAt("a1", "k"), { ...c, note: "x" }))).toMatchObject({
          _tag: "IdempotencyKeyReused"
        })
      })
    )
  )

  it.effect("that is never answered is taken for lost after half a minute (E5)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const crm = yield* Books
        yield* chatting("c", { email })
        crm.befall((call) => (call === "add" ? "silent" : "well"))
        const pressed = yield* Effect.forkChild(Effect.result(press()), { startImmediately: true })
        const other = yield* Effect.forkChild(Effect.result(press()), { startImmediately: true })
        for (let step = 0; step < 100; step++) yield* Effect.yieldNow
        yield* TestClock.adjust("31 seconds")
        const answers = yield* Effect.all([Fiber.join(pressed), Fiber.join(other)])
        expect(answers.map((answer) => (Result.isFailure(answer) ? answer.failure._tag : "made"))).toEqual([
          "CrmPending",
          "CrmPending"
        ])
        crm.befall(() => "well")
        yield* bridgeFor(2)
        expect((yield* folk).length).toBe(1)
        expect((yield* tagged("LeadCreated")).length).toBe(1)
      })
    )
  )

  it.effect("waits for the one of this process that is under way, and tells of its lead (E5)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        const answers = yield* Effect.all(
          [1, 2, 3].map(() => Effect.result(press())),
          { concurrency: "unbounded" }
        )
        const tags = answers.map((answer) => (Result.isSuccess(answer) ? "made" : answer.failure._tag)).sort()
        expect(tags).toEqual(["AlreadyCreated", "AlreadyCreated", "made"])
        expect((yield* tagged("LeadDealt")).length).toBe(1)
      })
    )
  )

  it.effect("gives up in the end, visibly, holds its key, and is replayed by hand (E5, G4)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const crm = yield* Books
        yield* chatting("c", { email })
        crm.befall((call) => (call === "find" || call === "people" || call === "rounds" ? "well" : "down"))
        yield* Effect.flip(press("c", "a1", "k"))
        yield* bridgeFor(60)
        expect(yield* tagged("WorkGivenUp")).toMatchObject([{ tries: 12, lastError: "StoreError: timeout" }])
        const [item] = yield* readGivenUp(importer, 10, DESK_BRIDGE)
        expect(item).toMatchObject({ log: "desk", nextTryAt: null })
        crm.befall(() => "well")
        yield* bridgeFor(1)
        expect(yield* folk).toEqual([])
        expect(yield* Effect.flip(press())).toMatchObject({ _tag: "CrmPending" })
        yield* replayGivenUp(importer, { eventId: item?.eventId ?? "", bridge: DESK_BRIDGE })
        yield* bridgeFor(1)
        expect((yield* folk).length).toBe(1)
        expect(yield* readGivenUp(importer, 10, DESK_BRIDGE)).toEqual([])
        expect(yield* press("c", "a1", "k")).toMatchObject({ owner: "m1" })
      })
    )
  )

  it.effect("goes on for a chat that ended, and with the email it was asked for (A6, E7)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const crm = yield* Books
        yield* chatting("c", { email, name: "Ann" })
        crm.befall((call) => (call === "add" ? "down" : "well"))
        yield* Effect.flip(press())
        yield* changeVisitorDetails(visitorAt("v-c"), { ...c, email: "other@example.com" })
        yield* endChat(visitorAt("v-c"), c)
        crm.befall(() => "well")
        yield* bridgeFor(2)
        expect(yield* folk).toMatchObject([{ mail: email }])
        const [chat] = yield* (yield* DeskStore).get(account, [{ kind: "chat", id: "c" }])
        expect(chat.value?.lead).toMatchObject({ owner: "m1" })
      })
    )
  )

  it.effect("whose email was erased before the CRM had it is refused (J4)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const crm = yield* Books
        yield* chatting("c", { email })
        crm.befall((call) => (call === "add" ? "down" : "well"))
        yield* Effect.flip(press())
        yield* (yield* DeskStore).erase(account, { _tag: "Visitor", visitorId: "v-c" as never }, 100)
        crm.befall(() => "well")
        yield* bridgeFor(2)
        expect(yield* folk).toEqual([])
        expect(yield* tagged("LeadRefused")).toMatchObject([{ refusal: { _tag: "TextErased" } }])
      })
    )
  )

  it.effect("with a note stores it once and tells its owner once of both (F6, G2)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const crm = yield* Books
        yield* chatting("c", { email })
        crm.befall((call) => (call === "pin" ? "lost" : "well"))
        const made = yield* createLead(agentAt("a1"), { ...c, note: "Call her" })
        expect(made).toMatchObject({ noteStored: true, told: { told: "m1", why: "owner" } })
        expect(yield* shown).toEqual([])
        crm.befall(() => "well")
        yield* bridgeFor(2)
        expect([...crm.books.pins.values()]).toMatchObject([{ sort: "scribble", body: "Call her" }])
        expect(yield* shown).toMatchObject([{ to: "m1", reason: "leadDealtWithNote", about: { id: made.lead } }])
        expect((yield* shown)[0]?.activityId).toBe(String([...crm.books.pins.keys()][0]))
      })
    )
  )

  it.effect("whose note the CRM refuses still has its owner told of the lead, once (F6, G2)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        const crm = yield* Books
        yield* chatting("c", { email })
        crm.befall((call) => (call === "pin" ? "down" : "well"))
        const { lead } = yield* createLead(agentAt("a1"), { ...c, note: "Call her" })
        crm.strike(Number(lead))
        crm.befall(() => "well")
        yield* bridgeFor(2)
        expect(yield* tagged("WriteRefused")).toMatchObject([{ refusal: { _tag: "RecordNotFound" } }])
        expect(yield* shown).toMatchObject([{ to: "m1", reason: "leadDealt", activityId: null }])
      })
    )
  )

  it.effect("that repeats nothing under a key takes lead and note in one write, and is not searched (E3, K1)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        const crm = yield* Crm
        const native = Crm.of({
          ...crm,
          capabilities: { ...crm.capabilities, idempotentWrites: "native", atomicIdentity: true }
        })
        const made = yield* createLead(agentAt("a1"), { ...c, note: "Hi" }).pipe(Effect.provideService(Crm, native))
        expect(made).toMatchObject({ owner: "m1", noteStored: true })
        expect((yield* Books).asked.filter((call) => call === "find" || call === "findTag")).toEqual([])
        yield* drainDeskBridge(account).pipe(Effect.provideService(Crm, native))
        expect(yield* shown).toMatchObject([{ reason: "leadDealtWithNote" }])
        expect(yield* tagged("NoteRequested")).toEqual([])
      })
    )
  )
})
