import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { Actor, Ban, Instant } from "leadline"
import { DeskStore } from "leadline/ports"
import {
  answerChat,
  banIp,
  banVisitor,
  readAccountStatus,
  readConsole,
  requestChat,
  saveAgent,
  sendMessage,
  setStatus,
  unbanIp,
  unbanVisitor
} from "leadline/use-cases"
import { account, chatId, importer } from "../crm/World.ts"
import { agentAt, agentOf, chatting, hire, settle, visitorAt, visitorId, world } from "../panel/Chats.ts"

const ringing = (agent: string) => Effect.map(readConsole(agentAt(agent)), (shown) => shown.ringing.map(({ id }) => id))
const log = Effect.gen(function* () {
  return (yield* (yield* DeskStore).log(account, 0, 10_000)).entries.map(({ event }) => event)
})

describe("an agent's status", () => {
  it.effect("decides what the website shows, who rings and who may answer (B1, C1)", () =>
    world(
      Effect.gen(function* () {
        expect(yield* readAccountStatus(account)).toBe("offline")
        yield* hire(agentOf("a1"), agentOf("a2"), agentOf("a3"), agentOf("a4"))
        for (const [agent, status] of [
          ["a1", "offline"],
          ["a2", "invisible"],
          ["a3", "away"]
        ] as const) {
          yield* setStatus(agentAt(agent), { status })
        }
        expect(yield* readAccountStatus(account)).toBe("online")
        yield* chatting("c", { by: null })
        for (const agent of ["a1", "a2", "a3"]) expect(yield* ringing(agent)).toEqual([])
        expect(yield* ringing("a4")).toEqual(["c"])
        yield* setStatus(agentAt("a4"), { status: "offline" })
        expect(yield* readAccountStatus(account)).toBe("away")
        expect(yield* Effect.flip(answerChat(agentAt("a1"), { chatId: chatId("c") }))).toEqual({
          _tag: "NotEligible",
          reason: "status",
          status: "offline"
        })
        yield* answerChat(agentAt("a2"), { chatId: chatId("c") })
      })
    )
  )

  it.effect("that they already have changes nothing and emits nothing (B7)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        const before = (yield* log).length
        yield* setStatus(agentAt("a1"), { status: "online" })
        expect(yield* log).toHaveLength(before)
      })
    )
  )

  it.effect("offline has what only they serve wait again, with its old number, by the system (B4, C2)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2"))
        yield* chatting("c")
        yield* chatting("d", { by: null })
        yield* setStatus(agentAt("a1"), { status: "offline" })
        expect(yield* ringing("a2")).toEqual(["c", "d"])
        expect((yield* readConsole(agentAt("a1"))).serving).toEqual([])
        const requeued = (yield* log).filter(({ payload }) => payload._tag === "ChatRequeued")
        expect(requeued).toMatchObject([{ actor: Actor.system, payload: { reason: "agentsGone", queueNumber: "old" } }])
      })
    )
  )

  it.effect("is theirs alone to set, or a Chat administrator's (J1)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2"), agentOf("boss", { isChatAdministrator: true }))
        const set = (by: string) => setStatus(agentAt(by), { agentId: agentOf("a2").id, status: "away" })
        expect(yield* Effect.flip(set("a1"))).toMatchObject({ _tag: "AccessDenied", reason: "notYours" })
        expect(yield* set("boss")).toEqual({ agentId: "a2", status: "away" })
      })
    )
  )

  it.effect("ends with deactivation: their chats wait again, the next command and read are refused (B4, J1)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2"))
        yield* chatting("c")
        yield* saveAgent(importer, agentOf("a1", { isEnabled: false }))
        expect(yield* ringing("a2")).toEqual(["c"])
        const denied = { _tag: "AccessDenied", reason: "notAnAgent" }
        expect(yield* Effect.flip(readConsole(agentAt("a1")))).toMatchObject(denied)
        expect(yield* Effect.flip(answerChat(agentAt("a1"), { chatId: chatId("c") }))).toMatchObject(denied)
        expect(yield* Effect.flip(setStatus(agentAt("a1"), { status: "online" }))).toMatchObject(denied)
        expect(yield* Effect.flip(sendMessage(agentAt("a1"), { chatId: chatId("c"), text: "hi" }))).toMatchObject(
          denied
        )
      })
    )
  )
})

