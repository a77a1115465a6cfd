import { Effect, type Layer } from "effect"
import { Actor, Id, RecordRef } from "leadline"
import { DeskStore } from "leadline/ports"
import { type RecordToSave, requestChat, saveRecord } from "leadline/use-cases"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Books from "./Books.ts"
import { account, by, open, sellers, setup } from "./Company.ts"
import { HostProcess, hostProgram } from "./HostProcess.ts"
import type { Ending, Seen } from "./host/Wire.ts"
import { PostgresServer } from "./PostgresServer.ts"
import { stepsOf } from "./Script.ts"
import { query, tableFlaws } from "./Tables.ts"
import * as Trial from "./Trial.ts"

const AGENTS_PER_HOST = 40
/** Contested chats; each is answered by 160 agents at once. */
const CONTESTS = 5
/** Deals of each of four, and of sixteen hosts; `HOT_DEALS=500` looks longer. */
const DEALS = Number(process.env.HOT_DEALS ?? 20)
const HOT_DEALS = Number(process.env.HOT_DEALS ?? 5)
const SEED = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)
/** Agents 0 to 7 play scripts, the rest contests. */
const LANES = 8

const leadOf = (id: string): RecordToSave => ({
  _tag: "Lead",
  id: RecordRef.RecordId.make(id),
  ownerId: sellers[0] ?? Id.UserId.make("sam"),
  emails: [],
  phones: [],
  custom: {},
  firstName: null,
  lastName: id,
  organisation: null,
  status: "New",
  source: null,
  addedFrom: { _tag: "Import" }
})

let server: PostgresServer
let program: Awaited<ReturnType<typeof hostProgram>>

beforeAll(async () => {
  ;[server, program] = await Promise.all([PostgresServer.start({ isDurable: true }), hostProgram()])
})
afterAll(async () => {
  program.remove()
  await server.stop()
})

const startHosts = async (count: number, schema: string, works: boolean) => {
  const started = Array.from(
    { length: count },
    (_, n) => new HostProcess(program.file, { url: server.url, schema, name: `${schema}-${n}`, works })
  )
  await Promise.all(started.map(({ ready }) => ready))
  return started
}

const dealt = (endings: ReadonlyArray<{ readonly ended: Ending }>) =>
  endings.map(({ ended }) => ("done" in ended ? (ended.done as { readonly owner: string }).owner : ended))

/** How much the number of deals of the sellers differs. */
const spread = (owners: ReadonlyArray<unknown>): number => {
  const counts = sellers.map((id) => owners.filter((owner) => owner === id).length)
  return Math.max(...counts) - Math.min(...counts)
}

const requestAs = (name: string) => {
  const visitorId = Id.VisitorId.make(name)
  return requestChat(by(Actor.visitor(visitorId)), { visitorId, chatId: Id.ChatId.make(name) })
}

interface Dealing {
  readonly ended: Ending
  readonly millis: number
}

