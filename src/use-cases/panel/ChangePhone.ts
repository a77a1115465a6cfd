import { Effect, Result, Schema } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import * as Limits from "../../domain/account/Limits.ts"
import { MatchableRef } from "../../domain/record/RecordRef.ts"
import type { Caller } from "../execution/Caller.ts"
import { onDesk } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { target } from "./NotifySales.ts"
import { beside, noCrmAccess } from "./PanelFacts.ts"
import { directCrm, writeKey } from "./WriteKey.ts"

/** Phones are changed on leads only (E6). */
export const NotALead = Schema.TaggedStruct("NotALead", { record: MatchableRef })
export type NotALead = typeof NotALead.Type

/** The phone that a lead is to have. */
export interface PhoneToSet {
  readonly chatId: ChatId
  /** Which of the matches; default: the one the panel shows. */
  readonly record?: MatchableRef
  /** 1 to 64 characters, not blank. */
  readonly phone: string
}

/**
 * Adds or changes the phone of the lead beside the chat; its feed says who did. An equal phone changes nothing (E6).
 * Refusals: `NotALead`, `NoMatch`, `Blank`, `TooLong`, `ChatNotFound`, `RecordNotFound`, `RecordHidden`,
 * `AccessDenied`.
 */
export const changePhone = Effect.fn("changePhone")(function* (caller: Caller, input: PhoneToSet) {
  const settings = yield* currentSettings(caller)
  const crm = yield* directCrm("changePhone")
  const key = yield* writeKey(caller, "changePhone")
  const phone = Limits.meaningful("phone", input.phone)
  if (Result.isFailure(phone)) return yield* Effect.fail(phone.failure)
  return yield* onDesk(caller, "changePhone", input, (transaction) =>
    Effect.gen(function* () {
      const { beside: here } = yield* beside(transaction, settings, input.chatId)
      if (here.viewer === null) return yield* Effect.fail(noCrmAccess(caller))
      const record = yield* target(caller, settings, here, here.viewer, input.record)
      if (record.kind !== "lead") return yield* Effect.fail<NotALead>({ _tag: "NotALead", record })
      const { isChanged } = yield* crm.changePhone(
        caller.account,
        {
          lead: record.id,
          phone: phone.success,
          by: caller.actor,
          viewer: here.viewer,
          defaultRegion: settings.defaultRegion
        },
        key
      )
      return { lead: record.id, isChanged }
    })
  )
})
