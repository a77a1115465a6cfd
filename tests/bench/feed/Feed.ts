import { Effect } from "effect"
import { EmailKey, Instant } from "leadline"
import { DeskStore, type OlderThan } from "leadline/ports"
import { feedEmail } from "../big/Clones.ts"
import { type Case, type Opened, type Options, same, type Target } from "../Case.ts"
import { account } from "../Office.ts"
import { host } from "../Postgres.ts"
import { byHand, type ChatWorld, world } from "./Worlds.ts"

const PAGE = 50
const EMPLOYEES = 1000

const sizes = ({ isQuick }: Options) =>
  isQuick ? { fed: 30_000, large: 100_000, small: 1000 } : { fed: 1_000_000, large: 5_000_000, small: 10_000 }

type Place = "first" | "deep"

/** The cursor of a page: none, or the middle of the feed. */
const after = ({ size, start }: ChatWorld, place: Place): OlderThan | null => {
  const n = size / 2
  return place === "first"
    ? null
    : { at: Instant.fromMillis(start + n * 1000), id: `chat-${String(n).padStart(8, "0")}` }
}

/** A page of chats with their texts, as `readFeed` asks the store for it. */
const page = (keys: ReadonlyArray<EmailKey.EmailKey>, from: OlderThan | null) =>
  Effect.flatMap(DeskStore, (store) =>
    store.closedChats(account, {
      keys,
      chatIds: [],
      after: from,
      from: null,
      until: null,
      servedByAny: null,
      includeMissed: false,
      includeOfflineMessages: false,
      limit: PAGE
    })
  )

const keysOf = (emails: ReadonlyArray<string>): ReadonlyArray<EmailKey.EmailKey> =>
  emails.flatMap((email) => EmailKey.make(email) ?? [])

const ONE = [feedEmail(0)]
const ALL = Array.from({ length: EMPLOYEES }, (_, n) => feedEmail(n + 1))

const columns = "id, started_at, name, beginning, value"

const KEYSET = `select ${columns} from hand_feed.chat
  where email = $1 and (started_at, id) < ($2, $3) order by started_at desc, id desc limit ${PAGE}`

const LATERAL = `select ${columns} from unnest($1::text[]) k(email)
  cross join lateral (
    select * from hand_feed.chat c where c.email = k.email and (started_at, id) < ($2, $3)
    order by started_at desc, id desc limit ${PAGE}
  ) c order by started_at desc, id desc limit ${PAGE}`

const against =
  (emails: ReadonlyArray<string>, place: Place) =>
  async (options: Options): Promise<Opened> => {
    const feed = await world("feed", sizes(options).fed, false)
    const [ours, hand] = [await host(feed.schema), await byHand(feed)]
    const from = after(feed, place)
    const asked = page(keysOf(emails), from)
    const isOne = emails.length === 1
    const ask = async () => {
      const { rows } = await hand.query({
        name: isOne ? "keyset" : "lateral",
        text: isOne ? KEYSET : LATERAL,
        values: [isOne ? emails[0] : emails, from?.at ?? Number.MAX_SAFE_INTEGER, from?.id ?? ""]
      })
      if (rows.length !== PAGE) throw new Error("no page")
      return rows
    }
    return {
      ours: { task: () => ours.run(asked) },
      baselines: [{ against: "hand", task: ask }],
      check: async () => {
        const { chats, texts } = await ours.run(asked)
        const rows = await ask()
        const ids = (all: ReadonlyArray<{ readonly id: string }>) => all.map(({ id }) => id).sort()
        same("chats", ids(chats), ids(rows))
        const [chat] = chats
        if (isOne) {
          const row = rows.find(({ id }) => id === chat?.id)
          same("beginning", texts.get(chat?.beginning?.ref as never), row?.beginning)
        }
      },
      close: async () => {
        await ours.close()
        await hand.end()
      }
    }
  }

const growth =
  (place: Place) =>
  async (options: Options): Promise<Opened> => {
    const { large, small } = sizes(options)
    const all = [await world("feed_large", large, true), await world("feed_small", small, true)] as const
    const hosts = [await host("feed_large"), await host("feed_small")] as const
    const task = (n: 0 | 1) => {
      const asked = page(keysOf(ONE), after(all[n], place))
      return async () => {
        const { chats } = await hosts[n].run(asked)
        if (chats.length !== PAGE) throw new Error("no page")
      }
    }
    return {
      ours: { task: task(0), size: large },
      baselines: [{ against: "small", task: task(1), size: small }],
      close: async () => {
        for (const { close } of hosts) await close()
      }
    }
  }

const of = (name: string, says: string, kind: Case["kind"], target: Target, open: Case["open"]): Case => ({
  name,
  says,
  kind,
  unit: "ms",
  takes: "p50",
  targets: [target],
  open
})

const tenth = "of 50, of a record that owns a tenth of 1,000,000 chats"
const hand = { against: "hand", atLeast: 0.8 }
const small = { against: "small", atMost: 1.5 }

export const cases: ReadonlyArray<Case> = [
  of("feed.first", `the first page ${tenth}`, "speed", hand, against(ONE, "first")),
  of("feed.deep", `a page in the middle, ${tenth}`, "speed", hand, against(ONE, "deep")),
  of(
    "feed.company",
    "the first page of a company with 1,000 employees, against a plain lateral top-50 per record",
    "speed",
    { against: "hand", atLeast: 4 },
    against(ALL, "first")
  ),
  of("feed.first", "the first page, among 5,000,000 chats over 10,000", "growth", small, growth("first")),
  of("feed.deep", "a page in the middle, among 5,000,000 chats over 10,000", "growth", small, growth("deep"))
]
