import { Effect } from "effect"
import type { AccountId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import type { NoticeRecipient } from "../../domain/assignment/NoticeRecipient.ts"
import type { RecordRef } from "../../domain/record/RecordRef.ts"
import * as CrmRequest from "../../domain/request/CrmRequest.ts"
import { Crm } from "../../ports/Crm.ts"
import { chatKey, type DeskTransaction, decideChat, onDesk } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { storesNote } from "./PerformRequest.ts"
import { claimKey, happens, putRequest, readRequest, requestKey, system } from "./Requests.ts"
import { noticeDue } from "./Telling.ts"

type Request = CrmRequest.CrmRequest
type Wanted<Tag> = Extract<CrmRequest.Wanted, { readonly _tag: Tag }>
type Of<Tag> = Extract<CrmRequest.Outcome, { readonly _tag: Tag }>

/** What an outcome changes depends on: whether the library tells, and how long a search may not know a lead. */
interface Settling {
  readonly transaction: DeskTransaction
  readonly libraryTells: boolean
  readonly stalenessMillis: number
  /** The note is a write of its own, which follows the lead. */
  readonly noteFollows: boolean
}

/**
 * Writes down how a request ended, with all that follows from it, in one step (K2): the chat learns of its lead, claims
 * are kept or freed, notices become due. One that has ended already stays as it is. Answers the request.
 */
export const settle = Effect.fnUntraced(function* (
  account: AccountId,
  id: CrmRequest.CrmRequestId,
  outcome: CrmRequest.Outcome
) {
  const { capabilities, ...crm } = yield* Crm
  const { rememberMillis } = yield* currentSettings({ account })
  return yield* onDesk(system(account), "request.settle", {}, (transaction) =>
    Effect.gen(function* () {
      const [read] = yield* transaction.get(requestKey(id))
      const request = read.value
      if (request === null || !CrmRequest.isOpen(request)) return request ?? (yield* readRequest(account, id))
      const settling: Settling = {
        transaction,
        libraryTells: capabilities.notices === "library",
        stalenessMillis: capabilities.stalenessMillis,
        noteFollows: !storesNote({ capabilities, ...crm })
      }
      const followed = yield* follow(settling, request, outcome)
      const settled = CrmRequest.settled(followed, outcome, transaction.now)
      // decision: leads stay, because they say who owns what and why (F4); the rest is kept as long as answers are (K1)
      const forgetAt = outcome._tag === "Made" ? null : Instant.plusMillis(transaction.now, rememberMillis)
      putRequest(transaction, read, settled, forgetAt)
      return settled
    })
  )
})

const follow = (settling: Settling, request: Request, outcome: CrmRequest.Outcome) => {
  const { wanted } = request
  switch (wanted._tag) {
    case "Lead":
      return leadEnded(settling, request, wanted, outcome)
    case "Note":
      return Effect.succeed(noteEnded(settling, request, wanted, outcome))
    case "Phone":
      return phoneEnded(settling, request, wanted, outcome)
    case "Copy":
      return Effect.succeed(request)
    case "Copies":
      return Effect.as(
        outcome._tag === "Spread" ? openCopies(settling.transaction, request.chatId, outcome.records) : Effect.void,
        request
      )
  }
}

/** Made: the claims stay until every search knows the lead. Refused: they are free; the turn is spent, visibly (E5). */
const leadEnded = Effect.fnUntraced(function* (
  settling: Settling,
  request: Request,
  wanted: Wanted<"Lead">,
  outcome: CrmRequest.Outcome
) {
  const { transaction } = settling
  const ids = CrmRequest.claimsOf(request.chatId, wanted.evidence)
  const claims = yield* transaction.get(...ids.map(claimKey))
  const own = claims.flatMap((read) =>
    read.value?.requestId === request.id ? [{ read, value: read.value, isKey: !read.key.id.startsWith("chat/") }] : []
  )
  if (outcome._tag === "Refused") {
    for (const { read } of own) transaction.remove(read)
    const about = { requestId: request.id, chatId: request.chatId }
    const { refusal } = outcome
    return happens(transaction, request, [{ _tag: "LeadRefused", ...about, refusal, turn: turnOf(wanted) }])
  }
  if (outcome._tag !== "Made") return request
  const { lead, owner } = outcome
  const until = Instant.plusMillis(transaction.now, settling.stalenessMillis)
  // decision: the chat's claim stays, so that the request that made its lead is found by the chat (F4)
  for (const { isKey, read, value } of own) {
    transaction.put(read, { ...value, made: { lead, owner }, until }, [], isKey ? until : null)
  }
  const [chat] = yield* transaction.get(chatKey(request.chatId))
  if (chat.value !== null) {
    yield* decideChat(
      transaction,
      chat,
      { _tag: "RecordLead", chatId: request.chatId, lead, owner },
      { by: wanted.creator }
    )
  }
  return yield* afterLead(settling, request, wanted, outcome)
})

/** One notice of lead and note (F6): with the note, where that is still to be stored. */
const afterLead = Effect.fnUntraced(function* (
  { libraryTells, noteFollows, transaction }: Settling,
  request: Request,
  wanted: Wanted<"Lead">,
  { lead, told }: Of<"Made">
) {
  const record = { kind: "lead", id: lead } as const
  const { chatId } = request
  if (wanted.note !== null && noteFollows) {
    const { creator: author, creatorUser: authorUser } = wanted
    const viewer = { _tag: "All" } as const
    const note: CrmRequest.Wanted = {
      ...{ _tag: "Note", record, text: wanted.note, author, authorUser, viewer, ofNewLead: told }
    }
    const [read] = yield* transaction.get(requestKey(noteIdOf(request.id)))
    const opened = CrmRequest.opened(
      { id: noteIdOf(request.id), chatId, wanted: note },
      transaction.now,
      transaction.now
    )
    const asked = { _tag: "NoteRequested", requestId: opened.id, chatId, record, text: wanted.note } as const
    if (read.value === null) putRequest(transaction, read, happens(transaction, opened, [asked], author))
    return request
  }
  if (!libraryTells) return request
  const reason = wanted.note === null ? "leadDealt" : "leadDealtWithNote"
  const notice = { about: record, reason, activityId: null, chatId, from: wanted.creator } as const
  return happens(transaction, request, noticeDue(transaction, told.told, notice))
})

/** The request for the note that a lead is made with, where it is a write of its own. */
export const noteIdOf = (lead: CrmRequest.CrmRequestId): CrmRequest.CrmRequestId =>
  `${lead}.note` as CrmRequest.CrmRequestId

const turnOf = ({ decision }: Wanted<"Lead">) =>
  decision?.reason._tag === "Dealt" ? { poolId: decision.reason.poolId, userId: decision.owner } : null

/** Stored, or not: of a new lead its owner is told either way (F6). */
const noteEnded = (
  { libraryTells, transaction }: Settling,
  request: Request,
  wanted: Wanted<"Note">,
  outcome: CrmRequest.Outcome
): Request => {
  const { author, ofNewLead, record } = wanted
  const about = { requestId: request.id, chatId: request.chatId }
  const notice = (to: NoticeRecipient["told"], more: Pick<Parameters<typeof noticeDue>[2], "reason" | "activityId">) =>
    libraryTells ? noticeDue(transaction, to, { about: record, chatId: request.chatId, from: author, ...more }) : []
  if (outcome._tag === "Noted") {
    const { activityId, told } = outcome
    return happens(transaction, request, [
      { _tag: "NoteStored", ...about, record, activityId },
      ...notice(told.told, { reason: ofNewLead === null ? "noteLeft" : "leadDealtWithNote", activityId })
    ])
  }
  if (outcome._tag !== "Refused") return request
  return happens(transaction, request, [
    { _tag: "WriteRefused", ...about, refusal: outcome.refusal },
    ...notice(ofNewLead?.told ?? null, { reason: "leadDealt", activityId: null })
  ])
}

const phoneEnded = Effect.fnUntraced(function* (
  { transaction }: Settling,
  request: Request,
  { lead }: Wanted<"Phone">,
  outcome: CrmRequest.Outcome
) {
  const [claim] = yield* transaction.get(claimKey(CrmRequest.phoneClaimOf(lead)))
  if (claim.value?.requestId === request.id) transaction.remove(claim)
  const about = { requestId: request.id, chatId: request.chatId }
  if (outcome._tag === "Refused") {
    return happens(transaction, request, [{ _tag: "WriteRefused", ...about, refusal: outcome.refusal }])
  }
  return outcome._tag === "PhoneSet"
    ? happens(transaction, request, [{ _tag: "PhoneStored", ...about, lead, isChanged: outcome.isChanged }])
    : request
})

/** A request for each copy that none was made for yet: one per record and chat, in however many hosts (H2). */
const openCopies = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  chatId: Request["chatId"],
  records: ReadonlyArray<RecordRef>
) {
  const ids = records.map((record) => CrmRequest.copyId(record, chatId))
  const reads = yield* transaction.get(...ids.map(requestKey))
  for (const [at, record] of records.entries()) {
    const [id, read] = [ids[at], reads[at]]
    if (id === undefined || read === undefined || read.value !== null) continue
    const asked = { id, chatId, wanted: { _tag: "Copy", record } } as const
    putRequest(transaction, read, CrmRequest.opened(asked, transaction.now, transaction.now))
  }
})
