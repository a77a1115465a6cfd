import { Schema } from "effect"

/**
 * Longest identifier. Source: decision, because ids of foreign CRMs (UUIDs, URNs, numbers) fit and a key of an
 * index stays small.
 */
export const MAX_ID_LENGTH = 128

/**
 * Anything printable without blanks and without `/`, which joins the parts of composite keys in the stores. Not `.` or
 * `..`, which a URL would take for steps through its path.
 */
const id = Schema.String.check(Schema.isPattern(/^(?!\.{1,2}$)[^\s/\p{C}]{1,128}$/u))

/** One customer of the product: the tenant. Part of every key (J2). */
export const AccountId = id.pipe(Schema.brand("AccountId"))
export type AccountId = typeof AccountId.Type

/** A person of the account with a CRM licence. */
export const UserId = id.pipe(Schema.brand("UserId"))
export type UserId = typeof UserId.Type

/** A set of users, for filters and visibility (H3). */
export const TeamId = id.pipe(Schema.brand("TeamId"))
export type TeamId = typeof TeamId.Type

/** A person who serves chats. */
export const AgentId = id.pipe(Schema.brand("AgentId"))
export type AgentId = typeof AgentId.Type

/** One open console of an agent (B4). */
export const DeviceId = id.pipe(Schema.brand("DeviceId"))
export type DeviceId = typeof DeviceId.Type

/** A group of agents to whom chats are addressed. */
export const DepartmentId = id.pipe(Schema.brand("DepartmentId"))
export type DepartmentId = typeof DepartmentId.Type

/** The person on the website, as the chat widget recognises them. */
export const VisitorId = id.pipe(Schema.brand("VisitorId"))
export type VisitorId = typeof VisitorId.Type

/** One conversation between a visitor and agents. */
export const ChatId = id.pipe(Schema.brand("ChatId"))
export type ChatId = typeof ChatId.Type

/** A distribution pool: a round robin of users. */
export const PoolId = id.pipe(Schema.brand("PoolId"))
export type PoolId = typeof PoolId.Type

/** An entry of a record's history: a note, a call, a task, a phone change, "added from chat". */
export const ActivityId = id.pipe(Schema.brand("ActivityId"))
export type ActivityId = typeof ActivityId.Type

/** A standard or custom field of a record. */
export const FieldId = id.pipe(Schema.brand("FieldId"))
export type FieldId = typeof FieldId.Type

/** An event, stable for ever (K2). */
export const EventId = id.pipe(Schema.brand("EventId"))
export type EventId = typeof EventId.Type

/** A mail to a visitor; the same on every try (D9). */
export const MailId = id.pipe(Schema.brand("MailId"))
export type MailId = typeof MailId.Type

/** The erasure of a person (J4). */
export const ErasureId = id.pipe(Schema.brand("ErasureId"))
export type ErasureId = typeof ErasureId.Type

/** A subscription to an account's events. */
export const WebhookId = id.pipe(Schema.brand("WebhookId"))
export type WebhookId = typeof WebhookId.Type

/** A notice to a user; the same on every try of its delivery (G4). */
export const NoticeId = id.pipe(Schema.brand("NoticeId"))
export type NoticeId = typeof NoticeId.Type
