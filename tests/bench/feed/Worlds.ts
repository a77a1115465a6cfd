import type pg from "pg"
import * as Clones from "../big/Clones.ts"
import { handPool } from "../Postgres.ts"

/** A schema of closed chats, made once however many cases read it; it goes with the server. */
export interface ChatWorld {
  readonly schema: string
  readonly size: number
  /** When the first chat started; each next one a second later. */
  readonly start: number
}

const made = new Map<string, Promise<ChatWorld>>()

export const world = (schema: string, size: number, onlyFeed: boolean): Promise<ChatWorld> => {
  const known = made.get(schema) ?? fill(schema, size, onlyFeed)
  made.set(schema, known)
  return known
}

const fill = async (schema: string, size: number, onlyFeed: boolean): Promise<ChatWorld> => {
  const pool = await Clones.make(schema)
  const start = await Clones.chats(pool, schema, { size, onlyFeed })
  await Clones.settle(pool, `${schema}.record`, `${schema}.place`, `${schema}.text`)
  await pool.end()
  return { schema, size, start }
}

let copied: Promise<void> | null = null

/**
 * The same chats as one designs a table for a feed by hand: what the page is found by in columns with one index, the rest
 * in a document, the texts beside it.
 */
export const byHand = async (from: ChatWorld): Promise<pg.Pool> => {
  const pool = await handPool(16, "custom")
  copied ??= copy(pool, from)
  await copied
  return pool
}

const copy = async (pool: pg.Pool, { schema }: ChatWorld): Promise<void> => {
  await pool.query("create schema hand_feed")
  await pool.query(
    `create unlogged table hand_feed.chat (id text collate "C" primary key, email text collate "C" not null,
      started_at bigint not null, name text, beginning text, value jsonb not null)`
  )
  await pool.query(
    `insert into hand_feed.chat
     select c.id, c.doc #>> '{visitor,emailKey}', (c.doc ->> 'requestedAt')::bigint, 'Zoë Berg',
       coalesce((select t.value from ${schema}.text t where t.account = c.account and t.log = 'desk' and t.ref = c.doc #>> '{beginning,ref}'),
         'Where is my order? I ordered on Monday and have not heard of it since. '), c.doc
     from (select account, id, (value -> 'value')::jsonb as doc from ${schema}.record where kind = 'desk.chat') c`
  )
  await pool.query("create index on hand_feed.chat (email, started_at desc, id desc)")
  await Clones.settle(pool, "hand_feed.chat")
}
