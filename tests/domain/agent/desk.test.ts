import fc from "fast-check"
import { AgentStatus, Desk, Id, Instant } from "leadline"
import { describe, expect, it } from "vitest"

const agentId = Id.AgentId.make("ann")
const [first, second] = [Id.ChatId.make("c1"), Id.ChatId.make("c2")]
const at = Instant.fromMillis(7)
const initial = Desk.initial(agentId)
const statuses = AgentStatus.AgentStatus.literals

const applied = (events: ReadonlyArray<Desk.DeskEvent>, desk = initial): Desk.Desk =>
  events.reduce<Desk.Desk>((state, event) => Desk.evolve(state, event, at), desk)

const taken = (chatId: Id.ChatId): Desk.DeskEvent => ({ _tag: "ChatTaken", agentId, chatId })
const released = (chatId: Id.ChatId): Desk.DeskEvent => ({ _tag: "ChatReleased", agentId, chatId })

describe("choosing a status", () => {
  it("changes it, says from what, and keeps since when (B1)", () => {
    const events = Desk.setStatus(initial, "away")
    expect(events).toEqual([{ _tag: "StatusChanged", agentId, from: "offline", to: "away", reason: "chosen" }])
    expect(applied(events)).toEqual({ ...initial, status: "away", statusSince: at, lastChosen: "away", eventCount: 1 })
  })

  it("that the agent already has changes nothing and emits nothing (B7)", () => {
    for (const status of statuses) expect(Desk.setStatus({ ...initial, status }, status)).toEqual([])
  })

  it("is remembered for the next sign-in, `offline` is not; the first time it is `online` (B2)", () => {
    expect(initial).toMatchObject({ status: "offline", lastChosen: "online" })
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...statuses)), (chosen) => {
        const desk = chosen.reduce((desk, status) => applied(Desk.setStatus(desk, status), desk), initial)
        expect(desk.status).toBe(chosen.at(-1) ?? "offline")
        expect(desk.lastChosen).toBe(chosen.findLast((status) => status !== "offline") ?? "online")
      })
    )
  })
})

describe("a desk", () => {
  it("holds the chats served now in the order of joining, and counts its events (B6, K2)", () => {
    const desk = applied([taken(first), taken(second)])
    expect(desk).toEqual({ ...initial, serving: [first, second], eventCount: 2 })
    expect(applied([released(first)], desk)).toEqual({
      ...initial,
      serving: [second],
      lastReleasedAt: at,
      eventCount: 3
    })
  })

  it("takes any event in any state: what it does not serve it releases without a trace (K4)", () => {
    expect(applied([taken(second), released(first)]).serving).toEqual([second])
  })
})

describe("an offer at a desk", () => {
  const until = Instant.fromMillis(30_000)
  const held: Desk.DeskEvent = { _tag: "OfferHeld", agentId, chatId: first, until, kind: "transfer" }
  const ended = (how: "missed" | "declined" | "withdrawn", chatId = first): Desk.DeskEvent => ({
    _tag: "OfferEnded",
    agentId,
    chatId,
    how
  })

  it("is held until its chat is taken; taking another leaves it (C4)", () => {
    expect(applied([held]).offer).toEqual({ chatId: first, until, kind: "transfer" })
    expect(applied([held, taken(first)])).toMatchObject({ offer: null, serving: [first] })
    expect(applied([held, taken(second)])).toMatchObject({ offer: { chatId: first }, serving: [second] })
  })

  it.each(["missed", "declined", "withdrawn"] as const)(
    "that is %s counts as a miss only if it was one (C3, C4)",
    (how) => {
      const desk = applied([held, ended(how)])
      const expected = how === "missed" ? { lastMissAt: at, missesInARow: 1 } : { lastMissAt: null, missesInARow: 0 }
      expect(desk).toMatchObject({ offer: null, ...expected })
    }
  )

  it("of another chat does not end it (C4, K4)", () => {
    expect(applied([held, ended("withdrawn", second)]).offer).toMatchObject({ chatId: first })
  })

  it("missed again and again is counted until they take a chat, choose a status or sign in (C5)", () => {
    const missedTwice = applied([held, ended("missed"), held, ended("missed")])
    expect(missedTwice.missesInARow).toBe(2)
    expect(applied([taken(second)], missedTwice)).toMatchObject({ missesInARow: 0, lastMissAt: at })
    expect(applied([held, ended("declined")], missedTwice).missesInARow).toBe(2)
    const counted = Desk.StatusReason.literals.map((reason) => [
      reason,
      applied(Desk.setStatus(missedTwice, "away", reason), missedTwice).missesInARow
    ])
    expect(Object.fromEntries(counted)).toEqual({
      chosen: 0,
      signedIn: 0,
      idle: 2,
      gone: 2,
      missedOffers: 2,
      deactivated: 2
    })
  })
})

describe("the status that signing in returns to", () => {
  it("is the last one they chose: not what idleness, misses or a sign-in made of it (B2, B3)", () => {
    const away = applied(Desk.setStatus(initial, "away"))
    for (const reason of Desk.StatusReason.literals) {
      const expected = reason === "chosen" ? "invisible" : "away"
      expect(applied(Desk.setStatus(away, "invisible", reason), away).lastChosen).toBe(expected)
    }
  })
})
