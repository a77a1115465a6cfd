import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Actor, Id } from "leadline"
import { DeskStore } from "leadline/ports"
import {
  answerChat,
  drainTimers,
  heartbeat,
  inviteAgent,
  readAccountStatus,
  readConsole,
  runTimers,
  saveAgent,
  setStatus,
  signIn,
  signOut
} from "leadline/use-cases"
import { account, chatId, importer, userId } from "../crm/World.ts"
import { agentAt, agentId, agentOf, chatting, hire, settle, userAt, visitorAt, world } from "../panel/Chats.ts"
import { chatOf, deskOf, events, told } from "../routing/Floor.ts"

const device = (id: string) => ({ deviceId: Id.DeviceId.make(id) })
const crmAt = (id: string) => ({ ...agentAt(id), surface: "crm" as const })
const statusOf = (id: string) => Effect.map(readConsole(agentAt(id)), ({ status }) => status)
const userWith = agentOf("a1", { userId: userId("uma") })

describe("signing in to the CRM", () => {
  it.effect("signs a user with a Chat licence in to Chat: online the first time, then as last chosen (B2)", () =>
    world(
      Effect.gen(function* () {
        yield* saveAgent(importer, userWith)
        expect(yield* signIn(userAt("uma"), device("d"))).toEqual({ isSignedIn: true, status: "online", until: 30_000 })
        yield* setStatus(agentAt("a1"), { status: "invisible" })
        yield* setStatus(agentAt("a1"), { status: "offline" })
        expect(yield* signIn(userAt("uma"), device("d"))).toMatchObject({ isSignedIn: true, status: "invisible" })
        expect((yield* told("StatusChanged")).at(-1)).toMatchObject({
          actor: Actor.user(userId("uma")),
          surface: "crm",
          payload: { from: "offline", to: "invisible", reason: "signedIn" }
        })
      })
    )
  )

  it.effect("does nothing without a Chat licence, deactivated, or as somebody who is neither (B2)", () =>
    world(
      Effect.gen(function* () {
        yield* saveAgent(importer, { ...userWith, isEnabled: false })
        const before = (yield* events).length
        const nothing = { isSignedIn: false, status: "offline", until: null }
        for (const caller of [userAt("uma"), userAt("other"), crmAt("a1"), crmAt("a9"), visitorAt("v"), importer]) {
          expect(yield* signIn(caller, device("d"))).toEqual(nothing)
        }
        expect(yield* events).toHaveLength(before)
      })
    )
  )

  it.effect("signs in the agent that they are now, past a deactivated entry of theirs (B2)", () =>
    world(
      Effect.gen(function* () {
        yield* saveAgent(importer, agentOf("a0", { userId: userId("uma"), isEnabled: false }))
        yield* saveAgent(importer, userWith)
        expect(yield* signIn(userAt("uma"), device("d"))).toMatchObject({ isSignedIn: true })
        expect(yield* statusOf("a1")).toBe("online")
      })
    )
  )

  it.effect("is off with either switch, but not from the Chat console (B2, H6)", () =>
    world(
      Effect.gen(function* () {
        yield* saveAgent(importer, userWith)
        for (const off of [{ signInOnLoad: false }, { signInOnLoad: true, chatInsideCrm: false }]) {
          yield* settle(off)
          for (const caller of [userAt("uma"), crmAt("a1")]) {
            expect(yield* signIn(caller, device("d"))).toMatchObject({ isSignedIn: false })
          }
          expect(yield* statusOf("a1")).toBe("offline")
        }
        expect(yield* signIn(agentAt("a1"), device("d"))).toMatchObject({ isSignedIn: true, status: "online" })
      })
    )
  )

  it.effect("a second console brings back who was away for want of a sign, and tells nobody else (B2, B7)", () =>
    world(
      Effect.gen(function* () {
        yield* saveAgent(importer, userWith)
        yield* signIn(agentAt("a1"), device("d"))
        const before = (yield* events).length
        yield* signIn(agentAt("a1"), device("e"))
        expect(yield* events).toHaveLength(before)
      })
    )
  )
})

