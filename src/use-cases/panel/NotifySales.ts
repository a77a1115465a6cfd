import { Effect, Result, Schema } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import * as Limits from "../../domain/account/Limits.ts"
import * as RecordRef from "../../domain/record/RecordRef.ts"
import { Crm } from "../../ports/Crm.ts"
import type { Caller } from "../execution/Caller.ts"
import { type DeskTransaction, onDesk } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { brokenRequest } from "../foreign/Requests.ts"
import { requestWrite, type WriteFacts } from "../foreign/RequestWrite.ts"
import { beside, matchesOf, noCrmAccess } from "./PanelFacts.ts"
import { isDirect, writeKey } from "./WriteKey.ts"

/** No record beside this chat, or not the one that was named (G1). */
export const NoMatch = Schema.TaggedStruct("NoMatch", {})
export type NoMatch = typeof NoMatch.Type

/** A note to sales. */
export interface NoteToSales {
  readonly chatId: ChatId
  /** Which of the matches; default: the primary (G1). */
  readonly record?: RecordRef.MatchableRef
  /** 1 to 65,535 characters, not blank (D11, G3). */
  readonly text: string
}

/**
 * Leaves a note on the visitor's record, with its author and a link to the chat, and has the owner told (G1, G3). Only
 * with a match. Answers the note's id and who is told, or why nobody. Refusals: `NoMatch`, `Blank`, `TooLong`,
 * `ChatNotFound`, `RecordNotFound`, `RecordHidden`, `AccessDenied`; with a foreign CRM `CrmPending`, `TextErased`.
 */
export const notifySales = Effect.fn("notifySales")(function* (caller: Caller, input: NoteToSales) {
  const settings = yield* currentSettings(caller)
  const crm = yield* Crm
  const key = yield* writeKey(caller, "notifySales")
  const text = Limits.meaningful("note", input.text)
  if (Result.isFailure(text)) return yield* Effect.fail(text.failure)
  const facts = Effect.fnUntraced(function* (transaction: DeskTransaction) {
    const { beside: here } = yield* beside(transaction, settings, input.chatId)
    if (here.viewer === null) return yield* Effect.fail(noCrmAccess(caller))
    const record = yield* target(caller, settings, here, here.viewer, input.record)
    const authorUser = here.rights.user?.id ?? null
    const wanted = {
      _tag: "Note",
      record,
      author: caller.actor,
      authorUser,
      viewer: here.viewer,
      ofNewLead: null
    } as const
    return { chat: here.chat, text: text.success, wanted } satisfies WriteFacts
  })
  if (!isDirect(crm)) {
    const { outcome, wanted } = yield* requestWrite(caller, "notifySales", input, facts)
    if (outcome._tag !== "Noted" || wanted._tag !== "Note") return yield* brokenRequest
    return { record: wanted.record, activityId: outcome.activityId, told: outcome.told }
  }
  return yield* onDesk(caller, "notifySales", input, (transaction) =>
    Effect.gen(function* () {
      const { wanted } = yield* facts(transaction)
      const { ofNewLead: _, _tag, ...note } = wanted
      const asked = { ...note, text: text.success, chatId: input.chatId }
      const { activityId, told } = yield* crm.addNote(caller.account, asked, key)
      return { record: note.record, activityId, told }
    })
  )
})

/** The record that the panel shows, or the visible match that was named. */
export const target = Effect.fnUntraced(function* (
  caller: Caller,
  settings: Parameters<typeof matchesOf>[1],
  here: { readonly chat: Parameters<typeof matchesOf>[2] },
  viewer: Parameters<typeof matchesOf>[3],
  named: RecordRef.MatchableRef | undefined
) {
  const { madeHere, visible } = yield* matchesOf(caller, settings, here.chat, viewer)
  const shown = visible.length > 0 ? visible : madeHere?.isVisible === true ? [madeHere.lead] : []
  const record = named === undefined ? shown[0] : shown.find((ref) => RecordRef.equals(ref, named))
  return record === undefined ? yield* Effect.fail<NoMatch>({ _tag: "NoMatch" }) : record
})
