import fc from "fast-check"
import {
  Agent,
  type AgentStatus,
  Id,
  Instant,
  type Offer,
  type Ranking,
  Route,
  RoutingDecision,
  type RoutingPolicy
} from "leadline"
import { describe, expect, it } from "vitest"
import { agentOf, assigned, departments, NOW, policy, queued, ranked, snapshot, withDuplicates } from "./Snapshots.ts"

type Case = (snapshot: Route.Snapshot, policy: RoutingPolicy.RoutingPolicy, seed: number) => void

const always = (check: Case, from: fc.Arbitrary<Route.Snapshot> = snapshot): void =>
  fc.assert(fc.property(from, policy, fc.nat(99), check), { numRuns: 600 })

const earlier = (millis: number) => Instant.plusMillis(NOW, -millis)
const everything = Number.POSITIVE_INFINITY
const [sales, support] = departments
const id = Id.AgentId.make
const acts = ({ chosen, clearsExclusions }: RoutingDecision.Decision) => chosen !== null || clearsExclusions

/** Who an offer of this chat could go to, if nobody were excluded (B1, B5, C4, C6), in words of its own. */
const isEligible = (
  one: Ranking.Ranked,
  chat: Route.Queued,
  policy: RoutingPolicy.RoutingPolicy,
  now = NOW
): boolean => {
  const has = new Set((one.agent.skills ?? []).map((skill) => skill.trim().toLowerCase()))
  const wanted = now - chat.queuedAt < policy.skillWaitMillis ? chat.skills : []
  return (
    one.agent.isEnabled &&
    one.status === "online" &&
    (chat.department === null || one.agent.departments.includes(chat.department)) &&
    wanted.every((skill) => has.has(skill.trim().toLowerCase())) &&
    (one.limit === null || one.used < one.limit)
  )
}

const only = (agents: ReadonlyArray<Ranking.Ranked>, chat: Route.Queued, now = NOW) => {
  const [decision] = Route.route({ agents, queue: [chat], isOpen: true }, assigned, now, 0)
  return decision
}

