import { Effect } from "effect"
import { EmailKey, Matching } from "leadline"
import { Crm } from "leadline/ports"
import * as Clones from "../big/Clones.ts"
import { type Case, type Options, same } from "../Case.ts"
import { account } from "../Office.ts"
import { dropSchema, type Host, handPool, host } from "../Postgres.ts"

const sizes = ({ isQuick }: Options) =>
  isQuick ? { large: 100_000, small: 1000 } : { large: 3_000_000, small: 30_000 }

/** decision: a stride through the keys, so that few pages are still warm. */
const keyOf = (n: number, size: number): number => 1 + ((n * 7919) % size)

const matching = (n: number) =>
  Effect.flatMap(Crm, (crm) =>
    crm.match(account, { _tag: "All" }, Matching.evidenceFor("emailOnly", EmailKey.make(Clones.leadEmail(n)), null))
  )

/** decision: some searches per call, because one is hardly longer than what it takes to start it. */
const SEARCHES = 10

const search = (ours: Host, size: number) => {
  let next = 0
  const searches = Effect.gen(function* () {
    for (let n = 0; n < SEARCHES; n++) {
      const { visible } = yield* matching(keyOf(next++, size))
      if (visible.length !== 1) throw new Error("not found")
    }
  })
  return () => ours.run(searches)
}

const world = async (schema: string, size: number) => {
  const pool = await Clones.make(schema)
  await Clones.leads(pool, schema, size)
  await Clones.settle(pool, `${schema}.record`, `${schema}.place`)
  await pool.end()
  const ours = await host(schema)
  const task = search(ours, size)
  return { ours, task, close: () => ours.close() }
}

/** One table of people, one of their keys with an index, as one designs it by hand. */
const byHand = async (schema: string, from: string, size: number) => {
  const pool = await handPool()
  await pool.query(`create schema ${schema}`)
  await pool.query(
    `create unlogged table ${schema}.person (id text collate "C" not null, is_live bool not null, value jsonb not null)`
  )
  await pool.query(
    `create unlogged table ${schema}.email (email text collate "C" not null, person text collate "C" not null)`
  )
  await pool.query(`insert into ${schema}.person select id, true, value from ${from}.record where kind = 'crm.lead'`)
  await pool.query(`alter table ${schema}.person add primary key (id)`)
  await pool.query(
    `insert into ${schema}.email select 'lead-' || lpad(n::text, 8, '0') || '@example.com', 'lead-' || lpad(n::text, 8, '0')
     from generate_series(1, ${size}) n`
  )
  await pool.query(`alter table ${schema}.email add primary key (email, person)`)
  await Clones.settle(pool, `${schema}.person`, `${schema}.email`)
  let next = 0
  const find = async (n: number): Promise<ReadonlyArray<string>> => {
    const { rows } = await pool.query({
      name: "match",
      text: `select p.id, p.value from ${schema}.email e join ${schema}.person p on p.id = e.person
        where e.email = $1 and p.is_live order by p.id`,
      values: [Clones.leadEmail(n)]
    })
    return rows.map(({ id }) => id)
  }
  const task = async () => {
    for (let n = 0; n < SEARCHES; n++) {
      if ((await find(keyOf(next++, size))).length !== 1) throw new Error("not found")
    }
  }
  return { find, task, close: () => pool.end() }
}

export const cases: ReadonlyArray<Case> = [
  {
    name: "match.3m",
    says: "one key among 3,000,000 records",
    kind: "speed",
    unit: "ms",
    takes: "p50",
    targets: [{ against: "hand", atLeast: 0.8 }],
    roundMillis: 500,
    open: async (options) => {
      const size = sizes(options).large
      const { close, ours, task } = await world("big", size)
      const hand = await byHand("hand", "big", size)
      return {
        ours: { task, units: SEARCHES },
        baselines: [{ against: "hand", task: hand.task, units: SEARCHES }],
        check: async () => {
          const found = await ours.run(matching(size))
          same(
            "found",
            found.visible.map(({ id }) => id),
            await hand.find(size)
          )
        },
        close: async () => {
          await close()
          await hand.close()
          await dropSchema("hand")
        }
      }
    }
  },
  {
    name: "match.3m",
    says: "the same, over one key among 30,000",
    kind: "growth",
    unit: "ms",
    takes: "p50",
    targets: [{ against: "small", atMost: 1.5 }],
    roundMillis: 500,
    open: async (options) => {
      const { large, small } = sizes(options)
      // the large one is there still, where the case before ran
      const [big, few] = [await reopened(large), await world("few", small)]
      return {
        ours: { task: big.task, size: large, units: SEARCHES },
        baselines: [{ against: "small", task: few.task, size: small, units: SEARCHES }],
        close: async () => {
          await big.close()
          await few.close()
          await dropSchema("big", "few")
        }
      }
    }
  }
]

const reopened = async (size: number) => {
  const ours = await host("big")
  const task = search(ours, size)
  return { task, close: () => ours.close() }
}
