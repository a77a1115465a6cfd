import { spawn } from "node:child_process"
import { Effect, Layer, ManagedRuntime, Redacted, Result } from "effect"
import { Event, Id, Instant } from "leadline"
import { DeskStore, type Parked } from "leadline/ports"
import * as Postgres from "leadline/postgres"
import { afterEach, describe, expect, it } from "vitest"
import * as Schema from "./Schema.ts"
import { url } from "./Stores.ts"

const { Migrations } = Postgres
const all = Migrations.all()

const schemas: Array<string> = []
const fresh = () => {
  const schema = Schema.freshName()
  schemas.push(schema)
  return schema
}
afterEach(() => Schema.runAll(schemas.splice(0).map((name) => `drop schema if exists ${name} cascade`)))

const migrate = (schema: string) =>
  Schema.asOwner((sql) => Effect.result(Migrations.migrate(sql, Postgres.resolve({ schema }))))
const verify = (schema: string) =>
  Schema.asOwner((sql) => Effect.result(Migrations.verify(sql, Postgres.resolve({ schema }))))
const rows = (text: string) => Schema.asOwner((sql) => Effect.orDie(sql.unsafe<Record<string, unknown>>(text)))

/** The refusal's reason, and what it says to people. */
const refusal = (result: Result.Result<unknown, { readonly reason: string; readonly cause?: unknown }>) =>
  Result.isFailure(result) ? `${result.failure.reason}: ${String(result.failure.cause)}` : "done"

