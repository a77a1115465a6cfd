import { Schema } from "effect"
import { Actor, Id } from "leadline"

/**
 * What every command takes beside its body. The key makes a repetition harmless (K1): same key, same command, same
 * answer. The surface is recorded in the event (C10); default `api`.
 */
export const commandHeaders = {
  "idempotency-key": Schema.optionalKey(Schema.String),
  "leadline-surface": Schema.optionalKey(Actor.Surface)
}

export const chatId = { chatId: Id.ChatId }
export const agentId = { agentId: Id.AgentId }

/** What commands on a chat answer. */
export const ChatTouched = Schema.Struct(chatId).annotate({ identifier: "ChatTouched" })

/** Personal texts by reference, for the references in the same answer (J4). An erased one is absent. */
export const Texts = Schema.Record(Schema.String, Schema.String).annotate({ identifier: "Texts" })