describe("routing", () => {
  it("decides each chat once, oldest first, with one reason for each agent, whatever it is given (C7)", () => {
    always((snapshot, policy, seed) => {
      const decisions = Route.route(snapshot, policy, NOW, seed)
      const chats = [...new Set(snapshot.queue.map(({ chatId }) => chatId))]
      const agents = [...new Set(snapshot.agents.map(({ agent }) => agent.id))]
      expect(decisions.map(({ chatId }) => chatId)).toEqual(chats)
      for (const { at, chosen, mode, others, ringsAt } of decisions) {
        const named = [
          ...(chosen === null ? [] : [chosen.agentId]),
          ...ringsAt,
          ...others.flatMap(({ agents }) => agents)
        ]
        expect([at, mode, [...named].sort()]).toEqual([NOW, policy.routing, [...agents].sort()])
        expect(new Set(others.map(({ why }) => why)).size).toBe(others.length)
      }
    }, withDuplicates)
  })

  it("gives the same for the same (snapshot, policy, now, seed), and changes none of them (C7)", () => {
    always((snapshot, policy, seed) => {
      const copy = structuredClone(snapshot)
      expect(Route.route(snapshot, policy, NOW, seed)).toEqual(Route.route(copy, policy, NOW, seed))
      expect(snapshot).toEqual(copy)
    }, withDuplicates)
  })

  it("offers what of its decisions does something, at most as many as asked for (C7)", () => {
    const limit = fc.constantFrom(0, 1, 2, everything)
    fc.assert(
      fc.property(withDuplicates, policy, fc.nat(99), limit, (snapshot, policy, seed, limit) => {
        const acting = Route.route(snapshot, policy, NOW, seed).filter(acts)
        expect(Route.offers(snapshot, policy, NOW, seed, limit)).toEqual(acting.slice(0, limit))
      }),
      { numRuns: 600 }
    )
  })

  it("rings in broadcast and hybrid and chooses nobody; chooses in assigned mode and rings nowhere (C1)", () => {
    always(({ agents, isOpen, queue }, policy, seed) => {
      const decisions = Route.route({ agents, queue, isOpen }, policy, NOW, seed)
      for (const [at, decision] of decisions.entries()) {
        const chat = queue[at]
        if (chat === undefined) continue
        if (policy.routing === "assigned") expect(decision.ringsAt).toEqual([])
        else {
          const rung = isOpen ? agents.filter((one) => isEligible(one, chat, policy)) : []
          expect(decision.ringsAt).toEqual(rung.map(({ agent }) => agent.id))
          expect([decision.chosen, decision.clearsExclusions]).toEqual([null, false])
        }
      }
    })
  })

  it("rings and offers nothing while the account is closed, and says so of each agent (B8, C7)", () => {
    always((snapshot, policy, seed) => {
      const closed = { ...snapshot, isOpen: false }
      const all = snapshot.agents.map(({ agent }) => agent.id)
      for (const { chosen, clearsExclusions, others, ringsAt } of Route.route(closed, policy, NOW, seed)) {
        expect([chosen, clearsExclusions, ringsAt]).toEqual([null, false, []])
        expect(others).toEqual(all.length === 0 ? [] : [{ why: "closed", agents: all }])
      }
      expect(Route.offers(closed, policy, NOW, seed, everything)).toEqual([])
    })
  })

  it("offers only to whom status, department, skills and limit allow, and who holds no offer (B1, B5, C4, C6)", () => {
    always((snapshot, policy, seed) => {
      const taken = new Set<string>()
      for (const { chatId, chosen } of Route.offers(snapshot, policy, NOW, seed, everything)) {
        if (chosen === null) continue
        const one = snapshot.agents.find(({ agent }) => agent.id === chosen.agentId)
        const chat = snapshot.queue.find((queued) => queued.chatId === chatId)
        if (one === undefined || chat === undefined) expect.unreachable()
        else expect([isEligible(one, chat, policy), one.holdsOffer]).toEqual([true, false])
        expect(taken.has(chosen.agentId)).toBe(false)
        taken.add(chosen.agentId)
      }
    })
  })

  it("lets no unknown status ring or be offered anything: it counts as offline does (B1)", () => {
    always((snapshot, policy, seed) => {
      const known = ["online", "away", "invisible", "offline"]
      const agents = snapshot.agents.map(
        (one): Ranking.Ranked => (known.includes(one.status) ? one : { ...one, status: "offline" })
      )
      expect(Route.route(snapshot, policy, NOW, seed)).toEqual(Route.route({ ...snapshot, agents }, policy, NOW, seed))
    })
  })

  it("offers no chat to an agent who could take an older one that waits on (C2)", () => {
    always((snapshot, policy, seed) => {
      if (policy.routing !== "assigned" || !snapshot.isOpen) return
      const decisions = Route.route(snapshot, policy, NOW, seed)
      for (const [at, { chosen }] of decisions.entries()) {
        const one = snapshot.agents.find(({ agent }) => agent.id === chosen?.agentId)
        if (one === undefined) continue
        for (const [older, chat] of snapshot.queue.slice(0, at).entries()) {
          if (decisions[older]?.chosen !== null || !isEligible(one, chat, policy)) continue
          const exclusion = chat.exclusions.find(({ agentId }) => agentId === one.agent.id)
          const isKept = exclusion !== undefined && (exclusion.isExcluded || isTooSoon(exclusion, policy))
          expect(isKept).toBe(true)
        }
      }
    })
  })

  it("leaves no chat without an offer that somebody free may have, and nobody excluded (C2, C4)", () => {
    always((snapshot, policy, seed) => {
      if (policy.routing !== "assigned" || !snapshot.isOpen) return
      const decisions = Route.route(snapshot, policy, NOW, seed)
      const taken = new Set(decisions.flatMap(({ chosen }) => chosen?.agentId ?? []))
      for (const [at, chat] of snapshot.queue.entries()) {
        if (decisions[at]?.chosen !== null) continue
        const idle = snapshot.agents.filter(
          ({ agent, ...rest }) =>
            isEligible({ agent, ...rest }, chat, policy) && !rest.holdsOffer && !taken.has(agent.id)
        )
        for (const { agent } of idle) {
          expect(chat.exclusions.some(({ agentId }) => agentId === agent.id)).toBe(true)
        }
      }
    })
  })

  it.each([
    ["disabled", { agent: agentOf("ann", { isEnabled: false }), status: "offline" }],
    ["status", { status: "away", agent: agentOf("ann", { departments: [] }) }],
    ["status", { status: "toString" as AgentStatus.AgentStatus }],
    ["department", { agent: agentOf("ann", { departments: [support] }) }],
    ["skills", { agent: agentOf("ann", { skills: ["tax"] }), holdsOffer: true }],
    ["holdsOffer", { holdsOffer: true, limit: 0 }],
    ["limit", { used: 3, limit: 3 }]
  ] as const)("says `%s` of who cannot have it (C7)", (why, changes) => {
    const french = agentOf("ann", { skills: ["French"] })
    const chat = queued("c1", { department: sales, skills: ["french"] })
    const decision = only([ranked("ann", { agent: french, ...changes })], chat)
    expect(decision).toMatchObject({ chosen: null, others: [{ why, agents: ["ann"] }] })
  })

  it("says `holdsOffer` of who was chosen for an older chat (C4, C7)", () => {
    const snapshot = { agents: [ranked("ann")], queue: [queued("c1"), queued("c2")], isOpen: true }
    const [first, second] = Route.route(snapshot, assigned, NOW, 0)
    expect(first?.chosen).toEqual({ agentId: "ann", by: "onlyOne" })
    expect(second).toMatchObject({ chosen: null, others: [{ why: "holdsOffer", agents: ["ann"] }] })
  })

  it("answers for each agent what it decided, and for a stranger nothing (C7)", () => {
    const decision = only([ranked("ann"), ranked("ben", { used: 1 }), ranked("cem", { status: "away" })], queued("c1"))
    if (decision === undefined) return expect.unreachable()
    const reasons = ["ann", "ben", "cem", "dea"].map((name) => RoutingDecision.reasonFor(decision, id(name)))
    expect(reasons).toEqual(["chosen", "slotsInUse", "status", null])
    const [rung] = Route.route(
      { agents: [ranked("ann")], queue: [queued("c1")], isOpen: true },
      { ...assigned, routing: "hybrid" },
      NOW,
      0
    )
    expect(rung === undefined ? null : RoutingDecision.reasonFor(rung, id("ann"))).toBe("rings")
  })
})

