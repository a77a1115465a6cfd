import { Effect } from "effect"
import type { Actor } from "../../domain/account/Actor.ts"
import * as Content from "../../domain/account/Content.ts"
import type { AgentId, UserId } from "../../domain/account/Id.ts"
import * as Chat from "../../domain/chat/Chat.ts"
import { beginningOf, type ChatEntry, type RecordEntry } from "../../domain/feed/ActivityEntry.ts"
import * as ActivityFilter from "../../domain/feed/ActivityFilter.ts"
import type * as FeedPage from "../../domain/feed/FeedPage.ts"
import type { Activity } from "../../domain/record/Activity.ts"
import * as Settings from "../../domain/settings/Settings.ts"
import { Crm, type FeedScope, type Viewer } from "../../ports/Crm.ts"
import { DeskStore, type OlderThan } from "../../ports/DeskStore.ts"
import { namesOf } from "../chat/ReadTranscript.ts"
import type { Caller } from "../execution/Caller.ts"

/** What both sources of a feed page are asked by. */
export interface SourceRequest {
  readonly caller: Caller
  readonly scope: FeedScope
  readonly settings: Settings.Settings
  readonly filter: ActivityFilter.ActivityFilter
  readonly people: ActivityFilter.People | null
  readonly limit: number
}

/** The chats of a feed page, by closing key and by origin (A7, E7, H2). */
export const readChats = Effect.fnUntraced(function* (request: SourceRequest, after: OlderThan | null) {
  const { caller, filter, limit, people, scope, settings } = request
  const store = yield* DeskStore
  const { chats, texts } = yield* store.closedChats(caller.account, {
    keys: scope.keys,
    chatIds: scope.chatIds,
    after,
    from: filter.from,
    until: filter.until,
    servedByAny: people === null ? null : [...people.agents],
    includeMissed: filter.includeMissed,
    includeOfflineMessages: filter.includeOfflineMessages,
    limit
  })
  const names = yield* namesOf(store, caller, [...new Set(chats.flatMap(({ servedBy }) => servedBy))])
  const rows = chats.map((chat) => chatEntry(chat, texts, names, scope, settings))
  return { _tag: "Rows", rows, limitReached: null } satisfies FeedPage.SourcePage<ChatEntry>
})

/** A chat as a feed shows it (H1). */
export const chatEntry = (
  chat: Chat.Chat,
  texts: Content.Texts,
  names: ReadonlyMap<AgentId, string>,
  scope: FeedScope,
  settings: Settings.Settings
): ChatEntry => {
  const text = (content: Content.Content | null) => Content.read(texts, content)
  const beginning = text(chat.beginning)
  return {
    _tag: "Chat",
    id: chat.id,
    at: chat.requestedAt,
    endedAt: chat.state._tag === "Closed" ? chat.state.at : chat.requestedAt,
    outcome: Chat.outcomeOf(chat),
    servedBy: chat.servedBy,
    agentNames: chat.servedBy.map((id) => names.get(id) ?? ""),
    recordName: scope.name,
    visitorName: text(chat.visitor.name),
    beginning: Content.isText(beginning) ? beginningOf(beginning) : beginning,
    rating: chat.rating?.rating ?? null,
    comment: text(chat.rating?.comment ?? null),
    tags: chat.tags,
    chatUrl: Settings.urlFor(settings.chatUrl, chat.id)
  }
}

/** The activities of a feed page, with the names of who did them. */
export const readActivities = Effect.fnUntraced(function* (
  request: SourceRequest,
  viewer: Viewer,
  after: OlderThan | null
) {
  const { caller, filter, limit, people, scope } = request
  const crm = yield* Crm
  const { activities, limitReached } = yield* crm.activities(caller.account, viewer, {
    record: scope.record,
    types: filter.types,
    byAny: people === null ? null : ActivityFilter.actorKeys(people),
    after,
    from: filter.from,
    until: filter.until,
    limit
  })
  const nameOf = yield* actorNames(caller, activities)
  const rows = activities.map(
    (activity): RecordEntry => ({
      _tag: "Activity",
      id: activity.id,
      at: activity.at,
      activity,
      byName: nameOf(activity.by)
    })
  )
  return { _tag: "Rows", rows, limitReached } satisfies FeedPage.SourcePage<RecordEntry>
})

const actorNames = Effect.fnUntraced(function* (caller: Caller, activities: ReadonlyArray<Activity>) {
  const actors = activities.map(({ by }) => by)
  const agentIds = [...new Set(actors.flatMap((by) => (by._tag === "Agent" ? [by.agentId] : [])))]
  const agents = yield* namesOf(yield* DeskStore, caller, agentIds)
  const users = new Map<UserId, string>()
  if (actors.some(({ _tag }) => _tag === "User")) {
    const crm = yield* Crm
    for (const { id, name } of yield* crm.users(caller.account)) users.set(id, name)
  }
  return (by: Actor): string | null => {
    switch (by._tag) {
      case "Agent":
        return agents.get(by.agentId) ?? null
      case "User":
        return users.get(by.userId) ?? null
      case "Service":
        return by.name
      default:
        return null
    }
  }
})
