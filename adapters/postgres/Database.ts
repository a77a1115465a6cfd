import { PgClient } from "@effect/sql-pg/PgClient"
import { Context, Duration, Effect, Layer } from "effect"
import type { StoreError } from "leadline/ports"
import * as Migrations from "./Migrations.ts"
import { type PostgresOptions, type Resolved, resolve, schemaName } from "./PostgresOptions.ts"
import * as Statements from "./Statements.ts"
import * as Turns from "./Turns.ts"
import * as Wakeups from "./Wakeups.ts"

/** How a database does, as of now. */
export interface Health {
  /** The server's version, as `170002`. */
  readonly server: number
  /** Not so on a standby, or while writes are refused. */
  readonly isWritable: boolean
  /** The schema has all that this code knows, and nothing newer. */
  readonly isUpToDate: boolean
}

/** What the stores of one database share. */
export interface Database {
  /** One cheap statement; a database that cannot be reached fails it, after `retryMillis`. */
  readonly health: Effect.Effect<Health, StoreError>
  readonly options: Resolved
  /** The schema as SQL. */
  readonly quoted: string
  readonly statements: Statements.Statements
  readonly wakeups: Wakeups.Wakeups
  /** `null`: no other process has this database. */
  readonly inTurn: Turns.InTurn | null
  /** Waited for when the layer ends, before the connections close. */
  readonly onClose: (idle: Effect.Effect<void>) => void
}

/** The database under the stores of this adapter. */
export class PostgresDatabase extends Context.Service<PostgresDatabase, Database>()("leadline/PostgresDatabase") {}

/** What is under way when the layer ends gets this long. decision: longer than any statement may take. */
const CLOSING = Duration.seconds(30)

/** Brings the schema up to date, then shares the connection. */
export const layer = (given: PostgresOptions = {}): Layer.Layer<PostgresDatabase, StoreError, PgClient> =>
  Layer.effect(
    PostgresDatabase,
    Effect.gen(function* () {
      const sql = yield* PgClient
      const options = resolve(given)
      const upToDate = options.migrates ? Migrations.migrate(sql, options) : Migrations.verify(sql, options)
      // in one transaction, and harmless when repeated: whatever may pass is waited for
      yield* Effect.retry(Effect.asVoid(upToDate), {
        schedule: Statements.pauses(options.retryMillis),
        while: ({ isRetryable }) => isRetryable
      })
      const statements = yield* Statements.make(sql, options)
      const wakeups = yield* Wakeups.make(sql, statements, options)
      const inTurn = options.isShared ? yield* Turns.make(sql) : null
      const closing: Array<Effect.Effect<void>> = []
      yield* Effect.addFinalizer(() => Effect.ignore(Effect.timeout(Effect.all(closing), CLOSING)))
      const quoted = schemaName(options) ?? ""
      return PostgresDatabase.of({
        health: health(statements, quoted),
        options,
        quoted,
        statements,
        wakeups,
        inTurn,
        onClose: (idle) => void closing.push(idle)
      })
    })
  )

const health = (statements: Statements.Statements, quoted: string): Effect.Effect<Health, StoreError> => {
  const newest = Migrations.all().length
  const text = `select current_setting('server_version_num')::int4 as server,
    current_setting('transaction_read_only') = 'off' as "isWritable",
    (select max(number) from ${quoted}.migration) = $1::int4 as "isUpToDate"`
  return Effect.flatMap(statements.read<Health>("health", text, [newest]), ([row]) =>
    row === undefined ? Effect.die(new Error("the health check gave no row")) : Effect.succeed(row)
  )
}
