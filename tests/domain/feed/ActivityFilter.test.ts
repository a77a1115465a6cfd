import { Equal } from "effect"
import fc from "fast-check"
import { Activity, ActivityFilter, Actor, type Agent, Id, Instant, type User } from "leadline"
import { describe, expect, it } from "vitest"

const { actorKeys, all, lastDays, resolve, toKey, wants } = ActivityFilter

const DAY = 24 * 60 * 60 * 1000
const userIds = ["u1", "u2", "u3"].map((id) => Id.UserId.make(id))
const agentIds = ["a1", "a2", "a3", "a4"].map((id) => Id.AgentId.make(id))
/** One id for a team and a group: they must not be taken for each other. */
const circles = ["x", "y"].map((id) => Id.TeamId.make(id))

const agentOf = (id: Id.AgentId, userId: Id.UserId | null): Agent.Agent => ({
  id,
  displayName: id,
  email: `${id}@example.com`,
  userId,
  isEnabled: true,
  isChatAdministrator: false,
  departments: [],
  chatLimit: null
})

const userOf = (
  id: Id.UserId,
  teams: ReadonlyArray<Id.TeamId>,
  groups: ReadonlyArray<Id.TeamId>
): [Id.UserId, User.User] => [
  id,
  {
    id,
    name: id,
    email: `${id}@example.com`,
    isActive: true,
    reportsTo: null,
    isAccountOwner: false,
    isCrmAdministrator: false,
    teams,
    groups,
    visibility: "all"
  }
]

const roster = fc
  .tuple(...agentIds.map((id) => fc.constantFrom(null, ...userIds).map((userId) => agentOf(id, userId))))
  .chain((agents) => fc.shuffledSubarray([...agents]))
const directory = fc
  .tuple(
    ...userIds.map((id) =>
      fc.tuple(fc.subarray(circles), fc.subarray(circles)).map(([teams, groups]) => userOf(id, teams, groups))
    )
  )
  .chain((users) => fc.shuffledSubarray([...users]))
  .map((users): User.Directory => new Map(users))

const by: fc.Arbitrary<ActivityFilter.By> = fc.oneof(
  fc.constantFrom(...agentIds).map((agentId) => ({ _tag: "Agent" as const, agentId })),
  fc.constantFrom(...userIds).map((userId) => ({ _tag: "User" as const, userId })),
  fc.constantFrom(...circles).map((teamId) => ({ _tag: "Team" as const, teamId })),
  fc.constantFrom(...circles).map((groupId) => ({ _tag: "Group" as const, groupId }))
)

const types = fc.array(fc.constantFrom(...Activity.ActivityType.literals), { maxLength: 4 })
const instant = fc.option(fc.integer({ min: 0, max: 1 }).map(Instant.fromMillis))
const filter: fc.Arbitrary<ActivityFilter.ActivityFilter> = fc.record({
  types: fc.option(types),
  by: fc.option(by),
  from: instant,
  until: instant,
  includeMissed: fc.boolean(),
  includeOfflineMessages: fc.boolean()
})

describe("a filter", () => {
  it("leaves out missed chats and offline messages unless asked, and nothing else (D4)", () => {
    expect(all).toEqual({
      types: null,
      by: null,
      from: null,
      until: null,
      includeMissed: false,
      includeOfflineMessages: false
    })
  })

  it("wants the types it names, chats among them, or all if it names none (H3)", () => {
    fc.assert(
      fc.property(types, fc.constantFrom(...Activity.ActivityType.literals), (named, type) => {
        expect(wants({ ...all, types: named }, type)).toBe(named.includes(type))
        expect(wants(all, type)).toBe(true)
      })
    )
  })

  it("takes the last days as 24 hours each, whatever the zone of the host does to its clocks (H3)", () => {
    const zone = process.env.TZ
    try {
      for (const host of ["UTC", "Europe/Berlin", "America/New_York"]) {
        process.env.TZ = host
        for (const now of ["2026-03-29T12:00:00Z", "2026-10-25T12:00:00Z", "2026-11-01T12:00:00Z"].map(Date.parse)) {
          const period = lastDays(7, Instant.fromMillis(now))
          expect(period).toEqual({ ...all, from: now - 7 * DAY })
        }
      }
    } finally {
      if (zone === undefined) delete process.env.TZ
      else process.env.TZ = zone
    }
  })
})

