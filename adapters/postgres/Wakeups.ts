import type { PgClient } from "@effect/sql-pg/PgClient"
import { type Cause, Duration, Effect, Latch, Queue, Schedule, Scope, Stream } from "effect"
import { nanoid } from "nanoid"
import { type Resolved, schemaName } from "./PostgresOptions.ts"
import type { Statements } from "./Statements.ts"
import { texts } from "./Statements.ts"

/**
 * Pause between two rounds while commits keep coming. decision: nobody sees a hundredth of a second, and a busy host
 * sends a hundred notifications a second instead of ten thousand.
 */
const ROUND_MILLIS = 10

/** Wakes the readers of logs: those of this process, and through notifications those of others. */
export interface Wakeups {
  /** A transaction with this number wrote events. Told after its commit; costs no statement of its own. */
  readonly written: (log: string, account: string, tx: number) => void
  readonly follow: (log: string, account: string) => Stream.Stream<void>
}

type Sleepers = Set<Queue.Queue<void, Cause.Done>>

/**
 * One round after another: announce what this process wrote, look how far the logs are final, wake those whose news is.
 * A wake-up before the horizon has passed the news would be lost, because its reader would find nothing yet.
 *
 * Notifications come **after** the commit, coalesced, from a statement of their own; none is needed: all followers are
 * woken every `pollMillis`, and after the listening connection was lost. The layer's scope ends everything.
 */
export const make = Effect.fnUntraced(function* (sql: PgClient, statements: Statements, options: Resolved) {
  const quoted = schemaName(options) ?? ""
  const host = nanoid(8)
  const channel = options.schema
  const sleepers = new Map<string, Sleepers>()
  /** News that may not be final yet, by follower's name, with the highest transaction. */
  const news = new Map<string, number>()
  const unannounced = new Map<string, number>()
  const bell = yield* Latch.make(false)
  const scope = yield* Scope.Scope
  let isListening = false

  const wake = (name: string): void => {
    for (const queue of sleepers.get(name) ?? []) Queue.offerUnsafe(queue, undefined)
  }
  const wakeAll = Effect.sync(() => {
    for (const name of sleepers.keys()) wake(name)
  })
  const hear = (name: string, tx: number): void => {
    if (!sleepers.has(name)) return
    news.set(name, Math.max(tx, news.get(name) ?? 0))
    bell.openUnsafe()
  }

  const round = Effect.gen(function* () {
    const payloads = [...unannounced].map(([name, tx]) => `${host} ${tx} ${name}`)
    unannounced.clear()
    const rows = yield* statements.read<{ horizon: number }>(
      "changes",
      `select ${quoted}.horizon()::float8 as horizon, count(pg_notify($1, payload)) from unnest($2::text[]) payload`,
      [channel, texts(payloads)]
    )
    const horizon = rows[0]?.horizon ?? 0
    for (const [name, tx] of news) {
      if (tx >= horizon) continue
      news.delete(name)
      wake(name)
    }
  })

  const rounds = Effect.gen(function* () {
    yield* bell.await
    if (news.size === 0 && unannounced.size === 0) bell.closeUnsafe()
    else {
      yield* Effect.ignore(round)
      yield* Effect.sleep(Duration.millis(ROUND_MILLIS))
    }
  })

  const listen = Effect.scoped(
    Effect.gen(function* () {
      const heard = yield* sql.listen(channel)
      yield* wakeAll
      return yield* Effect.forever(
        Effect.map(Queue.take(heard), ({ payload }) => {
          const [from, tx, name] = payload.split(" ")
          if (from !== host && name !== undefined) hear(name, Number(tx))
        })
      )
    })
  ).pipe(Effect.retry(Schedule.jittered(Schedule.spaced(Duration.millis(500)))))

  const poll = Effect.forever(Effect.andThen(Effect.sleep(Duration.millis(options.pollMillis)), wakeAll))

  yield* Effect.forkIn(Effect.forever(rounds), scope)
  yield* Effect.forkIn(poll, scope)

  const join = Effect.fnUntraced(function* (name: string, queue: Queue.Queue<void, Cause.Done>) {
    sleepers.set(name, (sleepers.get(name) ?? new Set()).add(queue))
    Queue.offerUnsafe(queue, undefined)
    if (isListening || !options.isShared) return
    isListening = true
    yield* Effect.forkIn(listen, scope)
  })
  const leave = (name: string, queue: Queue.Queue<void, Cause.Done>): void => {
    const left = sleepers.get(name)
    left?.delete(queue)
    if (left?.size === 0) sleepers.delete(name)
  }

  return {
    written: (log, account, tx) => {
      const name = `${log}/${account}`
      hear(name, tx)
      if (!options.isShared) return
      unannounced.set(name, Math.max(tx, unannounced.get(name) ?? 0))
      bell.openUnsafe()
    },
    follow: (log, account) => {
      const name = `${log}/${account}`
      return Stream.callback<void>(
        (queue) => Effect.acquireRelease(join(name, queue), () => Effect.sync(() => leave(name, queue))),
        { bufferSize: 1, strategy: "dropping" }
      )
    }
  } satisfies Wakeups as Wakeups
})
