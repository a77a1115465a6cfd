import { Result, Schema } from "effect"
import type { Content } from "../account/Content.ts"
import { AgentId, ChatId, DepartmentId, VisitorId } from "../account/Id.ts"
import * as Instant from "../account/Instant.ts"
import type * as Limits from "../account/Limits.ts"
import { CloseReason, Rating } from "./Chat.ts"
import type { Details, Text } from "./ChatCommand.ts"
import { limited, tagsOf, withinLimits } from "./ChatDetails.ts"
import type { ChatEvent } from "./ChatEvent.ts"
import type { BadTag } from "./ChatRefusal.ts"
import * as Talk from "./ChatTalk.ts"
import { Author, emptyDigest, InternalNote } from "./Transcript.ts"

const said = { at: Instant.Instant, text: Schema.String }

/** A message of the past; its number is its place (D7). */
export const PastMessage = Schema.Union([
  Schema.Struct({ ...said, visibility: Schema.Literal("public"), author: Author }),
  Schema.Struct({ ...said, visibility: Schema.Literal("internal"), author: InternalNote.fields.author })
])
export type PastMessage = typeof PastMessage.Type

/** What became of a chat of the past (D4). */
export const PastOutcome = Schema.Literals(["served", "missed", "offlineMessage"])
export type PastOutcome = typeof PastOutcome.Type

const maybe = Schema.NullOr(Schema.String)

/** A chat that was over before Leadline knew of it: what an import gives. Texts as typed; blank ones are absence (A1). */
export const PastChat = Schema.Struct({
  /** Its id for ever: importing it again changes nothing. */
  id: ChatId,
  visitor: Schema.Struct({ id: VisitorId, name: maybe, email: maybe, phone: maybe }),
  department: Schema.NullOr(DepartmentId),
  /** First to serve first (H1); none where it was missed, or an offline message. */
  servedBy: Schema.Array(AgentId),
  /** When the first of them answered; `null`: not known, and taken to be at the start. */
  answeredAt: Schema.NullOr(Instant.Instant),
  /** In order. A time before the last one's is taken to be the last one's (D7). */
  messages: Schema.Array(PastMessage),
  tags: Schema.Array(Schema.String),
  rating: Schema.NullOr(Schema.Struct({ rating: Rating, comment: maybe })),
  startedAt: Instant.Instant,
  /** Never before the last message: then that one's time (D7). */
  endedAt: Instant.Instant,
  outcome: PastOutcome,
  closedBy: CloseReason
})
export type PastChat = typeof PastChat.Type

/** A time that cannot be: an end before the start, or anything that is still to come. [from, until], both inclusive. */
export const TimeOutside = Schema.TaggedStruct("TimeOutside", {
  field: Schema.String,
  at: Instant.Instant,
  from: Schema.NullOr(Instant.Instant),
  until: Instant.Instant
})
export type TimeOutside = typeof TimeOutside.Type

/** A field that says something else than the outcome: a missed chat that was served, or a served one that nobody served. */
export const Contradiction = Schema.TaggedStruct("Contradiction", { field: Schema.String, outcome: PastOutcome })
export type Contradiction = typeof Contradiction.Type

/** An agent wrote in a chat they did not serve (C10). */
export const AuthorNotServing = Schema.TaggedStruct("AuthorNotServing", { field: Schema.String, agentId: AgentId })
export type AuthorNotServing = typeof AuthorNotServing.Type

export type PastChatRefusal =
  | Limits.TooLong
  | Limits.TooMany
  | Limits.Blank
  | BadTag
  | TimeOutside
  | Contradiction
  | AuthorNotServing

/** The personal values of a past chat, detached (J4). */
export interface Sealed {
  readonly details: Details
  /** One per message, in their order. */
  readonly texts: ReadonlyArray<Text>
  readonly comment: Text | null
  /** Stands for all of what was imported, to tell a repetition from another chat of the same id. */
  readonly original: Content
}

type Checked<A> = Result.Result<A, PastChatRefusal>
type MessageSent = Extract<ChatEvent, { readonly _tag: "MessageSent" }>

/**
 * What an import makes happen, in this order: `ChatImported`, which opens the chat in a state that neither waits nor
 * rings, its messages, rating, tags, `ChatClosed`. All in one commit, so that nobody ever sees the chat open. Refused
 * where a field breaks a limit (D11) or a rule of transcripts (D7), naming the field: `messages.3.text`.
 */
