import { Effect, Layer } from "effect"
import * as Memory from "leadline/memory"
import { SettingsStore } from "leadline/ports"

/** Its log repeats the event that a reader had last. */
export const settingsStore = Layer.provide(
  Layer.effect(
    SettingsStore,
    Effect.map(SettingsStore, (store) => ({
      ...store,
      log: (account, after, limit) => store.log(account, Math.max(0, after - 1), limit)
    }))
  ),
  Memory.layer()
)
