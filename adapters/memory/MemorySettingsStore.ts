import { Layer } from "effect"
import { type SettingsPayload, type SettingsRecords, SettingsStore } from "leadline/ports"
import type { Index } from "./MemoryAccount.ts"
import { type MemoryOptions, MemoryRecordStore } from "./MemoryRecordStore.ts"

/** Nothing is found but by its key. */
const noIndex: Index<SettingsRecords> = {
  put: (_kind, _id, _before, after) => after,
  removed: () => {},
  logged: () => {}
}

export const layer = (options: MemoryOptions = {}): Layer.Layer<SettingsStore> =>
  Layer.sync(SettingsStore, () =>
    SettingsStore.of(
      new MemoryRecordStore<SettingsRecords, SettingsPayload, Index<SettingsRecords>>(() => noIndex, options).shape
    )
  )
