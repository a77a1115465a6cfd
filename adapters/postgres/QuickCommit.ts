import type { CommitRows } from "./CommitRows.ts"
import { subjectKey } from "./CommitRows.ts"
import { flags, numbers, texts } from "./Statements.ts"
import * as StoredText from "./StoredText.ts"

/**
 * The short way for what happens all day, a message: a statement that takes for granted that nobody came in between.
 * Where somebody did, or a record moves between lists, it ends without effect, and the commit goes the long way
 * (`0002_commit.sql`), which says who lost against whom.
 */
export const LOST = "LL001"

/**
 * Whether a commit may try it: it changes records that were there, and expects some; what it adds is an answer to
 * remember. Both ways lock in the order of names, so that they never wait for each other: here what is only expected is
 * locked first, and so must come first by name.
 */
export const mayTry = ({ keys }: CommitRows): boolean => {
  let last = ""
  let firstPut = ""
  for (const { act, id, kind, places, version } of keys) {
    const name = `${kind}/${id}`
    if (act === "remove" || (version === 0 && (act === "expect" || places !== null || !isAnswer(kind)))) return false
    if (act === "expect" && name > last) last = name
    if (act === "put" && version > 0 && (firstPut === "" || name < firstPut)) firstPut = name
  }
  return keys.every(({ number }) => number !== -1) && (firstPut === "" || last < firstPut)
}

const isAnswer = (kind: string): boolean => kind.endsWith(".command")

export const statement = (schema: string): string => `
  with tx as materialized (
    select set_config('leadline.account', $1, true) as account,
      (base + pg_current_xact_id()::text::bigint * 4096) as this
    from ${schema}.era
  ), held as materialized (
    select count(*) as n from (
      select 1 from tx
      cross join lateral (
        select * from unnest($2::text[], $3::text[], $4::float8[]::bigint[]) k(kind, id, version) order by kind, id
      ) k
      cross join lateral (
        select 1 from ${schema}.record
        where account = tx.account and kind = k.kind and id = k.id and version = k.version for share
      ) r
    ) held
  ), put as (
    update ${schema}.record r set
      version = tx.this + k.n, value = k.value::json, texts = k.texts::json, due = k.due, number = null,
      queued = k.queued
    from tx cross join held cross join lateral (
      select * from unnest(
        $5::float8[]::bigint[], $6::text[], $7::text[], $8::float8[]::bigint[], $9::text[], $10::text[],
        $11::float8[]::bigint[], $12::float8[]::bigint[], $13::text[]
      ) k(n, kind, id, version, value, texts, due, queued, places) order by kind, id
    ) k
    where held.n = cardinality($2::text[]) and r.account = tx.account and r.kind = k.kind and r.id = k.id
      and r.version = k.version and r.places::text is not distinct from k.places
    returning 1
  ), answer as (
    insert into ${schema}.record (account, kind, id, version, value, due)
    select tx.account, kind, id, tx.this + n, value::json, due
    from tx cross join (
      select *, pg_advisory_xact_lock(hashtextextended($1 || '/' || kind || '/' || id, 7236))
      from unnest($14::float8[]::bigint[], $15::text[], $16::text[], $17::text[], $18::float8[]::bigint[])
        k(n, kind, id, value, due)
      order by kind, id
    ) k
    on conflict do nothing returning 1
  ), said as (
    insert into ${schema}.text (account, log, ref, subject, salt, value, is_escaped)
    select tx.account, $19, ref, subject, salt, value, is_escaped
    from tx cross join unnest($20::text[], $21::text[], $22::text[], $23::text[], $24::boolean[])
      t(ref, subject, salt, value, is_escaped)
  ), happened as (
    insert into ${schema}.event (account, log, position, stream, message, value, texts)
    select tx.account, $19, tx.this + n, stream, message, value::json, texts::json
    from tx cross join unnest($25::text[], $26::float8[]::int[], $27::text[], $28::text[]) with ordinality
      e(stream, message, value, texts, n)
  )
  select this::float8 as tx, case
    when (select count(*) from put) < cardinality($6::text[]) or (select count(*) from answer) < cardinality($15::text[])
    then ${schema}.lose()
  end as lost
  from tx`

export const parameters = (account: string, log: string, batch: ReadonlyArray<CommitRows>): ReadonlyArray<unknown> => {
  const all = batch.flatMap(({ keys }) => keys).map((row, at) => ({ ...row, n: at + 1 }))
  const held = all.filter(({ act }) => act === "expect")
  const put = all.filter(({ act, version }) => act === "put" && version > 0)
  const answers = all.filter(({ version }) => version === 0)
  const contents = batch.flatMap((rows) => rows.contents)
  const stored = contents.map(({ value }) => StoredText.store(value))
  const events = batch.flatMap((rows) => rows.events)
  return [
    account,
    texts(held.map(({ kind }) => kind)),
    texts(held.map(({ id }) => id)),
    numbers(held.map(({ version }) => version)),
    numbers(put.map(({ n }) => n)),
    texts(put.map(({ kind }) => kind)),
    texts(put.map(({ id }) => id)),
    numbers(put.map(({ version }) => version)),
    texts(put.map(({ value }) => value)),
    texts(put.map((row) => row.texts)),
    numbers(put.map(({ due }) => due)),
    numbers(put.map(({ number, waits }) => (waits ? number : null))),
    texts(put.map(({ places }) => places)),
    numbers(answers.map(({ n }) => n)),
    texts(answers.map(({ kind }) => kind)),
    texts(answers.map(({ id }) => id)),
    texts(answers.map(({ value }) => value)),
    numbers(answers.map(({ due }) => due)),
    log,
    texts(contents.map(({ ref }) => ref)),
    texts(contents.map(({ subject }) => subjectKey(subject))),
    texts(contents.map(({ salt }) => salt)),
    texts(stored.map(({ value }) => value)),
    flags(stored.map(({ isEscaped }) => isEscaped)),
    texts(events.map(({ stream }) => stream)),
    numbers(events.map(({ message }) => message)),
    texts(events.map(({ value }) => value)),
    texts(events.map((row) => row.texts))
  ]
}