describe(`four hosts with ${AGENTS_PER_HOST} agents each (CRASH_SEED=${SEED})`, () => {
  let trial: Trial.Trial
  let hosts: ReadonlyArray<HostProcess> = []
  const here = <A, E>(effect: Effect.Effect<A, E, Layer.Success<ReturnType<typeof Trial.host>>>) =>
    Effect.runPromise(effect.pipe(Effect.provide(Trial.host(trial))))
  const agentsOf = (host: number) =>
    Array.from({ length: AGENTS_PER_HOST }, (_, n) => LANES + host * AGENTS_PER_HOST + n)

  beforeAll(async () => {
    trial = { url: server.url, schema: "four_hosts", seed: SEED, lanes: LANES, notices: [] }
    await here(open(LANES + 4 * AGENTS_PER_HOST))
    hosts = await startHosts(4, trial.schema, true)
    await Promise.all(hosts.map((host) => host.ask({ _tag: "Follow" })))
  }, 60_000)
  afterAll(async () => {
    await Promise.all(hosts.map((host) => host.kill()))
  })

  it("lets one of 160 agents answer, and tells the others who did (C8)", { timeout: 60_000 }, async () => {
    for (let contest = 0; contest < CONTESTS; contest++) {
      const { chatId } = await here(requestAs(`contest-${contest}`))
      const endings = await Promise.all(
        hosts.map((host, n) => host.ask<ReadonlyArray<Ending>>({ _tag: "Answer", chatId, agents: agentsOf(n) }))
      )
      const [chat] = await here(
        Effect.flatMap(DeskStore, (store) => store.get(account, [{ kind: "chat", id: chatId }]))
      )
      const winner = chat.value?.answered?.by
      const told = endings.flat().map((one) => ("done" in one ? "won" : JSON.stringify(one.refused)))
      expect(told.filter((what) => what === "won")).toHaveLength(1)
      expect(told.filter((what) => what.includes("ChatAlreadyAnswered") && what.includes(`"${winner}"`))).toHaveLength(
        159
      )
      expect(chat.value?.serving.map((one) => one.agentId)).toEqual([winner])
    }
  })

  it("transfers a chat to one of forty agents, whichever host asks first (C11)", { timeout: 30_000 }, async () => {
    const { chatId } = await here(requestAs("transferred"))
    const [server = 0, ...others] = agentsOf(0)
    await hosts[0]?.ask({ _tag: "Answer", chatId, agents: [server] })
    const endings = await Promise.all(
      hosts.map((host, n) =>
        host.ask<ReadonlyArray<Ending>>({
          _tag: "Transfer",
          chatId,
          by: server,
          to: n === 0 ? others.slice(0, 10) : agentsOf(n).slice(0, 10)
        })
      )
    )
    expect(endings.flat().filter((one) => "done" in one)).toHaveLength(1)
    const found = await here(Books.read(LANES + 4 * AGENTS_PER_HOST))
    const chat = found.chats.find(({ id }) => id === chatId)
    const holders = found.desks.flatMap((desk) => (desk.offer?.chatId === chatId ? [desk.agentId] : []))
    expect(holders).toEqual([chat?.offer?.to])
    expect(Books.stateFlaws(found)).toEqual([])
  })

  it("deals fairly and tells once while all hosts work the bridge (F2, F3, G4, H8)", { timeout: 60_000 }, async () => {
    const leads = hosts.map((_, n) => Array.from({ length: DEALS }, (__, m) => `lead-${n}-${m}`))
    await here(Effect.forEach(leads.flat(), (id) => saveRecord(setup, leadOf(id)), { concurrency: 8, discard: true }))
    const chats = 2
    const lanes = Array.from({ length: LANES }, (_, lane) => [lane, { chat: 0, step: 0 }] as const)
    const deals = await Promise.all(
      hosts.map(async (host, n) => {
        const play = host.ask({ _tag: "Play", seed: SEED, chats, lanes: lanes.filter(([lane]) => lane % 4 === n) })
        const dealings = await host.ask<ReadonlyArray<Dealing>>({ _tag: "Deal", leads: leads[n] ?? [], atOnce: 4 })
        await play
        return dealings
      })
    )
    const owners = dealt(deals.flat())
    expect(owners.filter((owner) => !sellers.includes(owner as Id.UserId))).toEqual([])
    const ended = lanes.map(([lane]) => [lane, { chat: chats, step: 0 }] as const)
    const steps = ended.flatMap(([lane]) => [0, 1].flatMap((chat) => stepsOf(SEED, lane, chat)))
    const count = (tag: string) => steps.filter(({ what }) => what._tag === tag).length
    const due = owners.length + count("Lead") + count("Note")
    await untilTrue(() => hosts.flatMap(({ notices }) => notices).length >= due)
    const found = await here(Books.read(LANES + 4 * AGENTS_PER_HOST))
    const told = hosts.flatMap(({ notices }) => notices)
    expect(Books.poolFlaws(found, owners.length + count("Lead"))).toEqual([])
    expect(Books.noticeFlaws(found, told, due)).toEqual([])
    // nothing failed, so nothing was told again
    expect(told).toHaveLength(due)
    const played = { ...found, chats: found.chats.filter(({ id }) => id.startsWith("chat-")) }
    expect(await here(Books.scriptFlaws(played, SEED, ended))).toEqual([])
    expect(Books.stateFlaws(found)).toEqual([])
    expect(await Effect.runPromise(tableFlaws(server.url, trial.schema))).toEqual([])
  })

  it("shows every reader every event once and in order, while all write (K2)", { timeout: 30_000 }, async () => {
    const { deskLog } = await here(Books.read(0))
    const last = deskLog.at(-1)?.position
    for (const host of hosts) {
      let seen: ReadonlyArray<Seen> = []
      await untilTrue(async () => {
        seen = await host.ask<ReadonlyArray<Seen>>({ _tag: "Saw" })
        return (seen.at(-1)?.position ?? 0) >= (last ?? 0)
      })
      const expected = deskLog.map(({ event, position }) => `${position} ${event.id}`)
      expect(seen.slice(0, expected.length).map(({ id, position }) => `${position} ${id}`)).toEqual(expected)
    }
  })
})

describe("sixteen hosts that deal from one pool", () => {
  /** decision: bad luck lasts a while, starvation is longer than everybody else's whole work. */
  const SLOWEST_TO_MEAN = 20

  it(`deals fairly, without deadlock or starvation, and nobody has to ask again (F2, F3; ${16 * HOT_DEALS} deals)`, {
    timeout: 120_000
  }, async () => {
    const trial: Trial.Trial = { url: server.url, schema: "hot_pool", seed: SEED, lanes: 1, notices: [] }
    const here = <A, E>(effect: Effect.Effect<A, E, Layer.Success<ReturnType<typeof Trial.host>>>) =>
      Effect.runPromise(effect.pipe(Effect.provide(Trial.host(trial))))
    const leads = Array.from({ length: 16 }, (_, n) => Array.from({ length: HOT_DEALS }, (__, m) => `lead-${n}-${m}`))
    await here(open(1))
    await here(Effect.forEach(leads.flat(), (id) => saveRecord(setup, leadOf(id)), { concurrency: 8, discard: true }))
    const hosts = await startHosts(16, trial.schema, false)
    const dealings = await Promise.all(
      hosts.map((host, n) => host.ask<ReadonlyArray<Dealing>>({ _tag: "Deal", leads: leads[n] ?? [], atOnce: 2 }))
    )
    await Promise.all(hosts.map((host) => host.kill()))
    const owners = dealt(dealings.flat())
    expect(owners.filter((owner) => !sellers.includes(owner as Id.UserId))).toEqual([])
    expect(spread(owners)).toBeLessThanOrEqual(1)
    expect(Books.poolFlaws(await here(Books.read(1)), 16 * HOT_DEALS)).toEqual([])
    const mean = dealings.flat().reduce((sum, { millis }) => sum + millis, 0) / (16 * HOT_DEALS)
    const slowest = dealings.map((own) => Math.max(...own.map(({ millis }) => millis)))
    expect(Math.max(...slowest)).toBeLessThan(mean * SLOWEST_TO_MEAN)
    const [dead] = await Effect.runPromise(
      query<{ count: number }>(server.url, "select sum(deadlocks)::float8 as count from pg_stat_database")
    )
    expect(dead?.count).toBe(0)
  })
})

/** What comes with the time that messages take, bounded by the test's own limit. */
const untilTrue = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20))
}
