import { Effect, Result, Schema } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import * as Limits from "../../domain/account/Limits.ts"
import { MatchableRef } from "../../domain/record/RecordRef.ts"
import { Crm } from "../../ports/Crm.ts"
import type { Caller } from "../execution/Caller.ts"
import { type DeskTransaction, onDesk } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { brokenRequest } from "../foreign/Requests.ts"
import { requestWrite, type WriteFacts } from "../foreign/RequestWrite.ts"
import { target } from "./NotifySales.ts"
import { beside, noCrmAccess } from "./PanelFacts.ts"
import { isDirect, writeKey } from "./WriteKey.ts"

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
 * `AccessDenied`; with a foreign CRM `CrmPending`, `Superseded` by a later change, `TextErased`.
 */
export const changePhone = Effect.fn("changePhone")(function* (caller: Caller, input: PhoneToSet) {
  const settings = yield* currentSettings(caller)
  const crm = yield* Crm
  const key = yield* writeKey(caller, "changePhone")
  const phone = Limits.meaningful("phone", input.phone)
  if (Result.isFailure(phone)) return yield* Effect.fail(phone.failure)
  const facts = Effect.fnUntraced(function* (transaction: DeskTransaction) {
    const { beside: here } = yield* beside(transaction, settings, input.chatId)
    if (here.viewer === null) return yield* Effect.fail(noCrmAccess(caller))
    const record = yield* target(caller, settings, here, here.viewer, input.record)
    if (record.kind !== "lead") return yield* Effect.fail<NotALead>({ _tag: "NotALead", record })
    const { defaultRegion } = settings
    const wanted = { _tag: "Phone", lead: record.id, by: caller.actor, viewer: here.viewer, defaultRegion } as const
    return { chat: here.chat, text: phone.success, wanted } satisfies WriteFacts
  })
  if (!isDirect(crm)) {
    const { outcome, wanted } = yield* requestWrite(caller, "changePhone", input, facts)
    if (outcome._tag !== "PhoneSet" || wanted._tag !== "Phone") return yield* brokenRequest
    return { lead: wanted.lead, isChanged: outcome.isChanged }
  }
  return yield* onDesk(caller, "changePhone", input, (transaction) =>
    Effect.gen(function* () {
      const { wanted } = yield* facts(transaction)
      const { _tag, ...change } = wanted
      const { isChanged } = yield* crm.changePhone(caller.account, { ...change, phone: phone.success }, key)
      return { lead: wanted.lead, isChanged }
    })
  )
})
