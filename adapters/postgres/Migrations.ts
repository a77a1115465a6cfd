import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { StoreError } from "leadline/ports"
import { type Resolved, schemaName } from "./PostgresOptions.ts"
import { toStoreError } from "./StoreErrors.ts"

/** A numbered file of SQL; never edited after its release. */
export interface Migration {
  readonly number: number
  readonly name: string
  readonly text: string
  /** Of the text, so that an edited file is noticed. */
  readonly sha256: string
}

/** What a run of the migrations did. */
export interface Migrated {
  readonly schema: string
  /** The server's version, as `170002`. */
  readonly server: number
  /** Those applied now, in order. None: the database was up to date. */
  readonly applied: ReadonlyArray<Migration>
  /** How far versions and positions were raised, because the data came from another cluster; usually 0. */
  readonly raisedBy: number
}

/** Oldest server: `pg_current_xact_id` and the rest of what the SQL uses are there since 13; 14 is tested and supported. */
export const OLDEST_SERVER = 140_000

/** The files, in order. They lie beside this module's source, also in the published package. */
export const all = (): ReadonlyArray<Migration> => {
  const folder = join(dirname(createRequire(import.meta.url).resolve("leadline/package.json")), "adapters/postgres/sql")
  return readdirSync(folder)
    .filter((file) => /^\d{4}_\w+\.sql$/.test(file))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), "utf8")
      const sha256 = createHash("sha256").update(text).digest("hex")
      return { number: Number(file.slice(0, 4)), name: file.slice(0, -4), text, sha256 }
    })
}

/**
 * Brings the schema up to date, under a lock: harmless when repeated, right when many hosts start at once. Takes three
 * statements when there is nothing to do.
 *
 * Refused as `misconfigured`: a server that is too old, a database that newer code has migrated, a file that was edited
 * after it was applied, a schema's name that is none.
 */
export const migrate = (sql: SqlClient, options: Resolved): Effect.Effect<Migrated, StoreError> => {
  const quoted = schemaName(options)
  if (quoted === null) return noSchema(options)
  const run = runOn(sql)

  const steps = Effect.gen(function* () {
    const server = yield* serverVersion(run)
    yield* run("select pg_advisory_xact_lock(hashtextextended('leadline migrations ' || $1, 0))", [options.schema])
    const known = yield* appliedBefore(run, options.schema, quoted)
    const files = all()
    yield* check(known, files)
    const applied = files.slice(known.length)
    if (known.length === 0) {
      yield* run(`create schema if not exists ${quoted}`)
      yield* run(createLedger(quoted))
    }
    for (const file of applied) {
      yield* run(inOneStatement(file.text.replaceAll(":schema", quoted)))
      yield* run(`insert into ${quoted}.migration (number, name, sha256) values ($1, $2, $3)`, [
        file.number,
        file.name,
        file.sha256
      ])
    }
    const raised = yield* run<{ raised: number }>(raiseBase(quoted))
    return { schema: options.schema, server, applied, raisedBy: raised[0]?.raised ?? 0 }
  })

  return Effect.mapError(sql.withTransaction(steps), (error) =>
    error instanceof StoreError ? error : toStoreError("migrate", error)
  )
}

/** Changes nothing: refuses a schema that is not as this code knows it. For hosts that may not change schemas. */
export const verify = (sql: SqlClient, options: Resolved): Effect.Effect<void, StoreError> => {
  const quoted = schemaName(options)
  if (quoted === null) return noSchema(options)
  return Effect.gen(function* () {
    const run = runOn(sql)
    yield* serverVersion(run)
    const known = yield* appliedBefore(run, options.schema, quoted)
    const files = all()
    yield* check(known, files)
    const missing = files[known.length]
    if (missing !== undefined) return yield* refused(`${missing.name} is not applied yet: run \`leadline migrate\``)
  })
}

const noSchema = ({ schema }: Resolved) => refused(`schema "${schema}": letters, digits and _ only, at most 63 of them`)

const runOn =
  (sql: SqlClient): Run =>
  <Row>(text: string, parameters: ReadonlyArray<unknown> = []) =>
    Effect.mapError(
      sql.unsafe(text, parameters).withoutTransform as Effect.Effect<ReadonlyArray<Row>, SqlError>,
      (error) => toStoreError("migrate", error)
    )

type Run = <Row>(text: string, parameters?: ReadonlyArray<unknown>) => Effect.Effect<ReadonlyArray<Row>, StoreError>

const serverVersion = Effect.fnUntraced(function* (run: Run) {
  const rows = yield* run<{ version: string }>("select current_setting('server_version_num') as version")
  const server = Number(rows[0]?.version ?? 0)
  return server >= OLDEST_SERVER
    ? server
    : yield* refused(`PostgreSQL ${server}: leadline needs ${OLDEST_SERVER} or newer`)
})

interface Known {
  readonly number: number
  readonly name: string
  readonly sha256: string
}

const appliedBefore = Effect.fnUntraced(function* (run: Run, schema: string, quoted: string) {
  const found = yield* run("select 1 from pg_tables where schemaname = $1 and tablename = 'migration'", [schema])
  return found.length === 0
    ? []
    : yield* run<Known>(`select number, name, sha256 from ${quoted}.migration order by number`)
})

const check = (known: ReadonlyArray<Known>, files: ReadonlyArray<Migration>): Effect.Effect<void, StoreError> => {
  for (const [at, { name, sha256 }] of known.entries()) {
    const file = files[at]
    if (file === undefined) return refused(`the database knows ${name}, which is newer than this code`)
    if (file.name !== name) return refused(`the database knows ${name} where this code has ${file.name}`)
    if (file.sha256 !== sha256) return refused(`${name} was edited after it was applied`)
  }
  return Effect.void
}

const refused = (why: string): Effect.Effect<never, StoreError> =>
  Effect.fail(
    new StoreError({ reason: "misconfigured", isRetryable: false, operation: "migrate", cause: new Error(why) })
  )

const createLedger = (quoted: string): string => `create table ${quoted}.migration (
  number     integer     primary key,
  name       text        not null,
  sha256     text        not null,
  applied_at timestamptz not null default now()
)`

/** The protocol takes one statement at a time; a block may hold many. */
const inOneStatement = (text: string): string =>
  `do $leadline_file$ begin execute $leadline_text$${text}$leadline_text$; end $leadline_file$`

/**
 * Positions grow with the cluster's transaction ids. Data that came from a cluster with higher ones (a dump, a logical
 * copy) would stay ahead of what is written from now on; the base closes the gap. Looks through the tables once per
 * move, because the cluster that the data lives in is noted.
 */
const raiseBase = (quoted: string): string => `
  with moved as (
    select base, (select system_identifier::text from pg_control_system()) as here from ${quoted}.era
    where cluster <> (select system_identifier::text from pg_control_system())
  ), needed as (
    select base, here, greatest(
      base,
      (select max(position) from ${quoted}.event) - pg_current_xact_id()::text::bigint * 4096 + 4096,
      (select max(version) from ${quoted}.record) - pg_current_xact_id()::text::bigint * 4096 + 4096
    ) as number from moved
  ), raised as (
    update ${quoted}.era e set base = number, cluster = here from needed n returning number - n.base as by
  )
  select coalesce(max(by), 0)::float8 as raised from raised`
