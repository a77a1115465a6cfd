import { Effect, Result } from "effect"
import type { Subject } from "../../domain/account/Content.ts"
import type { AccountId } from "../../domain/account/Id.ts"
import type { OwnerChoice } from "../../domain/assignment/OwnerChoice.ts"
import type { Chat } from "../../domain/chat/Chat.ts"
import type { AlreadyCreated } from "../../domain/record/CrmRefusal.ts"
import * as Record from "../../domain/record/Record.ts"
import type { RecordId } from "../../domain/record/RecordRef.ts"
import * as CrmRequest from "../../domain/request/CrmRequest.ts"
import type { Settings } from "../../domain/settings/Settings.ts"
import { Crm, type CrmShape, type LeadMade, type MatchFound, type NewLead, type Viewer } from "../../ports/Crm.ts"
import type { DeskRecords } from "../../ports/DeskStore.ts"
import type { Read } from "../../ports/RecordStore.ts"
import { directoryOf, sees } from "../crm/CrmCommand.ts"
import type { Caller } from "../execution/Caller.ts"
import { type DeskTransaction, onDesk } from "../execution/DeskCommand.ts"
import type { AnsweredBefore } from "../execution/Transaction.ts"
import { Ids } from "../Ids.ts"
import { matchRefusal, storesNote } from "./PerformRequest.ts"
import { dealOwner, type Staff } from "./PoolQueue.ts"
import {
  alone,
  brokenRequest,
  type CrmPending,
  claimKey,
  happens,
  leaseEnd,
  outcomeOf,
  putRequest,
  readRequest,
  requestKey
} from "./Requests.ts"
import { attempt, runRequest } from "./RunRequest.ts"
import { noteIdOf } from "./SettleRequest.ts"

/** Another request holds a claim of this lead: its outcome counts (E5). */
interface Standing {
  readonly _tag: "Standing"
  readonly requestId: CrmRequest.CrmRequestId
  readonly since: CrmPending["since"]
}

/** What the desk knows of the lead that is asked for: checked against the chat (E3). */
export interface LeadFacts {
  readonly chat: Chat
  readonly lead: NewLead
  readonly picked: OwnerChoice | null
}

type Facts<E, R> = (transaction: DeskTransaction) => Effect.Effect<LeadFacts, E | AnsweredBefore, R>

/** How often one press waits for others before it. decision: each has an outcome within seconds, or the CRM is down. */
const MAX_WAITS = 8

/**
 * A lead in a CRM that does not do it all in one commit: first the desk writes down that it is wanted, unique per live
 * key and chat, with its owner and the pool's turn; then the CRM is asked; then the outcome is written down. Whoever
 * presses meanwhile gets that outcome, or `CrmPending`; never a second lead (E5). Refused before it is written down, no
 * turn is taken; refused by the CRM, the turn is spent, and `LeadRefused` says so.
 *
 * Under an idempotency key that outcome is told again, a refusal too: what it spent is not spent twice (K1).
 */
export const requestLead = Effect.fnUntraced(function* <E, R>(
  caller: Caller,
  settings: Settings,
  input: unknown,
  facts: Facts<E, R>
) {
  for (let waits = 0; ; waits++) {
    const pressed = yield* Effect.result(press(caller, settings, input, facts))
    if (Result.isSuccess(pressed)) return yield* answerOf(pressed.success)
    const error = pressed.failure
    if (!isStanding(error)) return yield* Effect.fail(error)
    const { requestId, since } = error
    const standing = yield* runRequest(caller.account, requestId)
    if (CrmRequest.isOpen(standing) || waits === MAX_WAITS) {
      return yield* Effect.fail<CrmPending>({ _tag: "CrmPending", requestId, since })
    }
  }
})

/** Writes the request down and asks the CRM; nobody of this process comes between. Fails with `Standing`, too. */
const press = Effect.fnUntraced(function* <E, R>(
  caller: Caller,
  settings: Settings,
  input: unknown,
  facts: Facts<E, R>
) {
  const { account } = caller
  const id = (yield* Ids).next() as CrmRequest.CrmRequestId
  const crm = yield* Crm
  const asking: Asking = { crm, settings, id, staff: null, searched: null }
  const write = onDesk(caller, "createLead", input, (transaction) => writeDown(transaction, asking, facts))
  return yield* alone(
    account,
    id,
    Effect.gen(function* () {
      const { requestId } = yield* write
      if (requestId !== id) return yield* runRequest(account, requestId)
      const ended = yield* attempt(account, (yield* readRequest(account, id)) as CrmRequest.OpenRequest)
      // decision: a lead is made, whatever becomes of its note: the bridge goes on with that
      if (ended.state._tag === "Made") yield* Effect.ignore(runNote(account, ended))
      return ended
    })
  )
})

const runNote = (account: AccountId, { id, wanted }: CrmRequest.CrmRequest) =>
  Effect.flatMap(Crm, (crm) =>
    wanted._tag === "Lead" && wanted.note !== null && !storesNote(crm)
      ? runRequest(account, noteIdOf(id))
      : Effect.succeed(null)
  )

const answerOf = Effect.fnUntraced(function* (request: CrmRequest.CrmRequest) {
  const ended = yield* outcomeOf(request)
  if (ended._tag !== "Made") return yield* brokenRequest
  const { _tag, ...made } = ended
  return made satisfies LeadMade
})

