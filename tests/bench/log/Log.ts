import { Stream } from "effect"
import { followLog } from "leadline/use-cases"
import type pg from "pg"
import * as Clones from "../big/Clones.ts"
import { type Case, same } from "../Case.ts"
import { setup } from "../Office.ts"
import { dropSchema, handPool, host } from "../Postgres.ts"

interface Row {
  readonly position: string
  readonly value: { readonly text: string }
}

/** decision: what `followLog` reads at a time, so that the baseline does no worse. */
const PAGE = 500

export const cases: ReadonlyArray<Case> = [
  {
    name: "log.read",
    says: "a reader that catches up on 1,000,000 events, with their texts",
    kind: "speed",
    unit: "per second",
    targets: [{ against: "hand", atLeast: 0.7 }],
    roundMillis: 1,
    open: async ({ isQuick }) => {
      const size = isQuick ? 20_000 : 1_000_000
      // decision: a tenth of the log in a round, the next tenth in the next, because all of it takes long
      const stretch = size / 10
      const pool = await Clones.make("log")
      await Clones.log(pool, "log", size)
      await Clones.settle(pool, "log.event", "log.text")
      await pool.query("create schema hand_log")
      await pool.query("create unlogged table hand_log.event (position bigint primary key, value jsonb not null)")
      await pool.query(
        `insert into hand_log.event
         select position, jsonb_build_object('stream', stream, 'event', e.value, 'text', t.value)
         from log.event e left join log.text t on t.account = e.account and t.log = e.log and t.ref = e.texts ->> 0
         where e.log = 'desk' and position <= ${size}`
      )
      await Clones.settle(pool, "hand_log.event")
      await pool.end()
      const [ours, hand] = [await host("log"), await handPool()]
      const tenth = (n: number) => stretch * (n % 10)

      const follow = (after: number) =>
        Stream.runFold(
          Stream.take(followLog(setup, after), stretch),
          () => ({ events: 0, letters: 0 }),
          (all, { event, texts }) => {
            const [ref] = event.contents
            return {
              events: all.events + 1,
              letters: all.letters + (ref === undefined ? 0 : (texts.get(ref)?.length ?? 0))
            }
          }
        )
      const cursor = async (after: number) => {
        let position: string | number = after
        const all = { events: 0, letters: 0 }
        while (all.events < stretch) {
          const { rows }: pg.QueryResult<Row> = await hand.query({
            name: "log",
            text: `select position, value from hand_log.event where position > $1 order by position limit ${PAGE}`,
            values: [position]
          })
          for (const { position: at, value } of rows) {
            position = at
            if (all.events === stretch) break
            all.events++
            all.letters += value.text.length
          }
          if (rows.length === 0) throw new Error("the log ended")
        }
        return all
      }
      let [mine, theirs] = [0, 0]
      return {
        ours: { task: () => ours.run(follow(tenth(mine++))), units: stretch },
        baselines: [{ against: "hand", task: () => cursor(tenth(theirs++)), units: stretch }],
        check: async () => same("events", await ours.run(follow(tenth(9))), await cursor(tenth(9))),
        close: async () => {
          await ours.close()
          await hand.end()
          await dropSchema("log", "hand_log")
        }
      }
    }
  }
]
