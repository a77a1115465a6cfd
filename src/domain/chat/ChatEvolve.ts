import type { AgentId } from "../account/Id.ts"
import type { Instant } from "../account/Instant.ts"
import { type Chat, type ChatState, isServing, type OpenState, type Serving } from "./Chat.ts"
import type { ChatEvent } from "./ChatEvent.ts"
import { emptyDigest, type Message } from "./Transcript.ts"

/**
 * Applies an event that has happened at `at` (K4). Total: an event that does not fit (none that a decider made) leaves
 * the chat as it is. `null` is a chat that does not exist yet.
 */
export const evolve = (chat: Chat | null, event: ChatEvent, at: Instant): Chat | null => {
  if (event._tag === "ChatRequested" || event._tag === "OfflineMessageLeft") return chat ?? created(event, at)
  if (chat === null) return null
  return { ...(fits(chat, event) ? applied(chat, event, at) : chat), eventCount: chat.eventCount + 1 }
}

/** What may still happen to a closed chat (D9, E5, H7). Nothing else leaves a trace: `closed` is terminal (D1). */
const afterwards: ReadonlySet<ChatEvent["_tag"]> = new Set(["ChatRated", "ChatTagged", "LeadCreated"])

/** No second close, no message after it (D2, D7); nobody leaves who is not there, nothing served waits (D1). */
const fits = (chat: Chat, event: ChatEvent): boolean => {
  if (chat.state._tag === "Closed") return afterwards.has(event._tag)
  if (event._tag === "AgentLeft") return isServing(chat, event.agentId)
  return event._tag !== "ChatRequeued" || chat.serving.length === 0
}

const applied = (chat: Chat, event: Exclude<ChatEvent, Creation>, at: Instant): Chat => {
  switch (event._tag) {
    case "ChatAnswered":
    case "AgentReturned":
      return joined(chat, event.agentId, at)
    case "AgentLeft":
      return left(chat, event.agentId, at)
    case "ChatRequeued":
      return {
        ...moved(chat, { _tag: "Waiting", since: at }),
        queueNumber: event.queueNumber === "old" ? chat.queueNumber : null
      }
    case "MessageSent":
      return { ...withMessage(chat, event.message), digest: event.digest }
    case "VisitorDetailsChanged":
      return { ...chat, visitor: { ...chat.visitor, ...detailsOf(event) } }
    case "ChatRated":
      return { ...chat, rating: event.rating === null ? null : { rating: event.rating, comment: event.comment } }
    case "ChatTagged":
      return { ...chat, tags: event.tags }
    case "VisitorGone":
      return isOpen(chat.state) ? { ...chat, state: { _tag: "Closing", since: at, before: chat.state } } : chat
    case "VisitorBack":
      return chat.state._tag === "Closing" ? { ...chat, state: chat.state.before } : chat
    case "LeadCreated":
      return { ...chat, lead: { id: event.lead, owner: event.owner } }
    case "ChatClosed":
      return { ...chat, serving: [], state: { _tag: "Closed", at: event.at, reason: event.reason } }
  }
}

type Creation = Extract<ChatEvent, { readonly _tag: "ChatRequested" | "OfflineMessageLeft" }>

const created = (event: Creation, at: Instant): Chat => ({
  id: event.chatId,
  kind: event._tag === "ChatRequested" ? "chat" : "offlineMessage",
  visitor: {
    id: event.visitorId,
    name: event.name,
    email: event.email,
    phone: event.phone,
    emailKey: null,
    phoneKey: null
  },
  department: event._tag === "ChatRequested" ? event.department : null,
  state: { _tag: "Waiting", since: at },
  requestedAt: at,
  queueNumber: null,
  serving: [],
  servedBy: [],
  answered: null,
  messages: { total: 0, visitor: 0, agent: 0, internal: 0 },
  lastMessageAt: null,
  lastPublicAt: null,
  beginning: null,
  digest: emptyDigest,
  rating: null,
  tags: [],
  lead: null,
  eventCount: 1
})

const isOpen = (state: ChatState): state is OpenState => state._tag !== "Closing" && state._tag !== "Closed"

/** A move among open states; while the visitor is gone it changes the remembered state (D1). */
const moved = (chat: Chat, to: OpenState): Chat => {
  if (chat.state._tag === "Closed") return chat
  return chat.state._tag === "Closing" ? { ...chat, state: { ...chat.state, before: to } } : { ...chat, state: to }
}

const joined = (chat: Chat, agentId: AgentId, at: Instant): Chat => {
  if (isServing(chat, agentId)) return chat
  const serving: Serving = { agentId, joinedAt: at }
  return {
    ...moved(chat, { _tag: "Served", since: at }),
    serving: [...chat.serving, serving],
    servedBy: chat.servedBy.includes(agentId) ? chat.servedBy : [...chat.servedBy, agentId],
    answered: chat.answered ?? { by: agentId, at }
  }
}

const left = (chat: Chat, agentId: AgentId, at: Instant): Chat => {
  const serving = chat.serving.filter((serving) => serving.agentId !== agentId)
  return { ...(serving.length === 0 ? moved(chat, { _tag: "Left", since: at }) : chat), serving }
}

const withMessage = (chat: Chat, message: Message): Chat => {
  const isPublic = message.visibility === "public"
  const counts = chat.messages
  return {
    ...chat,
    messages: {
      total: counts.total + 1,
      visitor: counts.visitor + (message.author._tag === "Visitor" ? 1 : 0),
      agent: counts.agent + (isPublic && message.author._tag === "Agent" ? 1 : 0),
      internal: counts.internal + (isPublic ? 0 : 1)
    },
    lastMessageAt: message.at,
    lastPublicAt: isPublic ? message.at : chat.lastPublicAt,
    beginning: chat.beginning ?? (isPublic ? message.content : null)
  }
}

const detailsOf = (event: Extract<ChatEvent, { readonly _tag: "VisitorDetailsChanged" }>) => ({
  ...(event.name === undefined ? {} : { name: event.name }),
  ...(event.email === undefined ? {} : { email: event.email }),
  ...(event.phone === undefined ? {} : { phone: event.phone })
})
