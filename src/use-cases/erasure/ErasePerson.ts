import { Effect, Result } from "effect"
import type * as Erasure from "../../domain/account/Erasure.ts"
import type { ErasureId, VisitorId } from "../../domain/account/Id.ts"
import type { TooMany } from "../../domain/account/Limits.ts"
import * as Commitment from "../../domain/chat/Commitment.ts"
import * as EmailKey from "../../domain/identity/EmailKey.ts"
import * as PhoneKey from "../../domain/identity/PhoneKey.ts"
import * as RecordRef from "../../domain/record/RecordRef.ts"
import { Crm } from "../../ports/Crm.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed, type DeskTransaction, onDesk } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { erasureKey, erasuresKey, putErasure, visitorErasureKey } from "./ErasureRecord.ts"

/** Who is to be erased: all that is known to be theirs. */
export interface PersonNamed {
  readonly visitorIds: ReadonlyArray<VisitorId>
  /** As typed, each with a key (A1): whoever gave one of them in a chat is this person. */
  readonly emails: ReadonlyArray<string>
  /** As typed, each a valid number (A2). */
  readonly phones?: ReadonlyArray<string>
  readonly records: ReadonlyArray<RecordRef.RecordRef>
}

/** decision: a person has some of each; whoever has more is erased in parts, and a commit stays bounded. */
const MAX_NAMED = 100

/** How many chats one read looks at. */
const PAGE = 200

/**
 * Begins the erasure of a person (J4): their chats, those that gave one of the addresses, their CRM records, those that
 * answer to the addresses, and the leads made from their chats. `runErasures` does it, in bounded steps; `readErasure`
 * says how far it is. Asked again while it runs: the same erasure; where a step was given up it is tried again. Once it
 * has ended, another begins, for what came since.
 *
 * From here on until the chat side is done these visitors cannot begin a chat (`BeingErased`).
 *
 * Refusals: `NobodyNamed`, `UnusableAddress`, `TooMany`, `AccessDenied`. By who operates the account.
 */
export const erasePerson = Effect.fn("erasePerson")(function* (caller: Caller, person: PersonNamed) {
  const { defaultRegion } = yield* currentSettings(caller)
  return yield* onDesk(caller, "erasePerson", person, (transaction) =>
    Effect.gen(function* () {
      const [all, agent] = yield* transaction.get(erasuresKey, actingAgentKey(caller))
      yield* allowed(caller, agent.value, { action: "account.operate" })
      const wanted = named(person, defaultRegion, transaction.ids.salt())
      if (Result.isFailure(wanted)) return yield* Effect.fail(wanted.failure)
      const open = all.value?.open ?? []
      const same = yield* runningOf(transaction, open, wanted.success)
      if (same !== null) return yield* resume(transaction, same)
      const id = transaction.ids.next() as ErasureId
      transaction.put(all, { open: [...open, id] })
      yield* begin(transaction, id, wanted.success)
      return { erasureId: id }
    })
  )
})

type NamedRefusal = Erasure.NobodyNamed | Erasure.UnusableAddress | TooMany

/** What was named, with the keys of the addresses; in one order, each once. */
const named = (
  { emails, phones = [], records, visitorIds }: PersonNamed,
  region: string | null,
  salt: string
): Result.Result<Erasure.Wanted, NamedRefusal> => {
  const lists = { visitorIds, emails, phones, records }
  for (const [field, list] of Object.entries(lists)) {
    const size = list.length
    if (size > MAX_NAMED) return Result.fail({ _tag: "TooMany", field, limit: MAX_NAMED, size })
  }
  if (Object.values(lists).every((list) => list.length === 0)) return Result.fail({ _tag: "NobodyNamed" })
  return Result.gen(function* () {
    return {
      emails: yield* keysOf("emails", emails, EmailKey.make),
      phones: yield* keysOf("phones", phones, (typed) => PhoneKey.make(typed, region)),
      visitors: [...new Set(visitorIds)].sort(),
      records: distinct(records),
      salt
    }
  })
}

const keysOf = <Key extends string>(
  field: Erasure.UnusableAddress["field"],
  typed: ReadonlyArray<string>,
  make: (typed: string) => Key | null
): Result.Result<ReadonlyArray<Key>, Erasure.UnusableAddress> => {
  const keys = new Set<Key>()
  for (const [index, address] of typed.entries()) {
    const key = make(address)
    if (key === null) return Result.fail({ _tag: "UnusableAddress", field, index })
    keys.add(key)
  }
  return Result.succeed([...keys].sort())
}

