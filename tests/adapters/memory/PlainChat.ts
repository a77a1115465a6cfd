import { type Chat, ChatTimeouts, Id, Instant, Transcript } from "leadline"

const start = Instant.fromMillis(0)

/** A chat in the queue that knows nothing of its visitor, but for what is given. */
export const plainChat = (id: string, more: Partial<Chat.Chat> = {}): Chat.Chat => ({
  id: Id.ChatId.make(id),
  kind: "chat",
  visitor: { id: Id.VisitorId.make("v"), name: null, email: null, phone: null, emailKey: null, phoneKey: null },
  department: null,
  previousDepartment: null,
  skills: [],
  state: { _tag: "Waiting", since: start },
  requestedAt: start,
  queueNumber: null,
  queuedAt: start,
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
  digest: Transcript.emptyDigest,
  rating: null,
  tags: [],
  lead: null,
  timeouts: ChatTimeouts.defaults,
  visitorActiveAt: start,
  isVisitorIdle: false,
  wakeAt: null,
  eventCount: 1,
  ...more
})
