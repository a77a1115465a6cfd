import { PGlite } from "@electric-sql/pglite"
import { Effect, Layer } from "effect"
import * as Pglite from "leadline/pglite"
import { pool } from "leadline/postgres"
import { url } from "../adapters/postgres/Stores.ts"
import { postgresLaws } from "./PostgresLaws.ts"

postgresLaws(
  "server",
  Effect.sync(() => ({ client: Layer.orDie(pool({ url: url() })), owner: null, options: { schema: "laws" } }))
)

postgresLaws(
  "pglite",
  Effect.map(
    Effect.promise(() => PGlite.create()),
    (db) => ({ client: Layer.orDie(Pglite.client(db)), owner: null, options: { schema: "laws", isShared: false } })
  )
)
