import { Effect, Exit, Result } from "effect"
import type { Content, Event, Id, Instant } from "leadline"
import type { Commit, CommonRecords, Due, Key, LogEntry, Read, Reads, RecordStore, StoreError } from "leadline/ports"
import * as Coalescer from "./Coalescer.ts"
import * as CommitRows from "./CommitRows.ts"
import type { Database } from "./Database.ts"
import * as GroupCommit from "./GroupCommit.ts"
import { texts } from "./Statements.ts"
import * as StoredText from "./StoredText.ts"
import { corrupt, decodeRecord, kindOf, type RecordRow, type World } from "./World.ts"

/** Keys that one statement reads at most. decision: as many as a large screen of records. */
const KEYS_PER_STATEMENT = 1000

type Shape<Records, Payload> = RecordStore<Records, Payload> & {
  readonly capabilities: { readonly isDurable: boolean; readonly erase: boolean }
}

/**
 * The thin store in PostgreSQL. Every member is one statement; reads by key and commits that wait for others of their
 * account travel with them.
 */
export const make = <Records extends CommonRecords, Payload>(
  database: Database,
  world: World<Records, Payload>
): Shape<Records, Payload> => {
  const { inTurn, onClose, options, quoted, statements, wakeups } = database
  const sql = queries(quoted)
  const commits = GroupCommit.make(world.log, quoted, statements, options, (account, tx) =>
    wakeups.written(world.log, account, tx)
  )
  onClose(commits.idle)

  const readOf = <Kind extends keyof Records>(
    key: Key<Records, Kind>,
    row: RecordRow | undefined,
    operation: string
  ): Result.Result<Read<Records, Kind>, StoreError> =>
    row === undefined
      ? Result.succeed({ key, version: 0, value: null })
      : Result.map(decodeRecord(world as never, key.kind as never, row, operation), (value) => ({
          key,
          version: row.version,
          value: value as Records[Kind]
        }))

  const readsOf = (keys: ReadonlyArray<Key<Records>>, rows: ReadonlyMap<number, RecordRow>, operation: string) =>
    Result.all(keys.map((key, at) => readOf(key, rows.get(at + 1), operation)))

  const byKeys = (account: string, keys: ReadonlyArray<Key<Records>>) =>
    Effect.map(
      statements.read<RecordRow & { readonly n: number }>("get", sql.get, [
        account,
        texts(keys.map(({ kind }) => kindOf(world, kind))),
        texts(keys.map(({ id }) => id))
      ]),
      (rows) => new Map(rows.map((row) => [row.n, row]))
    )

  const gets = Coalescer.make<ReadonlyArray<Key<Records>>, ReadonlyArray<Read<Records>>>({
    inFlight: options.readsInFlight,
    perStatement: KEYS_PER_STATEMENT,
    boarding: () => {
      let size = 0
      return (keys) => {
        size += keys.length
        return size === keys.length || size <= KEYS_PER_STATEMENT
      }
    },
    send: (account, batch) =>
      Effect.map(byKeys(account, batch.flat()), (rows) => {
        let before = 0
        return batch.map((keys) => {
          const from = before
          before += keys.length
          const own = new Map(
            keys.flatMap((_, at) => {
              const row = rows.get(from + at + 1)
              return row === undefined ? [] : [[at + 1, row] as const]
            })
          )
          return Result.match(readsOf(keys, own, "get"), { onFailure: Exit.fail, onSuccess: Exit.succeed })
        })
      })
  })

  return {
    capabilities: { isDurable: options.isDurable, erase: true },
    get: <const Keys extends ReadonlyArray<Key<Records>>>(account: Id.AccountId, keys: Keys) =>
      (keys.length === 0 ? Effect.succeed([]) : gets.ask(account, keys)) as unknown as Effect.Effect<
        Reads<Records, Keys>,
        StoreError
      >,
    getWithTexts: <const Keys extends ReadonlyArray<Key<Records>>>(account: Id.AccountId, keys: Keys) =>
      Effect.flatMap(
        statements.read<RecordRow & { readonly n: number; readonly texts: StoredText.TextRows | null }>(
          "getWithTexts",
          sql.getWithTexts,
          [account, texts(keys.map(({ kind }) => kindOf(world, kind))), texts(keys.map(({ id }) => id)), world.log]
        ),
        (rows) =>
          Effect.fromResult(
            Result.map(readsOf(keys, new Map(rows.map((row) => [row.n, row])), "getWithTexts"), (reads) => ({
              reads: reads as unknown as Reads<Records, Keys>,
              texts: textsOf(rows)
            }))
          )
      ),
    commit: (account, change: Commit<Records, Payload>) =>
      Effect.suspend(() => commits.commit(account, CommitRows.encode(world, change))),
    ...(inTurn === null
      ? {}
      : {
          inTurn: <A, E, R>(account: Id.AccountId, key: Key<Records>, effect: Effect.Effect<A, E, R>) =>
            inTurn(`${options.schema}/${account}/${kindOf(world, key.kind)}/${key.id}`, effect)
        }),
    log: (account, after, limit) =>
      Effect.flatMap(
        statements.read<{
          readonly position: number
          readonly value: unknown
          readonly texts: StoredText.TextRows | null
        }>("log", sql.log, [account, world.log, String(after), String(limit)]),
        (rows) =>
          Effect.map(
            Effect.forEach(rows, ({ position, value }) => decodeEvent(world, position, value)),
            (entries) => ({ entries, next: entries.at(-1)?.position ?? after, texts: textsOf(rows) })
          )
      ),
    due: <const Kind extends keyof Records>(account: Id.AccountId, kind: Kind, now: Instant.Instant, limit: number) =>
      Effect.flatMap(
        statements.read<RecordRow & { readonly id: string; readonly due: number }>("due", sql.due, [
          account,
          kindOf(world, kind),
          String(now),
          String(limit)
        ]),
        (rows) =>
          Effect.fromResult(
            Result.all(
              rows.map((row) =>
                Result.map(
                  readOf({ kind, id: row.id } as unknown as Key<Records, Kind>, row, "due"),
                  (read): Due<Records, Kind> => ({ ...read, due: row.due as Instant.Instant })
                )
              )
            )
          )
      ),
    changes: (account) => wakeups.follow(world.log, account),
    contents: (account, refs) =>
      refs.length === 0
        ? Effect.succeed(new Map())
        : Effect.map(
            statements.read<{ readonly texts: StoredText.TextRows | null }>("contents", sql.contents, [
              account,
              world.log,
              texts(refs)
            ]),
            textsOf
          ),
    contentCount: (account, subject) =>
      Effect.map(
        statements.read<{ readonly count: number }>("contentCount", sql.contentCount, [
          account,
          world.log,
          CommitRows.subjectKey(subject)
        ]),
        (rows) => rows[0]?.count ?? 0
      ),
    erase: (account, subject, limit) =>
      Effect.map(
        statements.read<{ readonly erased: number; readonly is_done: boolean }>("erase", sql.erase, [
          account,
          world.log,
          CommitRows.subjectKey(subject),
          String(limit)
        ]),
        (rows) => ({ erased: rows[0]?.erased ?? 0, isDone: rows[0]?.is_done ?? true })
      )
  }
}

