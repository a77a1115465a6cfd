import { PastLog, ReplayRouting, RoutingReport, Transcript } from "leadline"
import { describe, expect, it } from "vitest"
import {
  agentId,
  agentOf,
  answers,
  asks,
  at,
  chat,
  closes,
  event,
  inChat,
  inOrder,
  policy,
  status
} from "./PastEvents.ts"

const [a, b] = [agentOf("a"), agentOf("b")]

/** a answers in 2 s, b in 4; b comes at 15; nobody answers c3, whose visitor stays for 60 s. */
const day = inOrder([
  status(0, "a", "online"),
  status(15, "b", "online"),
  ...chat("c1", 10, [12, "a"], 72),
  ...chat("c2", 20, [24, "b"], 54),
  ...chat("c3", 60, null, 120)
])

const offers = (reassignAfterSeconds: number, autoIdleAfterMisses: number | null = null) => ({
  reassignAfterMillis: reassignAfterSeconds * 1_000,
  autoIdleAfterMisses,
  autoAccept: false
})

const served = (comparison: ReplayRouting.Comparison) =>
  comparison.servings.map(({ agentId, chatId, from, until }) => [chatId, agentId, from / 1_000, until / 1_000])

const replay = (log: ReadonlyArray<PastLog.AnyEvent>, more: Partial<ReplayRouting.ReplayPolicy>, agents = [a, b]) =>
  ReplayRouting.replayRouting(log, policy(more), { agents, seed: 1 })

describe("what happened", () => {
  it("is counted from the log: chats, waits also of who gave up, loads, fairness, the queue (D4)", () => {
    expect(PastLog.read(day).report).toEqual({
      chats: { asked: 3, served: 2, missed: 1 },
      waits: { median: 4_000, p90: 60_000, longest: 60_000, mean: 22_000 },
      offers: { made: 0, missed: 0, declined: 0 },
      agents: [
        { agentId: "a", chats: 1, busyMillis: 60_000 },
        { agentId: "b", chats: 1, busyMillis: 30_000 }
      ],
      fairness: { chats: 1, busy: 0.9, spread: 0 },
      longestQueue: 1
    })
  })

  it("measures reactions from the later of queueing and becoming free, and a missed offer as its deadline (C5)", () => {
    const log = inOrder([
      ...day,
      ...chat("c4", 70, [75, "a"], 100),
      asks(200, "c5"),
      inChat(200, "c5", { _tag: "ChatOffered", agentId: agentId("b"), until: at(230), kind: "routing" }),
      inChat(230, "c5", { _tag: "OfferMissed", agentId: agentId("b") }),
      inChat(240, "c5", { _tag: "ChatOffered", agentId: agentId("a"), until: at(270), kind: "routing" }),
      inChat(247, "c5", { _tag: "ChatAnswered", agentId: agentId("a") }),
      closes(300, "c5")
    ])
    const past = PastLog.read(log)
    expect(past.reactions.get(agentId("a"))).toEqual([2_000, 3_000, 7_000])
    expect(past.reactions.get(agentId("b"))).toEqual([4_000, 30_000])
    expect(past.report.offers).toEqual({ made: 2, missed: 1, declined: 0 })
    expect(past.report.waits.longest).toBe(60_000)
  })

  it("is of the chats asked for in the period, its start within, its end without", () => {
    const asked = (from: number | null, until: number | null) =>
      PastLog.read(day, { from: from === null ? null : at(from), until: until === null ? null : at(until) }).report
        .chats.asked
    expect([asked(20, 60), asked(20, 61), asked(21, null), asked(null, 20)]).toEqual([1, 2, 1, 1])
  })

  it("leaves out what became an offline message as it was asked for (B8)", () => {
    const log = [...day, asks(130, "c4"), inChat(130, "c4", { _tag: "BecameOfflineMessage" }), closes(130, "c4")]
    expect(PastLog.read(log).report).toEqual(PastLog.read(day).report)
  })
})

