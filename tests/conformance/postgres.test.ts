import { PGlite } from "@electric-sql/pglite"
import { Effect, Layer } from "effect"
import * as Pglite from "leadline/pglite"
import { layerClient, pool } from "leadline/postgres"
import { Laws } from "leadline/testing"
import { lawsOf } from "leadline/testing/vitest"
import { OwnCrm } from "leadline/use-cases"
import { url } from "../adapters/postgres/Stores.ts"
import { ownCrmSeed } from "./OwnCrmSeed.ts"

const clients = {
  server: Layer.unwrap(Effect.sync(() => Layer.orDie(pool({ url: url() })))),
  pglite: Layer.unwrap(
    Effect.map(
      Effect.promise(() => PGlite.create()),
      (db) => Layer.orDie(Pglite.client(db))
    )
  )
}

/** One schema for all laws: each has accounts of its own. */
for (const where of ["server", "pglite"] as const) {
  const stores = layerClient({ schema: "laws", pollMillis: 300, isShared: where === "server" })
  const layer = Layer.provide(stores, clients[where])
  lawsOf(`on ${where}`, Laws.deskStore, layer)
  lawsOf(`on ${where}`, Laws.crmStore, layer)
  lawsOf(`on ${where}`, Laws.settingsStore, layer)
  lawsOf(`our own on ${where}`, Laws.crm, Layer.provideMerge(ownCrmSeed, Layer.provideMerge(OwnCrm.layer, layer)))
}