export const decide = (past: PastChat, sealed: Sealed, now: Instant.Instant): Checked<ReadonlyArray<ChatEvent>> =>
  Result.gen(function* () {
    const details = yield* Result.mapError(withinLimits(sealed.details), under("visitor."))
    yield* fits(past, now)
    const sent = yield* transcript(past, sealed.texts, now)
    const last = sent.at(-1)
    const endedAt = Instant.max(past.endedAt, last?.message.at ?? past.endedAt)
    if (past.answeredAt !== null) yield* within("answeredAt", past.answeredAt, past.startedAt, endedAt)
    const comment = yield* Result.mapError(limited("comment", sealed.comment), under("rating."))
    const tags = yield* tagsOf(past.tags)
    const events: Array<ChatEvent> = [
      {
        _tag: "ChatImported",
        chatId: past.id,
        visitorId: past.visitor.id,
        kind: past.outcome === "offlineMessage" ? "offlineMessage" : "chat",
        department: past.department,
        requestedAt: past.startedAt,
        servedBy: [...new Set(past.servedBy)],
        answeredAt: past.answeredAt,
        original: sealed.original,
        ...details
      },
      ...sent
    ]
    if (past.rating !== null) events.push({ _tag: "ChatRated", rating: past.rating.rating, comment })
    if (tags.length > 0) events.push({ _tag: "ChatTagged", tags })
    const digest = last?.digest ?? emptyDigest
    events.push({ _tag: "ChatClosed", reason: past.closedBy, at: endedAt, digest, messages: sent.length })
    return events
  })

const under =
  (path: string) =>
  <Refusal extends { readonly field: string }>(refusal: Refusal): Refusal => ({
    ...refusal,
    field: `${path}${refusal.field}`
  })

const within = (
  field: string,
  at: Instant.Instant,
  from: Instant.Instant | null,
  until: Instant.Instant
): Result.Result<void, TimeOutside> =>
  (from !== null && at < from) || at > until
    ? Result.fail({ _tag: "TimeOutside", field, at, from, until })
    : Result.void

/** Whether times and outcome go together. An offline message says something, and nobody serves it (D4). */
const fits = (past: PastChat, now: Instant.Instant): Checked<void> =>
  Result.gen(function* () {
    const { outcome } = past
    yield* within("startedAt", past.startedAt, null, now)
    yield* within("endedAt", past.endedAt, past.startedAt, now)
    const wasServed = past.servedBy.length > 0
    if (wasServed !== (outcome === "served")) return yield* contradiction("servedBy", outcome)
    if (!wasServed && past.answeredAt !== null) return yield* contradiction("answeredAt", outcome)
    if (outcome === "offlineMessage" && past.messages.length === 0) {
      return yield* Result.fail({ _tag: "Blank" as const, field: "messages" })
    }
  })

const contradiction = (field: string, outcome: PastOutcome): Result.Result<never, Contradiction> =>
  Result.fail({ _tag: "Contradiction", field, outcome })

/** The messages, numbered, timed and chained as those of a live chat (D7). */
const transcript = (
  past: PastChat,
  texts: ReadonlyArray<Text>,
  now: Instant.Instant
): Checked<ReadonlyArray<MessageSent>> =>
  Result.gen(function* () {
    const sent: Array<MessageSent> = []
    let last = { number: 0, at: past.startedAt, digest: emptyDigest }
    for (const [at, said] of past.messages.entries()) {
      const path = `messages.${at}.`
      const text = texts[at]
      if (text === undefined) break
      yield* within(`${path}at`, said.at, null, now)
      if (said.author._tag === "Agent" && !past.servedBy.includes(said.author.agentId)) {
        const { agentId } = said.author
        return yield* Result.fail({ _tag: "AuthorNotServing" as const, field: `${path}author`, agentId })
      }
      const event = yield* Result.mapError(Talk.message(last, voiceOf(said), text, said.at), (refusal) => ({
        ...refusal,
        field: `${path}text`
      }))
      sent.push(event)
      last = { number: event.message.number, at: event.message.at, digest: event.digest }
    }
    return sent
  })

/** Who speaks, to whom: nothing of the text itself goes along (J4). */
const voiceOf = (said: PastMessage) =>
  said.visibility === "public"
    ? { visibility: said.visibility, author: said.author }
    : { visibility: said.visibility, author: said.author }