describe("a replay, worked out by hand", () => {
  it("by broadcast: the fastest whom it rings at answers (C1, C8)", () => {
    const { replayed, ...comparison } = replay(day, { routing: "broadcast" })
    expect(served({ replayed, ...comparison })).toEqual([
      ["c2", "a", 22, 52],
      ["c1", "a", 12, 72],
      ["c3", "a", 62, 92]
    ])
    expect(replayed).toEqual({
      chats: { asked: 3, served: 3, missed: 0 },
      waits: { median: 2_000, p90: 2_000, longest: 2_000, mean: 2_000 },
      offers: { made: 0, missed: 0, declined: 0 },
      agents: [
        { agentId: "a", chats: 3, busyMillis: 80_000 },
        { agentId: "b", chats: 0, busyMillis: 0 }
      ],
      fairness: { chats: 0.5, busy: 0.5, spread: 3 },
      longestQueue: 1
    })
  })

  it("assigned: who has the fewest slots in use is offered it, and takes their own time (C1, C3)", () => {
    const comparison = replay(day, { routing: "assigned" })
    expect(served(comparison)).toEqual([
      ["c2", "b", 24, 54],
      ["c1", "a", 12, 72],
      ["c3", "b", 64, 94]
    ])
    expect(comparison.replayed).toMatchObject({
      offers: { made: 3, missed: 0, declined: 0 },
      waits: { median: 4_000, longest: 4_000 },
      agents: [
        { chats: 1, busyMillis: 60_000 },
        { chats: 2, busyMillis: 60_000 }
      ],
      fairness: { chats: 0.9, busy: 1, spread: 1 }
    })
  })

  it("accepts at once where the account does (C5)", () => {
    const comparison = replay(day, { routing: "assigned", offers: { ...offers(30), autoAccept: true } })
    expect(served(comparison).map(([, by, from]) => [by, from])).toEqual([
      ["b", 20],
      ["a", 10],
      ["b", 60]
    ])
    expect(comparison.replayed.waits.longest).toBe(0)
  })

  it("under a limit of one: broadcast waits for the slot, hybrid hands exceed it in the end (B5, B6, C1)", () => {
    const log = inOrder([status(0, "a", "online"), ...chat("c1", 10, [12, "a"], 72), ...chat("c2", 20, [74, "a"], 104)])
    expect(served(replay(log, { routing: "broadcast", chatLimit: 1 }))).toEqual([
      ["c1", "a", 12, 72],
      ["c2", "a", 74, 104]
    ])
    expect(served(replay(log, { routing: "hybrid", chatLimit: 1 }))).toEqual([
      ["c1", "a", 12, 72],
      ["c2", "a", 52, 82]
    ])
    expect(served(replay(log, { routing: "assigned", chatLimit: 1 }))).toEqual([
      ["c1", "a", 12, 72],
      ["c2", "a", 74, 104]
    ])
  })

  it("who is too slow misses; exclusions clear after a pause; the visitor leaves when D5 says (C4, C5, D5)", () => {
    const log = inOrder([status(0, "a", "online"), ...chat("c1", 10, [20, "a"], 50)])
    const { replayed } = replay(log, { routing: "assigned", offers: offers(5) }, [a])
    expect(replayed.offers).toEqual({ made: 180, missed: 180, declined: 0 })
    expect(replayed.chats).toEqual({ asked: 1, served: 0, missed: 1 })
    expect(replayed.waits.longest).toBe(1_800_000)
    const atTheDeadline = replay(log, { routing: "assigned", offers: offers(10) }, [a]).replayed
    expect(atTheDeadline.chats.served).toBe(0)
    expect(replay(log, { routing: "assigned", offers: offers(11) }, [a]).replayed.chats.served).toBe(1)
  })

  it("misses in a row make idle, for a quarter of an hour (C5, C3)", () => {
    const log = inOrder([status(0, "a", "online"), ...chat("c1", 10, [20, "a"], 50)])
    const { replayed } = replay(log, { routing: "assigned", offers: offers(5, 2) }, [a])
    expect(replayed.offers).toEqual({ made: 4, missed: 4, declined: 0 })
  })

  it("a skill is asked for as long as the policy says (C6)", () => {
    const log = inOrder([
      status(0, "a", "online"),
      ...chat("c0", 1, [3, "a"], 5),
      asks(10, "c1", { skills: ["French"] }),
      closes(100, "c1")
    ])
    for (const routing of ["broadcast", "assigned"] as const) {
      const found = (skills: ReadonlyArray<string>) =>
        served(replay(log, { routing, skillWaitMillis: 20_000 }, [agentOf("a", { skills })])).at(-1)
      expect(found([])).toEqual(["c1", "a", 32, 34])
      expect(found(["french"])).toEqual(["c1", "a", 12, 14])
    }
  })

  it("who goes offline gives back what they serve, with what is left of it (B4, C2)", () => {
    const log = inOrder([
      status(0, "a", "online"),
      status(0, "b", "online"),
      ...chat("c0", 1, [3, "a"], 4),
      ...chat("c1", 10, [14, "b"], 74),
      status(42, "a", "offline")
    ])
    const comparison = replay(log, { routing: "broadcast" })
    expect(served(comparison)).toEqual([
      ["c0", "a", 3, 4],
      ["c1", "a", 12, 42],
      ["c1", "b", 46, 76]
    ])
    expect(comparison.replayed.chats).toEqual({ asked: 2, served: 2, missed: 0 })
  })

  it("a quiet chat frees its slot, as the log has it (B5)", () => {
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
    const log = inOrder([
      status(0, "a", "online"),
      ...chat("c1", 10, [12, "a"], 3_000),
      message(100),
      ...chat("c2", 50, [800, "a"], 900)
    ])
    const from = served(replay(log, { routing: "assigned", chatLimit: 1, offers: offers(3_600) }, [a]))[0]?.[2]
    expect(from).toBe(100 + 600 + 2)
  })

  it("coming back and going to a department are turns of their own, after the same pause (D3)", () => {
    const log = inOrder([
      status(0, "a", "online"),
      asks(10, "c1"),
      answers(12, "c1", "a"),
      inChat(42, "c1", { _tag: "AgentLeft", agentId: agentId("a"), wasLast: true }),
      inChat(50, "c1", { _tag: "ChatRequeued", reason: "visitorWrote", queueNumber: "new" }),
      answers(53, "c1", "a"),
      inChat(60, "c1", { _tag: "TransferredToDepartment", by: agentId("a"), from: null, to: null }),
      answers(70, "c1", "a"),
      closes(80, "c1")
    ])
    expect(served(replay(log, { routing: "broadcast" }, [a]))).toEqual([
      ["c1", "a", 13, 43],
      ["c1", "a", 54, 61],
      ["c1", "a", 64, 74]
    ])
  })

  it("closing time ends what waits, and nothing is answered then (B8)", () => {
    const log = inOrder([
      status(0, "a", "online"),
      ...chat("c1", 10, [30, "a"], 50),
      event(20, "hours/all", { _tag: "AccountClosed" })
    ])
    expect(replay(log, { routing: "broadcast" }, [a]).replayed).toMatchObject({
      chats: { asked: 1, served: 0, missed: 1 },
      waits: { longest: 10_000 }
    })
  })

  it("leaves out a status the old policy took away for misses (C5)", () => {
    const log = inOrder([
      status(0, "a", "online"),
      status(5, "a", "away", "missedOffers"),
      ...chat("c1", 10, [12, "a"], 50)
    ])
    expect(replay(log, { routing: "assigned" }, [a]).replayed.chats.served).toBe(1)
  })

  it("knows nothing of an agent's speed: the account's median, else five seconds", () => {
    const log = inOrder([status(0, "a", "online"), ...chat("c1", 10, null, 50)])
    expect(served(replay(log, { routing: "assigned" }, [a]))).toEqual([["c1", "a", 15, 315]])
    const others = inOrder([status(0, "b", "online"), ...chat("c1", 10, [13, "a"], 50)])
    expect(served(replay(others, { routing: "assigned" }, [b]))).toEqual([["c1", "b", 13, 50]])
  })
})

describe("fairness", () => {
  it("is Jain's index: 1 when even, 1/n when all is on one; nothing to share is even", () => {
    expect(RoutingReport.jain([3, 3, 3])).toBe(1)
    expect(RoutingReport.jain([5, 0, 0, 0])).toBe(0.25)
    expect(RoutingReport.jain([1, 2, 3])).toBeCloseTo(36 / 42, 12)
    expect(RoutingReport.jain([])).toBe(1)
    expect(RoutingReport.jain([0, 0])).toBe(1)
  })

  it("is of whole waits: a percentile is a wait that somebody had", () => {
    const waits = Array.from({ length: 10 }, (_, at) => 10 - at)
    expect(RoutingReport.waitsOf(waits)).toEqual({ median: 5, p90: 9, longest: 10, mean: 5.5 })
    expect(RoutingReport.waitsOf([])).toEqual({ median: 0, p90: 0, longest: 0, mean: 0 })
  })
})