describe("skills", () => {
  const ann = ranked("ann", { agent: agentOf("ann", { skills: ["Français", "TAX"] }) })

  it.each([
    [["tax"], true],
    [["tax ", "FRANÇAIS"], true],
    [["franc\u0327ais"], true],
    [["tax", "law"], false],
    [["ta"], false],
    [[], true]
  ])("asked for as %j are all needed, in any case and spelling: %s (C6)", (skills, has) => {
    expect(Agent.hasSkills(ann.agent, skills)).toBe(has)
    expect(only([ann], queued("c1", { skills }))?.chosen !== null).toBe(has)
  })

  it("of an agent without any satisfy who asks for none (C6)", () => {
    expect([Agent.hasSkills(agentOf("ann"), []), Agent.hasSkills(agentOf("ann"), ["tax"])]).toEqual([true, false])
  })

  it("have one key for two spellings that differ by case or NFC (C6)", () => {
    for (const text of ["J\u030Ceux", "É", "Straße", "tax"]) {
      expect(Agent.skillKey(text.toLowerCase().normalize("NFC"))).toBe(Agent.skillKey(text.normalize("NFD")))
    }
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const key = text.normalize("NFC").trim().toLowerCase().normalize("NFC")
        expect([Agent.skillKey(text), Agent.skillKey(key)]).toEqual([key, key])
      })
    )
  })

  it("are asked for until `skillWait` is over, not a millisecond longer; the department stays (C6)", () => {
    const chat = queued("c1", { department: sales, skills: ["law"], queuedAt: NOW })
    const at = (millis: number) => Instant.plusMillis(NOW, millis)
    expect(only([ann], chat, at(assigned.skillWaitMillis - 1))?.others).toEqual([{ why: "skills", agents: ["ann"] }])
    expect(only([ann], chat, at(assigned.skillWaitMillis))?.chosen?.agentId).toBe("ann")
    const elsewhere = ranked("ben", { agent: agentOf("ben", { departments: [support] }) })
    expect(only([elsewhere], chat, at(assigned.skillWaitMillis))?.others).toEqual([
      { why: "department", agents: ["ben"] }
    ])
  })
})

const isTooSoon = (exclusion: Offer.Exclusion, policy: RoutingPolicy.RoutingPolicy) =>
  exclusion.why !== "transferred" && NOW - exclusion.at < policy.offers.reassignAfterMillis

