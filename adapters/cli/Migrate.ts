import { parseArgs } from "node:util"
import { PgClient } from "@effect/sql-pg"
import { Cause, Console, Data, Effect, Redacted } from "effect"
import type { StoreError } from "leadline/ports"
import { Grants, Migrations, pool, resolve } from "leadline/postgres"
import type { Command } from "./Command.ts"

const usage = `leadline migrate [URL] [--schema NAME] [--role NAME] [--check]

URL is postgres://user:password@host:port/database; else DATABASE_URL is taken.
--role lets a role that owns nothing use the schema, behind the wall between accounts.
--check changes nothing, and ends with 1 where something is to be done.`

/** The command line is not what it should be: for people. */
class Unusable extends Data.TaggedError("Unusable")<{ readonly text: string }> {}

interface Asked {
  readonly url: Redacted.Redacted
  readonly schema: string
  readonly role: string | null
  readonly isCheck: boolean
}

const asked = (given: ReadonlyArray<string>): Effect.Effect<Asked, Unusable> =>
  Effect.try({
    try: () =>
      parseArgs({
        args: [...given],
        allowPositionals: true,
        options: { schema: { type: "string" }, role: { type: "string" }, check: { type: "boolean" } }
      }),
    catch: (error) => new Unusable({ text: error instanceof Error ? error.message : String(error) })
  }).pipe(
    Effect.flatMap(({ positionals, values }) => {
      const [url = process.env.DATABASE_URL, ...more] = positionals
      return url === undefined || more.length > 0 || !/^postgres(ql)?:\/\//.test(url)
        ? Effect.fail(new Unusable({ text: "one postgres:// URL, please" }))
        : Effect.succeed({
            url: Redacted.make(url),
            schema: values.schema ?? resolve({}).schema,
            role: values.role ?? null,
            isCheck: values.check === true
          })
    })
  )

/** What was done, line by line. */
const told = ({ applied, raisedBy, schema, server }: Migrations.Migrated): ReadonlyArray<string> => [
  `PostgreSQL ${Math.floor(server / 10_000)}.${server % 10_000}, schema ${schema}`,
  ...applied.map(({ name, sha256 }) => `  applied  ${name}  (sha256 ${sha256.slice(0, 12)})`),
  ...(raisedBy > 0 ? [`  raised   versions and positions by ${raisedBy}: the data came from another cluster`] : []),
  ...(applied.length === 0 && raisedBy === 0 ? ["  nothing to do"] : [])
]

const migrated = Effect.fnUntraced(function* ({ isCheck, role, schema }: Asked) {
  const sql = yield* PgClient.PgClient
  const options = resolve({ schema })
  if (isCheck) {
    yield* Migrations.verify(sql, options)
    return [`schema ${schema} is up to date`]
  }
  const lines = told(yield* Migrations.migrate(sql, options))
  if (role === null) return lines
  const grants = Grants.statements(schema, role)
  yield* Effect.forEach(grants, (text) => sql.unsafe(text), { discard: true })
  return [...lines, ...grants.map((text) => `  granted  ${text}`)]
})

/** Brings a database's schema up to date, and prints what it did; 1 where that is refused, or fails. */
export const migrate: Command = (given) =>
  Effect.gen(function* () {
    const request = yield* asked(given)
    const lines = yield* migrated(request).pipe(Effect.provide(pool({ url: request.url, connections: 1 })))
    yield* Console.log(lines.join("\n"))
    return 0
  }).pipe(
    Effect.catchTags({
      Unusable: ({ text }) => Effect.as(Console.error(`${text}\n\nusage: ${usage}`), 2),
      StoreError: (error) => Effect.as(Console.error(`not migrated: ${reasonOf(error)}`), 1),
      SqlError: (error) => Effect.as(Console.error(`not migrated: ${Cause.pretty(Cause.fail(error))}`), 1)
    })
  )

const reasonOf = ({ cause, reason }: StoreError): string =>
  cause instanceof Error ? `${reason}: ${cause.message}` : reason