describe("the people behind a filter", () => {
  it("are everybody where it names nobody (H3)", () => {
    expect(resolve(null, [agentOf(Id.AgentId.make("a1"), null)], new Map())).toBe(null)
  })

  it("are the agent it names, with their own CRM licence, and no other agent (H3)", () => {
    fc.assert(
      fc.property(roster, directory, fc.constantFrom(...agentIds), (agents, users, agentId) => {
        const licence = agents.find(({ id }) => id === agentId)?.userId ?? null
        expect(resolve({ _tag: "Agent", agentId }, agents, users)).toEqual({
          agents: new Set([agentId]),
          users: new Set(licence === null ? [] : [licence])
        })
      })
    )
  })

  it("are the user it names, even one who is gone, and that user's agents (H3)", () => {
    fc.assert(
      fc.property(roster, directory, fc.constantFrom(...userIds), (agents, users, userId) => {
        expect(resolve({ _tag: "User", userId }, agents, users)).toEqual({
          agents: new Set(agents.filter((agent) => agent.userId === userId).map(({ id }) => id)),
          users: new Set([userId])
        })
      })
    )
  })

  it("are a team's or a group's members as they are now, and their agents (H3)", () => {
    fc.assert(
      fc.property(roster, directory, fc.constantFrom(...circles), fc.boolean(), (agents, users, circle, isTeam) => {
        const found = resolve(
          isTeam ? { _tag: "Team", teamId: circle } : { _tag: "Group", groupId: circle },
          agents,
          users
        )
        for (const user of users.values()) {
          const isMember = (isTeam ? user.teams : user.groups).includes(circle)
          expect(found?.users.has(user.id)).toBe(isMember)
        }
        for (const { id, userId } of agents) {
          expect(found?.agents.has(id)).toBe(userId !== null && found?.users.has(userId))
        }
      })
    )
  })

  it("are the actors that their activities name, and no others (H3)", () => {
    fc.assert(
      fc.property(roster, directory, by, (agents, users, named) => {
        const found = resolve(named, agents, users)
        const keys = found === null ? [] : actorKeys(found)
        for (const id of agentIds) expect(keys.includes(Actor.toKey(Actor.agent(id)))).toBe(found?.agents.has(id))
        for (const id of userIds) expect(keys.includes(Actor.toKey(Actor.user(id)))).toBe(found?.users.has(id))
        expect(keys).not.toContain(Actor.toKey(Actor.system))
      })
    )
  })
})

describe("a filter's text in a cursor's scope", () => {
  it("is the same for filters that say the same, however they are built (H4)", () => {
    fc.assert(
      fc.property(filter, (one) => {
        const types = one.types === null ? null : [...one.types, ...one.types].reverse()
        const turned = Object.fromEntries(Object.entries(one.by ?? {}).reverse()) as ActivityFilter.By
        expect(toKey({ ...one, types, by: one.by === null ? null : turned })).toBe(toKey(one))
      })
    )
  })

  it("differs for filters that differ in types, people, period or what else they ask for (H4)", () => {
    const canonical = ({ types, ...rest }: ActivityFilter.ActivityFilter) => ({
      ...rest,
      types: types && new Set(types)
    })
    fc.assert(
      fc.property(filter, filter, fc.constantFrom(...Object.keys(all)), (one, other, part) => {
        const changed = { ...one, [part]: other[part as keyof ActivityFilter.ActivityFilter] }
        const isSame = Equal.equals(canonical(changed), canonical(one))
        expect(toKey(changed) === toKey(one)).toBe(isSame)
      }),
      { numRuns: 500 }
    )
  })
})