describe("exclusions", () => {
  const pause = assigned.offers.reassignAfterMillis
  const excluded = (name: string, millisAgo: number, why: Offer.Exclusion["why"] = "missed", isExcluded = true) => ({
    agentId: id(name),
    at: earlier(millisAgo),
    why,
    isExcluded
  })
  const [ann, ben] = [ranked("ann"), ranked("ben", { used: 5 })]

  it("keep who missed, declined or transferred it from being asked while somebody else is eligible (C4, C11)", () => {
    for (const why of ["missed", "declined", "transferred"] as const) {
      const decision = only([ann, ben], queued("c1", { exclusions: [excluded("ann", pause * 9, why)] }))
      expect(decision).toMatchObject({
        chosen: { agentId: "ben", by: "onlyOne" },
        clearsExclusions: false,
        others: [{ why: "excluded", agents: ["ann"] }]
      })
    }
  })

  it("of agents who cannot have it now do not count: everybody eligible now is excluded, so they clear (C4)", () => {
    const busy = ranked("ben", { used: 1, limit: 1 })
    const decision = only([ann, busy], queued("c1", { exclusions: [excluded("ann", pause)] }))
    expect(decision).toMatchObject({ chosen: { agentId: "ann", by: "onlyOne" }, clearsExclusions: true })
  })

  it("clear when all eligible are excluded, but nobody is asked within `reassignAfter` of their own (C4)", () => {
    const exclusions = [excluded("ann", pause - 1), excluded("ben", pause, "declined")]
    expect(only([ann, ben], queued("c1", { exclusions }))).toMatchObject({
      chosen: { agentId: "ben", by: "onlyOne" },
      clearsExclusions: true,
      others: [{ why: "tooSoon", agents: ["ann"] }]
    })
    const fresh = exclusions.map((one) => ({ ...one, at: earlier(pause - 1) }))
    expect(only([ann, ben], queued("c1", { exclusions: fresh }))).toMatchObject({
      chosen: null,
      clearsExclusions: true
    })
  })

  it("that have cleared keep only the pause, and do not clear again (C4)", () => {
    const cleared = (millis: number) => queued("c1", { exclusions: [excluded("ann", millis, "missed", false)] })
    expect(only([ann], cleared(pause - 1))).toMatchObject({
      chosen: null,
      clearsExclusions: false,
      others: [{ why: "tooSoon", agents: ["ann"] }]
    })
    expect(only([ann], cleared(pause))).toMatchObject({ chosen: { agentId: "ann" }, clearsExclusions: false })
  })

  it("have no pause for who transferred it: they neither missed nor declined (C4, C11)", () => {
    const exclusions = [excluded("ann", 0, "transferred")]
    expect(only([ann], queued("c1", { exclusions }))).toMatchObject({
      chosen: { agentId: "ann" },
      clearsExclusions: true
    })
  })

  it("do not clear where nobody is eligible (C4)", () => {
    const away = ranked("ann", { status: "away" })
    expect(only([away], queued("c1", { exclusions: [excluded("ann", pause)] }))?.clearsExclusions).toBe(false)
  })

  it("always clear when the eligible are all excluded, and only then, and nobody is asked too soon (C4)", () => {
    always((snapshot, policy, seed) => {
      if (policy.routing !== "assigned" || !snapshot.isOpen) return
      const taken = new Set<string>()
      for (const [at, decision] of Route.route(snapshot, policy, NOW, seed).entries()) {
        const chat = snapshot.queue[at]
        if (chat === undefined) return expect.unreachable()
        const of = (agentId: string) => chat.exclusions.find((one) => one.agentId === agentId)
        const eligible = snapshot.agents.filter(
          (one) => isEligible(one, chat, policy) && !one.holdsOffer && !taken.has(one.agent.id)
        )
        const isEverybody = eligible.length > 0 && eligible.every(({ agent }) => of(agent.id)?.isExcluded === true)
        expect(decision.clearsExclusions).toBe(isEverybody)
        const { chosen } = decision
        if (chosen === null) continue
        const own = of(chosen.agentId)
        if (own !== undefined) expect([own.isExcluded && !isEverybody, isTooSoon(own, policy)]).toEqual([false, false])
        taken.add(chosen.agentId)
      }
    })
  })
})

describe("the next change", () => {
  const skilled = queued("c1", { skills: ["tax"], queuedAt: NOW })
  const missed = { agentId: id("ann"), at: earlier(1), why: "missed", isExcluded: false } as const

  it("is where a skill wait or a pause ends, the earliest that is still to come (C4, C6)", () => {
    const end = Instant.plusMillis(NOW, assigned.skillWaitMillis)
    expect(Route.nextChange([skilled], assigned, NOW)).toBe(end)
    expect(Route.nextChange([skilled], assigned, end)).toBe(null)
    expect(Route.nextChange([queued("c1")], assigned, NOW)).toBe(null)
    const both = [skilled, queued("c2", { exclusions: [missed] })]
    expect(Route.nextChange(both, assigned, NOW)).toBe(NOW - 1 + assigned.offers.reassignAfterMillis)
    expect(Route.nextChange([...both].reverse(), assigned, NOW)).toBe(NOW - 1 + assigned.offers.reassignAfterMillis)
    expect(Route.nextChange([queued("c2", { exclusions: [{ ...missed, why: "transferred" }] })], assigned, NOW)).toBe(
      null
    )
  })

  it("is never late: until then the same agents ring, and who was offered nothing is offered nothing (C7)", () => {
    const later = fc.integer({ min: 0, max: 70_000 })
    fc.assert(
      fc.property(snapshot, policy, later, (snapshot, policy, millis) => {
        const next = Route.nextChange(snapshot.queue, policy, NOW)
        const at = Instant.fromMillis(Math.min(NOW + millis, (next ?? everything) - 1))
        const shown = (now: Instant.Instant) =>
          Route.route(snapshot, policy, now, 0).map((decision) => ({ ...decision, at: NOW }))
        if (policy.routing !== "assigned") expect(shown(at)).toEqual(shown(NOW))
        else if (!shown(NOW).some(acts)) expect(shown(at)).toEqual(shown(NOW))
      }),
      { numRuns: 1_500 }
    )
  })
})
