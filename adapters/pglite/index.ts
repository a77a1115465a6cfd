/**
 * The stores in a PostgreSQL inside this process (PGlite): nothing to install, nothing to start. In memory, or in a folder
 * that survives restarts. One process per database; it is the same SQL as on a server.
 *
 * @module
 */

import { PgClient } from "@effect/sql-pg"
import { PGlite } from "@electric-sql/pglite"
import { Effect, Layer, Redacted } from "effect"
import { StoreError } from "leadline/ports"
import { layerClient, type PostgresDatabase, type PostgresOptions, type Stores } from "leadline/postgres"
import * as PgliteDuplex from "./PgliteDuplex.ts"

/** As for a server, but for what has one answer here. */
export type PgliteOptions = Omit<PostgresOptions, "isShared" | "isDurable">

/** The stores in the memory of this process, gone with it. */
export const layerMemory = (options: PgliteOptions = {}): Layer.Layer<Stores | PostgresDatabase, StoreError> =>
  over(opened(undefined), { ...options, isDurable: false })

/** The stores in a folder, made where there is none. */
export const layerFolder = (
  folder: string,
  options: PgliteOptions = {}
): Layer.Layer<Stores | PostgresDatabase, StoreError> => over(opened(folder), options)

/** The stores in a PGlite that is there already; it stays open. */
export const layerFrom = (
  db: PGlite,
  options: PgliteOptions & Pick<PostgresOptions, "isDurable"> = {}
): Layer.Layer<Stores | PostgresDatabase, StoreError> => over(Effect.succeed(db), options)

/** The client alone, for statements of your own. */
export const client = (db: PGlite) =>
  PgClient.layerFrom(
    PgClient.makeClient({
      stream: () => PgliteDuplex.make(db),
      username: "postgres",
      database: "postgres",
      password: Redacted.make("unused")
    })
  )

const opened = (folder: string | undefined) =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: () => (folder === undefined ? PGlite.create() : PGlite.create(folder)),
      catch: (cause) => new StoreError({ reason: "unavailable", isRetryable: false, operation: "open", cause })
    }),
    (db) => Effect.promise(() => db.close())
  )

const over = <R>(
  db: Effect.Effect<PGlite, StoreError, R>,
  options: PostgresOptions
): Layer.Layer<Stores | PostgresDatabase, StoreError, Exclude<R, import("effect").Scope.Scope>> =>
  Layer.unwrap(
    Effect.map(db, (open) =>
      layerClient({ ...options, isShared: false }).pipe(Layer.provide(Layer.orDie(client(open))))
    )
  )
