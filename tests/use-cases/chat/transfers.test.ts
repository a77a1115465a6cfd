import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Id } from "leadline"
import {
  answerChat,
  answerNext,
  drainTimers,
  endChat,
  inviteAgent,
  joinChat,
  leaveChat,
  observeChat,
  readConsole,
  saveAgent,
  sendMessage,
  setStatus,
  stopObserving,
  transferToAgent,
  transferToDepartment
} from "leadline/use-cases"
import { account, chatId, importer } from "../crm/World.ts"
import { agentAt, agentId, agentOf, chatting, hire, settle, world } from "../panel/Chats.ts"
import { assigned, chatOf, deskOf, disagreements, events, told } from "../routing/Floor.ts"

const c = { chatId: chatId("c") }
const sales = Id.DepartmentId.make("sales")
const to = (id: string) => ({ ...c, to: agentId(id) })
const surfaces = ["crm", "chat", "mobile", "api"] as const

describe("a transfer to an agent", () => {
  it.effect("is an offer in every mode: the one stops at once, the other alone may answer in time (C11)", () =>
    Effect.forEach(["broadcast", "hybrid", "assigned"] as const, (routing) =>
      world(
        Effect.gen(function* () {
          yield* hire(agentOf("a1"), agentOf("a2"), agentOf("a3"))
          yield* chatting("c")
          yield* settle({ routing })
          const start = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
          expect(yield* transferToAgent(agentAt("a1"), to("a2"))).toEqual({ chatId: "c", until: start + 30_000 })
          expect(yield* chatOf("c")).toMatchObject({
            state: { _tag: "Offered" },
            serving: [],
            offer: { to: "a2", kind: "transfer" },
            queueNumber: 2,
            exclusions: [{ agentId: "a1", why: "transferred" }]
          })
          expect(yield* deskOf("a1")).toMatchObject({ serving: [] })
          expect(yield* disagreements).toEqual([])
          expect(yield* transferToAgent(agentAt("a1"), to("a2"))).toEqual({ chatId: "c", until: null })
          const rang = yield* readConsole(agentAt("a2"))
          expect(rang.ringing.map(({ id }) => id)).toEqual(["c"])
          expect(rang.icon).toMatchObject({ blinking: true, sound: true, waiting: 0 })
          expect(yield* Effect.flip(answerChat(agentAt("a3"), c))).toMatchObject({ _tag: "OfferedToAnother" })
          yield* TestClock.adjust(29_999)
          yield* answerNext(agentAt("a2"))
          expect((yield* chatOf("c")).serving).toMatchObject([{ agentId: "a2" }])
          expect(yield* disagreements).toEqual([])
        })
      )
    )
  )

  it.effect("holds the slot that its agent uses when they are brought in instead (B5, B6, C10)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2", { chatLimit: 1 }), agentOf("a3"))
        yield* chatting("c")
        yield* inviteAgent(agentAt("a1"), { ...c, agentId: agentId("a3") })
        yield* transferToAgent(agentAt("a1"), to("a2"))
        yield* inviteAgent(agentAt("a3"), { ...c, agentId: agentId("a2") })
        expect(yield* chatOf("c")).toMatchObject({ offer: null, serving: [{ agentId: "a3" }, { agentId: "a2" }] })
        expect(yield* deskOf("a2")).toMatchObject({ offer: null, serving: ["c"] })
        expect(yield* disagreements).toEqual([])
      })
    )
  )

  it.effect("missed waits with its new number; late answers are refused before a timer came (C5, C2)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2"))
        yield* chatting("c")
        yield* transferToAgent(agentAt("a1"), to("a2"))
        yield* TestClock.adjust(30_000)
        expect(yield* Effect.flip(answerChat(agentAt("a2"), c))).toEqual({ _tag: "NotOffered", agentId: "a2" })
        yield* drainTimers(account)
        expect(yield* chatOf("c")).toMatchObject({ state: { _tag: "Waiting" }, queueNumber: 2, offer: null })
        expect(yield* deskOf("a2")).toMatchObject({ offer: null, missesInARow: 1, lastMissAt: 30_000 })
      })
    )
  )

  it.effect("depends on the target's status, licence and presence (C11, B1)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2"))
        yield* chatting("c")
        for (const status of ["invisible", "offline"] as const) {
          yield* setStatus(agentAt("a2"), { status })
          expect(yield* Effect.flip(transferToAgent(agentAt("a1"), to("a2")))).toEqual({
            _tag: "NotEligible",
            reason: "status",
            status
          })
        }
        expect(yield* Effect.flip(transferToAgent(agentAt("a1"), to("a9")))).toEqual({
          _tag: "AgentNotFound",
          agentId: "a9"
        })
        yield* saveAgent(importer, agentOf("a2", { isEnabled: false }))
        expect(yield* Effect.flip(transferToAgent(agentAt("a1"), to("a2")))).toMatchObject({ reason: "disabled" })
        expect(yield* Effect.flip(transferToAgent(agentAt("a2"), to("a1")))).toMatchObject({ _tag: "AccessDenied" })
        yield* saveAgent(importer, agentOf("a2"))
        expect(yield* Effect.flip(transferToAgent(agentAt("a2"), to("a1")))).toMatchObject({ _tag: "NotServing" })
        expect((yield* chatOf("c")).serving).toMatchObject([{ agentId: "a1" }])
        yield* setStatus(agentAt("a2"), { status: "away" })
        yield* transferToAgent(agentAt("a1"), to("a2"))
        yield* answerChat(agentAt("a2"), c)
      })
    )
  )

  it.effect("to an agent at the limit, or who holds an offer, is refused and changes nothing (C11, B6)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2", { chatLimit: 1 }), agentOf("a3", { chatLimit: 2 }))
        yield* chatting("c")
        yield* chatting("d", { by: "a2" })
        yield* chatting("e")
        yield* transferToAgent(agentAt("a1"), { chatId: chatId("e"), to: agentId("a3") })
        const before = (yield* events).length
        expect(yield* Effect.flip(transferToAgent(agentAt("a1"), to("a2")))).toEqual({
          _tag: "AtLimit",
          used: 1,
          limit: 1
        })
        expect(yield* Effect.flip(transferToAgent(agentAt("a1"), to("a3")))).toEqual({
          _tag: "HoldsOffer",
          agentId: "a3",
          chatId: "e"
        })
        expect(yield* events).toHaveLength(before)
        expect(yield* disagreements).toEqual([])
      })
    )
  )

  it.effect("ignores the target's own exclusion (C11, C4)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2"))
        yield* chatting("c")
        yield* transferToAgent(agentAt("a1"), to("a2"))
        yield* answerChat(agentAt("a2"), c)
        yield* transferToAgent(agentAt("a2"), to("a1"))
        yield* answerChat(agentAt("a1"), c)
        expect((yield* chatOf("c")).serving).toMatchObject([{ agentId: "a1" }])
      })
    )
  )

  it.effect("of a chat that two serve: the other goes on, also when the offer is missed; a second waits (C11)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2"), agentOf("a3"))
        yield* chatting("c")
        yield* inviteAgent(agentAt("a1"), { ...c, agentId: agentId("a2") })
        yield* transferToAgent(agentAt("a1"), to("a3"))
        expect(yield* chatOf("c")).toMatchObject({ state: { _tag: "Served" }, offer: { to: "a3" } })
        expect(yield* Effect.flip(transferToAgent(agentAt("a2"), to("a1")))).toMatchObject({ _tag: "OfferedToAnother" })
        yield* TestClock.adjust(30_000)
        yield* drainTimers(account)
        expect(yield* chatOf("c")).toMatchObject({ state: { _tag: "Served" }, serving: [{ agentId: "a2" }] })
        expect(yield* disagreements).toEqual([])
        expect(yield* Effect.flip(answerChat(agentAt("a1"), c))).toMatchObject({
          _tag: "ChatAlreadyAnswered",
          by: "a2"
        })
        yield* inviteAgent(agentAt("a2"), { ...c, agentId: agentId("a1") })
        expect(yield* transferToAgent(agentAt("a1"), to("a2"))).toEqual({ chatId: "c", until: null })
        expect((yield* chatOf("c")).serving).toMatchObject([{ agentId: "a2" }])
        expect(yield* disagreements).toEqual([])
      })
    )
  )

  it.effect("is withdrawn without a miss when the target turns invisible, not when away (C4, C11)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1", { departments: [sales] }), agentOf("a2"))
        yield* chatting("c", { department: sales })
        yield* transferToAgent(agentAt("a1"), to("a2"))
        yield* setStatus(agentAt("a2"), { status: "away" })
        yield* saveAgent(importer, agentOf("a2", { displayName: "Ada" }))
        expect((yield* chatOf("c")).offer?.to).toBe("a2")
        yield* setStatus(agentAt("a2"), { status: "invisible" })
        expect(yield* chatOf("c")).toMatchObject({ state: { _tag: "Waiting" }, offer: null })
        expect(yield* deskOf("a2")).toMatchObject({ offer: null, missesInARow: 0, lastMissAt: null })
      })
    )
  )
})

