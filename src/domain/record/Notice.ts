import { Schema } from "effect"
import { Actor } from "../account/Actor.ts"
import { ActivityId, ChatId, NoticeId, UserId } from "../account/Id.ts"
import { RecordRef } from "./RecordRef.ts"

/** What a user is told: of a lead dealt to them (F6), of a note (G1, G2). Holds ids: the notifier's reader looks. */
export const Notice = Schema.Struct({
  /** The same on every try (G4). */
  id: NoticeId,
  to: UserId,
  about: RecordRef,
  reason: Schema.Literals(["leadDealt", "noteLeft", "leadDealtWithNote"]),
  activityId: Schema.NullOr(ActivityId),
  chatId: Schema.NullOr(ChatId),
  from: Actor
})
export type Notice = typeof Notice.Type
