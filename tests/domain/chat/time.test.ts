import fc from "fast-check"
import { Chat, ChatDecide, type ChatEvent, ChatEvolve, ChatTimeouts, Instant, Transcript } from "leadline"
import { ChatCommands } from "leadline/testing"
import { describe, expect, it } from "vitest"
import {
  ann,
  answered,
  at,
  ben,
  cem,
  chat,
  chatId,
  joined,
  left,
  missed,
  offered,
  requested,
  transferred,
  UNTIL,
  visitorGone,
  withdrawn
} from "./Past.ts"

const pass = { _tag: "PassTime", chatId } as const
const close = { _tag: "CloseForHours", chatId } as const
const idle: ChatEvent.ChatEvent = { _tag: "VisitorIdle" }
const minutes = (count: number) => count * 60_000
const atMinute = (count: number) => Instant.fromMillis(minutes(count))
const just = (instant: Instant.Instant) => Instant.plusMillis(instant, -1)
const sealed = (reason: Chat.CloseReason, instant: Instant.Instant): ChatEvent.ChatEvent => ({
  _tag: "ChatClosed",
  reason,
  at: instant,
  digest: Transcript.emptyDigest,
  messages: 0
})

describe("time passing in a chat", () => {
  it("has the defaults of the specification (D5)", () => {
    expect(ChatTimeouts.defaults).toEqual({
      pageClosedMillis: minutes(2),
      idleMillis: minutes(10),
      idleCloseMillis: minutes(20)
    })
  })

  it("ends it 2 minutes after the visitor's page closed, not before, and not by idleness meanwhile (D5)", () => {
    const past = chat.given(requested, visitorGone)
    const due = Instant.plusMillis(at(1), minutes(2))
    past.when(pass, just(due)).thenNothing()
    past.when(pass, due).thenHappens(sealed("timeout", due))
    const late = chat.given(requested, idle).when({ _tag: "LeavePage", chatId }, atMinute(29)).state
    expect(ChatDecide.decide(pass, late, atMinute(30))).toMatchObject({ success: [] })
    expect(late === null ? null : ChatTimeouts.next(late)).toEqual({ what: "pageClosed", at: atMinute(31) })
  })

  it("finds the visitor idle after 10 minutes, and ends the chat after 20 more (D5)", () => {
    const past = chat.given(requested)
    past.when(pass, just(atMinute(10))).thenNothing()
    past.when(pass, atMinute(10)).thenHappens(idle)
    expect(past.when(pass, atMinute(10)).state?.isVisitorIdle).toBe(true)
    chat
      .given(requested, idle)
      .when(pass, just(atMinute(30)))
      .thenNothing()
    chat
      .given(requested, idle)
      .when(pass, atMinute(30))
      .thenHappens(sealed("timeout", atMinute(30)))
  })

  it("begins anew with every sign of the visitor, and with none of an agent (D5)", () => {
    const text = ChatCommands.text("Hello")
    const past = chat.given(requested, answered(ann), idle)
    const wrote = past.when({ _tag: "SendVisitorMessage", chatId, text }, atMinute(15)).state
    expect(wrote).toMatchObject({ isVisitorIdle: false, visitorActiveAt: atMinute(15) })
    expect(wrote === null ? null : ChatTimeouts.next(wrote)).toEqual({ what: "visitorIdle", at: atMinute(25) })
    const spoke = past.when({ _tag: "SendAgentMessage", chatId, agentId: ann, text }, atMinute(15)).state
    expect(spoke).toMatchObject({ isVisitorIdle: true, visitorActiveAt: at(0) })
    const back = chat.given(requested, idle, visitorGone).when({ _tag: "ReturnToPage", chatId }, atMinute(15)).state
    expect(back).toMatchObject({ isVisitorIdle: false, visitorActiveAt: atMinute(15) })
  })

  it("keeps the timeouts the chat began with (D5)", () => {
    const timeouts = { pageClosedMillis: 10_000, idleMillis: 20_000, idleCloseMillis: 5_000 }
    const quick = { ...requested, timeouts } as ChatEvent.ChatEvent
    chat.given(quick).when(pass, at(20)).thenHappens(idle)
    chat
      .given(quick, idle)
      .when(pass, at(25))
      .thenHappens(sealed("timeout", at(25)))
    chat
      .given(quick, visitorGone)
      .when(pass, at(11))
      .thenHappens(sealed("timeout", at(11)))
  })

  it("misses an offer at its deadline, not before (C5)", () => {
    const past = chat.given(requested, offered(ann))
    past.when(pass, just(UNTIL)).thenNothing()
    past.when(pass, UNTIL).thenHappens(missed(ann))
    expect(past.when(pass, UNTIL).state).toMatchObject({ state: { _tag: "Waiting" }, offer: null })
  })

  it("misses a transfer of a served chat, which is served on (C5, C11)", () => {
    const past = chat.given(requested, answered(ann), joined(ben), ...transferred(ann, cem))
    past.when(pass, UNTIL).thenHappens(missed(cem))
  })

  it("late by hours does everything that was due, in order, once (C5, D5)", () => {
    const past = chat.given(requested, offered(ann))
    const late = past.when(pass, atMinute(300))
    late.thenHappens(missed(ann), idle, sealed("timeout", atMinute(300)))
    expect(ChatDecide.decide(pass, late.state, atMinute(301))).toMatchObject({ success: [] })
    const slow = { ...requested, timeouts: { ...ChatTimeouts.defaults, idleMillis: 5_000 } } as ChatEvent.ChatEvent
    chat.given(slow, offered(ann)).when(pass, at(60)).thenHappens(idle, missed(ann))
  })
})

