import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Redacted } from "effect"
import * as Pglite from "leadline/pglite"
import * as Postgres from "leadline/postgres"
import { nanoid } from "nanoid"
import { inject } from "vitest"

export const url = (): Redacted.Redacted => Redacted.make(inject("databaseUrl"))

/** A schema of its own, dropped at the end. */
export const onServer = (options: Omit<Postgres.PoolOptions, "url" | "schema"> = {}) =>
  Layer.unwrap(Effect.map(schema, (name) => Postgres.layer({ pollMillis: 500, ...options, schema: name, url: url() })))

export const onPglite = () => Pglite.layerMemory()

const schema = Effect.acquireRelease(
  Effect.sync(() => `t_${nanoid(12).replaceAll("-", "_")}`),
  (name) => Effect.scoped(Effect.provide(drop(name), Layer.orDie(Postgres.pool({ url: url(), connections: 1 }))))
)

const drop = (name: string) =>
  Effect.gen(function* () {
    const sql = yield* PgClient.PgClient
    yield* Effect.orDie(sql.unsafe(`drop schema if exists "${name}" cascade`))
  })
