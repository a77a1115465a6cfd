/**
 * Fills a schema with a million places, records and events of one account, and a few thousand of two others, in some
 * seconds. Values are empty objects: only plans are looked at.
 *
 * One million of each, in round numbers: 300,000 closed chats of 1,000 keys; 100,000 leads, each with an email of its own; a
 * company with 1,000 people; 100,000 activities; 50,000 chats that wait; 400,000 remembered commands with deadlines; a chat
 * of 100,000 messages; 200,000 personal texts.
 */
export const statements = (schema: string): ReadonlyArray<string> => [
  ...["record", "place", "event", "text"].map((table) => `alter table ${schema}.${table} set unlogged`),
  ...["acme", "small", "tiny"].flatMap((account) => of(schema, account, account === "acme" ? 100_000 : 1000)),
  `vacuum (analyze) ${["record", "place", "event", "text"].map((table) => `${schema}.${table}`).join(", ")}`
]

/** `size` leads, and of everything else as many as go with them. */
export const of = (schema: string, account: string, size: number): ReadonlyArray<string> => {
  const records = (kind: string, id: string, many: number, columns = "", values = "") =>
    `insert into ${schema}.record (account, kind, id, version, value${columns})
     select '${account}', '${kind}', ${id}, n, '{}'${values} from generate_series(1, ${many}) n`
  const places = (list: string, rank: string, id: string, kind: string, many: number) =>
    `insert into ${schema}.place (account, list, rank, id, kind)
     select '${account}', ${list}, ${rank}, ${id}, '${kind}' from generate_series(1, ${many}) n`
  const padded = (letter: string) => `'${letter}' || lpad(n::text, 7, '0')`
  const key = "lpad((n % 1000)::text, 3, '0')"
  return [
    records("crm.activity", padded("a"), size),
    records("crm.lead", padded("l"), size),
    records("crm.pool", padded("p"), 50),
    records("crm.user", padded("u"), 300),
    records("desk.agent", padded("g"), 200),
    records("desk.chat", padded("c"), size * 3, ", due", ", null"),
    records("desk.chat", padded("w"), size / 2, ", due, queued, number", ", n, n, n"),
    records("desk.command", padded("k"), size * 4, ", due", ", n"),
    records("desk.desk", padded("g"), 200),
    records("desk.parked", padded("b"), 1000),
    records("desk.presence", padded("g"), 200),
    places(`'answers/email/' || ${padded("l")}`, "0", padded("l"), "crm.lead", size),
    places(`'closed/answered/' || 'ada' || '/' || ${key}`, "n", padded("c"), "desk.chat", size),
    places(`'closed/answered//' || ${key}`, "n", padded("c"), "desk.chat", size * 3),
    places("'givenUp/mail'", "n", padded("b"), "desk.parked", 1000),
    places(`'history/lead/' || ${key} || '//'`, "n", padded("a"), "crm.activity", size),
    places(`'holds/email/' || ${padded("l")}`, "0", padded("l"), "crm.lead", size),
    places("'live/lead'", "0", padded("l"), "crm.lead", size),
    places("'past'", "n", padded("c"), "desk.chat", size * 2),
    places("'people/big'", "0", padded("l"), "crm.lead", 1000),
    places("'visitor/many'", "0", padded("c"), "desk.chat", size / 10),
    `insert into ${schema}.event (account, log, position, stream, message, value)
     select '${account}', 'crm', n, 'lead/1', null, '{}' from generate_series(1, ${size * 3}) n`,
    `insert into ${schema}.event (account, log, position, stream, message, value)
     select '${account}', 'desk', n, case when n % 7 = 0 then 'chat/big' else 'chat/' || n / 10 end,
       case when n % 7 = 0 then n / 7 when n % 7 < 4 then n % 10 end, '{}' from generate_series(1, ${size * 7}) n`,
    `insert into ${schema}.text (account, log, ref, subject, salt, value, is_escaped)
     select '${account}', 'desk', ${padded("t")}, 'visitor/' || n % 40, '00', 'x', false
     from generate_series(1, ${size * 2}) n`
  ]
}
