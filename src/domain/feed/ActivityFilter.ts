import { subDays } from "date-fns"
import { Schema } from "effect"
import * as Actor from "../account/Actor.ts"
import { AgentId, TeamId, UserId } from "../account/Id.ts"
import { fromMillis, Instant } from "../account/Instant.ts"
import type { Agent } from "../agent/Agent.ts"
import { ActivityType } from "../record/Activity.ts"
import type { Directory } from "../record/User.ts"

/** Whose entries (H3). Teams and groups are taken as they are when the feed is read. */
export const By = Schema.Union([
  Schema.TaggedStruct("Agent", { agentId: AgentId }),
  Schema.TaggedStruct("User", { userId: UserId }),
  Schema.TaggedStruct("Team", { teamId: TeamId }),
  Schema.TaggedStruct("Group", { groupId: TeamId })
])
export type By = typeof By.Type

/** Which entries a reader wants (H3, D4). `null`: no restriction. */
export const ActivityFilter = Schema.Struct({
  types: Schema.NullOr(Schema.Array(ActivityType)),
  by: Schema.NullOr(By),
  /** [inclusive, exclusive). */
  from: Schema.NullOr(Instant),
  until: Schema.NullOr(Instant),
  /** D4: left out unless asked. */
  includeMissed: Schema.Boolean,
  includeOfflineMessages: Schema.Boolean
})
export type ActivityFilter = typeof ActivityFilter.Type

/** Everything that a feed shows unless asked for more (D4). */
export const all: ActivityFilter = {
  types: null,
  by: null,
  from: null,
  until: null,
  includeMissed: false,
  includeOfflineMessages: false
}

/** The entries of the last `days` days before `now`. */
export const lastDays = (days: number, now: Instant): ActivityFilter => ({
  ...all,
  from: fromMillis(subDays(now, days).getTime())
})

/** Whether the filter wants entries of a type at all. */
export const wants = (filter: ActivityFilter, type: ActivityType): boolean =>
  filter.types === null || filter.types.includes(type)

/** The people a filter names, as they are now. `null`: everybody. */
export interface People {
  readonly agents: ReadonlySet<AgentId>
  readonly users: ReadonlySet<UserId>
}

/**
 * The people behind a filter (H3). An agent with a CRM licence is also their user: naming one names the other, and a
 * team's chats are those of its users' agents.
 */
export const resolve = (by: By | null, agents: Iterable<Agent>, directory: Directory): People | null => {
  if (by === null) return null
  const users = new Set<UserId>()
  const found = new Set<AgentId>()
  for (const user of directory.values()) {
    const isNamed =
      (by._tag === "User" && user.id === by.userId) ||
      (by._tag === "Team" && user.teams.includes(by.teamId)) ||
      (by._tag === "Group" && user.groups.includes(by.groupId))
    if (isNamed) users.add(user.id)
  }
  for (const agent of agents) {
    if (by._tag === "Agent" && agent.id === by.agentId) {
      found.add(agent.id)
      if (agent.userId !== null) users.add(agent.userId)
    } else if (agent.userId !== null && users.has(agent.userId)) found.add(agent.id)
  }
  return { agents: found, users }
}

/** The actors behind people, as activities name them. */
export const actorKeys = (people: People): ReadonlyArray<string> => [
  ...[...people.agents].map((agentId) => Actor.toKey(Actor.agent(agentId))),
  ...[...people.users].map((userId) => Actor.toKey(Actor.user(userId)))
]

/** A stable text of a filter: part of a cursor's scope, so that a cursor fits only the filter it was made with. */
export const toKey = (filter: ActivityFilter): string =>
  JSON.stringify([
    filter.types === null ? null : [...filter.types].sort(),
    filter.by,
    filter.from,
    filter.until,
    filter.includeMissed,
    filter.includeOfflineMessages
  ])
