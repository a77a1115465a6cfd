import { subHours } from "date-fns"
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

/** The entries of the last `days` days before `now`: of 24 hours each, since calendar days hang on the host's zone. */
export const lastDays = (days: number, now: Instant): ActivityFilter => ({
  ...all,
  from: fromMillis(subHours(now, 24 * days).getTime())
})

/** Whether the filter wants entries of a type at all. */
export const wants = (filter: ActivityFilter, type: ActivityType): boolean =>
  filter.types === null || filter.types.includes(type)

/** Whether it wants anything but chats. */
export const wantsActivities = (filter: ActivityFilter): boolean =>
  filter.types === null || filter.types.some((type) => type !== "Chat")

/** The people a filter names, as they are now. `null`: everybody. */
export interface People {
  readonly agents: ReadonlySet<AgentId>
  readonly users: ReadonlySet<UserId>
}

/**
 * The people behind a filter (H3). An agent with a CRM licence is also their user: naming one names the other, and a
 * team's chats are those of its users' agents. Who is named by id is found even when they are gone.
 */
export const resolve = (by: By | null, agents: Iterable<Agent>, directory: Directory): People | null => {
  if (by === null) return null
  if (by._tag === "Agent") {
    const users = [...agents].flatMap(({ id, userId }) => (id === by.agentId && userId !== null ? [userId] : []))
    return { agents: new Set([by.agentId]), users: new Set(users) }
  }
  const users = usersOf(by, directory)
  const theirs = [...agents].filter(({ userId }) => userId !== null && users.has(userId))
  return { agents: new Set(theirs.map(({ id }) => id)), users }
}

const usersOf = (by: Exclude<By, { readonly _tag: "Agent" }>, directory: Directory): ReadonlySet<UserId> => {
  if (by._tag === "User") return new Set([by.userId])
  const members = [...directory.values()].filter(({ groups, teams }) =>
    by._tag === "Team" ? teams.includes(by.teamId) : groups.includes(by.groupId)
  )
  return new Set(members.map(({ id }) => id))
}

/** The actors behind people, as activities name them. */
export const actorKeys = (people: People): ReadonlyArray<string> => [
  ...[...people.agents].map((agentId) => Actor.toKey(Actor.agent(agentId))),
  ...[...people.users].map((userId) => Actor.toKey(Actor.user(userId)))
]

/**
 * A text of a filter: part of a cursor's scope, so that a cursor fits only the filter it was made with. The same for
 * filters that say the same, however they are built.
 */
export const toKey = ({ by, from, includeMissed, includeOfflineMessages, types, until }: ActivityFilter): string =>
  JSON.stringify([
    types === null ? null : [...new Set(types)].sort(),
    by === null ? null : [by._tag, idOf(by)],
    from,
    until,
    includeMissed,
    includeOfflineMessages
  ])

const idOf = (by: By): string => {
  switch (by._tag) {
    case "Agent":
      return by.agentId
    case "User":
      return by.userId
    case "Team":
      return by.teamId
    case "Group":
      return by.groupId
  }
}
