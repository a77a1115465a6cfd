import { Schema } from "effect"
import { AgentId, ChatId } from "../account/Id.ts"
import { Instant } from "../account/Instant.ts"
import { CloseReason } from "./Chat.ts"

/** No chat of that id in the account. */
export const ChatNotFound = Schema.TaggedStruct("ChatNotFound", { chatId: ChatId })
export type ChatNotFound = typeof ChatNotFound.Type

/** Somebody else was first (C8). */
export const ChatAlreadyAnswered = Schema.TaggedStruct("ChatAlreadyAnswered", { by: AgentId, at: Instant })
export type ChatAlreadyAnswered = typeof ChatAlreadyAnswered.Type

/** It is over (D1): no message, no answer. */
export const ChatIsClosed = Schema.TaggedStruct("ChatIsClosed", { at: Instant, reason: CloseReason })
export type ChatIsClosed = typeof ChatIsClosed.Type

/** It is open, but not in the queue: its agents left, or its visitor is gone (D1). */
export const ChatNotWaiting = Schema.TaggedStruct("ChatNotWaiting", {
  state: Schema.Literals(["Left", "Offered", "Served", "Waiting", "Closing"])
})
export type ChatNotWaiting = typeof ChatNotWaiting.Type

/** It is held out to another agent, and only they may answer it (C1). */
export const OfferedToAnother = Schema.TaggedStruct("OfferedToAnother", { until: Instant })
export type OfferedToAnother = typeof OfferedToAnother.Type

/** It is not offered to this agent: not now, or not any more (C1, C5). */
export const NotOffered = Schema.TaggedStruct("NotOffered", { agentId: AgentId })
export type NotOffered = typeof NotOffered.Type

/** Only an agent who serves the chat may do this (C10). */
export const NotServing = Schema.TaggedStruct("NotServing", { agentId: AgentId })
export type NotServing = typeof NotServing.Type

/** Its visitor was erased (J4): it takes no new text. */
export const ChatErased = Schema.TaggedStruct("ChatErased", { at: Instant })
export type ChatErased = typeof ChatErased.Type

/** A tag with something else than letters, digits, `-` and `_` (D9). */
export const BadTag = Schema.TaggedStruct("BadTag", { tag: Schema.String })
export type BadTag = typeof BadTag.Type

/** An id that is taken: another chat, or another visitor's open one. */
export const ChatIdTaken = Schema.TaggedStruct("ChatIdTaken", { chatId: ChatId })
export type ChatIdTaken = typeof ChatIdTaken.Type
