import type { AgentId } from "../account/Id.ts"
import type { Instant } from "../account/Instant.ts"
import { type Chat, type ChatState, isServing, type OpenState, type Serving } from "./Chat.ts"
import type { ChatEvent } from "./ChatEvent.ts"
import * as ChatTimeouts from "./ChatTimeouts.ts"
import { cleared, type Exclusion, exclude } from "./Offer.ts"
import { type Digest, emptyDigest, type Message } from "./Transcript.ts"

/**
 * Applies an event that has happened at `at` (K4). Total: an event that does not fit (none that a decider made) leaves
 * the chat as it is. `null` is a chat that does not exist yet.
 */
export const evolve = (chat: Chat | null, event: ChatEvent, at: Instant): Chat | null => {
  if (event._tag === "ChatRequested" || event._tag === "OfflineMessageLeft") return chat ?? created(event, at)
  if (event._tag === "ChatImported") return chat ?? imported(event)
  if (chat === null) return null
  const next = fits(chat, event) ? applied(chat, event, at) : chat
  return next === chat ? { ...chat, eventCount: chat.eventCount + 1 } : counted(next, chat.eventCount + 1)
}

/** In place: nobody else has seen this copy, and a second one would cost as much again. */
const counted = (fresh: { -readonly [Field in keyof Chat]: Chat[Field] }, eventCount: number): Chat => {
  fresh.eventCount = eventCount
  return fresh
}

/** What may still happen to a closed chat (D9, E5, H7, J4). Nothing else leaves a trace: `closed` is terminal (D1). */
const afterwards: ReadonlySet<ChatEvent["_tag"]> = new Set([
  ...(["ChatRated", "ChatTagged", "LeadCreated"] as const),
  "VisitorErased"
])

/**
 * No second close, no message after it (D2, D7); nobody leaves who is not there, nothing served waits, nothing is held out
 * while closing (D1).
 */
const fits = (chat: Chat, event: ChatEvent): boolean => {
  if (chat.state._tag === "Closed") return afterwards.has(event._tag)
  switch (event._tag) {
    case "AgentLeft":
      return isServing(chat, event.agentId)
    case "ChatRequeued":
      return chat.serving.length === 0 && chat.offer === null
    case "ChatOffered":
      return chat.offer === null && chat.state._tag !== "Closing"
    case "OfferMissed":
    case "OfferDeclined":
    case "OfferWithdrawn":
      return chat.offer?.to === event.agentId
    case "TransferredToAgent":
    case "TransferredToDepartment":
      return isServing(chat, event.by)
    case "VisitorGone":
      return chat.offer === null
    case "ObservingStarted":
      return !chat.observers.includes(event.agentId) && !isServing(chat, event.agentId)
    case "BecameOfflineMessage":
      return chat.answered === null
    default:
      return true
  }
}

const applied = (chat: Chat, event: Exclude<ChatEvent, Creation | Import>, at: Instant): Chat => {
  switch (event._tag) {
    case "ChatAnswered":
    case "AgentReturned":
    case "AgentInvited":
    case "AgentJoined":
      return joined(chat, event.agentId, at)
    case "AgentLeft":
      return left(chat, event.agentId, at)
    case "ChatRequeued": {
      const state = moved(chat.state, { _tag: "Waiting", since: at })
      return event.queueNumber === "old" ? { ...chat, state } : { ...chat, state, queueNumber: null, queuedAt: at }
    }
    case "ChatOffered":
      return offered(chat, event, at)
    case "OfferMissed":
      return offerEnded(chat, event.agentId, "missed", at)
    case "OfferDeclined":
      return offerEnded(chat, event.agentId, "declined", at)
    case "OfferWithdrawn":
      return offerEnded(chat, event.agentId, null, at)
    case "ExclusionsCleared":
      return { ...chat, exclusions: cleared(chat.exclusions) }
    case "ObservingStarted":
      return { ...chat, observers: [...chat.observers, event.agentId] }
    case "ObservingEnded":
      return { ...chat, observers: chat.observers.filter((id) => id !== event.agentId) }
    case "TransferredToAgent":
      return { ...left(chat, event.by, at), exclusions: exclude(chat.exclusions, event.by, "transferred", at) }
    case "TransferredToDepartment":
      return {
        ...chat,
        state: moved(chat.state, { _tag: "Waiting", since: at }),
        serving: [],
        offer: null,
        department: event.to,
        previousDepartment: event.from,
        exclusions: exclude(chat.exclusions, event.by, "transferred", at),
        queueNumber: null,
        queuedAt: at
      }
    case "MessageSent":
      return withMessage(chat, event.message, event.digest)
    case "VisitorDetailsChanged":
      return { ...chat, visitor: { ...chat.visitor, ...detailsOf(event) } }
    case "ChatRated":
      return { ...chat, rating: event.rating === null ? null : { rating: event.rating, comment: event.comment } }
    case "ChatTagged":
      return { ...chat, tags: event.tags }
    case "VisitorGone":
      return isOpen(chat.state) ? { ...chat, state: { _tag: "Closing", since: at, before: chat.state } } : chat
    case "VisitorBack":
      return chat.state._tag === "Closing"
        ? { ...chat, state: chat.state.before, visitorActiveAt: at, isVisitorIdle: false }
        : chat
    case "VisitorIdle":
      return { ...chat, isVisitorIdle: true }
    case "BecameOfflineMessage":
      return { ...chat, kind: "offlineMessage" }
    case "TranscriptRequested":
      return { ...chat, transcriptTo: event.email }
    case "VisitorErased":
      return { ...chat, visitor: { ...chat.visitor, emailKey: null, phoneKey: null }, erasedAt: at }
    case "LeadCreated":
      return { ...chat, lead: { id: event.lead, owner: event.owner } }
    case "ChatClosed":
      return {
        ...chat,
        serving: [],
        observers: [],
        offer: null,
        state: { _tag: "Closed", at: event.at, reason: event.reason }
      }
  }
}

