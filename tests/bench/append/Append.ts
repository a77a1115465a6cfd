import { Effect } from "effect"
import { sendMessage } from "leadline/use-cases"
import { type Case, type Opened, type Options, same } from "../Case.ts"
import { asVisitor, openChats, TEXT } from "../Office.ts"
import { burst, dropSchema, fibers, host } from "../Postgres.ts"
import * as Hand from "./Hand.ts"

const CHATS = 1000

/** decision: a stride that shares no factor with the number of chats, so that neighbours in time are none in the table. */
const chatOf = (n: number): number => (n * 7) % CHATS

interface Sizes {
  readonly writers: number
  readonly messages: number
}

const open = async ({ messages, writers }: Sizes, { isQuick }: Options): Promise<Opened> => {
  const size = isQuick ? messages / 4 : messages
  const ours = await host("ours")
  const chats = await ours.run(openChats(CHATS))
  const send = (n: number) => {
    const chatId = chats[chatOf(n)]
    return chatId === undefined ? Effect.void : sendMessage(asVisitor(chatOf(n)), { chatId, text: TEXT })
  }
  const hand = await Hand.open("hand", CHATS)
  return {
    ours: { task: () => ours.run(fibers(size, writers, send)), units: size },
    baselines: [
      { against: "hand", task: () => burst(size, writers, (n) => hand.append(chatOf(n), TEXT)), units: size }
    ],
    check: async () => {
      await ours.run(fibers(CHATS, writers, send))
      await burst(CHATS, writers, (n) => hand.append(chatOf(n), TEXT))
      same("messages kept", await kept(hand), await hand.messages())
    },
    close: async () => {
      await ours.close()
      await hand.pool.end()
      await dropSchema("ours", "hand")
    }
  }
}

/** Messages in all transcripts. */
const kept = async ({ pool }: Hand.HandChats): Promise<number> => {
  const { rows } = await pool.query("select count(*)::int as n from ours.event where message is not null")
  return rows[0].n
}

export const cases: ReadonlyArray<Case> = [
  {
    name: "append.c1",
    says: "sending a message, version in hand, one writer",
    kind: "speed",
    unit: "per second",
    targets: [{ against: "hand", atLeast: 0.8 }],
    open: (options) => open({ writers: 1, messages: 1000 }, options)
  },
  {
    name: "append.c16",
    says: "the same, 16 writers over 1,000 chats",
    kind: "speed",
    unit: "per second",
    targets: [{ against: "hand", atLeast: 1.5 }],
    open: (options) => open({ writers: 16, messages: 4000 }, options)
  }
]
