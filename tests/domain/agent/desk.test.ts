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