describe("a device lease", () => {
  const here = Effect.gen(function* () {
    yield* hire(agentOf("a2"))
    yield* saveAgent(importer, agentOf("a1"))
    yield* signIn(agentAt("a1"), device("desk"))
    yield* signIn(agentAt("a1"), device("phone"))
  })

  it.effect("of one console lost, or signed out, changes nothing while the other beats (B4, B2)", () =>
    world(
      Effect.gen(function* () {
        yield* here
        yield* chatting("c")
        yield* signOut(agentAt("a1"), device("desk"))
        const before = (yield* events).length
        for (let beat = 0; beat < 8; beat++) {
          yield* TestClock.adjust("29 seconds")
          expect(yield* heartbeat(agentAt("a1"), device("phone"))).toMatchObject({ status: "online" })
          yield* drainTimers(account)
          expect(yield* statusOf("a1")).toBe("online")
        }
        // the note of where the chat rang is no event
        expect(yield* events).toHaveLength(before)
        expect((yield* chatOf("c")).serving).toMatchObject([{ agentId: "a1" }])
      })
    )
  )

  it.effect("that was the last, with its grace, ends presence: at once for readers, by the timer for chats (B4)", () =>
    world(
      Effect.gen(function* () {
        yield* here
        yield* setStatus(agentAt("a2"), { status: "offline" })
        yield* chatting("c")
        yield* chatting("d", { by: null })
        yield* TestClock.adjust(59_999)
        yield* runTimers(account)
        expect(yield* statusOf("a1")).toBe("online")
        expect(yield* readAccountStatus(account)).toBe("online")
        yield* TestClock.adjust(1)
        expect(yield* statusOf("a1")).toBe("offline")
        expect(yield* readAccountStatus(account)).toBe("offline")
        expect((yield* readConsole(agentAt("a1"))).ringing).toEqual([])
        expect(yield* Effect.flip(answerChat(agentAt("a1"), { chatId: chatId("d") }))).toEqual({
          _tag: "NotEligible",
          reason: "status",
          status: "offline"
        })
        expect((yield* chatOf("c")).state._tag).toBe("Served")
        yield* drainTimers(account)
        expect(yield* chatOf("c")).toMatchObject({ state: { _tag: "Waiting" }, queueNumber: 1, serving: [] })
        expect(yield* deskOf("a1")).toMatchObject({ status: "offline", serving: [], lastChosen: "online" })
        expect((yield* told("ChatRequeued")).map(({ actor, payload }) => ({ actor, payload }))).toEqual([
          { actor: Actor.system, payload: { _tag: "ChatRequeued", reason: "agentsGone", queueNumber: "old" } }
        ])
        expect((yield* told("StatusChanged")).at(-1)).toMatchObject({
          actor: Actor.system,
          payload: { from: "online", to: "offline", reason: "gone" }
        })
        expect((yield* runTimers(account)).done).toBe(0)
      })
    )
  )

  it.effect("late by hours is the same, and two hosts do it once (B4)", () =>
    world(
      Effect.gen(function* () {
        yield* here
        yield* chatting("c")
        yield* setStatus(agentAt("a2"), { status: "online" })
        yield* inviteAgent(agentAt("a1"), { chatId: chatId("c"), agentId: agentId("a2") })
        yield* TestClock.adjust("25 minutes")
        yield* Effect.all([drainTimers(account), drainTimers(account)], { concurrency: "unbounded" })
        expect(yield* chatOf("c")).toMatchObject({ state: { _tag: "Served" }, serving: [{ agentId: "a2" }] })
        expect(
          (yield* told("StatusChanged")).filter(({ payload }) => "reason" in payload && payload.reason === "gone")
        ).toHaveLength(1)
        expect(yield* told("ChatRequeued")).toEqual([])
      })
    )
  )

  it.effect("that is over cannot be renewed: the console signs in again, and is online as before (B4, B2)", () =>
    world(
      Effect.gen(function* () {
        yield* here
        const ended = { _tag: "LeaseEnded", deviceId: "desk" }
        expect(yield* Effect.flip(heartbeat(agentAt("a1"), device("never")))).toMatchObject({ _tag: "LeaseEnded" })
        expect(yield* Effect.flip(signOut(agentAt("a1"), device("never")))).toMatchObject({ _tag: "LeaseEnded" })
        yield* TestClock.adjust(59_999)
        expect(yield* heartbeat(agentAt("a1"), device("desk"))).toMatchObject({ until: 89_999, status: "online" })
        yield* TestClock.adjust(60_000)
        expect(yield* Effect.flip(heartbeat(agentAt("a1"), device("desk")))).toEqual(ended)
        yield* signIn(agentAt("a1"), device("phone"))
        expect(yield* Effect.flip(heartbeat(agentAt("a1"), device("desk")))).toEqual(ended)
        expect(yield* statusOf("a1")).toBe("online")
        expect((yield* told("StatusChanged")).map(({ payload }) => "reason" in payload && payload.reason)).toEqual([
          "chosen",
          "signedIn",
          "gone",
          "signedIn"
        ])
        expect(yield* Effect.flip(heartbeat(visitorAt("v"), device("desk")))).toMatchObject({ _tag: "AccessDenied" })
        yield* saveAgent(importer, agentOf("a1", { isEnabled: false }))
        for (const command of [heartbeat, signOut]) {
          expect(yield* Effect.flip(command(agentAt("a1"), device("phone")))).toMatchObject({ reason: "notAnAgent" })
        }
      })
    )
  )

  it.effect("within its grace is renewed, though another console beat meanwhile (B4)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* signIn(agentAt("a1"), device("desk"))
        yield* TestClock.adjust("20 seconds")
        yield* signIn(agentAt("a1"), device("phone"))
        yield* TestClock.adjust("20 seconds")
        yield* heartbeat(agentAt("a1"), device("phone"))
        expect(yield* heartbeat(agentAt("a1"), device("desk"))).toMatchObject({ until: 70_000 })
        yield* TestClock.adjust("40 seconds")
        yield* signOut(agentAt("a1"), device("phone"))
        expect(yield* heartbeat(agentAt("a1"), device("desk"))).toMatchObject({ status: "online" })
      })
    )
  )

  it.effect("is over with its own grace, also while another console is there (B4)", () =>
    world(
      Effect.gen(function* () {
        yield* here
        yield* TestClock.adjust(29_999)
        yield* heartbeat(agentAt("a1"), device("phone"))
        yield* TestClock.adjust(30_001)
        expect(yield* Effect.flip(heartbeat(agentAt("a1"), device("desk")))).toMatchObject({ _tag: "LeaseEnded" })
        expect(yield* heartbeat(agentAt("a1"), device("phone"))).toMatchObject({ status: "online" })
      })
    )
  )

  it.effect("signed out as the last leaves the grace, no more (B2, B4)", () =>
    world(
      Effect.gen(function* () {
        yield* here
        for (const one of ["desk", "phone"]) yield* signOut(agentAt("a1"), device(one))
        yield* TestClock.adjust(29_999)
        expect(yield* statusOf("a1")).toBe("online")
        expect((yield* drainTimers(account)).nextAt).toBe(30_000)
        yield* TestClock.adjust(1)
        yield* drainTimers(account)
        expect((yield* deskOf("a1"))?.status).toBe("offline")
      })
    )
  )

  it.effect(
    "gone unseen by a timer, a chosen status is new and lasts for a lease: chats waited meanwhile (B4, B7)",
    () =>
      world(
        Effect.gen(function* () {
          yield* here
          yield* chatting("c")
          yield* TestClock.adjust("2 minutes")
          yield* setStatus(agentAt("a1"), { status: "online" })
          expect(yield* chatOf("c")).toMatchObject({ state: { _tag: "Waiting" }, queueNumber: 1 })
          expect(yield* statusOf("a1")).toBe("online")
          yield* TestClock.adjust("1 minute")
          yield* drainTimers(account)
          expect((yield* deskOf("a1"))?.status).toBe("offline")
        })
      )
  )

  it.effect("gone unseen by a timer, signing in has the chats wait first (B4, B2)", () =>
    world(
      Effect.gen(function* () {
        yield* here
        yield* chatting("c")
        yield* TestClock.adjust("1 minute")
        yield* signIn(agentAt("a1"), device("desk"))
        expect(yield* chatOf("c")).toMatchObject({ state: { _tag: "Waiting" }, queueNumber: 1 })
        expect(yield* deskOf("a1")).toMatchObject({ status: "online", serving: [] })
      })
    )
  )

  it.effect("a status chosen by who is there prolongs no lease (B4)", () =>
    world(
      Effect.gen(function* () {
        yield* here
        yield* TestClock.adjust(50_000)
        yield* setStatus(agentAt("a1"), { status: "away" })
        yield* TestClock.adjust(10_000)
        expect(yield* statusOf("a1")).toBe("offline")
      })
    )
  )

  it.effect("renewed disturbs no command at the desk (B4)", () =>
    world(
      Effect.gen(function* () {
        yield* here
        yield* chatting("c", { by: null })
        const store = yield* DeskStore
        let conflicts = 0
        const beating = DeskStore.of({
          ...store,
          commit: (of, change) =>
            Effect.andThen(
              Effect.orDie(Effect.provideService(heartbeat(agentAt("a1"), device("desk")), DeskStore, store)),
              Effect.tapError(store.commit(of, change), () => Effect.sync(() => conflicts++))
            ) as ReturnType<typeof store.commit>
        })
        yield* Effect.provideService(answerChat(agentAt("a1"), { chatId: chatId("c") }), DeskStore, beating)
        expect(conflicts).toBe(0)
      })
    )
  )
})
