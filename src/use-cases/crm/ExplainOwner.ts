import { Effect, Schema } from "effect"
import { ChatId, type PoolId, type UserId } from "../../domain/account/Id.ts"
import * as OwnerExplanation from "../../domain/assignment/OwnerExplanation.ts"
import type { RecordNotFound } from "../../domain/record/CrmRefusal.ts"
import type { Lead } from "../../domain/record/Record.ts"
import type { RecordId } from "../../domain/record/RecordRef.ts"
import { Crm } from "../../ports/Crm.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { viewing } from "../feed/ReadFeed.ts"
import { claimKey, requestKey } from "../foreign/Requests.ts"

/** The lead, or the chat it was made from. */
export type LeadAsked = { readonly lead: RecordId } | { readonly chatId: ChatId }

/** No lead was made from this chat. */
export const NoLeadMade = Schema.TaggedStruct("NoLeadMade", { chatId: ChatId })
export type NoLeadMade = typeof NoLeadMade.Type

/**
 * "Why this owner, and why not that one": for any lead, from what was decided at the time and kept with it (F4), also
 * where it was dealt again: the earlier decisions, too. A foreign CRM does not keep them: there the desk's word counts,
 * as it was when the lead was asked for. Names are those of now. Who may read the lead may ask (J1); a lead that was merged or
 * converted answers too. `OwnerExplanation.sentence` says it in English.
 *
 * Refusals: `NoLeadMade`, `RecordNotFound`, `RecordHidden`, `AccessDenied`. Cost: the lead, the users, the pools; two
 * reads of the desk where it must be asked.
 */
export const explainOwner = Effect.fn("explainOwner")(function* (caller: Caller, input: LeadAsked) {
  const { viewer } = yield* viewing(caller)
  const crm = yield* Crm
  const ref = { kind: "lead", id: "lead" in input ? input.lead : yield* leadOf(caller, input.chatId) } as const
  const read = yield* crm.read(caller.account, viewer, ref)
  if (read._tag !== "Lead") return yield* Effect.fail<RecordNotFound>({ _tag: "RecordNotFound", record: ref })
  const chatId = "chatId" in input ? input.chatId : read.addedFrom._tag === "Chat" ? read.addedFrom.chatId : null
  const lead = read.assignment === null && chatId !== null ? yield* asDecidedHere(caller, read, chatId) : read
  const [users, pools] = yield* Effect.all([crm.users(caller.account), crm.pools(caller.account)])
  return OwnerExplanation.explain(lead, {
    users: new Map(users.map(({ id, name }): [UserId, string] => [id, name])),
    pools: new Map(pools.map(({ id, name }): [PoolId, string] => [id, name]))
  })
})

const leadOf = Effect.fnUntraced(function* (caller: Caller, chatId: ChatId) {
  const store = yield* DeskStore
  const [chat] = yield* store.get(caller.account, [{ kind: "chat", id: chatId }])
  const lead = chat.value?.lead ?? null
  return lead === null ? yield* Effect.fail<NoLeadMade>({ _tag: "NoLeadMade", chatId }) : lead.id
})

/** A foreign CRM's lead, with the decision that the desk asked for it by. */
const asDecidedHere = Effect.fnUntraced(function* (caller: Caller, lead: Lead, chatId: ChatId) {
  const store = yield* DeskStore
  const [claim] = yield* store.get(caller.account, [claimKey(`chat/${chatId}`)])
  if (claim.value === null) return lead
  const [request] = yield* store.get(caller.account, [requestKey(claim.value.requestId)])
  const outcome = request.value?.state
  return outcome?._tag === "Made" && outcome.lead === lead.id ? { ...lead, assignment: outcome.decision } : lead
})
