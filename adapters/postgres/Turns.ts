import type { PgClient } from "@effect/sql-pg/PgClient"
import { make as connect, type PgConnection } from "@effect/sql-pg/PgConnection"
import { Effect, Scope, Semaphore } from "effect"

/** Runs something in turn, by name, among all processes of this database. */
export type InTurn = <A, E, R>(name: string, effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** Apart from the locks of commits (`0002_commit.sql`), which must not wait for a turn. */
const SEED = 7237

/**
 * Turns by advisory locks, which the server hands on in the order of asking. On a connection of their own, opened when
 * the first turn is needed: whoever has the turn needs the others for what it does there. One turn at a time per process.
 */
export const make = Effect.fnUntraced(function* (sql: PgClient) {
  const scope = yield* Scope.Scope
  const mine = yield* Semaphore.make(1)
  let connection: PgConnection | null = null

  const connected = Effect.suspend(() =>
    connection === null
      ? Effect.tap(Scope.provide(connect(sql.config), scope), (opened) =>
          Effect.sync(() => {
            connection = opened
          })
        )
      : Effect.succeed(connection)
  )
  const run = (text: string, name: string) =>
    Effect.flatMap(connected, (open) => open.query(`select ${text}(hashtextextended($1, ${SEED}))`, [name])).pipe(
      // no turn, then; the next one has another connection
      Effect.catch(() =>
        Effect.sync(() => {
          connection = null
        })
      )
    )

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
