import { Effect, Result } from "effect"
import type { AccountId, PoolId } from "../../domain/account/Id.ts"
import * as LeadOwner from "../../domain/assignment/LeadOwner.ts"
import * as NoticeRecipient from "../../domain/assignment/NoticeRecipient.ts"
import type { CrmEvent } from "../../domain/record/CrmEvent.ts"
import type { LeadRefusal } from "../../domain/record/CrmRefusal.ts"
import * as Merging from "../../domain/record/Merging.ts"
import type { Lead } from "../../domain/record/Record.ts"
import type { RecordId } from "../../domain/record/RecordRef.ts"
import type { Directory } from "../../domain/record/User.ts"
import type { LeadMade, NewLead } from "../../ports/Crm.ts"
import type { CrmStoreShape, KeyQuery, LeadFacts } from "../../ports/CrmStore.ts"
import type { StoreError } from "../../ports/StoreError.ts"
import { type CrmTransaction, directoryOf, noticeFor, onCrm } from "./CrmCommand.ts"
import { changePool } from "./ManagePool.ts"
import { matchAmong } from "./RecordReading.ts"
import { addActivity, addNote } from "./RecordWriting.ts"

/**
 * The atomic core of E3: facts in one read, the decision, one write. Whoever decides on the same email, chat or pool at
 * the same time conflicts, and decides again on what the other wrote. Two statements.
 */
export const createLead = (store: CrmStoreShape) => (account: AccountId, lead: NewLead, idempotencyKey: string) =>
  onCrm(store, account, lead.creator, { name: "createLead", input: asked(lead), idempotencyKey }, (transaction) =>
    Effect.gen(function* () {
      const made = leadOf(transaction, lead)
      const load = store.leadFacts(account, {
        ...keysToRead(lead, made),
        chatId: lead.chatId,
        pools: poolsOf(lead),
        commandId: transaction.commandId
      })
      const facts = yield* currentFacts(transaction, load)
      if (facts.command !== null) yield* transaction.tookCommand(facts.command)
      const directory = directoryOf(facts.users.flatMap(({ value }) => (value === null ? [] : [value])))
      const refusal = refusalOf(lead, facts, directory)
      if (refusal !== null) return yield* Effect.fail(refusal)
      const assigned = assign(lead, facts, directory)
      if (Result.isFailure(assigned)) return yield* Effect.fail(assigned.failure)
      return write(transaction, lead, made, facts, assigned.success, directory)
    })
  )

/**
 * The facts, found once: who was decided before this one took a turn of the pool, or changed a user; that is known
 * without asking. Whatever they did to its keys or chat is asked anew, because candidates may have come.
 */
const currentFacts = Effect.fnUntraced(function* (
  transaction: CrmTransaction,
  load: Effect.Effect<LeadFacts, StoreError>
) {
  const { found, since } = yield* transaction.facts("leadFacts", load, (old, when) =>
    [...old.identityKeys, old.chatLead].some((read) => transaction.isOutdated(read, when))
  )
  const pools = yield* transaction.current(found.pools, since)
  const users = yield* transaction.current(found.users, since)
  return { ...found, pools, users }
})

/** The evidence, and every other key that the lead will have: all are moved. */
const keysToRead = ({ evidence }: NewLead, { keys }: Draft): KeyQuery => ({
  emails: [...new Set(evidence.email === null ? keys.emails : [evidence.email, ...keys.emails])],
  phones: [...new Set(evidence.phone === null ? keys.phones : [evidence.phone, ...keys.phones])]
})

/** What was asked, without what was looked up for it: a repeat is the same command although settings have changed (K1). */
const asked = ({ chatId, note, owner }: NewLead) => ({
  chatId,
  note,
  picked: owner._tag === "ByPolicy" ? owner.picked : owner.decision.owner
})

/** The pools that may deal: those configured, and the one picked. */
const poolsOf = ({ owner }: NewLead): ReadonlyArray<PoolId> => {
  if (owner._tag === "Decided") return []
  const choices = owner.picked === null ? owner.configured : [...owner.configured, owner.picked]
  return [...new Set(choices.flatMap((choice) => (choice._tag === "Pool" ? [choice.poolId] : [])))]
}