describe("the chat icon", () => {
  it.effect("blinks and sounds exactly while something rings here; hidden where the switch is off (C9, H6)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2"))
        const icon = Effect.map(readConsole(agentAt("a1")), (shown) => shown.icon)
        const quiet = { _tag: "Shown", status: "online", waiting: 0, blinking: false, sound: false }
        expect(yield* icon).toEqual(quiet)
        yield* chatting("c", { by: null })
        expect(yield* icon).toEqual({ ...quiet, waiting: 1, blinking: true, sound: true })
        yield* answerChat(agentAt("a2"), { chatId: chatId("c") })
        expect(yield* icon).toEqual(quiet)
        yield* settle({ chatInsideCrm: false })
        expect(yield* icon).toEqual({ _tag: "Hidden" })
      })
    )
  )

  it.effect("knows departments: a chat rings only at those who serve its own (C1)", () =>
    world(
      Effect.gen(function* () {
        const sales = "sales" as never
        yield* hire(agentOf("a1", { departments: [sales] }), agentOf("a2"))
        yield* chatting("c", { by: null, department: sales })
        expect(yield* ringing("a1")).toEqual(["c"])
        expect(yield* ringing("a2")).toEqual([])
        expect(yield* Effect.flip(answerChat(agentAt("a2"), { chatId: chatId("c") }))).toMatchObject({
          _tag: "NotEligible",
          reason: "department"
        })
      })
    )
  )
})

describe("a ban", () => {
  it.effect("closes the visitor's chat and keeps them out until it is lifted; for Chat administrators (D10, J3)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("boss", { isChatAdministrator: true }))
        yield* chatting("c")
        const ban = { visitorId: visitorId("v-c") }
        expect(yield* Effect.flip(banVisitor(agentAt("a1"), ban))).toMatchObject({ reason: "notChatAdministrator" })
        yield* banVisitor(agentAt("boss"), ban)
        yield* banVisitor(agentAt("boss"), ban)
        const closed = (yield* log).filter(({ payload }) => payload._tag === "ChatClosed")
        expect(closed).toMatchObject([{ payload: { reason: "ban" } }])
        expect(yield* Effect.flip(requestChat(visitorAt("v-c"), ban))).toEqual({ _tag: "Banned" })
        yield* unbanVisitor(agentAt("boss"), ban)
        expect(yield* requestChat(visitorAt("v-c"), ban)).toMatchObject({ isNew: true })
      })
    )
  )

  it.effect("of an address keeps everybody out who comes from it, and nobody else (D10)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("boss", { isChatAdministrator: true }))
        for (const ip of ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.2"]) yield* banIp(agentAt("boss"), { ip })
        const ask = (ip: string) => requestChat(visitorAt("v"), { visitorId: visitorId("v"), ip })
        expect(yield* Effect.flip(ask("192.0.2.2"))).toEqual({ _tag: "Banned" })
        yield* unbanIp(agentAt("boss"), { ip: "192.0.2.2" })
        expect(yield* Effect.flip(ask("192.0.2.1"))).toEqual({ _tag: "Banned" })
        expect(yield* Effect.flip(ask("192.0.2.3"))).toEqual({ _tag: "Banned" })
        expect(yield* ask("192.0.2.2")).toMatchObject({ isNew: true })
        const [{ value: list }] = yield* (yield* DeskStore).get(account, [{ kind: "ipBanList", id: "all" }])
        expect(list).toEqual({ oldest: "192.0.2.1", newest: "192.0.2.3", count: 2 })
      })
    )
  )

  it.effect("beyond 5,000 addresses lets the oldest fall out, at the cost of a few records (D10)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("boss", { isChatAdministrator: true }))
        const store = yield* DeskStore
        const ip = (n: number) => `ip-${n}`
        const bans = Array.from({ length: Ban.MAX_IP_BANS }, (_, n) => ({
          ip: ip(n),
          by: agentOf("boss").id,
          at: Instant.fromMillis(n),
          older: n === 0 ? null : ip(n - 1),
          newer: n === Ban.MAX_IP_BANS - 1 ? null : ip(n + 1)
        }))
        const rest = { remove: [], contents: [], events: [], remember: null }
        yield* store.commit(account, {
          ...rest,
          expect: bans.map((ban) => ({ key: { kind: "ipBan", id: ban.ip }, version: 0 })),
          put: bans.map((value) => ({ key: { kind: "ipBan", id: value.ip }, value, contents: [], due: null }))
        })
        const key = { kind: "ipBanList", id: "all" } as const
        const value = { oldest: ip(0), newest: ip(Ban.MAX_IP_BANS - 1), count: Ban.MAX_IP_BANS }
        yield* store.commit(account, {
          ...rest,
          expect: [{ key, version: 0 }],
          put: [{ key, value, contents: [], due: null }]
        })
        yield* banIp(agentAt("boss"), { ip: "new" })
        const [list, oldest, second, newest] = yield* store.get(account, [
          key,
          { kind: "ipBan", id: ip(0) },
          { kind: "ipBan", id: ip(1) },
          { kind: "ipBan", id: "new" }
        ])
        expect(list.value).toEqual({ oldest: ip(1), newest: "new", count: Ban.MAX_IP_BANS })
        expect(oldest.value).toBe(null)
        expect(second.value).toMatchObject({ older: null, newer: ip(2) })
        expect(newest.value).toMatchObject({ older: value.newest, newer: null })
        expect((yield* log).slice(-2)).toMatchObject([
          { payload: { _tag: "IpUnbanned", ip: ip(0), fellOut: true } },
          { payload: { _tag: "IpBanned", ip: "new" } }
        ])
      })
    )
  )
})
