import { Schema } from "effect"
import { Content, type ContentRef } from "../account/Content.ts"
import { ActivityId, ChatId, PoolId, UserId } from "../account/Id.ts"
import { NoticeDue } from "../record/CrmEvent.ts"
import { OwnerDecision } from "../record/OwnerDecision.ts"
import { MatchableRef, RecordId } from "../record/RecordRef.ts"
import { CrmRequestId, RequestRefusal } from "./CrmRequest.ts"

const about = { requestId: CrmRequestId, chatId: ChatId }

/**
 * What the desk asks of a foreign CRM, and what came of it. A lead that was made is `LeadCreated` on its chat. Copies
 * say nothing: they show what the desk's log holds already.
 */
export const CrmRequestEvent = Schema.Union([
  /** `owner`: whom it is dealt to, why, and who was passed over (F4); `null`: the CRM deals. */
  Schema.TaggedStruct("LeadRequested", {
    ...about,
    owner: Schema.NullOr(OwnerDecision),
    note: Schema.NullOr(Content)
  }),
  /** `turn`: spent, in a pool of the library's (F2); `null`: none was taken. */
  Schema.TaggedStruct("LeadRefused", {
    ...about,
    refusal: RequestRefusal,
    turn: Schema.NullOr(Schema.Struct({ poolId: PoolId, userId: UserId }))
  }),
  Schema.TaggedStruct("NoteRequested", { ...about, record: MatchableRef, text: Content }),
  Schema.TaggedStruct("NoteStored", { ...about, record: MatchableRef, activityId: ActivityId }),
  Schema.TaggedStruct("PhoneRequested", { ...about, lead: RecordId, phone: Content }),
  Schema.TaggedStruct("PhoneStored", { ...about, lead: RecordId, isChanged: Schema.Boolean }),
  /** A note or a phone was not written. */
  Schema.TaggedStruct("WriteRefused", { ...about, refusal: RequestRefusal }),
  NoticeDue
])
export type CrmRequestEvent = typeof CrmRequestEvent.Type

/** The personal values an event refers to (J4). */
export const contentsOf = (event: CrmRequestEvent): ReadonlyArray<ContentRef> => {
  switch (event._tag) {
    case "LeadRequested":
      return event.note === null ? [] : [event.note.ref]
    case "NoteRequested":
      return [event.text.ref]
    case "PhoneRequested":
      return [event.phone.ref]
    default:
      return []
  }
}