const isStanding = (error: unknown): error is Standing =>
  typeof error === "object" && error !== null && "_tag" in error && error._tag === "Standing"

/** One press, over all attempts of its commit: what the CRM said once is not asked again for every message sent. */
interface Asking {
  readonly crm: CrmShape
  readonly settings: Settings
  readonly id: CrmRequest.CrmRequestId
  staff: Staff | null
  searched: { readonly by: string; readonly found: MatchFound } | null
}

/** One attempt at the desk's commit: claims, owner, request. Refused here, nothing was written. */
const writeDown = Effect.fnUntraced(function* <E, R>(transaction: DeskTransaction, asking: Asking, facts: Facts<E, R>) {
  const { crm, id, settings } = asking
  const { chat, lead, picked } = yield* facts(transaction)
  const claims = yield* transaction.get(...CrmRequest.claimsOf(chat.id, lead.evidence).map(claimKey))
  for (const claim of claims) {
    const refusal = yield* refusalOf(transaction, asking, claim, lead.viewer)
    if (refusal !== null) return yield* Effect.fail(refusal)
  }
  const created = chat.lead === null ? null : yield* stillThere(crm, transaction.caller.account, chat.lead.id)
  if (created !== null) return yield* Effect.fail(created)
  if (!crm.capabilities.atomicIdentity) {
    const { matched, visible } = yield* searched(asking, transaction.caller.account, lead)
    if (matched.length > 0) return yield* Effect.fail(matchRefusal(visible))
  }
  const decision =
    crm.capabilities.pools === "native"
      ? null
      : yield* dealOwner(transaction, settings, yield* staffOf(asking, transaction.caller.account), {
          picked,
          creator: lead.creatorUser
        })
  const note = lead.note === null ? null : transaction.text(subjectOf(chat), lead.note).content
  const wanted = yield* wantedOf(chat, lead, { decision, note, picked })
  const { now } = transaction
  const opened = CrmRequest.opened({ id, chatId: chat.id, wanted }, now, now)
  const begun = CrmRequest.begun(opened, leaseEnd(crm, opened, now))
  const event = { _tag: "LeadRequested", requestId: id, chatId: chat.id, owner: decision, note } as const
  const [read] = yield* transaction.get(requestKey(id))
  putRequest(transaction, read, happens(transaction, begun, [event]))
  for (const claim of claims) transaction.put(claim, { requestId: id, since: now, made: null, until: null })
  return { requestId: id }
})

/** E5's order: this chat's lead, or one of ours with this key that a search may not know yet. */
const refusalOf = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  asking: Asking,
  { key, value }: Read<DeskRecords, "leadClaim">,
  viewer: Viewer
) {
  if (value === null) return null
  const { made, requestId, since, until } = value
  if (made === null) return { _tag: "Standing", requestId, since } satisfies Standing
  if (until === null || until <= transaction.now) return null
  if (key.id.startsWith("chat/")) return { _tag: "AlreadyCreated", ...made, noteStored: false } satisfies AlreadyCreated
  const record = { kind: "lead", id: made.lead } as const
  if (viewer._tag === "All") return matchRefusal([record])
  const { users } = yield* staffOf(asking, transaction.caller.account)
  return matchRefusal(sees(viewer, directoryOf(users), made.owner) ? [record] : [])
})

/** The chat's lead, if it still is one: deletion frees the chat (E5). */
const stillThere = (crm: CrmShape, account: AccountId, lead: RecordId) => {
  const gone = () => Effect.succeed(null)
  return crm.read(account, { _tag: "All" }, { kind: "lead", id: lead }).pipe(
    Effect.map((record) =>
      Record.isLive(record)
        ? ({ _tag: "AlreadyCreated", lead, owner: record.ownerId, noteStored: false } satisfies AlreadyCreated)
        : null
    ),
    Effect.catchTags({ RecordNotFound: gone, RecordHidden: gone })
  )
}

const searched = Effect.fnUntraced(function* (asking: Asking, account: AccountId, { evidence, viewer }: NewLead) {
  const by = JSON.stringify(evidence)
  if (asking.searched?.by !== by) asking.searched = { by, found: yield* asking.crm.match(account, viewer, evidence) }
  return asking.searched.found
})

const staffOf = Effect.fnUntraced(function* (asking: Asking, account: AccountId) {
  const { crm } = asking
  asking.staff ??= { users: yield* crm.users(account), pools: yield* crm.pools(account) }
  return asking.staff
})

const subjectOf = (chat: Chat): Subject => ({ _tag: "Visitor", visitorId: chat.visitor.id })

/** The addresses are the visitor's own, by reference: no personal text is in the request (J4). */
const wantedOf = Effect.fnUntraced(function* (
  { visitor }: Chat,
  lead: NewLead,
  more: Pick<Extract<CrmRequest.Wanted, { readonly _tag: "Lead" }>, "decision" | "note" | "picked">
) {
  const { email, name, phone } = visitor
  if (email === null) return yield* brokenRequest
  const { creator, creatorUser, defaultRegion, evidence, source, status, viewer } = lead
  return {
    ...{ _tag: "Lead", evidence, name, email, phone, status, source, creator, creatorUser, viewer, defaultRegion },
    ...more
  } satisfies CrmRequest.Wanted
})
