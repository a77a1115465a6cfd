/**
 * All ports in memory: complete, strict, gone with the process. The reference that other adapters are compared with.
 *
 * @module
 */
import { Layer } from "effect"
import * as MemoryCrmStore from "./MemoryCrmStore.ts"
import * as MemoryDeskStore from "./MemoryDeskStore.ts"
import * as MemoryNotifier from "./MemoryNotifier.ts"
import type { MemoryOptions } from "./MemoryRecordStore.ts"
import * as MemorySettingsStore from "./MemorySettingsStore.ts"
import * as MemorySignals from "./MemorySignals.ts"
import * as MemoryVisitorMail from "./MemoryVisitorMail.ts"

export * as MemoryCrmStore from "./MemoryCrmStore.ts"
export * as MemoryDeskStore from "./MemoryDeskStore.ts"
export * as MemoryNotifier from "./MemoryNotifier.ts"
export { MemoryNotices } from "./MemoryNotifier.ts"
export type { MemoryOptions } from "./MemoryRecordStore.ts"
export * as MemorySettingsStore from "./MemorySettingsStore.ts"
export * as MemorySignals from "./MemorySignals.ts"

export * as MemoryVisitorMail from "./MemoryVisitorMail.ts"
export { MemoryMails } from "./MemoryVisitorMail.ts"

/**
 * Every store, search in past chats, signals, and a notifier and a post that keep what they tell. Each build of the
 * layer starts empty.
 */
export const layer = (options: MemoryOptions = {}) =>
  Layer.mergeAll(
    MemoryDeskStore.layer(options),
    MemoryCrmStore.layer(options),
    MemorySettingsStore.layer(options),
    MemoryNotifier.layer,
    MemorySignals.layer,
    MemoryVisitorMail.layer
  )
