import { Id, Instant, type PastChat } from "leadline"
import type { ExportedChat, HistoryItem } from "../02-replay/ChatLog.ts"

/** Stage directions of the replay, not tags of the chat. */
const directions: ReadonlySet<string> = new Set(["note", "phone"])

/** A line of the export as a chat of the past. */
export const pastChatOf = (chat: ExportedChat): PastChat.PastChat => {
  const outcome = outcomeOf(chat)
  const servedBy = outcome === "served" ? chat.agent_ids : []
  const [first] = servedBy
  return {
    id: chat.id,
    visitor: {
      id: chat.visitor.id,
      name: chat.visitor.name ?? null,
      email: chat.visitor.email ?? null,
      phone: chat.visitor.phone ?? null
    },
    department: null,
    servedBy,
    answeredAt: first === undefined ? null : joinedAt(chat, first),
    messages: chat.history
      .flatMap(
        (item): ReadonlyArray<PastChat.PastMessage> =>
          item.type === "chat.msg" && item.msg !== undefined
            ? [{ at: instant(item.timestamp), visibility: "public", author: authorOf(item), text: item.msg }]
            : []
      )
      .sort((a, b) => a.at - b.at),
    tags: chat.tags.filter((tag) => !directions.has(tag)),
    rating: ratingOf(chat),
    startedAt: instant(chat.timestamp),
    endedAt: instant(outcome === "offlineMessage" ? chat.timestamp : lastOf(chat)),
    outcome,
    closedBy: outcome === "served" ? "agent" : "visitor"
  }
}

const instant = (text: string) => Instant.fromMillis(Date.parse(text))

const outcomeOf = (chat: ExportedChat): PastChat.PastOutcome => {
  if (chat.type === "offline_msg") return "offlineMessage"
  return chat.missed || chat.agent_ids.length === 0 ? "missed" : "served"
}

const authorOf = ({ nick }: HistoryItem): PastChat.PastMessage["author"] & { readonly _tag: "Visitor" | "Agent" } =>
  nick?.startsWith("agent:") === true
    ? { _tag: "Agent", agentId: Id.AgentId.make(nick.slice("agent:".length)) }
    : { _tag: "Visitor" }

const joinedAt = (chat: ExportedChat, agentId: Id.AgentId) => {
  const joined = chat.history.find(({ nick, type }) => type === "chat.memberjoin" && nick === `agent:${agentId}`)
  return joined === undefined ? null : instant(joined.timestamp)
}

/** The last rating of the chat; a comment alone is none. */
const ratingOf = ({ comment, history }: ExportedChat): PastChat.PastChat["rating"] => {
  const rated = history.filter(({ type }) => type === "chat.rating").at(-1)?.new_rating
  return rated === "good" || rated === "bad" ? { rating: rated, comment: comment ?? null } : null
}

/** Visitors rate after the end, too: the export's end is then later than its `end_timestamp`. */
const lastOf = ({ end_timestamp, history }: ExportedChat): string =>
  [end_timestamp, ...history.map(({ timestamp }) => timestamp)].reduce((a, b) =>
    Date.parse(a) < Date.parse(b) ? b : a
  )
