import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Redacted } from "effect"
import { pool } from "leadline/postgres"
import type { Flaws } from "./Books.ts"

/** A statement of a test's own, outside the adapter. */
export const query = <Row>(url: string, text: string, parameters: ReadonlyArray<unknown> = []) =>
  Effect.scoped(
    Effect.flatMap(PgClient.PgClient, (sql) => Effect.orDie(sql.unsafe(text, parameters).withoutTransform))
  ).pipe(
    Effect.map((rows) => rows as ReadonlyArray<Row>),
    Effect.provide(Layer.orDie(pool({ url: Redacted.make(url), connections: 1, applicationName: "tests" })))
  )

/**
 * Kinds that are written without events: signs of life, the bridge's own place, routing's, and the desk's memory of a
 * note, which leaves no event on the desk. What remains must have been written by a transaction whose events are there (K2).
 */
const silent = [
  "desk.command",
  "desk.presence",
  "desk.cursor",
  "desk.routing",
  "desk.routingHistory",
  "desk.hours",
  "desk.parked"
]

/**
 * Commits are whole (K2): each record's version belongs to a transaction that left events, and what stands in `place` is
 * what the records say.
 */
export const tableFlaws = Effect.fnUntraced(function* (url: string, schema: string) {
  const torn = yield* query<{ kind: string; id: string }>(
    url,
    `select kind, id from ${schema}.record r
     where kind <> all ($1::text[]) and not exists (
       select 1 from ${schema}.event e where e.account = r.account and e.position / 4096 = r.version / 4096
     )`,
    [silent]
  )
  const misplaced = yield* query<{ id: string; list: string }>(
    url,
    `with said as (
       select account, kind, id, p ->> 0 as list, (p ->> 1)::bigint as rank
       from ${schema}.record, json_array_elements(places) p
     )
     select coalesce(s.id, p.id) as id, coalesce(s.list, p.list) as list
     from said s full join ${schema}.place p using (account, kind, id, list, rank)
     where s.id is null or p.id is null`
  )
  return [
    ...torn.map(({ id, kind }) => `${kind}/${id} was written without its events`),
    ...misplaced.map(({ id, list }) => `${id} is not where it says in ${list}`)
  ]
})

/**
 * The indexes as `amcheck` finds them, with a look for each table's row in them; `null`: this server has no amcheck. (The
 * one from npm has it, 1.5.)
 */
export const indexFlaws = Effect.fnUntraced(function* (url: string, schema: string) {
  const [available] = yield* query<{ is: boolean }>(
    url,
    "select exists (select 1 from pg_available_extensions where name = 'amcheck') as is"
  )
  if (available?.is !== true) return null
  yield* query(url, "create extension if not exists amcheck")
  const indexes = yield* query<{ name: string }>(
    url,
    `select i.indexrelid::regclass::text as name
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
     where c.relnamespace = $1::regnamespace and a.amname = 'btree'`,
    [schema]
  )
  const found: Array<string> = []
  for (const { name } of indexes) {
    const checked = yield* Effect.exit(query(url, "select bt_index_check($1::regclass, true)", [name]))
    if (checked._tag === "Failure") found.push(`${name}: ${checked.cause}`)
  }
  return indexes.length < 5 ? [...found, `only ${indexes.length} indexes were looked at`] : (found as Flaws)
})
