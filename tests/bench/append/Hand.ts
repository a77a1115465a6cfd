import type pg from "pg"
import { handPool } from "../Postgres.ts"

/**
 * A message sent with SQL by hand, one statement: it checks the chat's version, moves it on with the chat's summary, and
 * inserts the event. The writer holds version and summary already, as ours does.
 */
export interface HandChats {
  readonly pool: pg.Pool
  /** Sends a message in chat `n`. One writer per chat at a time. */
  readonly append: (n: number, text: string) => Promise<void>
  readonly messages: () => Promise<number>
}

export const open = async (schema: string, chats: number): Promise<HandChats> => {
  const pool = await handPool()
  await pool.query(`create schema ${schema}`)
  await pool.query(
    `create table ${schema}.chat (id text primary key, version bigint not null, value jsonb not null) with (fillfactor = 80)`
  )
  await pool.query(
    `create table ${schema}.event (chat text not null, version bigint not null, value jsonb not null, primary key (chat, version))`
  )
  await pool.query(`insert into ${schema}.chat select 'chat-' || n, 0, $1 from generate_series(0, $2::int - 1) n`, [
    summary(0),
    chats
  ])
  const versions = Array.from({ length: chats }, () => 0)
  const append = async (n: number, text: string) => {
    const version = (versions[n] ?? 0) + 1
    const { rowCount } = await pool.query({
      name: "append",
      text: `with moved as (
          update ${schema}.chat set version = $2, value = $3 where id = $1 and version = $2 - 1 returning 1
        )
        insert into ${schema}.event select $1, $2, $4 from moved`,
      values: [`chat-${n}`, version, summary(version), message(version, text)]
    })
    if (rowCount !== 1) throw new Error("the chat's version had moved")
    versions[n] = version
  }
  const messages = async () => {
    const { rows } = await pool.query(
      `select (select sum(version) from ${schema}.chat)::int as said, (select count(*) from ${schema}.event)::int as kept`
    )
    if (rows[0].said !== rows[0].kept) throw new Error("versions and events differ")
    return rows[0].kept
  }
  return { pool, append, messages }
}

/** What a decision about the chat needs, as much as a careful design keeps. */
export const summary = (messages: number) => ({
  state: "waiting",
  visitor: { id: "visitor", name: "Visitor", email: "visitor@example.com" },
  requestedAt: 1_700_000_000_000,
  lastMessageAt: Date.now(),
  messages: { total: messages, visitor: messages, agent: 0 }
})

export const message = (number: number, text: string) => ({
  type: "MessageSent",
  at: Date.now(),
  number,
  author: { type: "visitor" },
  text
})