describe("closing time", () => {
  it("makes what waits an offline message, and withdraws what routing offered (B8, D4)", () => {
    const became = { _tag: "BecameOfflineMessage" } as const
    chat
      .given(requested)
      .when(close)
      .thenHappens(became, sealed("hours", at(1)))
    const offering = chat.given(requested, offered(ann)).when(close)
    offering.thenHappens(became, withdrawn(ann, "closed"), sealed("hours", at(2)))
    expect(offering.state === null ? null : Chat.outcomeOf(offering.state)).toBe("offlineMessage")
  })

  it("ends what was served once and waits again, as a served chat (B8, D4)", () => {
    const requeued = { _tag: "ChatRequeued", reason: "agentsGone", queueNumber: "old" } as const
    const ending = chat.given(requested, answered(ann), left(ann), requeued).when(close)
    ending.thenHappens(sealed("hours", at(4)))
    expect(ending.state === null ? null : Chat.outcomeOf(ending.state)).toBe("served")
  })

  it.each([
    ["served", [answered(ann)]],
    ["left", [answered(ann), left(ann)]],
    ["closing", [visitorGone]],
    ["on its way to another agent", [answered(ann), ...transferred(ann, ben)]]
  ])("leaves a chat that is %s to go on (B8)", (_, past) => {
    chat
      .given(requested, ...past)
      .when(close)
      .thenNothing()
  })

  it("ends a transfer that nobody took: it waits (B8, C11)", () => {
    chat
      .given(requested, answered(ann), ...transferred(ann, ben), missed(ben))
      .when(close)
      .thenHappens(sealed("hours", at(5)))
  })
})

describe("the wake-up of a chat", () => {
  it("is there while it is open, and never later than its next deadline (C5, D5)", () => {
    fc.assert(
      fc.property(ChatCommands.steps(), (steps) => {
        let state: Chat.Chat | null = null
        for (const { command, now } of steps) {
          const result = ChatDecide.decide(command, state, now)
          if (result._tag === "Failure" || result.success.length === 0) continue
          for (const event of result.success) state = ChatEvolve.evolve(state, event, now)
          if (state === null) return expect.unreachable()
          state = { ...state, wakeAt: ChatTimeouts.wakeAt(state) }
          const { wakeAt } = state
          const deadline = ChatTimeouts.next(state)
          expect([wakeAt === null, deadline === null]).toEqual([Chat.isClosed(state), Chat.isClosed(state)])
          const dues = [state.offer?.until, deadline?.at].filter((due) => due !== undefined)
          for (const due of dues) expect(wakeAt).toBeLessThanOrEqual(due)
        }
      }),
      { numRuns: 400 }
    )
  })

  it("stays where it is when the deadline moves away, so that a message moves no index (D5)", () => {
    const { state } = chat.given(requested)
    if (state === null) return expect.unreachable()
    const woken = { ...state, wakeAt: ChatTimeouts.wakeAt(state) }
    expect(woken.wakeAt).toBe(atMinute(10))
    expect(ChatTimeouts.wakeAt({ ...woken, visitorActiveAt: atMinute(5) })).toBe(atMinute(10))
    expect(ChatTimeouts.wakeAt({ ...woken, wakeAt: atMinute(11) })).toBe(atMinute(10))
  })

  it("leaves nothing due behind once time has passed (C5, D5)", () => {
    fc.assert(
      fc.property(ChatCommands.steps(), fc.nat(minutes(90)), (steps, millis) => {
        const last = ChatCommands.play(steps).at(-1)
        if (last?.after == null) return
        const now = Instant.plusMillis(last.now, millis)
        const result = ChatDecide.decide(pass, last.after, now)
        if (result._tag === "Failure") return expect.unreachable()
        const state = result.success.reduce<Chat.Chat | null>(
          (state, event) => ChatEvolve.evolve(state, event, now),
          last.after
        )
        const due = state === null ? null : ChatTimeouts.next(state)
        expect(due === null || due.at > now).toBe(true)
        expect(new Set(result.success.map(({ _tag }) => _tag)).size).toBe(result.success.length)
      }),
      { numRuns: 400 }
    )
  })
})
