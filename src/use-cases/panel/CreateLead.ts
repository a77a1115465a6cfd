import { Effect, Result, Schema } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import * as Limits from "../../domain/account/Limits.ts"
import type { OwnerChoice } from "../../domain/assignment/OwnerChoice.ts"
import { isServing } from "../../domain/chat/Chat.ts"
import * as Matching from "../../domain/identity/Matching.ts"
import * as LeadName from "../../domain/record/LeadName.ts"
import type { Settings } from "../../domain/settings/Settings.ts"
import { Crm, type LeadMade, type NewLead } from "../../ports/Crm.ts"
import type { Caller } from "../execution/Caller.ts"
import { type DeskTransaction, decideChat, onDesk } from "../execution/DeskCommand.ts"
import { recentSettings } from "../execution/Rights.ts"
import { type LeadFacts, requestLead } from "../foreign/RequestLead.ts"
import { type Beside, beside, noCrmAccess } from "./PanelFacts.ts"
import { isDirect, writeKey } from "./WriteKey.ts"

/** The chat has no email to make a lead of, or to match a record by (E1, E3). */
export const NoEmail = Schema.TaggedStruct("NoEmail", {})
export type NoEmail = typeof NoEmail.Type

/** What the agent gives. */
export interface LeadToCreate {
  readonly chatId: ChatId
  /** The owner picked: a user or a pool (F1); absent: as the settings say. */
  readonly owner?: OwnerChoice | null
  /** A note for the owner (G2); blank: none. */
  readonly note?: string | null
}

/**
 * Creates a lead from a chat, deals it to its owner, with a note (E3, E4, F1, G2). However many agents press and
 * however often it is repeated, one lead comes out (E5). The CRM's commit is the truth; the chat learns of it next,
 * from here or, after a crash, from the bridge. A foreign CRM is asked by a request of the desk's, which the bridge
 * goes on with: `requestLead`.
 *
 * Answers the lead, its owner with the decision, and who is told. Refusals: `AlreadyCreated`, `AlreadyMatched`,
 * `MatchHidden`, `NoEmail`, `ChatIsClosed`, `NotServing`, `OwnerNotAllowed`, `OwnerRequired`, `NoActiveUser`,
 * `TooLong`, `ChatNotFound`, `AccessDenied`; with a foreign CRM `CrmPending`, `TextErased`. Cost with a CRM of our own: two statements here, two in the CRM, one
 * for the settings where they are not of the last second, and for agents who are users one for the user. With a foreign one: four commits' worth of statements here.
 */
export const createLead = Effect.fn("createLead")(function* (caller: Caller, input: LeadToCreate) {
  const settings = yield* recentSettings(caller)
  const crm = yield* Crm
  if (!isDirect(crm)) return yield* requestLead(caller, settings, input, leadFacts(caller, settings, input))
  const key = yield* writeKey(caller, "createLead")
  let made: LeadMade | null = null
  return yield* onDesk(caller, "createLead", input, (transaction) =>
    Effect.gen(function* () {
      const { beside: here, read } = yield* beside(transaction, settings, input.chatId)
      if (made === null)
        made = yield* crm.createLead(caller.account, yield* newLead(caller, settings, here, input), key)
      const { lead, owner } = made
      yield* decideChat(transaction, read, { _tag: "RecordLead", chatId: input.chatId, lead, owner })
      return made
    })
  )
})

/** As {@link newLead}, for a request of the desk's. */
const leadFacts = (caller: Caller, settings: Settings, input: LeadToCreate) => (transaction: DeskTransaction) =>
  Effect.gen(function* () {
    const { beside: here } = yield* beside(transaction, settings, input.chatId)
    const lead = yield* newLead(caller, settings, here, input)
    return { chat: here.chat, lead, picked: input.owner ?? null } satisfies LeadFacts
  })

/** Checks the chat's facts (E3) and fills the lead (E4). */
const newLead = Effect.fnUntraced(function* (caller: Caller, settings: Settings, here: Beside, input: LeadToCreate) {
  const { agent, chat, rights, texts, viewer } = here
  if (viewer === null) return yield* Effect.fail(noCrmAccess(caller))
  const state = chat.state
  if (state._tag === "Closed") {
    return yield* Effect.fail({ _tag: "ChatIsClosed" as const, at: state.at, reason: state.reason })
  }
  if (!isServing(chat, agent.id)) return yield* Effect.fail({ _tag: "NotServing" as const, agentId: agent.id })
  const { visitor } = chat
  const email = visitor.email === null ? undefined : texts.get(visitor.email.ref)
  if (visitor.emailKey === null || email === undefined) return yield* Effect.fail<NoEmail>({ _tag: "NoEmail" })
  const note = Limits.within("note", input.note ?? "")
  if (Result.isFailure(note)) return yield* Effect.fail(note.failure)
  const typedName = visitor.name === null ? null : (texts.get(visitor.name.ref) ?? null)
  return {
    chatId: chat.id,
    evidence: Matching.evidenceFor(settings.matchBy, visitor.emailKey, visitor.phoneKey),
    ...LeadName.fromVisitor({ name: typedName, email }),
    email,
    phone: visitor.phone === null ? null : (texts.get(visitor.phone.ref) ?? null),
    status: settings.leadStatus,
    source: settings.leadSource,
    owner: {
      _tag: "ByPolicy",
      anyOwnerAllowed: settings.anyOwnerAllowed,
      configured: settings.leadOwners,
      access: settings.accessToCrmData,
      picked: input.owner ?? null
    },
    creator: caller.actor,
    creatorUser: rights.user?.id ?? null,
    viewer,
    note: note.success.trim() === "" ? null : note.success,
    defaultRegion: settings.defaultRegion
  } satisfies NewLead
})
