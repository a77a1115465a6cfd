import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Redacted } from "effect"
import * as Postgres from "leadline/postgres"
import { nanoid } from "nanoid"
import { url } from "./Stores.ts"

/** Runs statements as the owner, on a connection that ends with them. */
export const asOwner = <A, E>(use: (sql: PgClient.PgClient) => Effect.Effect<A, E>, database = url()): Promise<A> =>
  Effect.runPromise(
    Effect.flatMap(PgClient.PgClient, use).pipe(
      Effect.provide(Layer.orDie(Postgres.pool({ url: database, connections: 1, statementMillis: 0 })))
    )
  )

/** One statement after another. */
export const runAll = (statements: ReadonlyArray<string>, database = url()): Promise<unknown> =>
  asOwner((sql) => Effect.forEach(statements, (text) => Effect.orDie(sql.unsafe(text))), database)

/** A schema for a whole file of tests, up to date, and the role of a host that owns nothing. */
export interface SchemaOfAFile {
  readonly schema: string
  readonly host: string
  /** Of the same database, as that role. */
  readonly hostUrl: Redacted.Redacted
  readonly drop: () => Promise<unknown>
}

export const make = async (): Promise<SchemaOfAFile> => {
  const schema = freshName()
  const host = `${schema}_host`
  await asOwner((sql) => Postgres.Migrations.migrate(sql, Postgres.resolve({ schema })))
  await runAll([
    `create role ${host} login password 'host' nosuperuser nobypassrls`,
    ...Postgres.Grants.statements(schema, host)
  ])
  return {
    schema,
    host,
    hostUrl: urlAs(host, "host"),
    drop: () => runAll([`drop schema ${schema} cascade`, `drop owned by ${host}`, `drop role ${host}`])
  }
}

export const freshName = (): string => `t_${nanoid(12).replaceAll("-", "_").toLowerCase()}`

/** The tests' database, as someone else. */
export const urlAs = (role: string, password: string): Redacted.Redacted => {
  const other = new URL(Redacted.value(url()))
  other.username = role
  other.password = password
  return Redacted.make(other.href)
}