type Creation = Extract<ChatEvent, { readonly _tag: "ChatRequested" | "OfflineMessageLeft" }>
type Import = Extract<ChatEvent, { readonly _tag: "ChatImported" }>

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
  previousDepartment: null,
  skills: (event._tag === "ChatRequested" ? event.skills : undefined) ?? [],
  state: { _tag: "Waiting", since: at },
  requestedAt: at,
  queueNumber: null,
  queuedAt: at,
  offer: null,
  exclusions: [],
  serving: [],
  observers: [],
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
  timeouts: (event._tag === "ChatRequested" ? event.timeouts : undefined) ?? ChatTimeouts.defaults,
  visitorActiveAt: at,
  isVisitorIdle: false,
  wakeAt: null,
  eventCount: 1
})

/** Open until its `ChatClosed`, in the one state that neither waits nor is served. */
const imported = ({ answeredAt, kind, original, requestedAt, servedBy, ...event }: Import): Chat => {
  const [by] = servedBy
  return {
    ...created({ ...event, _tag: "ChatRequested" }, requestedAt),
    kind,
    state: { _tag: "Left", since: requestedAt },
    servedBy,
    answered: by === undefined ? null : { by, at: answeredAt ?? requestedAt },
    imported: original
  }
}

const isOpen = (state: ChatState): state is OpenState =>
  state._tag === "Waiting" || state._tag === "Served" || state._tag === "Left"

/** A move among open states; while the visitor is gone it changes the remembered state (D1). */
const moved = (state: ChatState, to: OpenState): ChatState => {
  if (state._tag === "Closed" || state._tag === to._tag) return state
  return state._tag === "Closing" ? { ...state, before: to } : to
}

const joined = (chat: Chat, agentId: AgentId, at: Instant): Chat => {
  if (isServing(chat, agentId)) return chat
  const serving: Serving = { agentId, joinedAt: at }
  return {
    ...chat,
    state: moved(chat.state, { _tag: "Served", since: at }),
    serving: [...chat.serving, serving],
    servedBy: chat.servedBy.includes(agentId) ? chat.servedBy : [...chat.servedBy, agentId],
    answered: chat.answered ?? { by: agentId, at },
    offer: chat.offer?.to === agentId ? null : chat.offer,
    observers: chat.observers.filter((id) => id !== agentId)
  }
}

const left = (chat: Chat, agentId: AgentId, at: Instant): Chat => {
  const serving = chat.serving.filter((serving) => serving.agentId !== agentId)
  if (serving.length > 0) return { ...chat, serving }
  const state: ChatState =
    chat.offer === null ? moved(chat.state, { _tag: "Left", since: at }) : { _tag: "Offered", since: at }
  return { ...chat, state, serving }
}

/** A chat that nobody serves is `Offered` now; a transferred one gets its new number with that (C2). */
const offered = (chat: Chat, event: Extract<ChatEvent, { readonly _tag: "ChatOffered" }>, at: Instant): Chat => {
  const held = { ...chat, offer: { to: event.agentId, until: event.until, kind: event.kind } }
  const isNew = event.kind === "transfer"
  return {
    ...(chat.serving.length === 0 ? { ...held, state: { _tag: "Offered", since: at } } : held),
    ...(isNew ? { queueNumber: null, queuedAt: at } : {})
  }
}

/** Unless somebody serves, it waits again: with its old number, since when it did (C2). */
const offerEnded = (chat: Chat, agentId: AgentId, why: Exclusion["why"] | null, at: Instant): Chat => ({
  ...chat,
  offer: null,
  exclusions: why === null ? chat.exclusions : exclude(chat.exclusions, agentId, why, at),
  state: chat.state._tag === "Offered" ? { _tag: "Waiting", since: at } : chat.state
})

/** A message is a sign of its visitor, too (D5). */
const withMessage = (chat: Chat, { at, author, content, visibility }: Message, digest: Digest): Chat => {
  const isPublic = visibility === "public"
  const isVisitor = author._tag === "Visitor"
  const { agent, internal, total, visitor } = chat.messages
  return {
    ...chat,
    visitorActiveAt: isVisitor ? at : chat.visitorActiveAt,
    isVisitorIdle: isVisitor ? false : chat.isVisitorIdle,
    messages: {
      total: total + 1,
      visitor: isVisitor ? visitor + 1 : visitor,
      agent: isPublic && author._tag === "Agent" ? agent + 1 : agent,
      internal: isPublic ? internal : internal + 1
    },
    lastMessageAt: at,
    lastPublicAt: isPublic ? at : chat.lastPublicAt,
    beginning: chat.beginning ?? (isPublic ? content : null),
    digest
  }
}

const detailsOf = (event: Extract<ChatEvent, { readonly _tag: "VisitorDetailsChanged" }>) => ({
  ...(event.name === undefined ? {} : { name: event.name }),
  ...(event.email === undefined ? {} : { email: event.email }),
  ...(event.phone === undefined ? {} : { phone: event.phone })
})