describe("a transfer to a department", () => {
  it.effect("queues there anew, the former recorded; all who served stop, an open offer ends (C11, C2)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2"), agentOf("a3"), agentOf("s", { departments: [sales] }))
        yield* chatting("c", { department: null })
        yield* inviteAgent(agentAt("a1"), { ...c, agentId: agentId("a2") })
        yield* transferToAgent(agentAt("a1"), to("a3"))
        yield* chatting("d", { by: null })
        yield* transferToDepartment(agentAt("a2"), { ...c, department: sales })
        expect(yield* chatOf("c")).toMatchObject({
          state: { _tag: "Waiting" },
          department: sales,
          previousDepartment: null,
          queueNumber: 3,
          serving: [],
          offer: null
        })
        expect(yield* disagreements).toEqual([])
        expect((yield* readConsole(agentAt("s"))).ringing.map(({ id }) => id)).toEqual(["d", "c"])
        expect((yield* deskOf("a3"))?.lastMissAt).toBe(null)
      })
    )
  )

  it.effect("of one's own needs another agent there online; repeated it does nothing (C11)", () =>
    world(
      Effect.gen(function* () {
        const inSales = { departments: [sales] }
        yield* hire(agentOf("a1", inSales), agentOf("a2", inSales), agentOf("a3"))
        yield* chatting("c", { department: sales })
        const transfer = transferToDepartment(agentAt("a1"), { ...c, department: sales })
        for (const status of ["away", "invisible", "offline"] as const) {
          yield* setStatus(agentAt("a2"), { status })
          expect(yield* Effect.flip(transfer)).toEqual({ _tag: "NobodyElseOnline", department: sales })
        }
        yield* setStatus(agentAt("a2"), { status: "online" })
        yield* saveAgent(importer, agentOf("a2", { ...inSales, isEnabled: false }))
        expect(yield* Effect.flip(transfer)).toMatchObject({ _tag: "NobodyElseOnline" })
        yield* saveAgent(importer, agentOf("a2", inSales))
        yield* setStatus(agentAt("a2"), { status: "online" })
        yield* transfer
        yield* setStatus(agentAt("a2"), { status: "offline" })
        const before = (yield* events).length
        yield* transfer
        expect(yield* events).toHaveLength(before)
        expect(yield* Effect.flip(transferToDepartment(agentAt("a3"), { ...c, department: sales }))).toMatchObject({
          _tag: "NotServing"
        })
        yield* saveAgent(importer, agentOf("a1", { ...inSales, isEnabled: false }))
        expect(yield* Effect.flip(transfer)).toMatchObject({ _tag: "AccessDenied" })
      })
    )
  )

  it.effect("that is not one's own needs nobody there (C11)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatting("c")
        yield* transferToDepartment(agentAt("a1"), { ...c, department: sales })
        expect((yield* chatOf("c")).department).toBe(sales)
        expect(yield* disagreements).toEqual([])
      })
    )
  )

  it.effect("in assigned mode is not offered to who gave it away while another can have it (C11, C4)", () =>
    world(
      Effect.gen(function* () {
        yield* settle(assigned)
        yield* hire(agentOf("a1"))
        yield* chatting("c", { by: null })
        yield* drainTimers(account)
        yield* answerNext(agentAt("a1"))
        yield* hire(agentOf("a2", { chatLimit: 1 }))
        yield* transferToDepartment(agentAt("a1"), { ...c, department: null })
        yield* drainTimers(account)
        expect((yield* chatOf("c")).offer?.to).toBe("a2")
      })
    )
  )
})

