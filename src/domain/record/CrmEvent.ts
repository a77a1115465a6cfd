import { Schema } from "effect"
import { ActivityId, ChatId, UserId } from "../account/Id.ts"
import { Notice } from "./Notice.ts"
import { RecordId, RecordRef } from "./RecordRef.ts"

/** Somebody is to be told; a bridge delivers it (G4). */
export const NoticeDue = Schema.TaggedStruct("NoticeDue", { notice: Notice })

/** What happens in a CRM of our own. Holds ids only; names, addresses and texts lie in the records (J4). */
export const CrmEvent = Schema.Union([
  Schema.TaggedStruct("RecordAdded", { record: RecordRef }),
  Schema.TaggedStruct("RecordChanged", { record: RecordRef }),
  Schema.TaggedStruct("RecordDeleted", { record: RecordRef }),
  /** Its values and the texts of its history are gone (J4). */
  Schema.TaggedStruct("RecordErased", { record: RecordRef }),
  Schema.TaggedStruct("RecordMerged", { record: RecordRef, into: RecordRef }),
  Schema.TaggedStruct("LeadConverted", { record: RecordRef, to: RecordRef }),
  /** A lead was made from a chat; the bridge sees that the chat learns of it (E3). */
  Schema.TaggedStruct("LeadAddedFromChat", { lead: RecordId, chatId: ChatId, owner: UserId }),
  Schema.TaggedStruct("NoteAdded", { record: RecordRef, activityId: ActivityId, chatId: Schema.NullOr(ChatId) }),
  /** Who changed it is in the envelope, from what to what in the activity (E6). */
  Schema.TaggedStruct("LeadPhoneChanged", { record: RecordRef, activityId: ActivityId }),
  Schema.TaggedStruct("ActivityLogged", { record: RecordRef, activityId: ActivityId }),
  NoticeDue,
  Schema.TaggedStruct("UserChanged", { userId: UserId, isActive: Schema.Boolean }),
  Schema.TaggedStruct("FieldsChanged", {})
])
export type CrmEvent = typeof CrmEvent.Type
