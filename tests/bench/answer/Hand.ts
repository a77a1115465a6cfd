import type pg from "pg"
import { handPool } from "../Postgres.ts"

/**
 * Answering by hand: a compare-and-set on the chat's holder that takes the agent's slot and keeps the event, in one
 * statement, and tells the holder to whoever was late. Who was blocked by the winner sees the world as it was before: it
 * asks again.
 */
export interface HandDesk {
  readonly pool: pg.Pool
  readonly request: (id: string) => Promise<void>
  /** Who holds the chat now. */
  readonly answer: (id: string, agent: string) => Promise<string>
  readonly end: (id: string, agent: string) => Promise<void>
}

export const open = async (schema: string, agents: ReadonlyArray<string>): Promise<HandDesk> => {
  const pool = await handPool()
  await pool.query(`create schema ${schema}`)
  await pool.query(
    `create table ${schema}.chat (id text primary key, version bigint not null, holder text, value jsonb not null)`
  )
  await pool.query(
    `create table ${schema}.agent (id text primary key, status text not null, serving int not null, most int not null)`
  )
  await pool.query(
    `create table ${schema}.event (chat text not null, version bigint not null, value jsonb not null, primary key (chat, version))`
  )
  await pool.query(`insert into ${schema}.agent select id, 'online', 0, 5 from unnest($1::text[]) id`, [agents])
  const request = async (id: string) => {
    await pool.query(`insert into ${schema}.chat values ($1, 1, null, $2)`, [id, { state: "waiting" }])
  }
  const answer = async (id: string, agent: string) => {
    const { rows } = await pool.query({
      name: "answer",
      text: `with won as (
          update ${schema}.chat set holder = $2, version = version + 1, value = $3
          where id = $1 and holder is null
            and exists (select from ${schema}.agent where id = $2 and status = 'online' and serving < most)
          returning version
        ), slot as (
          update ${schema}.agent set serving = serving + 1 where id = $2 and exists (select from won)
        ), kept as (
          insert into ${schema}.event select $1, version, $4 from won
        )
        select $2::text as holder from won union all
        select holder from ${schema}.chat where id = $1 and not exists (select from won)`,
      values: [id, agent, { state: "served", by: agent, at: Date.now() }, { type: "ChatAnswered", by: agent }]
    })
    if (typeof rows[0]?.holder === "string") return rows[0].holder
    const again = await pool.query({
      name: "holder",
      text: `select holder from ${schema}.chat where id = $1`,
      values: [id]
    })
    return again.rows[0].holder
  }
  const end = async (id: string, agent: string) => {
    await pool.query(`update ${schema}.agent set serving = serving - 1 where id = $1`, [agent])
    await pool.query(`delete from ${schema}.chat where id = $1`, [id])
  }
  return { pool, request, answer, end }
}
