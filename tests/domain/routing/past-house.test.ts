import fc from "fast-check"
import { PastLog } from "leadline"
import { describe, expect, it } from "vitest"
import { agentId, answers, asks, at, closes, event, inChat, status } from "./PastEvents.ts"

const presentIn = (log: ReadonlyArray<PastLog.AnyEvent>, from: number | null, until: number | null) =>
  [
    ...PastLog.read(log, { from: from === null ? null : at(from), until: until === null ? null : at(until) }).present
  ].toSorted()

describe("the house in a past log", () => {
  it("is every change in order of time, but a status that misses took (C5)", () => {
    const log = [
      status(20, "b", "online"),
      status(10, "a", "online"),
      status(30, "a", "away", "missedOffers"),
      event(40, "desk/a", { _tag: "AgentChanged", agentId: agentId("a"), isEnabled: false } as never),
      event(50, "hours", { _tag: "AccountClosed" }),
      event(60, "hours", { _tag: "AccountOpened" }),
      event(70, "bridge/x", { _tag: "WorkReplayed", eventId: "e" } as never)
    ]
    expect(PastLog.read(log).changes).toEqual([
      { _tag: "Status", at: at(10), agentId: "a", status: "online" },
      { _tag: "Status", at: at(20), agentId: "b", status: "online" },
      { _tag: "Enabled", at: at(40), agentId: "a", isEnabled: false },
      { _tag: "Hours", at: at(50), isOpen: false },
      { _tag: "Hours", at: at(60), isOpen: true }
    ])
  })

  it("was peopled by those online at some time of the period, also if they came before it", () => {
    const log = [
      status(10, "before", "online"),
      status(20, "before", "offline"),
      status(30, "through", "online"),
      status(110, "into", "online"),
      status(120, "into", "away"),
      status(130, "away", "away"),
      status(200, "after", "online")
    ]
    expect(presentIn(log, 100, 200)).toEqual(["into", "through"])
    expect(presentIn(log, null, 200)).toEqual(["before", "into", "through"])
    expect(presentIn(log, 100, null)).toEqual(["after", "into", "through"])
    expect(presentIn(log, 20, 100)).toEqual(["through"])
    expect(presentIn(log, 19, 100)).toEqual(["before", "through"])
    expect(presentIn(log, 5, 10)).toEqual([])
  })

  it("agrees with asking each moment of the period who was online", () => {
    const change = fc.record({
      second: fc.integer({ min: 0, max: 30 }),
      id: fc.constantFrom("a", "b", "c"),
      to: fc.constantFrom("online", "away", "offline" as const)
    })
    const bound = fc.option(fc.integer({ min: 0, max: 30 }))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), bound, bound, (changes, from, until) => {
        fc.pre(from === null || until === null || from < until)
        const ordered = [...changes].sort((one, other) => one.second - other.second)
        const present = new Set<string>()
        for (let now = from ?? 0; now < (until ?? 40); now++) {
          const online = new Map<string, string>()
          for (const { id, second, to } of ordered) {
            if (second <= now) online.set(id, to)
            // within a second, too
            if (second === now && now > (from ?? -1) && to === "online") present.add(id)
          }
          for (const [id, to] of online) if (to === "online") present.add(id)
        }
        const log = ordered.map(({ id, second, to }) => status(second, id, to))
        expect(presentIn(log, from, until)).toEqual([...present].toSorted())
      }),
      { numRuns: 300 }
    )
  })

  it("keeps the chats asked for in the period, in their order, and counts them by how they went (D4)", () => {
    const log = [
      ...[asks(30, "late"), asks(10, "early"), asks(20, "served"), asks(99, "outside")],
      ...[answers(25, "served", "a"), closes(40, "early"), closes(50, "served")]
    ]
    const { chats, report } = PastLog.read(log, { from: at(10), until: at(99) })
    expect(chats.map(({ requestedAt }) => requestedAt)).toEqual([at(10), at(20), at(30)])
    expect(report.chats).toMatchObject({ asked: 3, served: 1 })
  })

  it("learns how fast an agent answers by hand: since the chat was there, or since they were free (C3)", () => {
    const log = [
      ...[status(0, "a", "online"), asks(10, "c1"), answers(14, "c1", "a"), asks(12, "c2"), closes(20, "c1")],
      ...[answers(23, "c2", "a"), closes(40, "c2")]
    ].sort((one, other) => one.at - other.at)
    expect(PastLog.read(log).reactions.get(agentId("a"))).toEqual([3_000, 4_000])
  })

  it("learns from an offer what the agent took to answer it, shortest first (C4)", () => {
    const offered = (second: number, chat: string) =>
      inChat(second, chat, { _tag: "ChatOffered", agentId: agentId("a"), until: at(second + 30), kind: "routing" })
    const declined = (second: number, chat: string) =>
      inChat(second, chat, { _tag: "OfferDeclined", agentId: agentId("a") })
    const log = [
      ...[asks(10, "c1"), offered(10, "c1"), answers(19, "c1", "a"), closes(30, "c1")],
      ...[asks(40, "c2"), offered(40, "c2"), answers(42, "c2", "a"), closes(50, "c2")],
      ...[asks(60, "c3"), offered(60, "c3"), declined(61, "c3"), closes(70, "c3")]
    ]
    const { reactions, report } = PastLog.read(log)
    expect(reactions.get(agentId("a"))).toEqual([2_000, 9_000])
    expect(report.offers).toMatchObject({ made: 3, declined: 1, missed: 0 })
  })
})
