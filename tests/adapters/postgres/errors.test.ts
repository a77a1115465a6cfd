import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, ManagedRuntime, Redacted, Result } from "effect"
import { ConnectionError, SqlError } from "effect/sql/SqlError"
import { Id } from "leadline"
import { DeskStore } from "leadline/ports"
import * as Postgres from "leadline/postgres"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { PostgresServer } from "./PostgresServer.ts"
import * as Schema from "./Schema.ts"

const { StoreErrors } = Postgres
const account = Id.AccountId.make("errors")
const key = { kind: "openChat", id: "v" } as const

describe("what a SQLSTATE means", () => {
  it.each([
    ["23505", "unique_violation", "contention", true, true],
    ["40001", "serialization_failure", "contention", true, true],
    ["40P01", "deadlock_detected", "contention", true, true],
    ["55P03", "lock_not_available", "contention", true, true],
    ["57014", "query_canceled", "timeout", true, false],
    ["53300", "too_many_connections", "overloaded", true, true],
    ["53000", "insufficient_resources", "overloaded", true, true],
    ["53100", "disk_full", "full", false, true],
    ["53200", "out_of_memory", "full", false, true],
    ["57P01", "admin_shutdown", "unavailable", true, false],
    ["57P02", "crash_shutdown", "unavailable", true, false],
    ["57P03", "cannot_connect_now", "unavailable", true, true],
    ["25006", "read_only_sql_transaction", "readOnly", true, true],
    ["08006", "connection_failure", "unavailable", true, false],
    ["08P01", "protocol_violation", "unavailable", true, false],
    ["58030", "io_error", "unavailable", true, false],
    ["22P05", "untranslatable_character", "unsupported", false, true],
    ["54000", "program_limit_exceeded", "unsupported", false, true],
    ["28P01", "invalid_password", "misconfigured", false, true],
    ["3D000", "invalid_catalog_name", "misconfigured", false, true],
    ["3F000", "invalid_schema_name", "misconfigured", false, true],
    ["42501", "insufficient_privilege", "misconfigured", false, true],
    ["42P01", "undefined_table", "misconfigured", false, true],
    ["XX001", "data_corrupted", "corrupt", false, true],
    ["P0001", "raise_exception", "unavailable", false, false],
    [null, "nobody knows", "unavailable", false, false]
  ] as const)("%s (%s): %s", (code, _, reason, isRetryable, hadNoEffect) => {
    expect(StoreErrors.meaningOf(code)).toEqual({ reason, isRetryable, hadNoEffect })
  })
})

describe("a connection that fails", () => {
  const failed = (code: string, operation: string) =>
    StoreErrors.classify(
      new SqlError({ reason: new ConnectionError({ cause: Object.assign(new Error("socket"), { code }), operation }) })
    )

  it.each(["EPIPE", "ECONNRESET", "ECONNREFUSED", "ETIMEDOUT"])(
    "(%s) had no effect before it was made, and may have had one after that",
    (code) => {
      expect(failed(code, "connect")).toEqual({ reason: "unavailable", isRetryable: true, hadNoEffect: true })
      expect(failed(code, "query")).toEqual({ reason: "unavailable", isRetryable: true, hadNoEffect: false })
    }
  )
})

