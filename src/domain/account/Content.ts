import { Schema } from "effect"
import { VisitorId } from "./Id.ts"

/** Names one personal value in the content store (J4). */
export const ContentRef = Schema.NonEmptyString.pipe(Schema.brand("ContentRef"))
export type ContentRef = typeof ContentRef.Type

/** SHA-256(salt ‖ value), lower-case hex: says nothing of the value, and still proves it (J4, D7). */
export const Commitment = Schema.String.check(Schema.isPattern(/^[0-9a-f]{64}$/)).pipe(Schema.brand("Commitment"))
export type Commitment = typeof Commitment.Type

/**
 * A personal value as states, events and remembered answers hold it: detached (J4). The value itself lies once in the
 * content store, under its subject, and is gone when the subject is erased.
 */
export const Content = Schema.Struct({ ref: ContentRef, commitment: Commitment })
export type Content = typeof Content.Type

/** Whom a personal value is about, and with whom it is erased (J4). */
export const Subject = Schema.Union([
  Schema.TaggedStruct("Visitor", { visitorId: VisitorId }),
  Schema.TaggedStruct("Record", { kind: Schema.Literals(["lead", "person", "company", "deal"]), id: Schema.String })
])
export type Subject = typeof Subject.Type

/** One row of the content store. */
export interface StoredContent {
  readonly ref: ContentRef
  readonly subject: Subject
  /** Random, hex, 128 bits or more; deleted with the value, so that a commitment cannot be guessed. */
  readonly salt: string
  readonly value: string
}

/** What a reader gets where a value was, and is erased (J4). */
export const Erased = Schema.TaggedStruct("Erased", {})
export type Erased = typeof Erased.Type

/** A personal text as it is read: the text, or that it was erased. */
export const Readable = Schema.Union([Schema.String, Erased])
export type Readable = typeof Readable.Type

export const erased: Erased = { _tag: "Erased" }

/** Whether there still is something to read. */
export const isText = (text: Readable | null): text is string => typeof text === "string"

/** What a reference reads as now; `null`: nothing was given. */
export const read = (texts: Texts, content: Content | null): Readable | null =>
  content === null ? null : (texts.get(content.ref) ?? erased)

/** What a reader gets for a reference: the text, or `null` where it was erased. */
export type Texts = ReadonlyMap<ContentRef, string>
