import type { Chat, Event } from "leadline"
import type { ClosedChatsQuery, DeskPayload, DeskRecords, Parked, PersonChatsQuery, Put } from "leadline/ports"
import type { Place, QueuePlace } from "./World.ts"

/**
 * What the chat side finds records by, beside their keys:
 *
 * | list | what stands in it | rank |
 * |---|---|---|
 * | `visitor/ID`, `email/KEY`, `phone/KEY` | a person's chats, open and closed (J4) | 0 |
 * | `closed/CLASS//KEY` | chats closed with an email key (A7), by class: `answered`, `missed`, `offline` (D4) | start |
 * | `closed/CLASS/AGENT/KEY` | those that an agent served | start |
 * | `past`, `past/visitor/ID`, `past/agent/ID` | all closed chats, and a visitor's, an agent's | start |
 * | `givenUp/BRIDGE`, `parked/BRIDGE` | what a bridge gave up, what it will try again (G4) | position |
 *
 * Ids hold no slash; a key may, and comes last.
 */
export const places = (put: Put<DeskRecords>): ReadonlyArray<Place> => {
  if (put.key.kind === "chat") return ofChat(put.value as Chat.Chat)
  if (put.key.kind === "parked") return ofParked(put.value as Parked)
  return []
}

const ofParked = ({ bridge, nextTryAt, position }: Parked): ReadonlyArray<Place> => [
  [nextTryAt === null ? `givenUp/${bridge}` : `parked/${bridge}`, position]
]

const ofChat = (chat: Chat.Chat): ReadonlyArray<Place> => [
  ...personLists({
    visitors: [chat.visitor.id],
    emails: chat.visitor.emailKey === null ? [] : [chat.visitor.emailKey],
    phones: chat.visitor.phoneKey === null ? [] : [chat.visitor.phoneKey]
  }).map((list): Place => [list, 0]),
  ...(chat.state._tag === "Closed" ? closedLists(chat).map((list): Place => [list, chat.requestedAt]) : [])
]

export const personLists = ({
  emails,
  phones,
  visitors
}: Pick<PersonChatsQuery, "visitors" | "emails" | "phones">): ReadonlyArray<string> => [
  ...visitors.map((id) => `visitor/${id}`),
  ...emails.map((key) => `email/${key}`),
  ...phones.map((key) => `phone/${key}`)
]

const closedLists = (chat: Chat.Chat): ReadonlyArray<string> => {
  const key = chat.visitor.emailKey
  const agents = [...new Set(chat.servedBy)]
  const feeds = key === null ? [] : ["", ...agents].map((agent) => `closed/${classOf(chat)}/${agent}/${key}`)
  return [...feeds, "past", `past/visitor/${chat.visitor.id}`, ...agents.map((id) => `past/agent/${id}`)]
}

const classOf = ({ answered, kind }: Chat.Chat): string =>
  kind === "offlineMessage" ? "offline" : answered === null ? "missed" : "answered"

/** The lists that together hold what a feed page may show of its keys. */
export const feedLists = (query: ClosedChatsQuery): ReadonlyArray<string> => {
  const classes = [
    "answered",
    ...(query.includeMissed ? ["missed"] : []),
    ...(query.includeOfflineMessages ? ["offline"] : [])
  ]
  const agents = query.servedByAny === null ? [""] : [...new Set<string>(query.servedByAny)]
  return [...new Set(query.keys)].flatMap((key) =>
    classes.flatMap((of) => agents.map((agent) => `closed/${of}/${agent}/${key}`))
  )
}

/** Whether a chat fits what a feed page asks beside its keys: for chats that are asked for by id (E7). */
export const fits = (query: ClosedChatsQuery, chat: Chat.Chat): boolean =>
  chat.state._tag === "Closed" &&
  (query.from === null || chat.requestedAt >= query.from) &&
  (query.until === null || chat.requestedAt < query.until) &&
  (query.servedByAny === null || chat.servedBy.some((id) => query.servedByAny?.includes(id))) &&
  (classOf(chat) === "answered" || (classOf(chat) === "missed" ? query.includeMissed : query.includeOfflineMessages)) &&
  (query.after === null ||
    chat.requestedAt < query.after.at ||
    (chat.requestedAt === query.after.at && chat.id < query.after.id))

/** A chat that waits stands in the queue; one that waits or is offered has a number, or takes one (C2). */
export const queue = ({ key, value }: Put<DeskRecords>): QueuePlace => {
  if (key.kind !== "chat") return { number: null, waits: false }
  const { queueNumber, state } = value as Chat.Chat
  const hasPlace = state._tag === "Waiting" || state._tag === "Offered"
  return { number: hasPlace ? (queueNumber ?? -1) : null, waits: state._tag === "Waiting" }
}

export const messageNumber = ({ payload }: Event.Event<DeskPayload>): number | null =>
  payload._tag === "MessageSent" ? payload.message.number : null
