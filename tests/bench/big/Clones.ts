import { Effect } from "effect"
import { Id, RecordRef } from "leadline"
import { answerChat, endChat, requestChat, saveRecord, sendMessage } from "leadline/use-cases"
import type pg from "pg"
import { account, asAgent, openDesk, setup, TEXT } from "../Office.ts"
import { handPool, host } from "../Postgres.ts"

/**
 * Large worlds. One record of each kind is written by the use cases; all others are copies of its rows made by SQL, where
 * only names, keys and times differ: what lies in the tables has the shape that the adapter writes, and nobody waits for
 * millions of commands. The tables are unlogged while they are filled and read; nothing is written to them afterwards.
 */
const ZERO = "00000000"

export const digits = (n: number): string => String(n).padStart(ZERO.length, "0")
export const leadEmail = (n: number): string => `lead-${digits(n)}@example.com`

/** Every tenth chat is one person's; the others are of a thousand people. */
export const feedEmail = (n: number): string => `key-${String(n).padStart(4, "0")}@example.com`

const FIRST = feedEmail(0)

/** What the use cases write is found by this schema's rows afterwards. */
const templates = Effect.gen(function* () {
  yield* openDesk(1)
  const lead = (id: string, email: string) =>
    saveRecord(setup, {
      _tag: "Lead",
      id: RecordRef.RecordId.make(id),
      ownerId: Id.UserId.make("user-0"),
      emails: [email],
      phones: [],
      custom: {},
      firstName: "Zoë",
      lastName: "Berg",
      organisation: null,
      status: "New",
      source: null,
      addedFrom: { _tag: "Import" }
    })
  yield* lead(`lead-${ZERO}`, leadEmail(0))
  yield* lead("owner", FIRST)
  const visitorId = Id.VisitorId.make(`visitor-${ZERO}`)
  const chatId = Id.ChatId.make(`chat-${ZERO}`)
  const zoe = { account, actor: { _tag: "Visitor", visitorId }, surface: "api" } as const
  yield* requestChat(zoe, { chatId, visitorId, name: "Zoë Berg", email: FIRST })
  yield* answerChat(asAgent(0), { chatId })
  yield* sendMessage(zoe, { chatId, text: TEXT })
  yield* endChat(asAgent(0), { chatId })
})

/** Its schema with the templates in it. */
export const make = async (schema: string): Promise<pg.Pool> => {
  const ours = await host(schema, 2)
  await ours.run(templates)
  await ours.close()
  const pool = await handPool(PARTS)
  for (const table of ["record", "place", "event", "text"]) {
    await pool.query(`alter table ${schema}.${table} set unlogged`)
  }
  return pool
}

/** To be called when all is filled: as autovacuum would leave it. */
export const settle = async (pool: pg.Pool, ...tables: ReadonlyArray<string>): Promise<void> => {
  for (const table of tables) await pool.query(`vacuum (analyze) ${table}`)
}

/** decision: as many as the processors that the benchmark is meant for. */
const PARTS = 2

/** Fills in parts at once: the first numbers here, the last ones there. */
const inParts = async (pool: pg.Pool, size: number, insert: (numbers: string) => string): Promise<void> => {
  const until = (part: number) => Math.floor((part * size) / PARTS)
  const parts = Array.from({ length: PARTS }, (_, n) => `generate_series(${until(n) + 1}, ${until(n + 1)})`)
  await Promise.all(parts.map((numbers) => pool.query(insert(numbers))))
}

const eight = "lpad(n::text, 8, '0')"

/** Leads 1 to `size`, with their keys. */
export const leads = async (pool: pg.Pool, schema: string, size: number): Promise<void> => {
  const put = (text: string) => `replace(${text}, '${ZERO}', ${eight})`
  await inParts(
    pool,
    size,
    (numbers) =>
      `insert into ${schema}.place (account, list, rank, id, kind)
     select account, ${put("list")}, rank, ${put("id")}, kind
     from ${schema}.place cross join ${numbers} n where id = 'lead-${ZERO}'`
  )
  await inParts(
    pool,
    size,
    (numbers) =>
      `insert into ${schema}.record (account, kind, id, version, value, texts, due, number, queued, places)
     select account, kind, ${put("id")}, version, ${put("value::text")}::json, texts, due, number, queued,
       ${put("places::text")}::json
     from ${schema}.record cross join ${numbers} n where id = 'lead-${ZERO}'`
  )
}