/** E5's order: made from this chat already; matched by what may not be seen; matched. */
const refusalOf = (lead: NewLead, facts: LeadFacts, directory: Directory): LeadRefusal | null => {
  const made = facts.chatLead.value
  if (made !== null) return { _tag: "AlreadyCreated", lead: made.lead, owner: made.owner, noteStored: false }
  const { matched, visible } = matchAmong(lead.evidence, facts.candidates, lead.viewer, directory)
  if (matched.length === 0) return null
  return visible.length === 0
    ? { _tag: "MatchHidden", noteStored: false }
    : { _tag: "AlreadyMatched", records: visible, noteStored: false }
}

const assign = (lead: NewLead, facts: LeadFacts, directory: Directory) => {
  const { owner } = lead
  if (owner._tag === "Decided") return Result.succeed<LeadOwner.Assignment>({ decision: owner.decision, pool: null })
  const pools = facts.pools.flatMap(({ value }) => (value === null ? [] : [value]))
  return LeadOwner.decide({
    anyOwnerAllowed: owner.anyOwnerAllowed,
    configured: owner.configured,
    access: owner.access,
    picked: owner.picked,
    creator: lead.creatorUser,
    directory,
    pools: new Map(pools.map((pool) => [pool.id, pool]))
  })
}

/** A lead before it has an owner. */
type Draft = Omit<Lead, "ownerId" | "assignment" | "eventCount">

/** The whole change: the lead, its keys, its chat, the pool's turn, its first entries, one notice. */
const write = (
  transaction: CrmTransaction,
  lead: NewLead,
  draft: Draft,
  facts: LeadFacts,
  { decision, pool }: LeadOwner.Assignment,
  directory: Directory
): LeadMade => {
  const ref = { kind: "lead", id: draft.id } as const
  const { owner } = decision
  for (const key of facts.identityKeys) transaction.put(key, { movedBy: ref })
  transaction.put(facts.chatLead, { lead: ref.id, owner })
  transaction.expect(...facts.users.filter(({ value }) => value?.id === owner))
  const asked = facts.pools.find(({ value }) => value !== null && value.id === pool?.before.id)
  if (asked !== undefined) changePool(transaction, asked, pool?.events ?? [])
  let eventCount = 0
  const happens = (event: CrmEvent) => transaction.event(`lead/${ref.id}`, ++eventCount, event)
  happens({ _tag: "RecordAdded", record: ref })
  happens({ _tag: "LeadAddedFromChat", lead: ref.id, chatId: lead.chatId, owner })
  addActivity(transaction, (common) => ({ _tag: "AddedFromChat", ...common, record: ref, chatId: lead.chatId }))
  const noted = lead.note === null ? null : addNote(transaction, ref, lead.note, lead.chatId)
  if (noted !== null) happens({ _tag: "NoteAdded", record: ref, activityId: noted.id, chatId: lead.chatId })
  const people = { owner, creator: lead.creatorUser, directory }
  const told = noted === null ? NoticeRecipient.forNewLead(people) : NoticeRecipient.forLeadWithNote(people)
  const notice = noticeFor(transaction, told.told, {
    about: ref,
    reason: noted === null ? "leadDealt" : "leadDealtWithNote",
    activityId: noted?.id ?? null,
    chatId: lead.chatId,
    from: lead.creator
  })
  if (notice !== null) happens(notice)
  const made: Lead = { ...draft, ownerId: owner, assignment: decision, eventCount }
  transaction.put({ key: { kind: "lead", id: ref.id }, version: 0, value: null }, made)
  return { lead: ref.id, owner, decision, noteStored: noted !== null, told }
}

const leadOf = (transaction: CrmTransaction, lead: NewLead): Draft => {
  const aliases = { emails: [], phones: [] }
  const phones = lead.phone === null ? [] : [lead.phone]
  return {
    _tag: "Lead",
    id: transaction.ids.next() as RecordId,
    emails: [lead.email],
    phones,
    keys: Merging.keysFor([lead.email], phones, aliases, lead.defaultRegion),
    aliases,
    custom: {},
    lifecycle: { _tag: "Live" },
    createdAt: transaction.now,
    updatedAt: transaction.now,
    firstName: lead.firstName,
    lastName: lead.lastName,
    organisation: null,
    status: lead.status,
    source: lead.source,
    addedFrom: { _tag: "Chat", chatId: lead.chatId }
  }
}
