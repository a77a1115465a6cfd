import fc from "fast-check"
import { type AgentStatus, PastLog, ReplayRouting } from "leadline"
import { describe, expect, it } from "vitest"
import { agentId, agentOf, answers, asks, chat, closes, event, inChat, inOrder, policy, status } from "./PastEvents.ts"

const names = ["a", "b", "c"]
const agents = names.map((name) => agentOf(name))
const statuses: ReadonlyArray<AgentStatus.AgentStatus> = ["online", "away", "invisible", "offline"]

/** An hour of a house: chats of under ten minutes, so that serving and holding a slot are one. */
const log = fc
  .record({
    chats: fc.array(
      fc.record({
        asked: fc.nat(3_600),
        waited: fc.nat(90),
        lasted: fc.integer({ min: 1, max: 590 }),
        by: fc.option(fc.constantFrom(...names), { nil: null })
      }),
      { maxLength: 25 }
    ),
    flips: fc.array(fc.tuple(fc.nat(3_600), fc.constantFrom(...names), fc.constantFrom(...statuses)), { maxLength: 8 })
  })
  .map(({ chats, flips }) =>
    inOrder([
      ...names.map((name) => status(0, name, "online")),
      ...flips.map(([second, name, to]) => status(second, name, to)),
      ...chats.flatMap(({ asked, by, lasted, waited }, at) =>
        chat(`c${at}`, asked, by === null ? null : [asked + waited, by], asked + waited + lasted)
      )
    ])
  )

const anyPolicy = fc
  .record({
    routing: fc.constantFrom("broadcast" as const, "hybrid" as const, "assigned" as const),
    chatLimit: fc.option(fc.nat(3), { nil: null }),
    reassign: fc.integer({ min: 5, max: 60 }),
    autoIdleAfterMisses: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
    autoAccept: fc.boolean()
  })
  .map(({ autoAccept, autoIdleAfterMisses, chatLimit, reassign, routing }) =>
    policy({ routing, chatLimit, offers: { reassignAfterMillis: reassign * 1_000, autoIdleAfterMisses, autoAccept } })
  )

const reactions = fc.constantFrom("median" as const, "drawn" as const)

const always = (check: (comparison: ReplayRouting.Comparison, policy: ReplayRouting.ReplayPolicy, log: Log) => void) =>
  fc.assert(
    fc.property(log, anyPolicy, fc.integer(), reactions, (log, policy, seed, reactions) => {
      check(ReplayRouting.replayRouting(log, policy, { agents, seed, reactions }), policy, log)
    }),
    { numRuns: 150 }
  )

type Log = ReadonlyArray<PastLog.AnyEvent>

const conserves = ({ agents, chats, offers, waits }: ReplayRouting.Comparison["past"]) => {
  expect(chats.asked).toBe(chats.served + chats.missed)
  expect(
    Math.min(waits.median, waits.p90, waits.longest, waits.mean, chats.served, chats.missed)
  ).toBeGreaterThanOrEqual(0)
  expect(waits.median).toBeLessThanOrEqual(waits.p90)
  expect(waits.p90).toBeLessThanOrEqual(waits.longest)
  expect(offers.missed + offers.declined).toBeLessThanOrEqual(offers.made)
  expect(agents.reduce((sum, load) => sum + load.chats, 0)).toBeGreaterThanOrEqual(chats.served)
}

