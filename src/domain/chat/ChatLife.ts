import { Result } from "effect"
import type { AgentId } from "../account/Id.ts"
import * as Instant from "../account/Instant.ts"
import * as Limits from "../account/Limits.ts"
import { type Chat, type CloseReason, isServing } from "./Chat.ts"
import type { ChatCommand, ChatRefusal } from "./ChatCommand.ts"
import { withinLimits } from "./ChatDetails.ts"
import type { ChatEvent } from "./ChatEvent.ts"
import * as Offers from "./ChatOffers.ts"
import type { ChatIsClosed } from "./ChatRefusal.ts"
import * as Talk from "./ChatTalk.ts"
import { emptyDigest } from "./Transcript.ts"

type Decision = Result.Result<ReadonlyArray<ChatEvent>, ChatRefusal>

const nothing: Decision = Result.succeed([])

/** Most skills that a chat asks for. Source: C6. */
export const MAX_SKILLS = 5

/** A chat enters the queue. Repeating the request of the same visitor does nothing (D6). */
export const request = (
  command: Extract<ChatCommand, { readonly _tag: "RequestChat" }>,
  chat: Chat | null
): Decision => {
  const { chatId, department, details, skills = [], timeouts, visitorId } = command
  if (chat !== null) {
    return chat.visitor.id === visitorId && chat.kind === "chat" && chat.state._tag !== "Closed"
      ? nothing
      : Result.fail({ _tag: "ChatIdTaken", chatId })
  }
  if (skills.length > MAX_SKILLS) {
    return Result.fail({ _tag: "TooMany", field: "skills", limit: MAX_SKILLS, size: skills.length })
  }
  for (const skill of skills) {
    const fits = Limits.meaningful("skill", skill)
    if (Result.isFailure(fits)) return Result.fail(fits.failure)
  }
  return Result.map(
    withinLimits(details),
    (contents): ReadonlyArray<ChatEvent> => [
      {
        _tag: "ChatRequested",
        chatId,
        visitorId,
        department,
        ...(skills.length === 0 ? {} : { skills }),
        ...(timeouts === undefined ? {} : { timeouts }),
        ...contents
      }
    ]
  )
}

/** A message left for later (B8, D4): a chat that closes as it begins. */
export const leaveOfflineMessage = (
  command: Extract<ChatCommand, { readonly _tag: "LeaveOfflineMessage" }>,
  chat: Chat | null,
  now: Instant.Instant
): Decision =>
  Result.gen(function* () {
    const { chatId, details, texts, visitorId } = command
    if (chat !== null) return yield* Result.fail({ _tag: "ChatIdTaken" as const, chatId })
    if (texts.length === 0) return yield* Result.fail({ _tag: "Blank" as const, field: "message" })
    const contents = yield* withinLimits(details)
    const events: Array<ChatEvent> = [{ _tag: "OfflineMessageLeft", chatId, visitorId, ...contents }]
    let last = { number: 0, at: now, digest: emptyDigest }
    for (const text of texts) {
      const sent = yield* Talk.message(last, { visibility: "public", author: { _tag: "Visitor" } }, text, now)
      events.push(sent)
      last = { number: sent.message.number, at: sent.message.at, digest: sent.digest }
    }
    events.push({ _tag: "ChatClosed", reason: "visitor", at: last.at, digest: last.digest, messages: last.number })
    return events
  })

/**
 * Of n agents exactly one wins; the winner repeating it: nothing happens (C8). What is offered only its agent answers,
 * before the deadline; what waits anybody, but in assigned mode nobody (C1).
 */
export const answer = (chat: Chat, agentId: AgentId, isAssigned: boolean, now: Instant.Instant): Decision => {
  if (isServing(chat, agentId)) return nothing
  const taken: Decision = Result.succeed([
    { _tag: chat.servedBy.includes(agentId) ? "AgentReturned" : "ChatAnswered", agentId }
  ])
  switch (chat.state._tag) {
    case "Waiting":
      return isAssigned ? Result.fail({ _tag: "NotOffered", agentId }) : taken
    case "Offered":
      return Result.flatMap(Offers.held(chat, agentId, now), () => taken)
    case "Served": {
      if (Result.isSuccess(Offers.held(chat, agentId, now))) return taken
      const holder = chat.serving[0]
      return holder === undefined
        ? nothing
        : Result.fail({ _tag: "ChatAlreadyAnswered", by: holder.agentId, at: holder.joinedAt })
    }
    case "Left":
      return chat.servedBy.includes(agentId)
        ? Result.succeed([{ _tag: "AgentReturned", agentId }])
        : Result.fail({ _tag: "ChatNotWaiting", state: "Left" })
    case "Closing":
      return Result.fail({ _tag: "ChatNotWaiting", state: "Closing" })
    case "Closed":
      return Result.fail(closed(chat.state))
  }
}

const closed = (state: Extract<Chat["state"], { readonly _tag: "Closed" }>): ChatIsClosed => ({
  _tag: "ChatIsClosed",
  at: state.at,
  reason: state.reason
})

/** Leaving does not close the chat (D3). Who does not serve has left already. */
export const leave = (chat: Chat, agentId: AgentId): Decision =>
  isServing(chat, agentId)
    ? Result.succeed([{ _tag: "AgentLeft", agentId, wasLast: chat.serving.length === 1 }])
    : nothing

/** An agent who goes offline: what only they serve waits again, with its old number (B4, C2). */
export const release = (chat: Chat, agentId: AgentId): Decision => {
  if (!isServing(chat, agentId)) return nothing
  const wasLast = chat.serving.length === 1
  const left: ChatEvent = { _tag: "AgentLeft", agentId, wasLast }
  const waitsAgain = wasLast && chat.offer === null
  return Result.succeed(
    waitsAgain ? [left, { _tag: "ChatRequeued", reason: "agentsGone", queueNumber: "old" }] : [left]
  )
}

/** The visitor closed the page: nothing rings or is answered until they return; an offer is withdrawn (D1). */
export const leavePage = (chat: Chat): Decision =>
  chat.state._tag === "Closing" || chat.state._tag === "Closed"
    ? nothing
    : Result.succeed([...Offers.ended(chat, "visitorGone"), { _tag: "VisitorGone" }])

export const returnToPage = (chat: Chat): Decision => {
  if (chat.state._tag === "Closed") return Result.fail(closed(chat.state))
  return chat.state._tag === "Closing" ? Result.succeed([{ _tag: "VisitorBack" }]) : nothing
}

/**
 * Any close path seals the transcript exactly once (D2). End ≥ start, and ≥ the last message (D7). Of the agents only
 * one who serves ends a chat (C10): `by` is that agent, `null` for every other path.
 */
export const end = (chat: Chat, reason: CloseReason, by: AgentId | null, now: Instant.Instant): Decision => {
  if (chat.state._tag === "Closed") return nothing
  if (by !== null && !isServing(chat, by)) return Result.fail({ _tag: "NotServing", agentId: by })
  return Result.succeed(sealing(chat, reason, now))
}

/** The close of an open chat, and of its offer, if it has one. */
export const sealing = (chat: Chat, reason: CloseReason, now: Instant.Instant): ReadonlyArray<ChatEvent> => {
  const at = Instant.max(now, chat.lastMessageAt ?? chat.requestedAt)
  return [
    ...Offers.ended(chat, "closed"),
    { _tag: "ChatClosed", reason, at, digest: chat.digest, messages: chat.messages.total }
  ]
}
