import { PastLog, ReplayRouting, Transcript } from "leadline"
import { describe, expect, it } from "vitest"
import { agentId, agentOf, answers, asks, at, chat, closes, inChat, inOrder, policy, status } from "./PastEvents.ts"

const turnsOf = (log: ReadonlyArray<PastLog.AnyEvent>) => PastLog.read(log).chats[0]?.turns ?? []

const message = (second: number) =>
  inChat(second, "c1", {
    _tag: "MessageSent",
    digest: Transcript.emptyDigest,
    message: {
      number: 1,
      at: at(second),
      content: { ref: "r", commitment: "c" } as never,
      visibility: "public",
      author: { _tag: "Visitor" }
    }
  })

describe("a past log", () => {
  it("counts a visitor gone from when they left the page, not from the close (D5)", () => {
    const [turn] = turnsOf([asks(10, "c1"), inChat(40, "c1", { _tag: "VisitorGone" }), closes(160, "c1")])
    expect(turn).toMatchObject({ patienceMillis: 30_000, handlingMillis: null })
  })

  it("knows that who was served would have waited as long as they did, or as D5 says", () => {
    expect(turnsOf(chat("c1", 10, [12, "a"], 20))[0]?.patienceMillis).toBe(1_800_000)
    expect(turnsOf(chat("c1", 10, [2_010, "a"], 2_020))[0]?.patienceMillis).toBe(2_000_000)
  })

  it("takes a chat that B4 put back for the same turn, with both handlings (B4)", () => {
    const turns = turnsOf([
      asks(10, "c1"),
      answers(12, "c1", "a"),
      inChat(20, "c1", { _tag: "AgentLeft", agentId: agentId("a"), wasLast: true }),
      inChat(20, "c1", { _tag: "ChatRequeued", reason: "agentsGone", queueNumber: "old" }),
      answers(30, "c1", "b"),
      closes(50, "c1")
    ])
    expect(turns.map(({ handlingMillis }) => handlingMillis)).toEqual([28_000])
  })

  it("keeps where a chat was quiet for ten minutes, and no shorter silence (B5)", () => {
    const log = [...chat("c1", 10, [12, "a"], 5_000), message(100), message(699), message(1_299)]
    expect(turnsOf(inOrder(log))[0]?.spells).toEqual([
      { from: 0, until: 687_000 },
      { from: 1_287_000, until: 1_287_000 }
    ])
  })

  it("learns no reaction from an account that accepts, and of a miss the deadline, however late (C5)", () => {
    const offered = (second: number) =>
      inChat(second, "c1", { _tag: "ChatOffered", agentId: agentId("a"), until: at(second + 30), kind: "routing" })
    const accepted = [asks(10, "c1"), offered(10), answers(10, "c1", "a"), closes(50, "c1")]
    expect(PastLog.read(accepted).reactions.size).toBe(0)
    const missed = [asks(10, "c1"), offered(10), inChat(45, "c1", { _tag: "OfferMissed", agentId: agentId("a") })]
    expect(PastLog.read(missed).reactions.get(agentId("a"))).toEqual([30_000])
  })
})

describe("a replay of a past log", () => {
  it("answers and offers the oldest first (C2, C8)", () => {
    const log = inOrder([
      status(0, "a", "online"),
      ...chat("c1", 10, [12, "a"], 100),
      ...chat("c2", 20, [103, "a"], 200),
      ...chat("c3", 30, [203, "a"], 300),
      ...chat("c4", 40, [303, "a"], 400)
    ])
    for (const routing of ["broadcast", "assigned"] as const) {
      const { servings } = ReplayRouting.replayRouting(log, policy({ routing, chatLimit: 1 }), {
        agents: [agentOf("a")],
        seed: 1
      })
      expect(servings.map(({ chatId }) => chatId)).toEqual(["c1", "c2", "c3", "c4"])
    }
  })

  it("offers a chat that its agent gave to a department to another (C4)", () => {
    const log = inOrder([
      status(0, "a", "online"),
      status(0, "b", "online"),
      asks(10, "c1"),
      answers(12, "c1", "a"),
      inChat(40, "c1", { _tag: "TransferredToDepartment", by: agentId("a"), from: null, to: null }),
      answers(45, "c1", "b"),
      closes(60, "c1")
    ])
    for (let seed = 0; seed < 12; seed++) {
      const agents = [agentOf("a"), agentOf("b")]
      const { servings } = ReplayRouting.replayRouting(log, policy({ routing: "assigned" }), { agents, seed })
      expect(new Set(servings.map(({ agentId }) => agentId)).size).toBe(2)
    }
  })

  it("draws reactions from all that an agent showed, where it is asked to", () => {
    const chats = Array.from({ length: 30 }, (_, n) =>
      chat(`c${n}`, n * 100, [n * 100 + (n % 2) * 8 + 1, "a"], n * 100 + 50)
    )
    const log = inOrder([status(0, "a", "online"), ...chats.flat()])
    const house = { agents: [agentOf("a")], seed: 3, reactions: "drawn" as const }
    const { waits } = ReplayRouting.replayRouting(log, policy({ routing: "assigned" }), house).replayed
    expect([waits.longest, waits.mean > 1_000, waits.mean < 9_000]).toEqual([9_000, true, true])
  })
})
