import fc from "fast-check"
import {
  type Agent,
  type AgentStatus,
  Id,
  Instant,
  type Offer,
  type Ranking,
  type Route,
  type RoutingPolicy
} from "leadline"

/** When routing looks. */
export const NOW = Instant.fromMillis(Date.UTC(2026, 0, 5))

export const departments = [Id.DepartmentId.make("sales"), Id.DepartmentId.make("support")] as const

export const minutes = (count: number): number => count * 60_000

export const agentOf = (id: string, changes: Partial<Agent.Agent> = {}): Agent.Agent => ({
  id: Id.AgentId.make(id),
  displayName: id,
  email: `${id}@example.com`,
  userId: null,
  isEnabled: true,
  isChatAdministrator: false,
  departments: [...departments],
  chatLimit: null,
  ...changes
})

/** An online agent with nothing to do, who never missed anything. */
export const ranked = (id: string, changes: Partial<Ranking.Ranked> = {}): Ranking.Ranked => ({
  agent: agentOf(id),
  status: "online",
  used: 0,
  limit: null,
  holdsOffer: false,
  lastMissAt: null,
  freeSince: null,
  isChatting: false,
  ...changes
})

/** A chat that came half a minute ago and asks for nothing. */
export const queued = (id: string, changes: Partial<Route.Queued> = {}): Route.Queued => ({
  chatId: Id.ChatId.make(id),
  department: null,
  skills: [],
  queuedAt: Instant.plusMillis(NOW, -30_000),
  exclusions: [],
  ...changes
})

export const assigned: RoutingPolicy.RoutingPolicy = {
  routing: "assigned",
  offers: { reassignAfterMillis: 30_000, autoIdleAfterMisses: null, autoAccept: false },
  skillWaitMillis: 60_000
}

/** Moments on and beside what routing compares with: a pause, a skill wait, a miss that counts. */
const ago = fc
  .tuple(fc.constantFrom(0, 30_000, 60_000, minutes(15), minutes(40)), fc.constantFrom(-1, 0, 1, 7_000))
  .map(([millis, off]) => Instant.plusMillis(NOW, -millis + off))

const nullable = <A>(one: fc.Arbitrary<A>) => fc.option(one, { nil: null })
const agentId = fc.constantFrom("ann", "ben", "cem", "dea", "eli", "fay")
const skill = fc.constantFrom("French", "french", " FRENCH", "tax", "Tax")

/** As a newer release may have written it, or somebody who means harm. */
const strange = [
  "busy",
  "Online",
  "toString",
  "constructor",
  "__proto__",
  ""
] as ReadonlyArray<string> as ReadonlyArray<AgentStatus.AgentStatus>
const status = fc.oneof(
  { weight: 5, arbitrary: fc.constant("online" as const) },
  { weight: 2, arbitrary: fc.constantFrom("away" as const, "invisible" as const, "offline" as const) },
  { weight: 1, arbitrary: fc.constantFrom(...strange) }
)

const often = (yes: boolean) => fc.integer({ min: 0, max: 9 }).map((drawn) => (drawn === 0) !== yes)

const candidate: fc.Arbitrary<Ranking.Ranked> = fc
  .record({
    id: agentId,
    isEnabled: often(true),
    in: fc.subarray([...departments]),
    skills: nullable(fc.uniqueArray(skill, { maxLength: 3 })),
    status,
    used: fc.nat(2),
    limit: nullable(fc.integer({ min: 0, max: 3 })),
    holdsOffer: often(false),
    lastMissAt: nullable(ago),
    freeSince: nullable(ago),
    isChatting: fc.boolean()
  })
  .map(({ id, in: departments, isEnabled, skills, ...rest }) => ({
    ...rest,
    agent: agentOf(id, { isEnabled, departments, ...(skills === null ? {} : { skills }) })
  }))

const exclusion: fc.Arbitrary<Offer.Exclusion> = fc.record({
  agentId: agentId.map((id) => Id.AgentId.make(id)),
  at: ago,
  why: fc.constantFrom("missed" as const, "declined" as const, "transferred" as const),
  isExcluded: fc.boolean()
})

const waiting: fc.Arbitrary<Route.Queued> = fc.record({
  chatId: fc.constantFrom("c1", "c2", "c3", "c4", "c5").map((id) => Id.ChatId.make(id)),
  department: nullable(fc.constantFrom(...departments)),
  skills: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(skill, { maxLength: 2 })),
  queuedAt: ago,
  exclusions: fc.uniqueArray(exclusion, { maxLength: 6, selector: (one) => one.agentId })
})

/** A snapshot as a store makes it: each agent and each chat once. */
export const snapshot: fc.Arbitrary<Route.Snapshot> = fc.record({
  agents: fc.uniqueArray(candidate, { maxLength: 6, selector: ({ agent }) => agent.id }),
  queue: fc.uniqueArray(waiting, { maxLength: 5, selector: ({ chatId }) => chatId }),
  isOpen: often(true)
})

/** Any list at all. */
export const withDuplicates: fc.Arbitrary<Route.Snapshot> = fc.record({
  agents: fc.array(candidate, { maxLength: 12 }),
  queue: fc.array(waiting, { maxLength: 10 }),
  isOpen: often(true)
})

export const policy: fc.Arbitrary<RoutingPolicy.RoutingPolicy> = fc.record({
  routing: fc.oneof(
    { weight: 3, arbitrary: fc.constant("assigned" as const) },
    fc.constantFrom("broadcast" as const, "hybrid" as const)
  ),
  offers: fc.record({
    reassignAfterMillis: fc.constantFrom(30_000, 60_000),
    autoIdleAfterMisses: fc.constant(null),
    autoAccept: fc.boolean()
  }),
  skillWaitMillis: fc.constantFrom(30_000, 60_000)
})
