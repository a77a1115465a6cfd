import { Result } from "effect"
import type { Content } from "../account/Content.ts"
import type { AgentId, ErasureId, UserId } from "../account/Id.ts"
import * as Limits from "../account/Limits.ts"
import type { RecordId } from "../record/RecordRef.ts"
import { type Chat, isServing, type Rating } from "./Chat.ts"
import type { ChatRefusal, Details, Text } from "./ChatCommand.ts"
import type { ChatEvent } from "./ChatEvent.ts"
import type { BadTag } from "./ChatRefusal.ts"

type Decision = Result.Result<ReadonlyArray<ChatEvent>, ChatRefusal>

const nothing: Decision = Result.succeed([])

/** What the visitor gave, detached; refused above the limits (D11). */
export const withinLimits = (details: Details): Result.Result<Record<keyof Details, Content | null>, Limits.TooLong> =>
  Result.gen(function* () {
    return {
      name: yield* limited("name", details.name),
      email: yield* limited("email", details.email),
      phone: yield* limited("phone", details.phone)
    }
  })

/** A text that may be absent, detached; refused above its limit (D11). */
export const limited = (
  field: keyof Details | "comment",
  text: Text | null
): Result.Result<Content | null, Limits.TooLong> =>
  text === null ? Result.succeed(null) : Result.map(Limits.within(field, text.typed), () => text.content)

/** Name, email or phone, while the chat is open, by the visitor or an agent who serves (A6). */
export const change = (chat: Chat, details: Partial<Details>, by: AgentId | null): Decision => {
  const state = chat.state
  if (state._tag === "Closed") return Result.fail({ _tag: "ChatIsClosed", at: state.at, reason: state.reason })
  if (by !== null && !isServing(chat, by)) return Result.fail({ _tag: "NotServing", agentId: by })
  return Result.gen(function* () {
    const event: Extract<ChatEvent, { readonly _tag: "VisitorDetailsChanged" }> = {
      _tag: "VisitorDetailsChanged",
      ...(details.name === undefined ? {} : { name: yield* limited("name", details.name) }),
      ...(details.email === undefined ? {} : { email: yield* limited("email", details.email) }),
      ...(details.phone === undefined ? {} : { phone: yield* limited("phone", details.phone) })
    }
    const { _tag, ...fields } = event
    const isChange = Object.entries(fields).some(
      ([field, content]) => !isSame(content, chat.visitor[field as keyof Details])
    )
    return isChange ? [event] : []
  })
}

/** One detached value, not one text: equal texts under two salts cannot be told from different ones (J4). */
const isSame = (a: Content | null, b: Content | null): boolean =>
  a === b || (a !== null && b !== null && a.ref === b.ref && a.commitment === b.commitment)

/** Mails the transcript when the chat ends, to one address: the last one asked for (D9). */
export const requestTranscript = (chat: Chat, email: Text, by: AgentId | null): Decision => {
  const state = chat.state
  if (state._tag === "Closed") return Result.fail({ _tag: "ChatIsClosed", at: state.at, reason: state.reason })
  if (by !== null && !isServing(chat, by)) return Result.fail({ _tag: "NotServing", agentId: by })
  return Result.map(limited("email", email), () =>
    isSame(email.content, chat.transcriptTo ?? null) ? [] : [{ _tag: "TranscriptRequested", email: email.content }]
  )
}

/** The chat loses its keys (J4). An open one is closed before; it keeps its numbers, and its transcript's digest. */
export const eraseVisitor = (chat: Chat, erasureId: ErasureId): Decision =>
  chat.state._tag !== "Closed" || chat.erasedAt !== undefined
    ? nothing
    : Result.succeed([{ _tag: "VisitorErased", erasureId }])

/** `good`, `bad` or none, with a comment; changeable, also after the end (D9, H7), but not after erasure (J4). */
export const rate = (chat: Chat, rating: Rating | null, comment: Text | null): Decision => {
  if (comment !== null && chat.erasedAt !== undefined) return Result.fail({ _tag: "ChatErased", at: chat.erasedAt })
  if (rating === null)
    return chat.rating === null ? nothing : Result.succeed([{ _tag: "ChatRated", rating, comment: null }])
  if (chat.rating?.rating === rating && isSame(chat.rating.comment, comment?.content ?? null)) return nothing
  return Result.map(limited("comment", comment), (content) => [{ _tag: "ChatRated", rating, comment: content }])
}

const tagPattern = /^[\p{L}\p{N}_-]+$/u

/** The chat's tags, all of them (D9). */
export const tag = (chat: Chat, wanted: ReadonlyArray<string>): Decision =>
  Result.map(tagsOf(wanted), (tags) => {
    const isChange = tags.length !== chat.tags.length || tags.some((tag, at) => tag !== chat.tags[at])
    return isChange ? [{ _tag: "ChatTagged", tags }] : []
  })

/** Tags as a chat keeps them: letters, digits, `-`, `_`; at most 50 (D9, D11). Repeated ones count once. */
export const tagsOf = (
  wanted: ReadonlyArray<string>
): Result.Result<ReadonlyArray<string>, Limits.TooMany | Limits.TooLong | BadTag> => {
  const tags = [...new Set(wanted)]
  if (tags.length > Limits.limits.tags) {
    return Result.fail({ _tag: "TooMany", field: "tags", limit: Limits.limits.tags, size: tags.length })
  }
  for (const tag of tags) {
    const fits = Limits.within("tag", tag)
    if (Result.isFailure(fits)) return Result.fail(fits.failure)
    if (!tagPattern.test(tag)) return Result.fail({ _tag: "BadTag", tag })
  }
  return Result.succeed(tags)
}

/** The CRM made a lead from this chat (E3); told again: nothing (E5). Also after the end (a crash in between). */
export const recordLead = (chat: Chat, lead: RecordId, owner: UserId): Decision =>
  chat.lead?.id === lead ? nothing : Result.succeed([{ _tag: "LeadCreated", lead, owner }])
