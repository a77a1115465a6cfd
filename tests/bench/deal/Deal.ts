import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { Case, Opened, Options } from "../Case.ts"
import { dropSchema, url } from "../Postgres.ts"
import * as Hand from "./Hand.ts"
import * as Ours from "./Ours.ts"
import { checkTurns, type Dealer } from "./Side.ts"
import type { Order } from "./Worker.ts"

const CREATORS = 16
const HOSTS = 4

let leads = 0

/** A side's task, which counts what it created. */
const counted = (size: number, create: (from: number) => Promise<unknown>) => {
  const counter = { created: 0 }
  const task = async () => {
    leads += size
    counter.created += size
    await create(leads)
  }
  return { counter, task, units: size }
}

/** Both sides made, with a look at all that was dealt when it is over. */
const made = async (): Promise<{ readonly ours: Dealer; readonly hand: Dealer }> => {
  await Ours.make("ours")
  await Hand.make("hand")
  return { ours: await Ours.open("ours", CREATORS), hand: await Hand.open("hand", CREATORS) }
}

const inOneProcess = async ({ isQuick }: Options): Promise<Opened> => {
  const { hand, ours } = await made()
  const size = isQuick ? 200 : 800
  const mine = counted(size, (from) => ours.create(size, CREATORS, from))
  const theirs = counted(size, (from) => hand.create(size, CREATORS, from))
  const check = async () => {
    checkTurns(await ours.dealt(), mine.counter.created)
    checkTurns(await hand.dealt(), theirs.counter.created)
  }
  return {
    ours: mine,
    baselines: [{ ...theirs, against: "hand" }],
    check: async () => {
      await Promise.all([mine.task(), theirs.task()])
      await check()
    },
    close: async () => {
      try {
        await check()
      } finally {
        await ours.close()
        await hand.close()
        await dropSchema("ours", "hand")
      }
    }
  }
}

const worker = async (side: string): Promise<ChildProcess> => {
  const child = fork(fileURLToPath(new URL("Worker.ts", import.meta.url)), [await url(), side, side])
  await once(child, "message")
  return child
}

const inHosts = async ({ isQuick }: Options): Promise<Opened> => {
  const { hand, ours } = await made()
  const each = isQuick ? 50 : 200
  const start = (side: string) => Promise.all(Array.from({ length: HOSTS }, () => worker(side)))
  const [ourHosts, handHosts] = [await start("ours"), await start("hand")]
  const order = (hosts: ReadonlyArray<ChildProcess>) => (from: number) =>
    Promise.all(
      hosts.map((host, n) => {
        const done = once(host, "message")
        host.send({ size: each, atOnce: CREATORS / HOSTS, from: from + n * each } satisfies Order)
        return done
      })
    )
  const mine = counted(each * HOSTS, order(ourHosts))
  const theirs = counted(each * HOSTS, order(handHosts))
  const check = async () => {
    checkTurns(await ours.dealt(), mine.counter.created)
    checkTurns(await hand.dealt(), theirs.counter.created)
  }
  return {
    ours: mine,
    baselines: [{ ...theirs, against: "hand" }],
    check: async () => {
      await mine.task()
      await theirs.task()
      await check()
    },
    close: async () => {
      try {
        await check()
      } finally {
        for (const host of [...ourHosts, ...handHosts]) host.kill()
        await ours.close()
        await hand.close()
        await dropSchema("ours", "hand")
      }
    }
  }
}

export const cases: ReadonlyArray<Case> = [
  {
    name: "deal.c16",
    says: "16 creators of leads on one pool of 10",
    kind: "speed",
    unit: "per second",
    targets: [{ against: "hand", atLeast: 2 }],
    open: inOneProcess
  },
  {
    name: "deal.hosts4",
    says: "the same from four processes",
    kind: "speed",
    unit: "per second",
    targets: [{ against: "hand", atLeast: 0.6 }],
    open: inHosts
  }
]
