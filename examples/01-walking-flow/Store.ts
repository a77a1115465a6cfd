import { Layer, Redacted } from "effect"
import { MemoryNotifier, MemorySignals, MemoryVisitorMail, layer as memory } from "leadline/memory"
import { layerFolder, layerMemory } from "leadline/pglite"
import type { CrmStore, DeskStore, SettingsStore, StoreError } from "leadline/ports"
import { layer as postgres } from "leadline/postgres"

/** What a program can keep its accounts in. */
export type Stores = Layer.Layer<DeskStore | CrmStore | SettingsStore, StoreError>

export const choices = "memory | pglite | pglite:FOLDER | postgres://USER:PASSWORD@HOST:PORT/DATABASE"

/**
 * The stores that `--store` names; `null`: it names none. In PostgreSQL they live in a schema of the program's own, so
 * that several can share a database.
 */
export const named = (store: string, schema: string): Stores | null => {
  if (store === "memory") return memory()
  if (store === "pglite") return layerMemory({ schema })
  if (store.startsWith("pglite:")) return layerFolder(store.slice("pglite:".length), { schema })
  return /^postgres(ql)?:/.test(store) ? postgres({ url: Redacted.make(store), schema }) : null
}

/** What is not kept in a store: notices, signals and mails of this process. */
export const beside = Layer.mergeAll(MemoryNotifier.layer, MemorySignals.layer, MemoryVisitorMail.layer)
