import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, ManagedRuntime, Result } from "effect"
import { Id } from "leadline"
import { CrmStore, DeskStore } from "leadline/ports"
import * as Postgres from "leadline/postgres"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Schema from "./Schema.ts"
import * as Twins from "./Twins.ts"

describe("the second wall between accounts, for a role that owns nothing (J2)", () => {
  let made: Schema.SchemaOfAFile
  let host: ManagedRuntime.ManagedRuntime<PgClient.PgClient, never>
  const [acme, other] = [Id.AccountId.make("acme"), Id.AccountId.make("other")]

  beforeAll(async () => {
    made = await Schema.make()
    const client = Layer.orDie(Postgres.pool({ url: made.hostUrl, connections: 1 }))
    host = ManagedRuntime.make(client)
    const stores = Postgres.layerClient({ schema: made.schema, migrates: false, isShared: false })
    const fill = Effect.gen(function* () {
      const [desk, crm] = [yield* DeskStore, yield* CrmStore]
      for (const account of [acme, other]) {
        yield* desk.commit(account, Twins.desk("a text"))
        yield* crm.commit(account, Twins.crm("a text"))
      }
    })
    await host.runPromise(Effect.provide(fill, stores))
  })
  afterAll(async () => {
    await host.dispose()
    await made.drop()
  })

  const sql = (text: string) =>
    host.runPromise(PgClient.PgClient.use((client) => client.unsafe<{ accounts: ReadonlyArray<string> }>(text)))
  /** Accounts seen in a table, with `leadline.account` as given. */
  const seen = (table: string, account: string | null) => {
    const name = account === null ? "reset leadline.account" : `set leadline.account = '${account}'`
    return sql(name)
      .then(() => sql(`select coalesce(array_agg(distinct account), '{}') as accounts from ${made.schema}.${table}`))
      .then(([row]) => row?.accounts)
  }

  it.each(["record", "place", "event", "text"])(
    "%s: who names no account sees nothing, else that one",
    async (table) => {
      expect(await seen(table, null)).toEqual([])
      expect(await seen(table, "")).toEqual([])
      expect(await seen(table, acme)).toEqual([acme])
      expect(await seen(table, other)).toEqual([other])
      expect(await seen(table, "%")).toEqual([])
    }
  )

  it("a statement of the stores names its account for itself alone", async () => {
    await sql("reset leadline.account")
    const stores = Postgres.layerClient({ schema: made.schema, migrates: false, isShared: false })
    const read = DeskStore.use((desk) => desk.roster(acme))
    expect(await host.runPromise(Effect.provide(read, stores))).toHaveLength(1)
    const [row] = await sql(`select coalesce(array_agg(account), '{}') as accounts from ${made.schema}.record`)
    expect(row?.accounts).toEqual([])
  })

  it("nobody writes, changes or deletes another account's rows", async () => {
    await sql(`set leadline.account = '${acme}'`)
    const forged = PgClient.PgClient.use((client) =>
      Effect.result(
        client.unsafe(
          `insert into ${made.schema}.record (account, kind, id, version, value) values ('${other}', 'k', 'i', 1, '{}')`
        )
      )
    )
    expect(Result.isFailure(await host.runPromise(forged))).toBe(true)
    expect(await sql(`delete from ${made.schema}.text where account = '${other}' returning 1`)).toEqual([])
    expect(await sql(`update ${made.schema}.record set version = 0 where account = '${other}' returning 1`)).toEqual([])
  })

  it.each(["drop table :s.record", "alter table :s.record disable row level security", "delete from :s.migration"])(
    "a host may not: %s",
    async (text) => {
      const tried = PgClient.PgClient.use((client) => Effect.flip(client.unsafe(text.replace(":s", made.schema))))
      expect(Postgres.StoreErrors.classify(await host.runPromise(tried))).toMatchObject({ reason: "misconfigured" })
    }
  )

  it("every table that holds anything of an account is behind it", async () => {
    const walled = await Schema.asOwner((client) =>
      client.unsafe(`select c.relname as name from pg_class c
        where c.relnamespace = '${made.schema}'::regnamespace and c.relrowsecurity order by 1`)
    )
    const keyed = await Schema.asOwner((client) =>
      client.unsafe(`select table_name as name from information_schema.columns
        where table_schema = '${made.schema}' and column_name = 'account' order by 1`)
    )
    expect(walled).toEqual(keyed)
    expect(walled.map((row) => Object.values(row)[0])).toEqual([...Postgres.Grants.WALLED].sort())
  })
})
