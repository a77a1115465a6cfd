/** Parts of chats, and whole ones with how they came about: the first half of `ChatArbitrary`. */
import fc from "fast-check"
import type { ContentRef } from "../../domain/account/Content.ts"
import type { AgentId, ChatId, VisitorId } from "../../domain/account/Id.ts"
import type * as Instant from "../../domain/account/Instant.ts"
import * as Chat from "../../domain/chat/Chat.ts"
import type { ChatCommand, Text } from "../../domain/chat/ChatCommand.ts"
import * as ChatEvent from "../../domain/chat/ChatEvent.ts"
import * as ChatTimeouts from "../../domain/chat/ChatTimeouts.ts"
import { storable } from "../../domain/chat/Commitment.ts"
import * as Offer from "../../domain/chat/Offer.ts"
import * as Transcript from "../../domain/chat/Transcript.ts"
import * as EmailKey from "../../domain/identity/EmailKey.ts"
import * as PhoneKey from "../../domain/identity/PhoneKey.ts"
import * as ChatCommands from "../ChatCommands.ts"
import * as HostileText from "../HostileText.ts"
import * as Agent from "./Agent.ts"
import { deriving, type Known, structDeriving } from "./Derived.ts"
import * as Identity from "./Identity.ts"

const digest = fc
  .array(fc.constantFrom(..."0123456789abcdef"), { minLength: 64, maxLength: 64 })
  .map((digits) => digits.join("") as Transcript.Digest)

export { digest }

const nullable = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: null })
const base: Known = [...Agent.known, [Transcript.Digest, digest]]
const of = deriving(base)
const struct = structDeriving(base)

// --- parts ----------------------------------------------------------------------------------------------------------

export const closeReason = of(Chat.CloseReason)
export const openState = of(Chat.OpenState)
export const chatState = of(Chat.ChatState)
export const rating = of(Chat.Rating)
export const serving = of(Chat.Serving)
export const chatTimeouts = of(ChatTimeouts.ChatTimeouts)
export const offer = of(Offer.Offer)
export const exclusion = of(Offer.Exclusion)
export const author = of(Transcript.Author)

/** A visitor as a chat knows them: a key only where there is the address it was made from (A1). */
export const visitor: fc.Arbitrary<Chat.Visitor> = struct(Chat.Visitor, {
  emailKey: nullable(Identity.emailKey),
  phoneKey: nullable(Identity.phoneKey)
}).map((drawn) => ({
  ...drawn,
  emailKey: drawn.email === null ? null : drawn.emailKey,
  phoneKey: drawn.phone === null ? null : drawn.phoneKey
}))

const number = fc.integer({ min: 1, max: 10_000 })
export const publicMessage: fc.Arbitrary<Transcript.PublicMessage> = struct(Transcript.PublicMessage, { number })
export const internalNote: fc.Arbitrary<Transcript.InternalNote> = struct(Transcript.InternalNote, { number })
export const message: fc.Arbitrary<Transcript.Message> = fc.oneof(
  { withCrossShrink: true },
  publicMessage,
  internalNote
)

/** A tag that a chat takes (D9). */
const tag = fc.constantFrom("vip", "follow-up", "größe_2", "東京", "1")
const tags = fc.uniqueArray(tag, { maxLength: 3 })

/** Any single event; events that fit each other are those of a {@link log}. */
export const chatEvent: fc.Arbitrary<ChatEvent.ChatEvent> = fc
  .tuple(deriving([[Transcript.Message, message], [Chat.Visitor, visitor], ...base])(ChatEvent.ChatEvent), tags)
  .map(([event, tags]) => (event._tag === "ChatTagged" ? { ...event, tags } : event))

// --- whole chats ----------------------------------------------------------------------------------------------------

/** A chat and how it came about. */
export interface ChatLog {
  readonly chat: Chat.Chat
  /** What happened, oldest first, each with its time. */
  readonly events: ReadonlyArray<{ readonly event: ChatEvent.ChatEvent; readonly at: Instant.Instant }>
  readonly messages: ReadonlyArray<Transcript.Message>
  /** What was typed, by reference (J4). */
  readonly texts: ReadonlyMap<ContentRef, string>
}

/** Ids to take the place of {@link ChatCommands}' own. */
export interface Names {
  readonly chatId?: ChatId
  readonly visitorId?: VisitorId
  /** In turn; none: the four that there are. */
  readonly agentIds?: ReadonlyArray<AgentId>
}

/** decision: as short as the shortest limit of D11, so that a text is seldom refused; limits have tests of their own. */
const MAX_TYPED = 64

