/**
 * What an adapter must provide: an implementer's to-do list.
 *
 * | port | who implements it |
 * |---|---|
 * | `DeskStore` | a database for the chat side |
 * | `CrmStore` | a database for a CRM of our own; `OwnCrm` (in `leadline/use-cases`) makes a `Crm` of it |
 * | `Crm` | a foreign CRM |
 * | `SettingsStore` | a database for settings and layouts |
 * | `Notifier` | a way to tell a user something |
 * | `ChatSearch` | a search in past chats: a database that can, or a search engine |
 * | `Signals` | a fast way between consoles for typing and read marks: a message bus |
 * | `WebhookSender` | a way to post events to other systems |
 * | `VisitorMail` | a way to mail a visitor their transcript |
 *
 * How to write one, with a complete small example: `adapters/README.md`.
 *
 * @module
 */

export type * from "./ChatSearch.ts"
export { ChatSearch } from "./ChatSearch.ts"
export type * from "./Crm.ts"
export { Crm } from "./Crm.ts"
export type * from "./CrmStore.ts"
export { CrmStore } from "./CrmStore.ts"
export type * from "./DeskStore.ts"
export { DeskStore } from "./DeskStore.ts"
export type * from "./Notifier.ts"
export { Notifier } from "./Notifier.ts"
export type * from "./RecordStore.ts"
export type * from "./SettingsStore.ts"
export { SettingsStore } from "./SettingsStore.ts"
export type * from "./Signals.ts"
export { Signals } from "./Signals.ts"
export type { StoreErrorReason } from "./StoreError.ts"
export { Conflict, StoreError } from "./StoreError.ts"
export type * from "./VisitorMail.ts"
export { VisitorMail } from "./VisitorMail.ts"
export type * from "./WebhookSender.ts"
export { DeliveryFailed, WebhookSender } from "./WebhookSender.ts"