describe("a replay", () => {
  it("loses no chat and makes none up: asked is served and missed, in both worlds alike (D4)", () => {
    always(({ past, replayed }) => {
      conserves(past)
      conserves(replayed)
      expect(replayed.chats.asked).toBe(past.chats.asked)
    })
  })

  it("puts no agent above the limit at any time; hybrid hands may (B5, B6, C1)", () => {
    always(({ servings }, { chatLimit, routing }) => {
      if (chatLimit === null || routing === "hybrid") return
      for (const { agentId, from } of servings) {
        const at = servings.filter((one) => one.agentId === agentId && one.from <= from && from < one.until)
        expect(at.length).toBeLessThanOrEqual(chatLimit)
      }
    })
  })

  it("lets nobody serve while they are offline, or be given a chat while not online (B1, B4)", () => {
    always(({ servings }, _, log) => {
      const spells = log.flatMap(({ at, payload }) =>
        payload._tag === "StatusChanged"
          ? [{ at, ...(payload as { agentId: string; to: string } & typeof payload) }]
          : []
      )
      for (const { agentId, from, until } of servings) {
        const own = spells.filter((spell) => spell.agentId === agentId)
        expect(
          own
            .filter(({ at }) => at <= from)
            .map(({ to }) => to)
            .at(-1)
        ).toBe("online")
        expect(own.some(({ at, to }) => to === "offline" && at >= from && at < until)).toBe(false)
      }
    })
  })

  it("gives the same answer for the same seed (C7)", () => {
    fc.assert(
      fc.property(log, anyPolicy, fc.integer(), (log, policy, seed) => {
        const once = () => ReplayRouting.replayRouting(log, policy, { agents, seed, reactions: "drawn" })
        expect(once()).toEqual(once())
      }),
      { numRuns: 50 }
    )
  })

  it("makes nobody wait longer for one more agent, where chats never wait for each other (C1)", () => {
    const quiet = fc.array(
      fc.record({ after: fc.integer({ min: 60, max: 300 }), reaction: fc.integer({ min: 1, max: 29 }) }),
      {
        minLength: 1,
        maxLength: 15
      }
    )
    fc.assert(
      fc.property(
        quiet,
        fc.integer(),
        fc.constantFrom("broadcast" as const, "hybrid" as const),
        (gaps, seed, routing) => {
          let now = 0
          const chats = gaps.flatMap(({ after, reaction }, at) => {
            now += after
            return chat(`c${at}`, now, [now + reaction, names[at % 2] ?? "a"], now + reaction + 100)
          })
          const log = inOrder([...names.map((name) => status(0, name, "online")), ...chats])
          const meanWith = (count: number) =>
            ReplayRouting.replayRouting(log, policy({ routing }), { agents: agents.slice(0, count), seed }).replayed
              .waits
          const [one, two, three] = [meanWith(1), meanWith(2), meanWith(3)]
          expect(two.longest).toBeLessThanOrEqual(one.longest)
          expect(three.longest).toBeLessThanOrEqual(two.longest)
          expect(three.mean).toBeLessThanOrEqual(two.mean)
        }
      ),
      { numRuns: 60 }
    )
  })

  it("of the policy that was in force comes close to the past: same chats served, waits within a reaction (C1, C2)", () => {
    fc.assert(
      fc.property(log, anyPolicy, fc.integer(), (seedLog, policy, seed) => {
        const online = names.map((name) => status(0, name, "online"))
        const isAnswered = (stream: string) =>
          seedLog.some((one) => one.stream === stream && one.payload._tag === "ChatAnswered")
        const chats = seedLog.filter(({ stream }) => isAnswered(stream))
        const asked = chats.filter(({ payload }) => payload._tag === "ChatRequested")
        const free = { ...policy, chatLimit: null, routing: "broadcast" as const }
        const first = ReplayRouting.replayRouting(inOrder([...online, ...chats]), free, { agents, seed })
        const served = first.servings.flatMap(({ agentId, chatId, from, until }) => [
          answers(from / 1_000, chatId, agentId),
          closes(until / 1_000, chatId)
        ])
        const happened = inOrder([...online, ...asked, ...served])
        const { past, replayed } = ReplayRouting.replayRouting(happened, free, { agents, seed })
        const slowest = Math.max(0, ...[...PastLog.read(happened).reactions.values()].flat())
        expect(past.waits).toEqual(first.replayed.waits)
        expect(replayed.chats).toEqual(past.chats)
        expect(Math.abs(past.waits.mean - replayed.waits.mean)).toBeLessThanOrEqual(slowest)
        expect(Math.abs(past.waits.median - replayed.waits.median)).toBeLessThanOrEqual(slowest)
      }),
      { numRuns: 60 }
    )
  })
})

describe("a log of any kind", () => {
  const second = fc.nat(2_000)
  const id = fc.constantFrom("c1", "c2", "c3")
  const who = fc.constantFrom(...names, "stranger")
  const anything = fc.oneof(
    fc.tuple(second, id).map(([at, id]) => asks(at, id, { skills: ["x"] })),
    fc.tuple(second, id, who).map(([at, id, by]) => answers(at, id, by)),
    fc.tuple(second, id).map(([at, id]) => closes(at, id)),
    fc
      .tuple(second, id, who)
      .map(([at, id, by]) => inChat(at, id, { _tag: "AgentLeft", agentId: agentId(by), wasLast: true })),
    fc
      .tuple(second, id, fc.constantFrom("visitorWrote" as const, "agentsGone" as const))
      .map(([at, id, reason]) => inChat(at, id, { _tag: "ChatRequeued", reason, queueNumber: "new" })),
    fc.tuple(second, id, who).map(([at, id, to]) =>
      inChat(at, id, {
        _tag: "ChatOffered",
        agentId: agentId(to),
        until: event(at + 30, "x", { _tag: "x" }).at,
        kind: "routing"
      })
    ),
    fc.tuple(second, id, who).map(([at, id, to]) => inChat(at, id, { _tag: "OfferMissed", agentId: agentId(to) })),
    fc
      .tuple(second, id, who)
      .map(([at, id, by]) =>
        inChat(at, id, { _tag: "TransferredToDepartment", by: agentId(by), from: null, to: null })
      ),
    fc.tuple(second, id).map(([at, id]) => inChat(at, id, { _tag: "VisitorGone" })),
    fc.tuple(second, id).map(([at, id]) => inChat(at, id, { _tag: "BecameOfflineMessage" })),
    fc.tuple(second, who, fc.constantFrom(...statuses)).map(([at, who, to]) => status(at, who, to)),
    fc
      .tuple(second, who, fc.boolean())
      .map(([at, who, isEnabled]) =>
        event(at, `agent/${who}`, { _tag: "AgentChanged", agentId: who, isEnabled } as never)
      ),
    fc
      .tuple(second, fc.constantFrom("AccountOpened", "AccountClosed", "OfANewerRelease"))
      .map(([at, _tag]) => event(at, "hours/all", { _tag }))
  )

  it("is replayed: events in any order, of strangers, of a newer release (C7)", () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 40 }), anyPolicy, fc.integer(), (log, policy, seed) => {
        const { past, replayed } = ReplayRouting.replayRouting(log, policy, { agents, seed })
        conserves(past)
        conserves(replayed)
        expect(replayed.chats.asked).toBe(past.chats.asked)
      }),
      { numRuns: 400 }
    )
  })
})