describe("on a real server", () => {
  let server: PostgresServer
  let raw: ManagedRuntime.ManagedRuntime<PgClient.PgClient, never>
  const at = (database = "postgres", user = "postgres") =>
    Redacted.make(`postgres://${user}@127.0.0.1:${server.port}/${database}`)
  beforeAll(async () => {
    server = await PostgresServer.start({
      settings: ["max_connections=16", "superuser_reserved_connections=0", "reserved_connections=0"]
    })
    raw = ManagedRuntime.make(Layer.orDie(Postgres.pool({ url: at(), connections: 3, statementMillis: 0 })))
  }, 20_000)
  afterAll(async () => {
    await raw.dispose()
    await server.stop()
  })

  const sql = (text: string) => raw.runPromise(PgClient.PgClient.use((client) => client.unsafe(text)))

  /** Stores that give up soon, in a schema of their own, and how what is asked of them ends. */
  const stores = (options: Partial<Postgres.PoolOptions> = {}) => {
    const schema = options.schema ?? Schema.freshName()
    const runtime = ManagedRuntime.make(
      Postgres.layer({ url: at(), retryMillis: 300, connections: 2, isShared: false, ...options, schema })
    )
    const ending = <A, E>(use: Effect.Effect<A, E, DeskStore>) =>
      runtime.runPromise(Effect.result(use)).then(
        (result) => (Result.isSuccess(result) ? "done" : result.failure),
        (cause) => cause
      )
    return { schema, ending, close: () => runtime.dispose() }
  }

  const read = DeskStore.use((desk) => desk.get(account, [key]))
  const write = DeskStore.use((desk) =>
    Effect.flatMap(desk.get(account, [key]), ([{ version }]) =>
      desk.commit(account, {
        expect: [{ key, version }],
        put: [{ key, value: { chatId: Id.ChatId.make("c") }, contents: [], due: null }],
        remove: [],
        contents: [],
        events: [],
        remember: null
      })
    )
  )

  /** While another session holds a lock on the records. */
  const whileLocked = <A>(schema: string, mode: string, use: (unlock: () => void) => Promise<A>): Promise<A> =>
    new Promise((resolve, reject) => {
      let unlock = () => {}
      const unlocked = new Promise<void>((open) => {
        unlock = open
      })
      raw
        .runPromise(
          PgClient.PgClient.use((client) =>
            client.withTransaction(
              Effect.andThen(
                client.unsafe(`lock table ${schema}.record in ${mode} mode`),
                Effect.promise(() => {
                  use(unlock).then(resolve, reject).finally(unlock)
                  return unlocked
                })
              )
            )
          )
        )
        .catch(reject)
    })

  it("a statement that takes too long is a timeout, a commit is not sent again by itself (K1)", async () => {
    const { close, ending, schema } = stores({ statementMillis: 100 })
    expect(await ending(write)).toBe("done")
    await whileLocked(schema, "access exclusive", async () => {
      expect(await ending(read)).toMatchObject({ reason: "timeout", isRetryable: true, operation: "get" })
    })
    await whileLocked(schema, "exclusive", async () => {
      expect(await ending(write)).toMatchObject({ reason: "timeout", isRetryable: true, operation: "commit" })
    })
    await close()
  })

  it("a lock that does not come is contention, and tried again until it comes", async () => {
    const { close, ending, schema } = stores({ lockMillis: 20 })
    expect(await ending(write)).toBe("done")
    await whileLocked(schema, "exclusive", async () => {
      expect(await ending(write)).toMatchObject({ reason: "contention", isRetryable: true })
    })
    await close()
    const patient = stores({ schema, lockMillis: 20, retryMillis: 5000 })
    expect(await patient.ending(read)).toBe("done")
    await whileLocked(schema, "exclusive", async (unlock) => {
      const ended = patient.ending(write)
      // two tries are over by then, more will follow
      await sql("select pg_sleep(0.1)")
      unlock()
      expect(await ended).toBe("done")
    })
    await patient.close()
  })

  it("two sessions that wait for each other: one is told, as contention", async () => {
    await sql("create table crossing (id int primary key, n int)")
    await sql("insert into crossing values (1, 0), (2, 0)")
    const step = (client: PgClient.PgClient, id: number) =>
      client.unsafe(`update crossing set n = n + 1 where id = ${id}`)
    const crossing = (first: number, second: number) =>
      raw.runPromise(
        PgClient.PgClient.use((client) =>
          Effect.result(
            client.withTransaction(
              Effect.gen(function* () {
                yield* step(client, first)
                yield* client.unsafe("select pg_sleep(0.2)")
                yield* step(client, second)
              })
            )
          )
        )
      )
    const results = await Promise.all([crossing(1, 2), crossing(2, 1)])
    const failures = results.flatMap((result) =>
      Result.isFailure(result) ? [StoreErrors.classify(result.failure)] : []
    )
    expect(failures).toEqual([{ reason: "contention", isRetryable: true, hadNoEffect: true }])
  })

  it("too many connections is overloaded, and over when there are fewer", async () => {
    const { schema, ...first } = stores()
    expect(await first.ending(write)).toBe("done")
    await first.close()
    const hogs = ManagedRuntime.make(Layer.orDie(Postgres.pool({ url: at(), connections: 40 })))
    const sleeps = hogs.runPromise(
      PgClient.PgClient.use((client) =>
        Effect.forEach(Array.from({ length: 24 }), () => Effect.exit(client.unsafe("select pg_sleep(1)")), {
          concurrency: "unbounded",
          discard: true
        })
      )
    )
    await sql("select pg_sleep(0.3)")
    const impatient = stores({ schema, retryMillis: 100, migrates: false })
    expect(await impatient.ending(read)).toMatchObject({ reason: "overloaded", isRetryable: true })
    await impatient.close()
    const patient = stores({ schema, retryMillis: 10_000, migrates: false })
    const ended = patient.ending(read)
    await sleeps
    await hogs.dispose()
    expect(await ended).toBe("done")
    await patient.close()
  })

  it("a server that takes no writes is read-only: reads go on, writes are tried again until it does", async () => {
    const { schema, ...first } = stores()
    expect(await first.ending(write)).toBe("done")
    await first.close()
    await sql("alter database postgres set default_transaction_read_only = on")
    const { close, ending } = stores({ schema, migrates: false })
    expect(await ending(read)).toBe("done")
    expect(await ending(write)).toMatchObject({ reason: "readOnly", isRetryable: true, operation: "commit" })
    await close()
    await raw.runPromise(
      PgClient.PgClient.use((client) =>
        client.withTransaction(
          Effect.andThen(
            client.unsafe("set transaction read write"),
            client.unsafe("alter database postgres reset default_transaction_read_only")
          )
        )
      )
    )
  })

  it("a connection that is cut: a read is sent again, a commit under way is unavailable, what comes next is fine", async () => {
    const { close, ending, schema } = stores({ applicationName: "cut", retryMillis: 5000 })
    const cut = () => sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cut'")
    expect(await ending(write)).toBe("done")
    await cut()
    expect(await ending(read)).toBe("done")
    await whileLocked(schema, "exclusive", async () => {
      const ended = ending(write)
      await sql("select pg_sleep(0.2)")
      await cut()
      expect(await ended).toMatchObject({ reason: "unavailable", isRetryable: true, operation: "commit" })
    })
    expect(await ending(write)).toBe("done")
    await close()
  })

  it.each([
    ["a database that is not there", () => ({ url: at("nowhere") }), "misconfigured"],
    ["a user that is not there", () => ({ url: at("postgres", "nobody") }), "misconfigured"],
    ["a schema that is not there", () => ({ migrates: false }), "misconfigured"],
    ["a server that is not there", () => ({ url: Redacted.make("postgres://a@127.0.0.1:1/a") }), "unavailable"]
  ] as const)("%s", async (_, options, reason) => {
    const { close, ending } = stores(options())
    expect(await ending(read)).toMatchObject({ reason, operation: "migrate" })
    await close()
  })

  it("a schema that goes away is misconfigured", async () => {
    const { close, ending, schema } = stores()
    expect(await ending(write)).toBe("done")
    await sql(`drop schema ${schema} cascade`)
    expect(await ending(read)).toMatchObject({ reason: "misconfigured", isRetryable: false })
    await close()
  })
})
