import { Schema } from "effect"
import { Actor } from "../account/Actor.ts"
import { Readable } from "../account/Content.ts"
import { ActivityId, ChatId } from "../account/Id.ts"
import { Instant } from "../account/Instant.ts"
import { RecordRef } from "./RecordRef.ts"

const common = { id: ActivityId, record: RecordRef, at: Instant, by: Actor }

/**
 * An entry of a record's history that is not a chat: chats are read from the chat side (H2). Immutable but for
 * erasure, which leaves the entry and takes its texts (J4); its `at` is the time it was made, so that keyset pages hold (H4).
 */
export const Activity = Schema.Union([
  /** `chatId`: a link to the chat it was written beside (G1). */
  Schema.TaggedStruct("Note", { ...common, text: Readable, chatId: Schema.NullOr(ChatId) }),
  Schema.TaggedStruct("Call", { ...common, text: Readable }),
  Schema.TaggedStruct("Task", { ...common, text: Readable }),
  /** E6: who changed the phone, from what to what. */
  Schema.TaggedStruct("PhoneChanged", { ...common, from: Schema.NullOr(Readable), to: Readable }),
  /** H1: "added from Chat". */
  Schema.TaggedStruct("AddedFromChat", { ...common, chatId: ChatId })
])
export type Activity = typeof Activity.Type

/** The types of entries a feed can be filtered by (H3); `Chat` comes from the chat side. */
export const ActivityType = Schema.Literals(["Chat", "Note", "Call", "Task", "PhoneChanged", "AddedFromChat"])
export type ActivityType = typeof ActivityType.Type