describe("migrations", () => {
  it("bring a fresh schema up to date, and do nothing when repeated", async () => {
    const schema = fresh()
    const [first, second] = [await migrate(schema), await migrate(schema)]
    expect(Result.getOrThrow(first)).toMatchObject({ schema, applied: all, raisedBy: 0 })
    expect(Result.getOrThrow(second)).toMatchObject({ schema, applied: [], raisedBy: 0 })
    expect(refusal(await verify(schema))).toBe("done")
  })

  it("are applied once when 20 hosts start at once", async () => {
    const schema = fresh()
    const hosts = Array.from({ length: 20 }, () =>
      ManagedRuntime.make(Postgres.layer({ url: url(), schema, connections: 1, isShared: false }))
    )
    await Promise.all(hosts.map((host) => host.runPromise(DeskStore)))
    await Promise.all(hosts.map((host) => host.dispose()))
    expect(await rows(`select number::int from ${schema}.migration order by number`)).toEqual(
      all.map(({ number }) => ({ number }))
    )
  })

  it("are applied once when 3 processes start at once", async () => {
    const schema = fresh()
    const program = `
      import { Effect, Redacted } from "effect"
      import { DeskStore } from "leadline/ports"
      import * as Postgres from "leadline/postgres"
      const [address, schema] = process.argv.slice(-2)
      const stores = Postgres.layer({ url: Redacted.make(address), schema, isShared: false })
      await Effect.runPromise(Effect.provide(DeskStore.use(() => Effect.void), stores))`
    const codes = await Promise.all(
      Array.from({ length: 3 }, () => {
        const options = ["--conditions=leadline-source", "--no-warnings", "--input-type=module", "-e", program]
        const host = spawn(process.execPath, [...options, "--", Redacted.value(url()), schema], { stdio: "inherit" })
        return new Promise<number | null>((resolve) => host.once("exit", resolve))
      })
    )
    expect(codes).toEqual([0, 0, 0])
    expect(refusal(await verify(schema))).toBe("done")
  })

  it("refuse a database that newer code has migrated, and name what they do not know", async () => {
    const schema = fresh()
    await migrate(schema)
    await rows(`insert into ${schema}.migration (number, name, sha256) values (999, '0999_tomorrow', 'x')`)
    expect(refusal(await migrate(schema))).toMatch(/^misconfigured: .*0999_tomorrow, which is newer/)
    expect(refusal(await verify(schema))).toMatch(/^misconfigured: .*0999_tomorrow, which is newer/)
  })

  it("refuse a file that was edited after it was applied, and one that others call otherwise", async () => {
    const schema = fresh()
    await migrate(schema)
    await rows(`update ${schema}.migration set sha256 = 'x' where number = 2`)
    expect(refusal(await migrate(schema))).toMatch(/^misconfigured: .*0002_commit was edited/)
    await rows(`update ${schema}.migration set name = '0002_other' where number = 2`)
    expect(refusal(await migrate(schema))).toMatch(/^misconfigured: .*0002_other where this code has 0002_commit/)
  })

  it("leave nothing behind when they fail", async () => {
    const schema = fresh()
    await rows(`create schema ${schema}`)
    await rows(`create table ${schema}.record (id int)`)
    expect(refusal(await migrate(schema))).toMatch(/^misconfigured/)
    expect(await rows(`select tablename from pg_tables where schemaname = '${schema}'`)).toEqual([
      { tablename: "record" }
    ])
  })

  it.each(["", "1st", "a-b", 'a"; drop schema public; --', "ä", "x".repeat(64)])(
    "refuse %j as a schema's name",
    async (schema) => {
      expect(refusal(await migrate(schema))).toMatch(/^misconfigured/)
      expect(refusal(await verify(schema))).toMatch(/^misconfigured/)
    }
  )

  it("refuse a server that is too old, and take the oldest", () => {
    const check = (server: number) => refusal(Effect.runSync(Effect.result(Migrations.checkServer(server))))
    expect(check(139_999)).toMatch(/^misconfigured: .*139999.*140000/)
    expect(check(Migrations.OLDEST_SERVER)).toBe("done")
    expect(check(180_000)).toBe("done")
  })

  it("verify refuses what is not there, and what is not complete, and changes nothing", async () => {
    const schema = fresh()
    expect(refusal(await verify(schema))).toMatch(/^misconfigured: .*0001_tables is not applied yet/)
    await migrate(schema)
    await rows(`delete from ${schema}.migration where number > 1`)
    expect(refusal(await verify(schema))).toMatch(/^misconfigured: .*0002_commit is not applied yet/)
    expect(await rows(`select number from ${schema}.migration`)).toHaveLength(1)
  })

  it("give what was parked before 0003 its place in the list of what is tried again (G4)", async () => {
    const schema = fresh()
    const account = Id.AccountId.make("parking")
    const item = (eventId: string, nextTryAt: Instant.Instant | null): Parked => ({
      ...{
        bridge: "crm-to-desk",
        eventId,
        log: "crm",
        position: 7,
        stream: "lead/1",
        tries: 1,
        nextTryAt,
        lastError: "no"
      }
    })
    const inStore = <A, E>(program: Effect.Effect<A, E, DeskStore>) =>
      Effect.runPromise(
        Effect.provide(program, Layer.fresh(Postgres.layer({ url: url(), schema, connections: 2, isShared: false })))
      )
    const put = (item: Parked) =>
      ({
        key: { kind: "parked", id: `${item.bridge}/${item.eventId}` },
        value: item,
        contents: [],
        due: item.nextTryAt
      }) as const
    const items = [item("a", Instant.fromMillis(9)), item("b", null)]
    await inStore(
      DeskStore.use((desk) =>
        desk.commit(account, {
          expect: items.map((item) => ({ key: put(item).key, version: 0 })),
          put: items.map(put),
          ...{ remove: [], contents: [], events: [], remember: null }
        })
      )
    )
    const known = "select list, rank::int, id, kind from :schema.place order by list".replace(":schema", schema)
    const places = await rows(known)
    await rows(`delete from ${schema}.place where list like 'parked/%'`)
    await rows(`delete from ${schema}.migration where number = 3`)
    expect(await inStore(DeskStore.use((desk) => desk.parked(account, "crm-to-desk", 9)))).toEqual([items[0]])
    expect(await rows(known)).toEqual(places)
  })

  it("raise positions and versions above the old ones when the data came to another cluster (K2)", async () => {
    const schema = fresh()
    const account = Id.AccountId.make("moved")
    const key = { kind: "openChat", id: "v" } as const
    const write = (n: number) => {
      const stores = Layer.fresh(Postgres.layer({ url: url(), schema, connections: 2, isShared: false }))
      const program = DeskStore.use((desk) =>
        Effect.gen(function* () {
          const [{ version }] = yield* desk.get(account, [key])
          return yield* desk.commit(account, {
            expect: [{ key, version }],
            put: [{ key, value: { chatId: Id.ChatId.make("c") }, contents: [], due: null }],
            remove: [],
            contents: [],
            remember: null,
            events: [
              {
                id: Id.EventId.make(`e${n}`),
                stream: "ban/1",
                number: n,
                at: Instant.fromMillis(n),
                actor: { _tag: "System" },
                surface: "api",
                schemaVersion: Event.SCHEMA_VERSION,
                payload: { _tag: "VisitorBanned", visitorId: Id.VisitorId.make("v") },
                contents: []
              }
            ]
          })
        })
      )
      return Effect.runPromise(Effect.provide(program, stores))
    }
    await write(1)
    // as if the old cluster had been a million transactions ahead
    const far = 4096 * 1_000_000
    await rows(`update ${schema}.event set position = position + ${far}`)
    await rows(`update ${schema}.record set version = version + ${far}`)
    await rows(`update ${schema}.era set cluster = 'other'`)
    const [old] = await rows(`select max(position)::float8 as position, max(version)::float8 as version
      from ${schema}.event, ${schema}.record`)
    const second = await write(2)
    expect(second.positions[0]).toBeGreaterThan(Number(old?.position))
    expect(second.versions[0]).toBeGreaterThan(Number(old?.version))
    expect(Result.getOrThrow(await migrate(schema)).raisedBy).toBe(0)
    const log = await Schema.asOwner(() =>
      Effect.provide(
        DeskStore.use((desk) => desk.log(account, 0, 10)),
        Postgres.layer({ url: url(), schema, isShared: false })
      )
    )
    expect(log.entries.map(({ event }) => event.id)).toEqual(["e1", "e2"])
  })
})
