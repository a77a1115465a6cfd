/**
 * The stores in PostgreSQL 14 or newer: chat side, CRM of our own, settings. Many hosts may share one database.
 *
 * `layer` makes a pool of connections for a URL; `layerClient` takes a `PgClient` that is there already. Both bring the
 * schema up to date first (`migrates`). A host's role needs no more than {@link Grants} gives it, and then stands behind
 * the second wall between accounts (J2).
 *
 * Every member is one statement. Statements per command, whatever the size of the chat, the pool or the account
 * (`statement-counts.test.ts`): by a host that has the versions in hand since the last command, and by one that just began.
 *
 * | command | in hand | nothing in hand |
 * |---|---|---|
 * | send a message | 1 | 2 |
 * | answer, where a limit binds | 3 | 4, with the settings |
 * | end | 1 | 3 |
 * | create a lead, CRM of our own | 4 | 5, with the settings |
 *
 * The settings are in hand for a second; an agent who is a user of the CRM costs a lead one statement more. To remember an
 * answer (K1) costs none more in hand.
 *
 * @module
 */
import { PgClient } from "@effect/sql-pg"
import { Config, Duration, Effect, Layer, Redacted } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import { type CrmStore, type DeskStore, type SettingsStore, StoreError } from "leadline/ports"
import * as Database from "./Database.ts"
import * as PostgresCrmStore from "./PostgresCrmStore.ts"
import * as PostgresDeskStore from "./PostgresDeskStore.ts"
import type { PostgresOptions } from "./PostgresOptions.ts"
import * as PostgresSettingsStore from "./PostgresSettingsStore.ts"

export { type Database, type Health, PostgresDatabase } from "./Database.ts"
export * as Grants from "./Grants.ts"
export * as Migrations from "./Migrations.ts"
export * as PostgresCrmStore from "./PostgresCrmStore.ts"
export * as PostgresDeskStore from "./PostgresDeskStore.ts"
export { type PostgresOptions, type Resolved, resolve } from "./PostgresOptions.ts"
export * as PostgresSettingsStore from "./PostgresSettingsStore.ts"
export { statementsSent, statementTime } from "./Statements.ts"
export * as StoreErrors from "./StoreErrors.ts"

/** A pool of connections, and how the stores use it. What is not given has the default named beside it. */
export interface PoolOptions extends PostgresOptions {
  /** `postgres://user:password@host:port/database`, with `sslmode` and the like. */
  readonly url: Redacted.Redacted
  /** Connections at most, beside the one that listens. 10 */
  readonly connections?: number
  /** Shown in `pg_stat_activity`. `leadline` */
  readonly applicationName?: string
  /** The server gives up a statement after this long. 20,000 */
  readonly statementMillis?: number
  /** The server gives up waiting for a lock after this long; the commit is then tried again. 5,000 */
  readonly lockMillis?: number
  /** Whether statements are prepared by name. `true`; not behind poolers that lose names between statements */
  readonly prepare?: boolean
}

/** All that this adapter provides. */
export type Stores = DeskStore | CrmStore | SettingsStore

/**
 * The stores over a client that is there already. Its sessions should keep `statement_timeout` and `lock_timeout` of their
 * own, `jit` off and `plan_cache_mode` at `force_generic_plan`, as {@link layer} sets them.
 */
export const layerClient = (
  options: PostgresOptions = {}
): Layer.Layer<Stores | Database.PostgresDatabase, StoreError, PgClient.PgClient> =>
  // fresh: a layer that is the same value is built once per program, and this program may have two databases
  Layer.fresh(
    Layer.mergeAll(PostgresDeskStore.layer, PostgresCrmStore.layer, PostgresSettingsStore.layer).pipe(
      Layer.provideMerge(Database.layer(options))
    )
  )

/** The stores of the database at a URL. */
export const layer = (options: PoolOptions): Layer.Layer<Stores | Database.PostgresDatabase, StoreError> =>
  isUrl(options.url) ? layerClient(options).pipe(Layer.provide(Layer.orDie(pool(options)))) : Layer.effectContext(noUrl)

/** The driver would tell the whole text, password and all. */
const isUrl = (url: Redacted.Redacted): boolean =>
  /^postgres(ql)?:$/.test(URL.parse(Redacted.value(url))?.protocol ?? "")

const noUrl = Effect.fail(
  new StoreError({
    reason: "misconfigured",
    isRetryable: false,
    operation: "connect",
    cause: new Error("the URL is not of the form postgres://user:password@host:port/database")
  })
)

/** As {@link layer}, with everything from the configuration: `Config.all({ url: Config.Redacted("DATABASE_URL") })`. */
export const layerConfig = (
  config: Config.Wrap<PoolOptions>
): Layer.Layer<Stores | Database.PostgresDatabase, StoreError | Config.ConfigError> =>
  Layer.unwrap(Effect.map(Config.unwrap(config), layer))

/** A pool as the stores like it. Connections are made when they are needed, so this fails only for a URL that is none. */
export const pool = (options: PoolOptions): Layer.Layer<PgClient.PgClient, SqlError> =>
  PgClient.layer({
    url: options.url,
    // and the one that listens, which comes from the same pool and never goes back: one alone would only listen
    maxConnections: (options.connections ?? 10) + 1,
    applicationName: options.applicationName ?? "leadline",
    prepare: options.prepare ?? true,
    idleTimeout: Duration.minutes(5),
    startupParameters: {
      statement_timeout: String(options.statementMillis ?? 20_000),
      lock_timeout: String(options.lockMillis ?? 5000),
      // the statements are few and each has one right plan, which a table that is still small must not hide
      plan_cache_mode: "force_generic_plan",
      enable_seqscan: "off",
      jit: "off"
    }
  })
