import { burst, handPool } from "../Postgres.ts"
import { type Dealer, SELLERS } from "./Side.ts"

/** Makes the tables, once. */
export const make = async (schema: string): Promise<void> => {
  const pool = await handPool(1)
  await pool.query(`create schema ${schema}`)
  await pool.query(`create table ${schema}.users (id text primary key, is_active bool not null)`)
  await pool.query(
    `create table ${schema}.pool (id text primary key, members text[] not null, version bigint not null)`
  )
  await pool.query(
    `create table ${schema}.lead (id text primary key, email text not null unique, chat text not null unique, owner text not null, value jsonb not null)`
  )
  await pool.query(
    `create table ${schema}.event (position bigserial primary key, lead text not null, value jsonb not null)`
  )
  await pool.query(`insert into ${schema}.users select id, true from unnest($1::text[]) id`, [SELLERS])
  await pool.query(`insert into ${schema}.pool values ('inbound', $1, 1)`, [SELLERS])
  await pool.end()
}

/**
 * A lead created and dealt by hand in one statement: takes the pool's row lock, takes the first active member, moves it to
 * the tail, inserts the lead with its keys (unique: a second one is refused) and its events.
 */
export const open = async (schema: string, connections: number): Promise<Dealer> => {
  const pool = await handPool(connections)
  const one = async (n: number) => {
    const { rowCount } = await pool.query({
      name: "deal",
      text: `with turn as (
          update ${schema}.pool p
          set version = version + 1, members = (
            select array_agg(m order by n <= at.first, n) from unnest(p.members) with ordinality u(m, n),
              (select min(n) as first from unnest(p.members) with ordinality u(m, n) join ${schema}.users on id = m and is_active) at
          )
          where id = 'inbound' returning members[array_length(members, 1)] as owner
        ), made as (
          insert into ${schema}.lead select $1, $2, $3, owner, $4 from turn on conflict do nothing returning owner
        ), kept as (
          insert into ${schema}.event (lead, value)
          select $1, jsonb_build_object('type', t, 'owner', owner) from made, unnest(array['LeadAdded', 'LeadDealt', 'NoticeSent']) t
        )
        select owner from made`,
      values: [
        `lead-${n}`,
        `visitor-${n}@example.com`,
        `chat-${n}`,
        { lastName: "Berg", firstName: "Zoë", status: "New" }
      ]
    })
    if (rowCount !== 1) throw new Error("no lead")
  }
  return {
    create: (size, atOnce, from) => burst(size, atOnce, (n) => one(from + n)),
    dealt: async () => {
      const { rows } = await pool.query(`select count(*)::int as n from ${schema}.lead group by owner`)
      return rows.map(({ n }) => n)
    },
    close: () => pool.end()
  }
}
