import fc from "fast-check"
import { Id, Instant, Ranking } from "leadline"
import { describe, expect, it } from "vitest"
import { minutes, NOW, ranked, snapshot } from "./Snapshots.ts"

const chatId = "chat-1"
const earlier = (millis: number) => Instant.plusMillis(NOW, -millis)
const rank = (candidates: ReadonlyArray<Ranking.Ranked>, seed = 0) => Ranking.rank(candidates, NOW, seed, chatId)
const chosenOf = (candidates: ReadonlyArray<Ranking.Ranked>, seed = 0) => rank(candidates, seed).chosen

/** C3 in words of its own: the first criterion by which one comes before the other; `null`: the lots decide. */
const oracle = (
  a: Ranking.Ranked,
  b: Ranking.Ranked
): { readonly by: Ranking.Criterion; readonly aFirst: boolean } | null => {
  if (a.used !== b.used) return { by: "slotsInUse", aFirst: a.used < b.used }
  const missed = (one: Ranking.Ranked) => one.lastMissAt !== null && NOW - one.lastMissAt < minutes(15)
  if (missed(a) !== missed(b)) return { by: "recentMiss", aFirst: missed(b) }
  if (a.lastMissAt !== b.lastMissAt) {
    const aFirst = a.lastMissAt === null || (b.lastMissAt !== null && a.lastMissAt < b.lastMissAt)
    return { by: "lastMiss", aFirst }
  }
  if (a.isChatting && b.isChatting) return null
  if (a.isChatting !== b.isChatting) return { by: "timeWithoutChat", aFirst: b.isChatting }
  if (a.freeSince === b.freeSince) return null
  const aFirst = a.freeSince === null || (b.freeSince !== null && a.freeSince < b.freeSince)
  return { by: "timeWithoutChat", aFirst }
}

describe("the order of agents", () => {
  it("is C3's, criterion by criterion, and says by which the chosen came before each other (C3, C7)", () => {
    fc.assert(
      fc.property(snapshot, fc.integer(), ({ agents }, seed) => {
        const { chosen, others } = rank(agents, seed)
        expect(chosen === null).toBe(agents.length === 0)
        const best = agents.find(({ agent }) => agent.id === chosen?.agentId)
        if (best === undefined) return
        const rest = agents.filter((one) => one !== best)
        expect(others.map(({ agentId }) => agentId)).toEqual(rest.map(({ agent }) => agent.id))
        for (const [at, other] of rest.entries()) {
          const told = oracle(best, other)
          expect(told?.aFirst ?? true).toBe(true)
          expect(others[at]?.why).toBe(told?.by ?? "shuffle")
        }
        // by what they came before the next best: the last of the criteria that any other was beaten by
        const order = Ranking.Criterion.literals
        const closest = order.findLast((by) => others.some(({ why }) => why === by))
        expect(chosen?.by).toBe(closest ?? "onlyOne")
      }),
      { numRuns: 500 }
    )
  })

  it("does not depend on the order of the list (C3, C7)", () => {
    fc.assert(
      fc.property(snapshot, fc.integer(), ({ agents }, seed) => {
        expect(chosenOf([...agents].reverse(), seed)).toEqual(chosenOf(agents, seed))
      })
    )
  })

  it.each([
    ["slotsInUse", { used: 1 }, { used: 0, lastMissAt: earlier(1), isChatting: true }],
    ["recentMiss", { lastMissAt: earlier(minutes(15) - 1) }, { lastMissAt: earlier(minutes(15)), isChatting: true }],
    ["lastMiss", { lastMissAt: earlier(5_000) }, { lastMissAt: earlier(5_001), isChatting: true }],
    ["lastMiss", { lastMissAt: earlier(minutes(15)) }, { isChatting: true }],
    ["timeWithoutChat", { freeSince: earlier(5) }, { freeSince: earlier(6) }],
    ["timeWithoutChat", { freeSince: earlier(minutes(900)) }, { freeSince: null }],
    ["timeWithoutChat", { isChatting: true, freeSince: earlier(900) }, { freeSince: NOW }]
  ] as const)("puts first by %s who %j is not (C3)", (by, loser, winner) => {
    const agents = [ranked("ann", loser), ranked("ben", winner)]
    expect(rank(agents)).toEqual({ chosen: { agentId: "ben", by }, others: [{ agentId: "ann", why: by }] })
  })

  it("counts a miss for less than 15 minutes: exactly 15 minutes ago it is over (C3)", () => {
    const old = ranked("ann", { lastMissAt: earlier(minutes(15)), used: 0 })
    const recent = ranked("ben", { lastMissAt: earlier(minutes(15) - 1) })
    expect(chosenOf([old, recent])).toEqual({ agentId: "ann", by: "recentMiss" })
  })

  it("chooses nobody of none, and the only one of one (C3)", () => {
    expect(rank([])).toEqual({ chosen: null, others: [] })
    expect(rank([ranked("ann", { used: 9 })])).toEqual({ chosen: { agentId: "ann", by: "onlyOne" }, others: [] })
  })

  it("is the same however long both chat: the shuffle decides between agents who chat (C3)", () => {
    const chatting = [ranked("ann", { isChatting: true, freeSince: earlier(5) }), ranked("ben", { isChatting: true })]
    expect(chosenOf(chatting)?.by).toBe("shuffle")
  })
})

describe("the shuffle", () => {
  const wins = (count: number, draw: (turn: number) => Ranking.Chosen | null): ReadonlyMap<string, number> => {
    const won = new Map<string, number>()
    for (let turn = 0; turn < count; turn++) {
      const id = draw(turn)?.agentId ?? "-"
      won.set(id, (won.get(id) ?? 0) + 1)
    }
    return won
  }

  /** Six deviations of a fair draw: fails by chance once in a hundred million. */
  const isFair = (won: ReadonlyMap<string, number>, agents: number, count: number) => {
    const [mean, deviation] = [count / agents, Math.sqrt((count / agents) * (1 - 1 / agents))]
    expect(won.size).toBe(agents)
    for (const times of won.values()) expect(Math.abs(times - mean)).toBeLessThan(6 * deviation)
  }

  it.each([2, 3, 7, 20])(
    "gives each of %i equal agents their share, over seeds that follow each other (C3)",
    (count) => {
      const agents = Array.from({ length: count }, (_, at) => ranked(`agent-${at}`))
      isFair(
        wins(3_000, (seed) => chosenOf(agents, seed)),
        count,
        3_000
      )
    }
  )

  it("gives each their share over chats under one seed, too (C3)", () => {
    const agents = Array.from({ length: 5 }, (_, at) => ranked(`agent-${at}`))
    isFair(
      wins(3_000, (turn) => Ranking.rank(agents, NOW, 0, `chat-${turn}`).chosen),
      5,
      3_000
    )
  })

  it("gives the same for the same seed, whatever the seed is (C7)", () => {
    const agents = ["ann", "ben", "cem"].map((id) => ranked(id))
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.double()), (seed) => {
        expect(chosenOf(agents, seed)).toEqual(chosenOf(agents, seed))
        expect(agents.map(({ agent }) => agent.id)).toContain(chosenOf(agents, seed)?.agentId ?? Id.AgentId.make("-"))
      })
    )
  })
})
