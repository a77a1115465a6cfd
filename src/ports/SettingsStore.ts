import { Context } from "effect"
import type { Draft, Layout } from "../domain/panel/Layout.ts"
import type { LayoutEvent } from "../domain/panel/LayoutEvent.ts"
import type { Settings, SettingsChanged } from "../domain/settings/Settings.ts"
import type { CommonRecords, RecordStore } from "./RecordStore.ts"

/** Settings and layouts, by kind. */
export interface SettingsRecords extends CommonRecords {
  /** One, `all`. */
  readonly settings: Settings
  /** By record kind: the published layout (I1). */
  readonly layout: Layout
  /** By record kind: what is being edited. */
  readonly layoutDraft: Draft
  /** By `kind/version`: every layout ever published; one can go back (I1). */
  readonly layoutVersion: Layout
}

/** What the log of settings and layouts carries. */
export type SettingsPayload = SettingsChanged | LayoutEvent

/** Settings and layouts, versioned, with a log: who changed what, when. Read on every command: cache by version. */
export interface SettingsStoreShape extends RecordStore<SettingsRecords, SettingsPayload> {
  readonly capabilities: { readonly isDurable: boolean; readonly erase: boolean }
}

/** Port: see {@link SettingsStoreShape}. */
export class SettingsStore extends Context.Service<SettingsStore, SettingsStoreShape>()("leadline/SettingsStore") {}
