import type { PgClient } from "@effect/sql-pg/PgClient"
import { make as connect, type PgConnection } from "@effect/sql-pg/PgConnection"
import { Effect, Exit, Scope, Semaphore } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import { classify } from "./StoreErrors.ts"

/** Runs something in turn, by name, among all processes of this database. */
export type InTurn = <A, E, R>(name: string, effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** Apart from the locks of commits (`0002_commit.sql`), which must not wait for a turn. */
const SEED = 7237

interface Open {
  readonly connection: PgConnection
  readonly scope: Scope.Closeable
}

/**
 * Turns by advisory locks, which the server hands on in the order of asking. On a connection of their own, opened when
 * the first turn is needed: whoever has the turn needs the others for what it does there. One turn at a time per process.
 */
export const make = Effect.fnUntraced(function* (sql: PgClient) {
  const scope = yield* Scope.Scope
  const mine = yield* Semaphore.make(1)
  let open: Open | null = null

  const opened = Effect.gen(function* () {
    if (open !== null) return open
    const own = yield* Scope.fork(scope)
    const connection = yield* Effect.onError(Scope.provide(connect(sql.config), own), () => Scope.close(own, Exit.void))
    open = { connection, scope: own }
    return open
  })

  /** Without a turn it goes on all the same. A connection that broke is given up: its locks are free again. */
  const orNot = (error: SqlError): Effect.Effect<void> => {
    const broken = open
    if (broken === null || classify(error).reason !== "unavailable") return Effect.void
    open = null
    return Scope.close(broken.scope, Exit.void)
  }

  const run = (text: string, name: string): Effect.Effect<void> =>
    Effect.flatMap(opened, ({ connection }) =>
      connection.query(`select ${text}(hashtextextended($1, ${SEED}))`, [name])
    ).pipe(Effect.catch(orNot), Effect.asVoid)

  const inTurn: InTurn = (name, effect) =>
    mine.withPermit(
      Effect.acquireUseRelease(
        run("pg_advisory_lock", name),
        () => effect,
        () => run("pg_advisory_unlock", name)
      )
    )
  return inTurn
})
