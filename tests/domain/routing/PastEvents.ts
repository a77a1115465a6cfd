import {
  Actor,
  type Agent,
  type AgentStatus,
  type ChatEvent,
  type Desk,
  Id,
  Instant,
  type PastLog,
  type ReplayRouting,
  Settings,
  Transcript
} from "leadline"

/** A second of the log. */
export const SECOND = 1_000

export const at = (second: number): Instant.Instant => Instant.fromMillis(second * SECOND)
export const agentId = (id: string) => Id.AgentId.make(id)

export const agentOf = (id: string, more: Partial<Agent.Agent> = {}): Agent.Agent => ({
  id: agentId(id),
  displayName: id,
  email: `${id}@acme.example`,
  userId: null,
  isEnabled: true,
  isChatAdministrator: false,
  departments: [],
  chatLimit: null,
  ...more
})

export const event = (second: number, stream: string, payload: PastLog.AnyEvent["payload"]): PastLog.AnyEvent => ({
  id: Id.EventId.make(`${stream.replace("/", "-")}-${second}-${payload._tag}`),
  stream,
  number: 0,
  at: at(second),
  actor: Actor.system,
  surface: "api",
  schemaVersion: 2,
  payload,
  contents: []
})

export const status = (second: number, id: string, to: AgentStatus.AgentStatus, reason: Desk.StatusReason = "chosen") =>
  event(second, `desk/${id}`, {
    _tag: "StatusChanged",
    agentId: agentId(id),
    from: "offline",
    to,
    reason
  } as Desk.DeskEvent)

export const asks = (second: number, id: string, more: { readonly skills?: ReadonlyArray<string> } = {}) =>
  event(second, `chat/${id}`, {
    _tag: "ChatRequested",
    chatId: Id.ChatId.make(id),
    visitorId: Id.VisitorId.make(`v-${id}`),
    department: null,
    name: null,
    email: null,
    phone: null,
    ...more
  } as ChatEvent.ChatEvent)

/** Anything else that happens in a chat. */
export const inChat = (second: number, id: string, payload: ChatEvent.ChatEvent) => event(second, `chat/${id}`, payload)

export const answers = (second: number, id: string, by: string) =>
  inChat(second, id, { _tag: "ChatAnswered", agentId: agentId(by) })

export const closes = (second: number, id: string) =>
  inChat(second, id, {
    _tag: "ChatClosed",
    reason: "visitor",
    at: at(second),
    digest: Transcript.emptyDigest,
    messages: 0
  })

/** A chat from request to close; `by: null`: nobody answered. */
export const chat = (id: string, asked: number, answered: readonly [number, string] | null, closed: number) => [
  asks(asked, id),
  ...(answered === null ? [] : [answers(answered[0], id, answered[1])]),
  closes(closed, id)
]

/** In the order of a log. */
export const inOrder = (events: ReadonlyArray<PastLog.AnyEvent>) => [...events].sort((a, b) => a.at - b.at)

export const policy = (more: Partial<ReplayRouting.ReplayPolicy> = {}): ReplayRouting.ReplayPolicy => ({
  ...Settings.defaults,
  ...more
})