/** Texts of which some are emails and phones, so that chats have keys to match by. None above a limit of D11. */
export const typed: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  { weight: 3, arbitrary: HostileText.text.map((text) => text.slice(0, MAX_TYPED)) },
  { weight: 2, arbitrary: Identity.email.filter((text) => text.length <= MAX_TYPED) },
  { weight: 1, arbitrary: Identity.phone }
)

/** A whole chat: its commands, sensible or not, decided one after another. Shrinks to a request and nothing else. */
export const log = (options: ChatCommands.Options & Names = {}): fc.Arbitrary<ChatLog> =>
  ChatCommands.steps({ text: typed, ...options })
    .map((steps) => logOf(steps, options))
    .filter((log) => log !== null)

/** What comes of commands; where none opens the chat, it is asked for first. Never `null`, but the types do not know. */
export const logOf = (steps: ReadonlyArray<ChatCommands.Step>, names: Names = {}): ChatLog | null =>
  played(renamed(steps, names)) ?? played(renamed([plainRequest, ...steps], names))

const plainRequest: ChatCommands.Step = {
  command: {
    _tag: "RequestChat",
    chatId: ChatCommands.chatId,
    visitorId: ChatCommands.visitorId,
    department: null,
    details: { name: null, email: null, phone: null }
  },
  now: ChatCommands.START
}

const played = (steps: ReadonlyArray<ChatCommands.Step>): ChatLog | null => {
  const turns = ChatCommands.play(steps)
  const chat = turns.at(-1)?.after ?? null
  if (chat === null) return null
  const events = turns.flatMap(({ events, now }) => events.map((event) => ({ event, at: now })))
  const texts = new Map(steps.flatMap(({ command }) => textsIn(command)))
  const messages = events.flatMap(({ event }) => (event._tag === "MessageSent" ? [event.message] : []))
  return { chat: withKeys(chat, texts), events, messages, texts }
}

/** Other ids in the same commands; references get the chat's id before them, so that no two chats share a text. */
const renamed = (steps: ReadonlyArray<ChatCommands.Step>, names: Names): ReadonlyArray<ChatCommands.Step> => {
  const { agentIds = [], chatId, visitorId } = names
  const ids = new Map<string, string>()
  if (chatId !== undefined) ids.set(ChatCommands.chatId, chatId)
  if (visitorId !== undefined) ids.set(ChatCommands.visitorId, visitorId)
  for (const [at, agentId] of ChatCommands.agentIds.entries()) {
    ids.set(agentId, agentIds[at % Math.max(1, agentIds.length)] ?? agentId)
  }
  const prefix = chatId === undefined ? "" : `${chatId}.`
  const rename = (field: string, value: unknown): unknown => {
    if (typeof value !== "string") return value
    if (field === "ref") return `${prefix}${value}`
    return idFields.has(field) ? (ids.get(value) ?? value) : value
  }
  return JSON.parse(JSON.stringify(steps), rename)
}

const idFields: ReadonlySet<string> = new Set(["chatId", "visitorId", "agentId", "by", "to"])

/** What was typed in a command. */
const textsIn = (command: ChatCommand): ReadonlyArray<readonly [ContentRef, string]> => {
  const found: Array<readonly [ContentRef, string]> = []
  const look = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return
    if (isText(part)) found.push([part.content.ref, storable(part.typed)])
    else for (const inner of Object.values(part)) look(inner)
  }
  look(command)
  return found
}
const isText = (part: object): part is Text => "typed" in part && "content" in part

/** With the keys that a use case gives beside the events (A1, A6), which erasure takes (J4). */
const withKeys = (chat: Chat.Chat, texts: ChatLog["texts"]): Chat.Chat => {
  if (chat.erasedAt !== undefined) return chat
  const { email, phone } = chat.visitor
  const typedEmail = email === null ? null : (texts.get(email.ref) ?? null)
  const typedPhone = phone === null ? null : (texts.get(phone.ref) ?? null)
  const emailKey = EmailKey.isGiven(typedEmail) ? EmailKey.make(typedEmail) : null
  const phoneKey = EmailKey.isGiven(typedPhone) ? PhoneKey.make(typedPhone, null) : null
  return { ...chat, visitor: { ...chat.visitor, emailKey, phoneKey } }
}

/** A chat in any state, live: what a {@link log} ends with. Those of the past are `pastChat`'s. */
export const chat: fc.Arbitrary<Chat.Chat> = log().map(({ chat }) => chat)

/** What stands for the schemas of this module wherever they occur in others. */
export const known: Known = [[Chat.Chat, chat], [Chat.Visitor, visitor], [Transcript.Message, message], ...base]
