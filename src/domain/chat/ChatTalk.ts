import { Result } from "effect"
import type { AgentId } from "../account/Id.ts"
import * as Instant from "../account/Instant.ts"
import * as Limits from "../account/Limits.ts"
import { type Chat, isServing } from "./Chat.ts"
import type { ChatRefusal, Text } from "./ChatCommand.ts"
import type { ChatEvent } from "./ChatEvent.ts"
import { type Digest, extend, type InternalNote, type Message, type PublicMessage } from "./Transcript.ts"

type Decision = Result.Result<ReadonlyArray<ChatEvent>, ChatRefusal>
type MessageSent = Extract<ChatEvent, { readonly _tag: "MessageSent" }>
type Voice = Pick<PublicMessage, "visibility" | "author"> | Pick<InternalNote, "visibility" | "author">

/** The next message of a transcript: numbered, timed max(now, the last one's), chained (D7). */
export const message = (
  last: { readonly number: number; readonly at: Instant.Instant; readonly digest: Digest },
  voice: Voice,
  text: Text,
  now: Instant.Instant
): Result.Result<MessageSent, Limits.TooLong | Limits.Blank> =>
  Result.map(Limits.meaningful("message", text.typed), () => {
    const line: Message = {
      ...voice,
      number: last.number + 1,
      at: Instant.max(now, last.at),
      content: text.content
    }
    return { _tag: "MessageSent", message: line, digest: extend(last.digest, line) }
  })

const next = (chat: Chat, voice: Voice, text: Text, now: Instant.Instant) =>
  message(
    { number: chat.messages.total, at: chat.lastMessageAt ?? chat.requestedAt, digest: chat.digest },
    voice,
    text,
    now
  )

/**
 * The visitor writes. After the last agent left, the same chat waits again, with a new number (D3, C2). A visitor who
 * was gone is back with their first word (D1).
 */
export const sendAsVisitor = (chat: Chat, text: Text, now: Instant.Instant): Decision => {
  const state = chat.state
  if (state._tag === "Closed") return Result.fail({ _tag: "ChatIsClosed", at: state.at, reason: state.reason })
  return Result.map(next(chat, { visibility: "public", author: { _tag: "Visitor" } }, text, now), (sent) => {
    const open = state._tag === "Closing" ? state.before : state
    return [
      ...(state._tag === "Closing" ? [{ _tag: "VisitorBack" } as const] : []),
      sent,
      ...(open._tag === "Left" ? [{ _tag: "ChatRequeued", reason: "visitorWrote", queueNumber: "new" } as const] : [])
    ]
  })
}

/** Only an agent who serves the chat writes in it (C10). */
export const sendAsAgent = (chat: Chat, agentId: AgentId, text: Text, now: Instant.Instant): Decision =>
  Result.flatMap(serving(chat, agentId), () =>
    Result.map(next(chat, { visibility: "public", author: { _tag: "Agent", agentId } }, text, now), (sent) => [sent])
  )

/** A note between agents, which the visitor never sees (D8). */
export const writeInternalNote = (chat: Chat, agentId: AgentId, text: Text, now: Instant.Instant): Decision =>
  Result.flatMap(serving(chat, agentId), () =>
    Result.map(next(chat, { visibility: "internal", author: { _tag: "Agent", agentId } }, text, now), (sent) => [sent])
  )

const serving = (chat: Chat, agentId: AgentId): Result.Result<void, ChatRefusal> => {
  const state = chat.state
  if (state._tag === "Closed") return Result.fail({ _tag: "ChatIsClosed", at: state.at, reason: state.reason })
  return isServing(chat, agentId) ? Result.void : Result.fail({ _tag: "NotServing", agentId })
}
