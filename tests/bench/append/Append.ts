import { Effect } from "effect"
import { sendMessage } from "leadline/use-cases"
import { type Case, type Opened, type Options, same } from "../Case.ts"
import { asVisitor, openChats, TEXT } from "../Office.ts"
import { burst, dropSchema, fibers, host } from "../Postgres.ts"
import * as Hand from "./Hand.ts"
import * as Peers from "./Peers.ts"

const CHATS = 1000

/** decision: a stride that shares no factor with the number of chats, so that neighbours in time are none in the table. */
const chatOf = (n: number): number => (n * 7) % CHATS

interface Sizes {
  readonly writers: number
  readonly messages: number
  /** Whether peers are measured, too. */
  readonly withPeers: boolean
}

const open = async ({ messages, withPeers, writers }: Sizes, { isQuick }: Options): Promise<Opened> => {
  const size = isQuick ? messages / 4 : messages
  const ours = await host("ours")
  const chats = await ours.run(openChats(CHATS))
  const send = (n: number) => {
    const chatId = chats[chatOf(n)]
    return chatId === undefined ? Effect.void : sendMessage(asVisitor(chatOf(n)), { chatId, text: TEXT })
  }
  const hand = await Hand.open("hand", CHATS)
  const peers = withPeers ? await openPeers() : []
  const sides = [{ against: "hand", append: hand.append, messages: hand.messages }, ...peers]
  return {
    ours: { task: () => ours.run(fibers(size, writers, send)), units: size },
    baselines: sides.map(({ against, append }) => ({
      against,
      task: () => burst(size, writers, (n) => append(chatOf(n), TEXT)),
      units: size
    })),
    check: async () => {
      await ours.run(fibers(CHATS, writers, send))
      const sent = await kept(hand)
      for (const { against, append, messages } of sides) {
        await burst(CHATS, writers, (n) => append(chatOf(n), TEXT))
        same(`messages kept by ${against}`, await messages(), sent)
      }
    },
    close: async () => {
      await ours.close()
      await hand.pool.end()
      for (const { close } of peers) await close()
      await dropSchema("ours", "hand")
    }
  }
}

const openPeers = async () => [
  { against: "emmett", ...(await Peers.emmett(CHATS)) },
  { against: "castore", ...(await Peers.castore(CHATS)) },
  { against: "orm", ...(await Peers.orm("orm", CHATS)) }
]

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
    open: (options) => open({ writers: 1, messages: 1000, withPeers: false }, options)
  },
  {
    name: "append.c16",
    says: "the same, 16 writers over 1,000 chats",
    kind: "speed",
    unit: "per second",
    targets: [
      { against: "hand", atLeast: 1.5 },
      { against: "emmett", atLeast: 4 },
      { against: "castore", atLeast: 1.6 },
      { against: "orm", atLeast: 7 }
    ],
    open: (options) => open({ writers: 16, messages: 4000, withPeers: true }, options)
  }
]