export interface ChatsToCopy {
  readonly size: number
  /** Only the list that the feed is read from, and the rows of the one person's chats: for sizes that are only counted. */
  readonly onlyFeed: boolean
}

/**
 * Closed chats 1 to `size`, a second apart; every tenth of them has the first key. Texts are copied for those: nobody reads
 * the others'.
 */
export const chats = async (pool: pg.Pool, schema: string, { onlyFeed, size }: ChatsToCopy): Promise<number> => {
  const { rows } = await pool.query(
    `select value ->> 'value' as chat, rank from ${schema}.record r join ${schema}.place p using (account, id)
     where r.kind = 'desk.chat' and p.list like 'closed/answered//%' and r.id = 'chat-${ZERO}'`
  )
  const start = Number(rows[0].rank)
  const key = `case when n % 10 = 0 then '${FIRST}' else 'key-' || lpad((1 + n % 1000)::text, 4, '0') || '@example.com' end`
  const named = (text: string) => `replace(replace(${text}, '${ZERO}', ${eight}), '${FIRST}', ${key})`
  const at = `${start} + n::bigint * 1000`
  await inParts(
    pool,
    size,
    (numbers) =>
      `insert into ${schema}.place (account, list, rank, id, kind)
     select account, ${named("list")}, case when rank = 0 then 0 else ${at} end, ${named("id")}, kind
     from ${schema}.place cross join ${numbers} n
     where id = 'chat-${ZERO}' ${onlyFeed ? "and list like 'closed/answered//%'" : ""}`
  )
  // the references of the texts are replaced by their numbers and the chat's: as long, as they are nanoid's
  const refs = `(select array_agg(t.ref order by t.ref) from ${schema}.text t where t.subject = 'visitor/visitor-${ZERO}')`
  const found = await pool.query(`select ${refs} as refs`)
  const all: ReadonlyArray<string> = found.rows[0].refs
  const ref = (n: number) => `'reference-${n}-of' || ${eight}`
  const detached = (text: string) => all.reduce((sql, old, n) => `replace(${sql}, '${old}', ${ref(n)})`, text)
  const timed = (text: string) => `replace(${text}, '"requestedAt":${start}', '"requestedAt":' || ${at})`
  await inParts(
    pool,
    size,
    (numbers) =>
      `insert into ${schema}.record (account, kind, id, version, value, texts, due, number, queued, places)
     select account, kind, ${named("id")}, version, ${timed(detached(named("value::text")))}::json,
       ${detached("texts::text")}::json, due, number, queued,
       replace(${named("places::text")}, '${start}', (${at})::text)::json
     from ${schema}.record cross join ${numbers} n
     where kind = 'desk.chat' and id = 'chat-${ZERO}' ${onlyFeed ? "and n % 10 = 0" : ""}`
  )
  await inParts(
    pool,
    size,
    (numbers) =>
      `insert into ${schema}.text (account, log, ref, subject, salt, value, is_escaped)
     select account, log, ${detached("ref")}, replace(subject, '${ZERO}', ${eight}), salt, value, is_escaped
     from ${schema}.text cross join ${numbers} n
     where subject = 'visitor/visitor-${ZERO}' and n % 10 = 0`
  )
  return start
}

/** A log of `size` copies of its message at positions 1 to `size`, before all others, each with a text of its own. */
export const log = async (pool: pg.Pool, schema: string, size: number): Promise<void> => {
  const { rows } = await pool.query(
    `select position, texts ->> 0 as ref from ${schema}.event where log = 'desk' and message is not null`
  )
  const { position, ref } = rows[0]
  const own = (text: string) => `replace(replace(${text}, '${ref}', 'reference-m-of' || ${eight}), '${ZERO}', ${eight})`
  await inParts(
    pool,
    size,
    (numbers) =>
      `insert into ${schema}.text (account, log, ref, subject, salt, value, is_escaped)
     select account, log, ${own("ref")}, ${own("subject")}, salt, value, is_escaped
     from ${schema}.text cross join ${numbers} n where ref = '${ref}'`
  )
  await inParts(
    pool,
    size,
    (numbers) =>
      `insert into ${schema}.event (account, log, position, stream, message, value, texts)
     select account, log, n, ${own("stream")}, message, ${own("value::text")}::json, ${own("texts::text")}::json
     from ${schema}.event cross join ${numbers} n where position = ${position} and log = 'desk'`
  )
}
