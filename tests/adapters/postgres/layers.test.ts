import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inspect } from "node:util"
import { PgClient } from "@effect/sql-pg"
import { Cause, Config, ConfigProvider, Effect, Exit, Layer, Logger, Metric, Redacted, Tracer } from "effect"
import { Id } from "leadline"
import * as Pglite from "leadline/pglite"
import { CrmStore, DeskStore, SettingsStore } from "leadline/ports"
import * as Postgres from "leadline/postgres"
import { describe, expect, it } from "vitest"
import * as Schema from "./Schema.ts"
import { onPglite, onServer, url } from "./Stores.ts"

const account = Id.AccountId.make("layers")
const key = { kind: "openChat", id: "v" } as const

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
const read = Effect.map(
  DeskStore.use((desk) => desk.get(account, [key])),
  ([{ value }]) => value?.chatId
)
const durable = Effect.gen(function* () {
  return [
    (yield* DeskStore).capabilities.isDurable,
    (yield* CrmStore).capabilities.isDurable,
    (yield* SettingsStore).capabilities.isDurable
  ]
})

describe("layers", () => {
  it("takes everything from the configuration", async () => {
    const schema = Schema.freshName()
    const env = ConfigProvider.fromEnv({ env: { DATABASE_URL: Redacted.value(url()), CRM_SCHEMA: schema } })
    const stores = Postgres.layerConfig({ url: Config.Redacted("DATABASE_URL"), schema: Config.String("CRM_SCHEMA") })
    const program = Effect.provide(Effect.andThen(write, read), stores)
    expect(await Effect.runPromise(Effect.provide(program, ConfigProvider.layer(env)))).toBe("c")
    expect(await Schema.asOwner((sql) => Effect.orDie(sql.unsafe(`select 1 from ${schema}.record`)))).toHaveLength(1)
    await Schema.runAll([`drop schema ${schema} cascade`])
  })

  it.each([
    "postgres://ada:hunter2secret@127.0.0.1:1/a",
    "no url:hunter2secret",
    "mysql://ada:hunter2secret@127.0.0.1:1/a",
    "postgres://ada:hunter2secret@127.0.0.1:notaport/a"
  ])("never says the URL, neither in errors nor in logs: %#", async (secret) => {
    const said: Array<unknown> = []
    const listening = Logger.layer([Logger.make((options) => void said.push(options.message, options.cause))])
    const stores = Postgres.layer({ url: Redacted.make(secret), retryMillis: 20 })
    const exit = await Effect.runPromiseExit(Effect.provide(Effect.provide(read, stores), listening))
    expect(Exit.isFailure(exit)).toBe(true)
    const cause = Exit.isFailure(exit) ? exit.cause : Cause.empty
    const errors = cause.reasons.map((reason) =>
      "error" in reason ? reason.error : "defect" in reason ? reason.defect : ""
    )
    const all = [
      Cause.pretty(cause),
      JSON.stringify(exit),
      inspect(exit, { depth: 20, showHidden: true }),
      ...errors.map((error) => `${String(error)} ${JSON.stringify(error)}`),
      ...said.map((one) => inspect(one, { depth: 20 }))
    ].join("\n")
    expect(all).not.toContain("hunter2secret")
  })

  it("takes a client that is there already, and leaves it open", async () => {
    const schema = Schema.freshName()
    await Schema.asOwner((sql) =>
      Effect.gen(function* () {
        const stores = Postgres.layerClient({ schema, isShared: false })
        const client = Layer.succeed(PgClient.PgClient, sql)
        expect(yield* Effect.provide(Effect.andThen(write, read), Layer.provide(stores, client))).toBe("c")
        expect(yield* sql.unsafe("select 1 as still")).toEqual([{ still: 1 }])
      })
    )
    await Schema.runAll([`drop schema ${schema} cascade`])
  })

  it("PGlite in a folder survives a restart, and says so", async () => {
    const folder = mkdtempSync(join(tmpdir(), "leadline-pglite-"))
    const stores = () => Layer.fresh(Pglite.layerFolder(join(folder, "db")))
    expect(await Effect.runPromise(Effect.provide(Effect.andThen(write, durable), stores()))).toEqual([
      true,
      true,
      true
    ])
    expect(await Effect.runPromise(Effect.provide(read, stores()))).toBe("c")
    rmSync(folder, { recursive: true })
    expect(await Effect.runPromise(Effect.scoped(Effect.provide(durable, onServer())))).toEqual([true, true, true])
  }, 30_000)
})

describe("operations", () => {
  it("the health check says which server, and whether it can be written to, in one statement", async () => {
    const schema = Schema.freshName()
    const health = Effect.flatMap(Postgres.PostgresDatabase, (database) => database.health)
    const stores = Postgres.layer({ url: url(), schema, isShared: false })
    await Effect.runPromise(
      Effect.gen(function* () {
        const before = yield* Metric.value(Postgres.statementsSent)
        const healthy = { isWritable: true, isUpToDate: true }
        expect(yield* health).toMatchObject(healthy)
        expect((yield* Metric.value(Postgres.statementsSent)).count - before.count).toBe(1)
        expect((yield* health).server).toBeGreaterThanOrEqual(Postgres.Migrations.OLDEST_SERVER)
        yield* Effect.promise(() => Schema.runAll([`insert into ${schema}.migration values (9999, 'x', 'x')`]))
        expect(yield* health).toMatchObject({ isWritable: true, isUpToDate: false })
        yield* Effect.promise(() => Schema.runAll([`drop schema ${schema} cascade`]))
        expect(yield* Effect.flip(health)).toMatchObject({ reason: "misconfigured", operation: "health" })
      }).pipe(Effect.provide(stores))
    )
    const [pglite, survives] = await Effect.runPromise(Effect.provide(Effect.all([health, durable]), onPglite()))
    expect(pglite).toMatchObject({ isWritable: true, isUpToDate: true })
    expect(survives).toEqual([false, false, false])
  })

  it("counts and times each statement, and its span says which member it is of", async () => {
    const spans: Array<Tracer.NativeSpan> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      }
    })
    await Effect.runPromise(
      Effect.gen(function* () {
        const [sent, timed] = [
          yield* Metric.value(Postgres.statementsSent),
          yield* Metric.value(Postgres.statementTime)
        ]
        yield* DeskStore.use((desk) => desk.transcript(account, Id.ChatId.make("c"), 0, 1)).pipe(
          Effect.withTracer(tracer)
        )
        expect((yield* Metric.value(Postgres.statementsSent)).count - sent.count).toBe(1)
        expect((yield* Metric.value(Postgres.statementTime)).count - timed.count).toBe(1)
      }).pipe(Effect.provide(onServer({ isShared: false })), Effect.scoped)
    )
    expect(spans.map((span) => span.attributes.get("leadline.operation"))).toEqual(["transcript"])
  })
})
