import { Effect, Layer, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { Id } from "leadline"
import { Stores as Remote } from "leadline/http/client"
import { MemoryNotifier, MemorySignals, MemoryVisitorMail, layer as memory } from "leadline/memory"
import { layerFolder, layerMemory } from "leadline/pglite"
import type { CrmStore, DeskStore, SettingsStore, StoreError } from "leadline/ports"
import { layer as postgres } from "leadline/postgres"

/** What a program can keep its accounts in. */
export type Stores = Layer.Layer<DeskStore | CrmStore | SettingsStore, StoreError>

export const choices =
  "memory | pglite | pglite:FOLDER | postgres://USER:PASSWORD@HOST:PORT/DATABASE | http://HOST:PORT, with LEADLINE_TOKEN"

/**
 * The stores that `--store` names; `null`: it names none. In PostgreSQL they live in a schema of the program's own, so
 * that several can share a database. A remote server's are reached with a host's token for the program's account; these
 * programs move the clock themselves, so that server should run no drivers of its own.
 */
export const named = (store: string, schema: string): Stores | null => {
  if (store === "memory") return memory()
  if (store === "pglite") return layerMemory({ schema })
  if (store.startsWith("pglite:")) return layerFolder(store.slice("pglite:".length), { schema })
  if (/^https?:/.test(store)) return remote(store)
  return /^postgres(ql)?:/.test(store) ? postgres({ url: Redacted.make(store), schema }) : null
}

const remote = (url: string): Stores =>
  Remote.layer({
    url,
    token: () => Effect.sync(() => Redacted.make(process.env.LEADLINE_TOKEN ?? "")),
    account: Id.AccountId.make("any")
  }).pipe(Layer.provide(FetchHttpClient.layer))

/** What is not kept in a store: notices, signals and mails of this process. */
export const beside = Layer.mergeAll(MemoryNotifier.layer, MemorySignals.layer, MemoryVisitorMail.layer)
