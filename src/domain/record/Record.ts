import { Schema } from "effect"
import { ChatId, UserId } from "../account/Id.ts"
import { Instant } from "../account/Instant.ts"
import { EmailKey } from "../identity/EmailKey.ts"
import { PhoneKey } from "../identity/PhoneKey.ts"
import { OwnerDecision } from "./OwnerDecision.ts"
import { RecordId, RecordRef } from "./RecordRef.ts"

/** A postal address, each line optional. */
export const Address = Schema.Struct({
  line1: Schema.optionalKey(Schema.String),
  city: Schema.optionalKey(Schema.String),
  postalCode: Schema.optionalKey(Schema.String),
  state: Schema.optionalKey(Schema.String),
  country: Schema.optionalKey(Schema.String)
})
export type Address = typeof Address.Type

/** What a custom field holds, as the CRM stores it; rendering types it by the field's definition (I3). */
export const StoredValue = Schema.Union([
  Schema.Null,
  Schema.String,
  Schema.Finite,
  Schema.Boolean,
  Schema.Array(Schema.String),
  Address
])
export type StoredValue = typeof StoredValue.Type

/** Whether a record still is what it was. Only live records match by themselves (A5). */
export const Lifecycle = Schema.Union([
  Schema.TaggedStruct("Live", {}),
  Schema.TaggedStruct("Converted", { to: RecordRef }),
  Schema.TaggedStruct("Merged", { into: RecordRef }),
  Schema.TaggedStruct("Deleted", {}),
  /** A shell: no names, no addresses, no keys (J4). `survivor`: where it was merged or converted into. */
  Schema.TaggedStruct("Erased", { survivor: Schema.NullOr(RecordRef) })
])
export type Lifecycle = typeof Lifecycle.Type

/** What a record answers to: the keys of its addresses, and those of records merged or converted into it (A5, A7). */
export const RecordKeys = Schema.Struct({ emails: Schema.Array(EmailKey), phones: Schema.Array(PhoneKey) })
export type RecordKeys = typeof RecordKeys.Type

/**
 * What a record took over, beside its {@link RecordKeys}, from those merged or converted into it, and from those merged
 * into them: their history, and the chats that they were made from (A5, E7).
 */
export const Absorbed = Schema.Struct({ records: Schema.Array(RecordRef), chatIds: Schema.Array(ChatId) })
export type Absorbed = typeof Absorbed.Type

const common = {
  id: RecordId,
  ownerId: UserId,
  /** As typed, the main one first; kept for display (A1). */
  emails: Schema.Array(Schema.String),
  phones: Schema.Array(Schema.String),
  /** Keys of {@link emails} and {@link phones}, and {@link aliases}; what stores index while the record is live. */
  keys: RecordKeys,
  /** Keys taken over from merged or converted records (A5). */
  aliases: RecordKeys,
  /** Absent: nothing, as with nearly all. */
  absorbed: Schema.optionalKey(Absorbed),
  custom: Schema.Record(Schema.String, StoredValue),
  lifecycle: Lifecycle,
  createdAt: Instant,
  updatedAt: Instant,
  /** The number of this record's last event (K2). */
  eventCount: Schema.Int
}

/** How a record came to be; a lead's card says it (E3). */
export const AddedFrom = Schema.Union([
  Schema.TaggedStruct("Chat", { chatId: ChatId }),
  Schema.TaggedStruct("Import", {}),
  Schema.TaggedStruct("Manual", {})
])
export type AddedFrom = typeof AddedFrom.Type

/** A prospect. Has a last name or an organisation (E4). */
export const Lead = Schema.TaggedStruct("Lead", {
  ...common,
  firstName: Schema.NullOr(Schema.String),
  lastName: Schema.NullOr(Schema.String),
  organisation: Schema.NullOr(Schema.String),
  status: Schema.String,
  source: Schema.NullOr(Schema.String),
  addedFrom: AddedFrom,
  /** How its owner was found (F4); `null` for leads that were not dealt. */
  assignment: Schema.NullOr(OwnerDecision),
  /** The decisions before that one, oldest first, where it was dealt again (F2, F4). */
  earlierAssignments: Schema.optionalKey(Schema.Array(OwnerDecision))
})
export type Lead = typeof Lead.Type

/** A contact that is a person, perhaps of a company. */
export const Person = Schema.TaggedStruct("Person", {
  ...common,
  firstName: Schema.NullOr(Schema.String),
  lastName: Schema.NullOr(Schema.String),
  companyId: Schema.NullOr(RecordId)
})
export type Person = typeof Person.Type

/** A contact that is a company. */
export const Company = Schema.TaggedStruct("Company", { ...common, name: Schema.String })
export type Company = typeof Company.Type

/** A sale in progress, tied to a primary contact, associated contacts and perhaps a company (H2). */
export const Deal = Schema.TaggedStruct("Deal", {
  ...common,
  name: Schema.String,
  primaryContact: Schema.NullOr(RecordRef),
  associatedContacts: Schema.Array(RecordRef),
  companyId: Schema.NullOr(RecordId),
  value: Schema.NullOr(Schema.String),
  currency: Schema.NullOr(Schema.String)
})
export type Deal = typeof Deal.Type

/** A lead, a person, a company or a deal. */
export const CrmRecord = Schema.Union([Lead, Person, Company, Deal])
export type CrmRecord = typeof CrmRecord.Type

/** The record's kind, as in its reference. */
export const kindOf = (record: CrmRecord): RecordRef["kind"] => kinds[record._tag]
const kinds = { Lead: "lead", Person: "person", Company: "company", Deal: "deal" } as const

export const refOf = (record: CrmRecord): RecordRef => ({ kind: kindOf(record), id: record.id })

/** The name on the card. */
export const nameOf = (record: CrmRecord): string => {
  switch (record._tag) {
    case "Company":
    case "Deal":
      return record.name
    case "Person":
      return joined(record.firstName, record.lastName)
    case "Lead":
      return joined(record.firstName, record.lastName) || (record.organisation ?? "")
  }
}

const joined = (first: string | null, last: string | null): string =>
  [first, last].filter((part) => part !== null && part !== "").join(" ")

export const isLive = (record: CrmRecord): boolean => record.lifecycle._tag === "Live"

export const absorbedBy = (record: CrmRecord): Absorbed => record.absorbed ?? nothing
const nothing: Absorbed = { records: [], chatIds: [] }

/** The chats that a record shows whatever they closed with (E7): made from them was a lead that it is, or took over. */
export const madeFrom = (record: CrmRecord): ReadonlyArray<ChatId> => {
  const { chatIds } = absorbedBy(record)
  return record._tag === "Lead" && record.addedFrom._tag === "Chat" ? [record.addedFrom.chatId, ...chatIds] : chatIds
}
