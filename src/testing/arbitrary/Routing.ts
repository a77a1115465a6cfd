/**
 * Whose consoles ring, and to whom a chat is held out: whole snapshots to route, and what {@link Route.route} makes of
 * them, so that a decision speaks of each agent once (C7).
 *
 * @module
 */
import fc from "fast-check"
import { ChatId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import * as ChatLimit from "../../domain/agent/ChatLimit.ts"
import * as Ranking from "../../domain/routing/Ranking.ts"
import * as Ringing from "../../domain/routing/Ringing.ts"
import * as Route from "../../domain/routing/Route.ts"
import * as RoutingDecision from "../../domain/routing/RoutingDecision.ts"
import * as RoutingPolicy from "../../domain/routing/RoutingPolicy.ts"
import * as RoutingReport from "../../domain/routing/RoutingReport.ts"
import * as Account from "./Account.ts"
import * as Agent from "./Agent.ts"
import * as Chat from "./ChatLog.ts"
import { deriving, structDeriving } from "./Derived.ts"

const of = deriving(Chat.known)
const nullable = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: null })

export const routingMode = of(RoutingPolicy.RoutingMode)
export const offerPolicy = of(RoutingPolicy.OfferPolicy)
export const criterion = of(Ranking.Criterion)
export const chosen = of(Ranking.Chosen)
export const notChosen = of(RoutingDecision.NotChosen)
export const notEligible = of(Ringing.NotEligible)

/** All that routing goes by. */
export const policy: fc.Arbitrary<RoutingPolicy.RoutingPolicy> = fc.record({
  routing: routingMode,
  offers: offerPolicy,
  skillWaitMillis: fc.integer({ min: 5_000, max: 300_000 })
})

/** The moment that a {@link snapshot} is of. decision: a real date, because times far from zero find other faults. */
export const NOW: Instant.Instant = Instant.fromMillis(Date.UTC(2026, 0, 1))

/** Up to half an hour before {@link NOW}: inside and outside of B5's and C3's windows. */
const before = fc.nat({ max: 1_800_000 }).map((millis) => Instant.plusMillis(NOW, -millis))

const ranked = fc.record({
  status: Agent.agentStatus,
  used: fc.nat({ max: 3 }),
  ownLimit: nullable(fc.nat({ max: 4 })),
  holdsOffer: fc.boolean(),
  lastMissAt: nullable(before),
  freeSince: nullable(before)
})

/** A queue and the agents there are, as of {@link NOW}; oldest number first (C2). Shrinks to nobody and nothing. */
export const snapshot: fc.Arbitrary<Route.Snapshot> = fc
  .record({
    agents: Agent.agents().chain((agents) => fc.tuple(...agents.map((agent) => fc.tuple(fc.constant(agent), ranked)))),
    limit: Agent.chatLimit,
    queue: fc.array(
      fc.record({
        department: nullable(Account.departmentId),
        skills: fc.array(Agent.skill, { maxLength: 2 }),
        queuedAt: before,
        exclusions: fc.array(Chat.exclusion, { maxLength: 2 })
      }),
      { maxLength: 4 }
    ),
    isOpen: fc.boolean()
  })
  .map(({ agents, isOpen, limit, queue }) => ({
    agents: agents.map(([agent, { ownLimit, ...drawn }]) => ({
      ...{ agent, ...drawn, isChatting: drawn.used > 0 },
      limit: ChatLimit.limitOf(ownLimit, limit)
    })),
    queue: queue
      .toSorted((a, b) => a.queuedAt - b.queuedAt)
      .map((drawn, at) => ({ ...drawn, chatId: ChatId.make(`chat-${at + 1}`) })),
    isOpen
  }))

/** What routing decides of the first chat of a {@link snapshot}. */
export const decision: fc.Arbitrary<RoutingDecision.Decision> = fc
  .tuple(snapshot, policy, fc.nat(), Account.chatId)
  .map(([snapshot, policy, seed, chatId]) => {
    const asked = { chatId, department: null, skills: [], queuedAt: NOW, exclusions: [] }
    const [first] = Route.route({ ...snapshot, queue: [...snapshot.queue, asked] }, policy, NOW, seed)
    return first ?? nothing(chatId)
  })
const nothing = (chatId: ChatId): RoutingDecision.Decision => ({
  ...{ chatId, at: NOW, mode: "broadcast" as const, ringsAt: [] },
  ...{ chosen: null, clearsExclusions: false, others: [] }
})

// --- reports --------------------------------------------------------------------------------------------------------

const millis = fc.nat({ max: 86_400_000 })

/** Of some waits, as {@link RoutingReport.waitsOf} counts them. */
export const waits: fc.Arbitrary<RoutingReport.Waits> = fc.array(millis, { maxLength: 6 }).map(RoutingReport.waitsOf)
export const load: fc.Arbitrary<RoutingReport.Load> = structDeriving(Chat.known)(RoutingReport.Load, {
  chats: fc.nat({ max: 50 }),
  busyMillis: millis
})
const loads = fc.uniqueArray(load, { maxLength: 4, selector: ({ agentId }) => agentId })
export const fairness: fc.Arbitrary<RoutingReport.Fairness> = loads.map(RoutingReport.fairnessOf)

/** Numbers that add up: asked is served and missed, fairness is that of the loads. */
export const routingReport: fc.Arbitrary<RoutingReport.RoutingReport> = fc
  .record({
    served: fc.nat({ max: 50 }),
    missed: fc.nat({ max: 50 }),
    waits,
    offers: fc.record({ made: fc.nat({ max: 50 }), missed: fc.nat({ max: 5 }), declined: fc.nat({ max: 5 }) }),
    loads,
    longestQueue: fc.nat({ max: 50 })
  })
  .map(({ loads, longestQueue, missed, offers, served, waits }) => ({
    chats: { asked: served + missed, served, missed },
    waits,
    // who missed or declined was made an offer
    offers: { ...offers, made: offers.made + offers.missed + offers.declined },
    agents: loads.toSorted((a, b) => (a.agentId < b.agentId ? -1 : 1)),
    fairness: RoutingReport.fairnessOf(loads),
    longestQueue
  }))
