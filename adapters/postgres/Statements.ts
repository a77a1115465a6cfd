import * as PgTypes from "@effect/sql-pg/PgTypes"
import { Clock, Context, Duration, Effect, Fiber, Metric, Result, Schedule } from "effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { StoreError } from "leadline/ports"
import type { Resolved } from "./PostgresOptions.ts"
import { classify, toStoreError } from "./StoreErrors.ts"

/** Statements sent, and how long they took: for operators, and for the test that counts them. */
export const statementsSent = Metric.counter("leadline_postgres_statements", { incremental: true })
export const statementTime = Metric.timer("leadline_postgres_statement_time")

/** Runs SQL. `operation` names the port's member, for errors. */
export interface Statements {
  /** What may be repeated: a lost connection is tried again, too. */
  readonly read: <Row>(
    operation: string,
    text: string,
    parameters: ReadonlyArray<unknown>
  ) => Effect.Effect<ReadonlyArray<Row>, StoreError>
  /** What must not happen twice: sent again only where it certainly had no effect (K1). */
  readonly write: Statements["read"]
}

/** First pause before a statement is sent again. decision: longer than a commit, shorter than anybody notices. */
const FIRST_PAUSE = Duration.millis(5)
const LONGEST_PAUSE = Duration.millis(500)

/** Growing pauses, shaken so that hosts do not come back together, until a deadline. */
export const pauses = (retryMillis: number) =>
  Schedule.exponential(FIRST_PAUSE, 2).pipe(
    Schedule.modifyDelay(({ duration }) => Effect.succeed(Duration.min(duration, LONGEST_PAUSE))),
    Schedule.jittered,
    Schedule.upTo({ duration: Duration.millis(retryMillis) })
  )

/** Pauses and deadlines are in the time of the layer's clock: a caller may live in another one (a replay, a test). */
export const make = Effect.fnUntraced(function* (sql: SqlClient, { answerMillis, retryMillis }: Resolved) {
  const clock = yield* Clock.Clock
  const schedule = pauses(retryMillis)

  const send = <Row>(operation: string, text: string, parameters: ReadonlyArray<unknown>, isRepeatable: boolean) => {
    const once = Effect.andThen(
      Metric.update(statementsSent, 1),
      sql.unsafe(text, parameters).withoutTransform as Effect.Effect<ReadonlyArray<Row>, SqlError>
    ).pipe(Effect.trackDuration(statementTime), Effect.annotateSpans("leadline.operation", operation))
    const again = (error: SqlError) => maySendAgain(error, isRepeatable)
    const retried = Effect.catchIf(once, again, () =>
      Effect.retry(Effect.delay(once, FIRST_PAUSE), { schedule, while: again })
    )
    return answeredWithin(
      Effect.mapError(retried, (error) => toStoreError(operation, error)),
      clock,
      answerMillis,
      () => new StoreError({ reason: "timeout", isRetryable: true, operation })
    )
  }

  const statements: Statements = {
    read: (operation, text, parameters) => send(operation, text, parameters, true),
    write: (operation, text, parameters) => send(operation, text, parameters, false)
  }
  return statements
})

/**
 * As `Effect.timeoutOrElse`, for statements: a timer of the runtime instead of a race of fibers, because every statement
 * passes here and hardly any is late.
 */
const answeredWithin = <A>(
  effect: Effect.Effect<A, StoreError>,
  clock: Clock.Clock,
  millis: number,
  late: () => StoreError
): Effect.Effect<A, StoreError> =>
  Effect.contextWith((context: Context.Context<never>) =>
    Effect.callback<A, StoreError>((resume) => {
      const fiber = Effect.runForkWith(Context.add(context, Clock.Clock, clock))(effect)
      const timer = setTimeout(() => {
        resume(Effect.fail(late()))
        fiber.interruptUnsafe()
      }, millis)
      fiber.addObserver((exit) => {
        clearTimeout(timer)
        resume(exit)
      })
      return Fiber.interrupt(fiber)
    })
  )

const maySendAgain = (error: SqlError, isRepeatable: boolean): boolean => {
  const { hadNoEffect, isRetryable, reason } = classify(error)
  return isRetryable && (hadNoEffect || (isRepeatable && reason === "unavailable"))
}

/** Parameters that are arrays; numbers travel as doubles, which hold every integer that JavaScript is sure of. */
export const texts = (values: ReadonlyArray<string | null>) => array(values, PgTypes.OID.text)
export const numbers = (values: ReadonlyArray<number | null>) => array(values, PgTypes.OID.float8)
export const flags = (values: ReadonlyArray<boolean>) => array(values, PgTypes.OID.bool)

const array = (values: ReadonlyArray<unknown>, element: number): PgTypes.Parameter =>
  Result.getOrThrow(PgTypes.array(values, element))
