import { Result } from "effect"
import type { AgentId, DepartmentId } from "../account/Id.ts"
import type { Instant } from "../account/Instant.ts"
import { type Chat, isServing } from "./Chat.ts"
import type { ChatRefusal } from "./ChatCommand.ts"
import type { ChatEvent } from "./ChatEvent.ts"
import type { Offer } from "./Offer.ts"

type Decision = Result.Result<ReadonlyArray<ChatEvent>, ChatRefusal>

const nothing: Decision = Result.succeed([])

/**
 * Holds a waiting chat out to an agent (C1). Whom is `Route`'s to say. A chat that waits no more is left alone: routing
 * lost a race, which is nobody's mistake (C8).
 */
export const offer = (chat: Chat, { kind, to, until }: Offer, clearsExclusions: boolean): Decision =>
  chat.state._tag === "Waiting"
    ? Result.succeed([
        ...(clearsExclusions ? [{ _tag: "ExclusionsCleared" } as const] : []),
        { _tag: "ChatOffered", agentId: to, until, kind }
      ])
    : nothing

/** Everybody eligible is excluded: nobody is any more, though nobody may be offered it yet (C4). */
export const clearExclusions = (chat: Chat): Decision =>
  chat.state._tag === "Waiting" && chat.exclusions.some(({ isExcluded }) => isExcluded)
    ? Result.succeed([{ _tag: "ExclusionsCleared" }])
    : nothing

/** The agent does not want it: it waits again, with its old number (C2, C4). Not offered to them: nothing. */
export const decline = (chat: Chat, agentId: AgentId): Decision =>
  chat.offer?.to === agentId ? Result.succeed([{ _tag: "OfferDeclined", agentId }]) : nothing

/** The agent may not answer it any more: no miss (C4). Not offered to them: nothing. */
export const withdraw = (chat: Chat, agentId: AgentId): Decision =>
  chat.offer?.to === agentId
    ? Result.succeed([{ _tag: "OfferWithdrawn", agentId, reason: "agentUnavailable" }])
    : nothing

/** The end of an offer that comes with something else: the visitor went, the chat closes or goes to a department. */
export const ended = (chat: Chat, reason: "visitorGone" | "transferred" | "closed"): ReadonlyArray<ChatEvent> =>
  chat.offer === null ? [] : [{ _tag: "OfferWithdrawn", agentId: chat.offer.to, reason }]

/** The offer that an agent may answer at `now`, or why they may not (C1, C5). */
export const held = (chat: Chat, agentId: AgentId, now: Instant): Result.Result<Offer, ChatRefusal> => {
  if (chat.offer === null) return Result.fail({ _tag: "NotOffered", agentId })
  if (chat.offer.to !== agentId) return Result.fail({ _tag: "OfferedToAnother", until: chat.offer.until })
  return now < chat.offer.until ? Result.succeed(chat.offer) : Result.fail({ _tag: "NotOffered", agentId })
}

/** A served chat is brought before another agent: only from its hands (C10). */
const served = (chat: Chat, by: AgentId): Result.Result<void, ChatRefusal> => {
  const { state } = chat
  if (state._tag === "Closed") return Result.fail({ _tag: "ChatIsClosed", at: state.at, reason: state.reason })
  if (!isServing(chat, by)) return Result.fail({ _tag: "NotServing", agentId: by })
  return state._tag === "Served" ? Result.void : Result.fail({ _tag: "ChatNotWaiting", state: state._tag })
}

/**
 * An offer to an agent; the transferring agent stops serving at once, and is excluded (C11). To one who serves it already:
 * no offer is needed. To oneself: nothing.
 */
export const transferToAgent = (chat: Chat, by: AgentId, to: AgentId, until: Instant): Decision => {
  const isTheirs = isServing(chat, to) || (chat.offer?.to === to && chat.offer.kind === "transfer")
  if (hasTransferred(chat, by) && isTheirs) return nothing
  return Result.flatMap(served(chat, by), (): Decision => {
    if (by === to) return nothing
    if (isServing(chat, to)) return Result.succeed([{ _tag: "TransferredToAgent", by, to }])
    if (chat.offer !== null) return Result.fail({ _tag: "OfferedToAnother", until: chat.offer.until })
    return Result.succeed([
      { _tag: "TransferredToAgent", by, to },
      { _tag: "ChatOffered", agentId: to, until, kind: "transfer" }
    ])
  })
}

/** They gave it away, and do not serve it: told again, there is nothing to do. */
const hasTransferred = (chat: Chat, by: AgentId): boolean =>
  !isServing(chat, by) && chat.exclusions.some(({ agentId, why }) => agentId === by && why === "transferred")

/** Queued in a department, the previous one recorded; all who served it stop (C11, D1: nobody serves what waits). */
export const transferToDepartment = (chat: Chat, by: AgentId, to: DepartmentId | null): Decision =>
  hasTransferred(chat, by) && chat.state._tag === "Waiting" && chat.department === to
    ? nothing
    : Result.map(served(chat, by), () => [
        ...ended(chat, "transferred"),
        { _tag: "TransferredToDepartment", by, from: chat.department, to }
      ])

/** An agent who serves brings another in; they serve at once (C10). They serve already: nothing. */
export const invite = (chat: Chat, by: AgentId, agentId: AgentId): Decision =>
  Result.map(served(chat, by), () => (isServing(chat, agentId) ? [] : [{ _tag: "AgentInvited", agentId, by }]))

/** An agent comes to a chat that others serve (C10). */
export const join = (chat: Chat, agentId: AgentId): Decision => {
  const { state } = chat
  if (isServing(chat, agentId)) return nothing
  if (state._tag === "Closed") return Result.fail({ _tag: "ChatIsClosed", at: state.at, reason: state.reason })
  return state._tag === "Served"
    ? Result.succeed([{ _tag: "AgentJoined", agentId }])
    : Result.fail({ _tag: "ChatNotWaiting", state: state._tag })
}

/** An agent reads along, and can do nothing else (C10). */
export const observe = (chat: Chat, agentId: AgentId): Decision => {
  const { state } = chat
  if (state._tag === "Closed") return Result.fail({ _tag: "ChatIsClosed", at: state.at, reason: state.reason })
  return chat.observers.includes(agentId) || isServing(chat, agentId)
    ? nothing
    : Result.succeed([{ _tag: "ObservingStarted", agentId }])
}

export const stopObserving = (chat: Chat, agentId: AgentId): Decision =>
  chat.observers.includes(agentId) ? Result.succeed([{ _tag: "ObservingEnded", agentId }]) : nothing