const distinct = (refs: Iterable<RecordRef.RecordRef>): ReadonlyArray<RecordRef.RecordRef> =>
  [...new Map([...refs].map(({ id, kind }) => [RecordRef.toKey({ kind, id }), { kind, id }])).values()].sort((a, b) =>
    RecordRef.order(a, b)
  )

/** The erasure of the same person that has not ended. There are few at a time. */
const runningOf = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  open: ReadonlyArray<ErasureId>,
  wanted: Erasure.Wanted
) {
  const reads = yield* transaction.peek(...open.map(erasureKey))
  const what = (asked: Erasure.Wanted | null) => JSON.stringify({ ...asked, salt: "" })
  return reads.find(({ value }) => value !== null && what(value.wanted) === what(wanted))?.value?.id ?? null
})

const resume = Effect.fnUntraced(function* (transaction: DeskTransaction, erasureId: ErasureId) {
  const [read] = yield* transaction.get(erasureKey(erasureId))
  if (read.value !== null && read.value.trouble?.nextTryAt === null) {
    putErasure(transaction, read, read.value)
    transaction.event(`erasure/${erasureId}`, 0, { _tag: "ErasureResumed", erasureId })
  }
  return { erasureId }
})

/** Finds what is theirs now, writes it down, and keeps the visitors from beginning chats meanwhile. */
const begin = Effect.fnUntraced(function* (transaction: DeskTransaction, id: ErasureId, wanted: Erasure.Wanted) {
  const { emails, phones, salt } = wanted
  const { leads, visitors } = yield* chatsOf(transaction, wanted)
  const records = distinct([...wanted.records, ...leads, ...(yield* matching(transaction.caller, wanted))])
  for (const marker of yield* transaction.get(...visitors.map(visitorErasureKey))) {
    transaction.put(marker, { erasureId: id })
  }
  putErasure(
    transaction,
    { key: erasureKey(id), version: 0, value: null },
    {
      ...{ id, requestedAt: transaction.now, by: transaction.caller.actor, visitors, records, wanted, trouble: null },
      step: { _tag: "chats", after: null },
      counts: { chats: 0, contents: 0, bans: 0, crm: 0 }
    }
  )
  const keys = [...emails, ...phones].map((key) => Commitment.commit(salt, key))
  transaction.event(`erasure/${id}`, 0, { _tag: "EraseRequested", erasureId: id, visitors, records, keys })
})

/** The visitors named, those whose chats have one of the keys, and the leads made from these chats. */
const chatsOf = Effect.fnUntraced(function* (
  { caller }: DeskTransaction,
  { emails, phones, visitors }: Erasure.Wanted
) {
  const store = yield* DeskStore
  const [found, leads] = [new Set(visitors), new Map<string, RecordRef.RecordRef>()]
  let chats = yield* store.personChats(caller.account, { visitors, emails, phones, after: null, limit: PAGE })
  while (chats.length > 0) {
    for (const { lead, visitor } of chats) {
      found.add(visitor.id)
      if (lead !== null) leads.set(lead.id, { kind: "lead", id: lead.id })
    }
    const after = chats.length < PAGE ? null : (chats.at(-1)?.id ?? null)
    chats =
      after === null ? [] : yield* store.personChats(caller.account, { visitors, emails, phones, after, limit: PAGE })
  }
  return { visitors: [...found].sort(), leads: [...leads.values()] }
})

/** The live records that answer to a key. A CRM that cannot say it now says it when it is asked to erase. */
const matching = Effect.fnUntraced(function* ({ account }: Caller, { emails, phones }: Erasure.Wanted) {
  const crm = yield* Crm
  const evidences = [
    ...emails.map((email) => ({ email, phone: null })),
    ...phones.map((phone) => ({ email: null, phone }))
  ]
  const found = yield* Effect.forEach(evidences, (evidence) =>
    Effect.map(crm.match(account, { _tag: "All" }, evidence), ({ matched }) => matched.map(({ ref }) => ref))
  ).pipe(Effect.catchTag("StoreError", () => Effect.succeed([])))
  return found.flat()
})
