import { Schema } from "effect"
import { HttpApiSchema, OpenApi } from "effect/http-api"
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

/** The number of a message in its chat (D7). */
export const Numbered = Schema.Struct({ number: Schema.Int }).annotate({ identifier: "Numbered" })

/** Personal texts by reference, for the references in the same answer (J4). An erased one is absent. */
export const Texts = Schema.Record(Schema.String, Schema.String).annotate({ identifier: "Texts" })

/** What a visitor gives of themselves, as typed. Blank or `null`: nothing (A1). */
export const givenDetails = {
  name: Schema.optionalKey(Schema.NullOr(Schema.String)),
  email: Schema.optionalKey(Schema.NullOr(Schema.String)),
  phone: Schema.optionalKey(Schema.NullOr(Schema.String))
}

/** A page of a list by number: after this one, at most so many. */
export const page = { after: Schema.optionalKey(Schema.Int), limit: Schema.optionalKey(Schema.Int) }

/** A chat that was requested. `isOffline`: the account is closed, it is an offline message (B8). */
export const ChatRequested = Schema.Struct({
  ...chatId,
  isNew: Schema.Boolean,
  isOffline: Schema.Boolean
}).annotate({ identifier: "ChatRequested" })

/** Whether a signal was worth passing on. */
export const Sent = Schema.Struct({ sent: Schema.Boolean }).annotate({ identifier: "Sent" })

/** It was done, and there is nothing to say of it. */
export const Done = HttpApiSchema.NoContent

/** What the OpenAPI document says of an endpoint. */
export const about = (summary: string, description: string) => OpenApi.annotations({ summary, description })

/** The version that the caller has seen, as an earlier answer's `ETag` said it: changed meanwhile is refused (RFC 9110, 13.1.1). */
export const ifMatch = { "if-match": Schema.optionalKey(Schema.String.check(Schema.isPattern(/^(\*|"\d+")$/))) }

/** The version of what is answered, for `If-Match`. */
export const etag = { etag: Schema.String }

/** A place in the log: after the event that stands there; 0: from the first. */
export const Position = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }))
