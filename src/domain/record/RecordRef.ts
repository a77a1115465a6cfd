import { Order, Schema } from "effect"

/** The kinds of CRM records. Contacts are persons and companies. */
export const RecordKind = Schema.Literals(["lead", "person", "company", "deal"])
export type RecordKind = typeof RecordKind.Type

/** The kinds a visitor's email can match (A3), and for which layouts exist (I1). */
export const MatchableKind = Schema.Literals(["lead", "person", "company"])
export type MatchableKind = typeof MatchableKind.Type

/** As in `Id`. */
const id = Schema.String.check(Schema.isPattern(/^(?!\.{1,2}$)[^\s/\p{C}]{1,128}$/u))

/** A record's id, unique within its kind and account. */
export const RecordId = id.pipe(Schema.brand("RecordId"))
export type RecordId = typeof RecordId.Type

/** Points at a record. */
export const RecordRef = Schema.Struct({ kind: RecordKind, id: RecordId })
export type RecordRef = typeof RecordRef.Type

/** Points at a lead, a person or a company. */
export const MatchableRef = Schema.Struct({ kind: MatchableKind, id: RecordId })
export type MatchableRef = typeof MatchableRef.Type

/** `kind/id`: the key of maps and stores; unambiguous, as neither part holds a slash. */
export const toKey = (ref: RecordRef): string => `${ref.kind}/${ref.id}`

export const equals = (a: RecordRef, b: RecordRef): boolean => a.kind === b.kind && a.id === b.id

/** By kind, then id compared as strings. */
export const order: Order.Order<RecordRef> = Order.mapInput(Order.String, toKey)
