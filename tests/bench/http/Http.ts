import { setTimeout as sleep } from "node:timers/promises"
import { Effect } from "effect"
import { answerChat } from "leadline/use-cases"
import { feedEmail } from "../big/Clones.ts"
import { type Case, type Opened, type Options, same } from "../Case.ts"
import { byHand, world } from "../feed/Worlds.ts"
import { agentId, asAgent, openChats, openDesk, setup, TEXT } from "../Office.ts"
import { burst, dropSchema, handPool, host, url } from "../Postgres.ts"
import * as HandFeed from "./HandFeed.ts"
import { bytesOf, client, consoles, type Served, start, tokenOf } from "./Servers.ts"

const CHATS = 1000
const WRITERS = 16

const agentToken = (n: number) => tokenOf({ _tag: "Agent", agentId: agentId(n) })

/** Chats of 16 agents, each of whom writes in their own. */
const appending = async ({ isQuick }: Options): Promise<Opened> => {
  const size = isQuick ? 500 : 2000
  const office = await host("ours")
  const chats = await office.run(
    Effect.gen(function* () {
      yield* openDesk(WRITERS)
      const ids = yield* openChats(CHATS)
      yield* Effect.forEach(ids, (chatId, n) => answerChat(asAgent(n % WRITERS), { chatId }), { concurrency: 16 })
      return ids
    })
  )
  await office.close()
  const servers = [
    await start("OurServer.ts", "postgres", await url(), "ours"),
    await start("HandServer.ts", "node-http", await url(), "append", String(CHATS)),
    await start("HandServer.ts", "fastify", await url(), "append", String(CHATS))
  ]
  const tokens = Array.from({ length: WRITERS }, (_, n) => agentToken(n))
  const side = (server: Served, pathOf: (n: number) => string) => {
    const call = client(server, WRITERS)
    const one = (n: number) =>
      call("POST", `/v1/chats/${pathOf(n)}/messages`, tokens[n % WRITERS] ?? "", { text: TEXT })
    return { task: () => burst(size, WRITERS, (n) => one((n * 7) % CHATS)), units: size, one }
  }
  const [mine, plain, fast] = servers.map((server, n) =>
    side(server, (at) => (n === 0 ? (chats[at] ?? "") : `chat-${at}`))
  )
  if (mine === undefined || plain === undefined || fast === undefined) throw new Error("no servers")
  return {
    ours: mine,
    baselines: [
      { ...plain, against: "node-http" },
      { ...fast, against: "fastify" }
    ],
    check: async () => {
      const answers = await Promise.all([mine, plain, fast].map(({ one }) => one(5)))
      for (const answer of answers) same("answer", JSON.parse(answer), { number: 1 })
      const pool = await handPool(1)
      const count = async (table: string) => (await pool.query(`select count(*)::int as n from ${table}`)).rows[0].n
      same("kept", await count("ours.event where message is not null"), await count("hand_http.event"))
      await pool.end()
    },
    close: async () => {
      for (const { process } of servers) process.kill()
      await dropSchema("ours", "hand_http", "hand_fastify")
    }
  }
}

const feeding = async ({ isQuick }: Options): Promise<Opened> => {
  const feed = await world("feed", isQuick ? 30_000 : 1_000_000, false)
  const pool = await byHand(feed)
  await pool.end()
  await HandFeed.make(feedEmail(0))
  const servers = [
    await start("OurServer.ts", "postgres", await url(), "feed"),
    await start("HandServer.ts", "node-http", await url(), "feed"),
    await start("HandServer.ts", "fastify", await url(), "feed")
  ]
  const token = tokenOf(setup.actor)
  const size = isQuick ? 20 : 100
  const [mine, plain, fast] = servers.map((server) => {
    const call = client(server, 4)
    const one = () => call("GET", "/v1/records/lead/owner/feed?pageSize=50", token)
    return { task: () => burst(size, 4, one), units: size, one }
  })
  if (mine === undefined || plain === undefined || fast === undefined) throw new Error("no servers")
  return {
    ours: mine,
    baselines: [
      { ...plain, against: "node-http" },
      { ...fast, against: "fastify" }
    ],
    check: async () => {
      const [ours, ...others] = await Promise.all([mine, plain, fast].map(({ one }) => one()))
      for (const other of others) same("entries", JSON.parse(ours ?? "").entries, JSON.parse(other).entries)
    },
    close: async () => {
      for (const { process } of servers) process.kill()
    }
  }
}

/** `size` consoles of one agent who serves a chat; so many things are said in it. */
const streaming =
  (size: number, events: number) =>
  async ({ isQuick }: Options): Promise<Opened> => {
    const servers = [await start("OurServer.ts", "memory"), await start("HandServer.ts", "node-http", "", "events")]
    const many = isQuick ? Math.ceil(events / 4) : events
    const [mine, plain] = await Promise.all(
      servers.map(async (server) => {
        const open = await consoles(server, size, agentToken(0))
        return { task: () => open.see(server.process, many), units: many, close: open.close }
      })
    )
    if (mine === undefined || plain === undefined) throw new Error("no servers")
    return {
      ours: mine,
      baselines: [{ ...plain, against: "node-http" }],
      close: async () => {
        mine.close()
        plain.close()
        for (const { process } of servers) process.kill()
      }
    }
  }

/** What a server holds more while so many consoles are open, all of whom have seen an event. */
const holding =
  (size: number) =>
  async ({ isQuick }: Options): Promise<Opened> => {
    const many = isQuick ? size / 4 : size
    const servers = [await start("OurServer.ts", "memory"), await start("HandServer.ts", "node-http", "", "events")]
    const [mine, plain] = servers.map((server) => ({
      units: many,
      task: async () => {
        const before = await bytesOf(server)
        const open = await consoles(server, many, agentToken(0))
        await open.see(server.process, 1)
        const overriddenDuration = ((await bytesOf(server)) - before) / 1024
        open.close()
        // until the server has heard of it
        await sleep(1000)
        return { overriddenDuration }
      }
    }))
    if (mine === undefined || plain === undefined) throw new Error("no servers")
    return {
      ours: mine,
      baselines: [{ ...plain, against: "node-http" }],
      close: async () => {
        for (const { process } of servers) process.kill()
      }
    }
  }

const both = (atLeast: number) => [
  { against: "node-http", atLeast },
  { against: "fastify", atLeast }
]

export const cases: ReadonlyArray<Case> = [
  {
    name: "http.append.c16",
    says: "sending a message over HTTP, 16 writers over 1,000 chats",
    kind: "speed",
    unit: "per second",
    targets: both(0.9),
    open: appending
  },
  {
    name: "http.feed",
    says: "a page of 50 of a feed over HTTP",
    kind: "speed",
    unit: "per second",
    targets: both(0.7),
    open: feeding
  },
  {
    name: "sse.last",
    says: "one event to 1,000 consoles, time to the last",
    kind: "speed",
    unit: "ms",
    targets: [{ against: "node-http", atLeast: 0.8 }],
    open: streaming(1000, 1)
  },
  {
    name: "sse.memory",
    says: "what a console costs a server that has 1,000 of them",
    kind: "growth",
    unit: "KiB",
    // decision: what it was when it was first measured, and a little: 10,000 consoles fit into a quarter of a gigabyte
    targets: [{ against: "node-http", atMost: 6 }],
    roundMillis: 1,
    open: holding(1000)
  },
  {
    name: "sse.flood",
    says: "events to 100 consoles",
    kind: "speed",
    unit: "per second",
    targets: [{ against: "node-http", atLeast: 0.6 }],
    open: streaming(100, 400)
  }
]
