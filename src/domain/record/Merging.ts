import { Result, Schema } from "effect"
import * as Instant from "../account/Instant.ts"
import type { TooMany } from "../account/Limits.ts"
import * as EmailKey from "../identity/EmailKey.ts"
import * as PhoneKey from "../identity/PhoneKey.ts"
import {
  type Absorbed,
  absorbedBy,
  type Company,
  type CrmRecord,
  isLive,
  type Lead,
  Lifecycle,
  madeFrom,
  type Person,
  type RecordKeys,
  refOf
} from "./Record.ts"
import { equals, RecordRef } from "./RecordRef.ts"

/** Only live records merge and convert (A5). `lifecycle` says what became of this one. */
export const NotLive = Schema.TaggedStruct("NotLive", { record: RecordRef, lifecycle: Lifecycle })
export type NotLive = typeof NotLive.Type

/** A record does not merge into itself. */
export const SameRecord = Schema.TaggedStruct("SameRecord", { record: RecordRef })
export type SameRecord = typeof SameRecord.Type

/** Records merge within one kind; a lead becomes a contact by {@link convert}. */
export const KindsDiffer = Schema.TaggedStruct("KindsDiffer", { survivor: RecordRef, loser: RecordRef })
export type KindsDiffer = typeof KindsDiffer.Type

/**
 * Most records that one may take over. decision: as many as a pool has members (F2), because a page of the survivor's
 * feed looks into each one's history; who merges more is moving data, not tidying up.
 */
export const MAX_ABSORBED = 200

/** A record's addresses as typed, the main one first. */
export interface Addresses {
  readonly emails: ReadonlyArray<string>
  readonly phones: ReadonlyArray<string>
}

/** Both records after one took over the other's keys. */
export interface TakenOver<Survivor, Loser> {
  readonly survivor: Survivor
  readonly loser: Loser
}

const none: RecordKeys = { emails: [], phones: [] }

/** Merges `loser` into `survivor`, which from now on answers to its keys, and shows its history and chats, too (A5). */
export const merge = <Survivor extends CrmRecord, Loser extends CrmRecord>(
  survivor: Survivor,
  loser: Loser,
  at: Instant.Instant
): Result.Result<TakenOver<Survivor, Loser>, NotLive | SameRecord | KindsDiffer | TooMany> => {
  const into = refOf(survivor)
  if (survivor._tag !== loser._tag) return Result.fail({ _tag: "KindsDiffer", survivor: into, loser: refOf(loser) })
  if (equals(into, refOf(loser))) return Result.fail({ _tag: "SameRecord", record: into })
  return takeOver(survivor, loser, { _tag: "Merged", into }, at)
}

/** Converts a lead into a contact, which takes over as a survivor does: the chat it was made from, too (A5, E7). */
export const convert = <Contact extends Person | Company>(
  lead: Lead,
  into: Contact,
  at: Instant.Instant
): Result.Result<TakenOver<Contact, Lead>, NotLive | TooMany> =>
  takeOver(into, lead, { _tag: "Converted", to: refOf(into) }, at)

/**
 * Gives a record other addresses; its keys follow (A7). Blank ones are absence (A1). The same addresses and keys
 * change nothing: the record itself comes back.
 *
 * decision: an alias that becomes an address is an alias no more, because taking an address away must make its chats
 * disappear (A7), wherever else the address came from.
 */
export const withAddresses = <A extends CrmRecord>(
  record: A,
  addresses: Addresses,
  region: string | null,
  at: Instant.Instant
): A => {
  const emails = addresses.emails.filter(EmailKey.isGiven)
  const phones = addresses.phones.filter(EmailKey.isGiven)
  const own = keysFor(emails, phones, none, region)
  const aliases = without(record.aliases, own)
  const keys = union(own, aliases)
  const isSame = sameList(record.emails, emails) && sameList(record.phones, phones) && sameKeys(record.keys, keys)
  return isSame ? record : { ...touched(record, at), emails, phones, keys, aliases }
}

/**
 * What a record with these addresses and aliases answers to: the addresses' keys first, each key once. Addresses
 * without a key are kept for display only (A1, A2).
 */
export const keysFor = (
  emails: ReadonlyArray<string>,
  phones: ReadonlyArray<string>,
  aliases: RecordKeys,
  region: string | null
): RecordKeys =>
  union(
    {
      emails: emails.map(EmailKey.make).filter((key) => key !== null),
      phones: phones.map((typed) => PhoneKey.make(typed, region)).filter((key) => key !== null)
    },
    aliases
  )

const takeOver = <Survivor extends CrmRecord, Loser extends CrmRecord>(
  survivor: Survivor,
  loser: Loser,
  lifecycle: Lifecycle,
  at: Instant.Instant
): Result.Result<TakenOver<Survivor, Loser>, NotLive | TooMany> => {
  if (!isLive(survivor)) return Result.fail(notLive(survivor))
  if (!isLive(loser)) return Result.fail(notLive(loser))
  const absorbed = absorbing(survivor, loser)
  const size = absorbed.records.length
  if (size > MAX_ABSORBED) return Result.fail({ _tag: "TooMany", field: "absorbed", limit: MAX_ABSORBED, size })
  // the loser's keys hold its own aliases: what was once merged into it comes along
  const aliases = union(survivor.aliases, without(loser.keys, survivor.keys))
  const keys = union(survivor.keys, loser.keys)
  return Result.succeed({
    survivor: { ...touched(survivor, at), keys, aliases, absorbed },
    loser: { ...touched(loser, at), lifecycle }
  })
}

/** Nothing comes twice but a chat: two leads may have been made from one (E5). */
const absorbing = (survivor: CrmRecord, loser: CrmRecord): Absorbed => {
  const before = absorbedBy(survivor)
  return {
    records: [...before.records, refOf(loser), ...absorbedBy(loser).records],
    chatIds: [...new Set([...before.chatIds, ...madeFrom(loser)])]
  }
}

/** One event happened to the record (K2). Its time never moves back, as A3 orders by it. */
const touched = <A extends CrmRecord>(record: A, at: Instant.Instant): A => ({
  ...record,
  updatedAt: Instant.max(record.updatedAt, at),
  eventCount: record.eventCount + 1
})

const notLive = (record: CrmRecord): NotLive => ({
  _tag: "NotLive",
  record: refOf(record),
  lifecycle: record.lifecycle
})

const union = (a: RecordKeys, b: RecordKeys): RecordKeys => ({
  emails: [...new Set([...a.emails, ...b.emails])],
  phones: [...new Set([...a.phones, ...b.phones])]
})

const without = (a: RecordKeys, b: RecordKeys): RecordKeys => ({
  emails: a.emails.filter((key) => !b.emails.includes(key)),
  phones: a.phones.filter((key) => !b.phones.includes(key))
})

const sameKeys = (a: RecordKeys, b: RecordKeys): boolean => sameList(a.emails, b.emails) && sameList(a.phones, b.phones)

const sameList = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index])
