import type { FieldId } from "../account/Id.ts"
import * as Instant from "../account/Instant.ts"
import type { FieldDefinition, FieldType } from "../record/CustomField.ts"
import { type Company, type Lead, nameOf, type Person, type StoredValue } from "../record/Record.ts"
import type { MatchableKind } from "../record/RecordRef.ts"

/** What a panel can show. */
export type ShownRecord = Lead | Person | Company

/** Names that a record only refers to; `null`: unknown, or not for this viewer. */
export interface Lookup {
  /** decision: where it is unknown the owner's id is shown, because a record without an owner does not exist. */
  readonly user: (id: string) => string | null
  /** decision: where it is unknown the field is empty, because a company that is hidden must not show (J1). */
  readonly company: (id: string) => string | null
}

interface StandardField {
  readonly label: string
  readonly type: FieldType
  readonly kinds: ReadonlyArray<MatchableKind>
  readonly read: (record: ShownRecord, lookup: Lookup) => StoredValue
}

const every: ReadonlyArray<MatchableKind> = ["lead", "person", "company"]

/** The fields that every account has. Custom ones are in the CRM's registry (I2). */
const fields: Readonly<Record<string, StandardField>> = {
  name: { label: "Name", type: "text", kinds: every, read: (record) => nameOf(record) },
  firstName: {
    label: "First name",
    type: "text",
    kinds: ["lead", "person"],
    read: (record) => (record._tag === "Company" ? null : record.firstName)
  },
  lastName: {
    label: "Last name",
    type: "text",
    kinds: ["lead", "person"],
    read: (record) => (record._tag === "Company" ? null : record.lastName)
  },
  organisation: {
    label: "Organisation",
    type: "text",
    kinds: ["lead"],
    read: (record) => (record._tag === "Lead" ? record.organisation : null)
  },
  company: {
    label: "Company",
    type: "text",
    kinds: ["person"],
    read: (record, lookup) =>
      record._tag === "Person" && record.companyId !== null ? lookup.company(record.companyId) : null
  },
  email: { label: "Email", type: "email", kinds: every, read: (record) => record.emails[0] ?? null },
  phone: { label: "Phone", type: "phone", kinds: every, read: (record) => record.phones[0] ?? null },
  owner: {
    label: "Owner",
    type: "text",
    kinds: every,
    read: (record, lookup) => lookup.user(record.ownerId) ?? record.ownerId
  },
  status: {
    label: "Status",
    type: "text",
    kinds: ["lead"],
    read: (record) => (record._tag === "Lead" ? record.status : null)
  },
  source: {
    label: "Source",
    type: "text",
    kinds: ["lead"],
    read: (record) => (record._tag === "Lead" ? record.source : null)
  },
  /** E3: a lead's card says that it came from a chat. */
  addedFrom: {
    label: "Added from",
    type: "text",
    kinds: ["lead"],
    read: (record) => (record._tag === "Lead" ? record.addedFrom._tag.toLowerCase() : null)
  },
  createdAt: { label: "Added on", type: "date", kinds: every, read: (record) => dayOf(record.createdAt) }
}

/** The end of time, either way. Source: ECMA-262, "Time Values and Time Range". */
const MAX_INSTANT = 8.64e15

/** The day in UTC. A moment outside the calendar stays a number, which is no date (I3): formatting it would throw. */
const dayOf = (instant: Instant.Instant): StoredValue =>
  Math.abs(instant) <= MAX_INSTANT ? Instant.format(instant).slice(0, 10) : instant

/** The standard fields, as the registry lists them. */
export const definitions: ReadonlyArray<FieldDefinition> = Object.entries(fields).map(([id, field]) => ({
  id: id as FieldId,
  label: field.label,
  type: field.type,
  choices: [],
  recordKinds: field.kinds,
  isCustom: false,
  isDeleted: false
}))

/** Whether the field comes with the record; all others are in its `custom` values. */
export const isStandard = (id: FieldId): boolean => Object.hasOwn(fields, id)

/** A standard field's value in a record; `undefined` where there is no such standard field. */
export const read = (id: FieldId, record: ShownRecord, lookup: Lookup): StoredValue | undefined =>
  isStandard(id) ? fields[id]?.read(record, lookup) : undefined