describe("an agent comes to a chat that others serve", () => {
  it.effect("by invitation: online or away, below the limit, and serves at once (C10, B6)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2", { chatLimit: 0 }), agentOf("a3"))
        yield* chatting("c")
        const invite = (id: string) => inviteAgent(agentAt("a1"), { ...c, agentId: agentId(id) })
        expect(yield* Effect.flip(invite("a2"))).toEqual({ _tag: "AtLimit", used: 0, limit: 0 })
        expect(yield* Effect.flip(invite("a9"))).toEqual({ _tag: "AgentNotFound", agentId: "a9" })
        expect(yield* Effect.flip(inviteAgent(agentAt("a3"), { ...c, agentId: agentId("a2") }))).toMatchObject({
          _tag: "NotServing"
        })
        yield* setStatus(agentAt("a3"), { status: "invisible" })
        expect(yield* Effect.flip(invite("a3"))).toMatchObject({ _tag: "NotEligible", status: "invisible" })
        yield* setStatus(agentAt("a3"), { status: "away" })
        yield* invite("a3")
        const before = (yield* events).length
        yield* invite("a3")
        expect(yield* events).toHaveLength(before)
        expect((yield* chatOf("c")).serving).toMatchObject([{ agentId: "a1" }, { agentId: "a3" }])
        yield* sendMessage(agentAt("a3"), { ...c, text: "hello" })
        yield* leaveChat(agentAt("a1"), c)
        expect((yield* chatOf("c")).state._tag).toBe("Served")
        expect(yield* disagreements).toEqual([])
        yield* saveAgent(importer, agentOf("a3", { isEnabled: false }))
        expect(yield* Effect.flip(inviteAgent(agentAt("a3"), { ...c, agentId: agentId("a1") }))).toMatchObject({
          _tag: "AccessDenied"
        })
      })
    )
  )

  it.effect("by themselves where the account lets them, within the limit also in hybrid mode (C10, B6)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2", { chatLimit: 1 }), agentOf("a3", { isEnabled: true }))
        yield* chatting("c")
        expect(yield* Effect.flip(joinChat(agentAt("a2"), c))).toEqual({ _tag: "JoiningNotAllowed" })
        yield* settle({ agentsMayJoin: true, routing: "hybrid" })
        yield* chatting("d", { by: "a2" })
        expect(yield* Effect.flip(joinChat(agentAt("a2"), c))).toEqual({ _tag: "AtLimit", used: 1, limit: 1 })
        yield* chatting("e", { by: null })
        yield* answerChat(agentAt("a2"), { chatId: chatId("e") })
        yield* setStatus(agentAt("a3"), { status: "offline" })
        expect(yield* Effect.flip(joinChat(agentAt("a3"), c))).toMatchObject({ _tag: "NotEligible", status: "offline" })
        yield* setStatus(agentAt("a3"), { status: "invisible" })
        yield* joinChat(agentAt("a3"), c)
        expect(yield* disagreements).toEqual([])
        yield* saveAgent(importer, agentOf("a3", { isEnabled: false }))
        expect(yield* Effect.flip(joinChat(agentAt("a3"), c))).toMatchObject({ _tag: "AccessDenied" })
      })
    )
  )

  it.effect("as an observer reads and can do nothing else, and takes no slot (C10)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2", { chatLimit: 0 }))
        yield* chatting("c")
        yield* observeChat(agentAt("a2"), c)
        yield* observeChat(agentAt("a2"), c)
        expect((yield* chatOf("c")).observers).toEqual(["a2"])
        expect((yield* readConsole(agentAt("a2"))).used).toBe(0)
        const notServing = { _tag: "NotServing", agentId: "a2" }
        expect(yield* Effect.flip(sendMessage(agentAt("a2"), { ...c, text: "hi" }))).toEqual(notServing)
        expect(yield* Effect.flip(transferToAgent(agentAt("a2"), to("a1")))).toEqual(notServing)
        expect(yield* Effect.flip(endChat(agentAt("a2"), c))).toEqual(notServing)
        yield* stopObserving(agentAt("a2"), c)
        yield* stopObserving(agentAt("a2"), c)
        expect((yield* chatOf("c")).observers).toEqual([])
        expect(yield* told("ObservingStarted")).toHaveLength(1)
        expect(yield* told("ObservingEnded")).toHaveLength(1)
        yield* saveAgent(importer, agentOf("a2", { isEnabled: false }))
        for (const command of [observeChat, stopObserving]) {
          expect(yield* Effect.flip(command(agentAt("a2"), c))).toMatchObject({ _tag: "AccessDenied" })
        }
      })
    )
  )

  it.effect("with the same result from every surface; the events record which (C10)", () =>
    Effect.gen(function* () {
      const results = yield* Effect.forEach(surfaces, (surface) =>
        world(
          Effect.gen(function* () {
            const at = (id: string) => ({ ...agentAt(id), surface })
            yield* settle({ agentsMayJoin: true })
            yield* hire(agentOf("a1"), agentOf("a2"), agentOf("a3"))
            yield* chatting("c", { by: null })
            const before = (yield* events).length
            yield* answerChat(at("a1"), c)
            yield* observeChat(at("a2"), c)
            yield* joinChat(at("a2"), c)
            yield* inviteAgent(at("a2"), { ...c, agentId: agentId("a3") })
            yield* transferToAgent(at("a1"), to("a2"))
            yield* transferToDepartment(at("a3"), { ...c, department: sales })
            const after = (yield* events).slice(before)
            expect(new Set(after.map((event) => event.surface))).toEqual(new Set([surface]))
            return { chat: yield* chatOf("c"), told: after.map(({ actor, payload }) => ({ actor, payload })) }
          })
        )
      )
      for (const one of results) {
        expect({ ...one.chat, visitor: null }).toEqual({ ...results[0]?.chat, visitor: null })
        expect(one.told).toEqual(results[0]?.told)
      }
    })
  )
})
