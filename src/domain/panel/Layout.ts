import { Schema } from "effect"
import { Actor } from "../account/Actor.ts"
import { FieldId } from "../account/Id.ts"
import { Instant } from "../account/Instant.ts"
import type { FieldDefinition } from "../record/CustomField.ts"
import { MatchableKind } from "../record/RecordRef.ts"
import { definitions } from "./StandardFields.ts"

/** Which fields the panel shows for a kind of record, in which order (I1). */
export const Layout = Schema.Struct({
  recordKind: MatchableKind,
  /** Unique, and valid for the kind (I2). */
  fields: Schema.Array(FieldId),
  /** Counts publications; 0: the default layout, never published. */
  version: Schema.Int,
  changedAt: Schema.NullOr(Instant),
  changedBy: Schema.NullOr(Actor)
})
export type Layout = typeof Layout.Type

/** A layout being edited: nobody sees it until it is published. */
export const Draft = Schema.Struct({
  recordKind: MatchableKind,
  fields: Schema.Array(FieldId),
  /** The published version it was begun from. */
  base: Schema.Int,
  changedAt: Instant,
  changedBy: Actor
})
export type Draft = typeof Draft.Type

const unpublished = (recordKind: MatchableKind, fields: ReadonlyArray<string>): Layout => ({
  recordKind,
  fields: fields as ReadonlyArray<FieldId>,
  version: 0,
  changedAt: null,
  changedBy: null
})

/** What agents see before an administrator publishes anything. decision: what identifies and reaches a person. */
export const defaults: Readonly<Record<MatchableKind, Layout>> = {
  lead: unpublished("lead", ["name", "email", "phone", "owner", "status"]),
  person: unpublished("person", ["name", "email", "phone", "company", "owner"]),
  company: unpublished("company", ["name", "email", "phone", "owner"])
}

/** Every field there is: the standard ones, and the account's own. A custom field never hides a standard one. */
export type Registry = ReadonlyMap<FieldId, FieldDefinition>

export const registryOf = (custom: Iterable<FieldDefinition>): Registry =>
  new Map([...custom, ...definitions].map((definition) => [definition.id, definition]))