const decodeEvent = <Records extends CommonRecords, Payload>(
  world: World<Records, Payload>,
  position: number,
  value: unknown
): Effect.Effect<LogEntry<Payload>, StoreError> =>
  Result.match(world.events.decode(value), {
    onFailure: (problem) => Effect.fail(corrupt("log", problem)),
    onSuccess: (event: Event.Event<Payload>) => Effect.succeed({ position, event })
  })

/** The texts of all rows, by reference. */
export const textsOf = (rows: ReadonlyArray<{ readonly texts: StoredText.TextRows | null }>): Content.Texts =>
  new Map(
    rows.flatMap((row) =>
      (row.texts ?? []).map(([ref, value, isEscaped]) => [ref as Content.ContentRef, StoredText.load(value, isEscaped)])
    )
  )

/**
 * Opens the second wall between accounts for one statement (`0001_tables.sql`). What follows refers to `w.account`, and
 * so happens after it.
 */
export const wall = "(select set_config('leadline.account', $1, true) as account) w"

/** The texts of an array of references, as rows of `StoredText`. One by one: see `0002_commit.sql` on old plans. */
export const textsIn = (quoted: string, log: string, references: string): string => `(
  select json_agg(json_build_array(t.ref, t.value, t.is_escaped)) from json_array_elements_text(${references}) of(ref)
  cross join lateral (
    select ref, value, is_escaped from ${quoted}.text
    where account = w.account and log = ${log} and ref = of.ref offset 0
  ) t
)`

const queries = (quoted: string) => {
  const named = `unnest($2::text[], $3::text[]) with ordinality as k(kind, id, n)
    cross join lateral (
      select version::float8 as version, value, number::float8 as number, texts from ${quoted}.record
      where account = w.account and kind = k.kind and id = k.id offset 0
    ) r`
  return {
    get: `select k.n::int4 as n, r.version, r.value, r.number from ${wall} cross join ${named}`,
    getWithTexts: `select k.n::int4 as n, r.version, r.value, r.number, ${textsIn(quoted, "$4", "r.texts")} as texts
      from ${wall} cross join ${named}`,
    log: `select e.position, e.value, ${textsIn(quoted, "$2", "e.texts")} as texts
      from ${wall} cross join lateral (
        select position::float8 as position, value, texts from ${quoted}.event e
        where e.account = w.account and e.log = $2 and e.position > $3 and e.position < ${quoted}.horizon()
        order by e.position limit $4
      ) e`,
    due: `select r.* from ${wall} cross join lateral (
        select id, version::float8 as version, value, number::float8 as number, due::float8 as due
        from ${quoted}.record d
        where account = w.account and kind = $2 and due <= $3 order by d.due, d.id limit $4
      ) r`,
    contents: `select ${textsIn(quoted, "$2", "array_to_json($3::text[])")} as texts from ${wall}`,
    contentCount: `select r.count from ${wall} cross join lateral (
        select count(*)::float8 as count from ${quoted}.text where account = w.account and log = $2 and subject = $3
      ) r`,
    erase: `select erased::float8 as erased, is_done from ${quoted}.erase($1, $2, $3, $4)`
  }
}
