import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { HostProcess, hostProgram } from "./HostProcess.ts"
import { PostgresServer } from "./PostgresServer.ts"
import type { Progress } from "./Script.ts"
import * as Trial from "./Trial.ts"

/** How many hosts are killed, in two lines that live side by side: 50 take 15 s. `CRASHES=500` looks longer. */
const CRASHES = Number(process.env.CRASHES ?? 50)
const SEED = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)

let server: PostgresServer
let program: Awaited<ReturnType<typeof hostProgram>>

beforeAll(async () => {
  ;[server, program] = await Promise.all([PostgresServer.start({ isDurable: true }), hostProgram()])
})
afterAll(async () => {
  program.remove()
  await server.stop()
})

const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis))

/** One line of hosts, each killed after a while; the next one goes on with what was not acknowledged. */
const lineOfHosts = async (trial: Trial.Trial, name: string, lanes: ReadonlyArray<number>, crashes: number) => {
  const { notices, schema, seed, url } = trial
  const progress = new Map<number, Progress>(lanes.map((lane) => [lane, { chat: 0, step: 0 }]))
  let lives = 0
  let acknowledged = 0
  const live = async (chats: number, life: (host: HostProcess, played: Promise<unknown>) => Promise<unknown>) => {
    const start = { url, schema, name, works: true, bridgeAheadMillis: Trial.CLAIM_MILLIS * lives++ }
    const one = new HostProcess(program.file, start)
    const played = one.ready.then(() => one.ask({ _tag: "Play", seed, chats, lanes: [...progress] }))
    played.catch(() => undefined)
    await life(one, played)
    await one.kill()
    for (const [lane, next] of one.progress) progress.set(lane, next)
    notices.push(...one.notices)
    acknowledged += one.acknowledged
  }
  for (let crash = 0; crash < crashes; crash++) {
    // one in five before it is ready, the others within their work
    await live(Number.MAX_SAFE_INTEGER, async (one) => {
      if (Math.random() < 0.8) await one.ready
      await pause(Math.random() * 400)
    })
  }
  const interrupted = acknowledged
  await live(Math.max(...[...progress.values()].map(({ chat }) => chat)) + 1, (_, played) => played)
  return { progress: [...progress], interrupted }
}

describe(`hosts on a durable server (CRASH_SEED=${SEED})`, () => {
  const title = `keeps all it acknowledged, each thing once, when hosts are killed ${CRASHES} times (K1, K2, H8, F3, G4)`
  it(title, { timeout: 60_000 + CRASHES * 1500 }, async () => {
    const trial: Trial.Trial = { url: server.url, schema: "killed_hosts", seed: SEED, lanes: 8, notices: [] }
    await Trial.prepare(trial)
    const lines = await Promise.all([
      lineOfHosts(trial, "left", [0, 1, 2, 3], Math.ceil(CRASHES / 2)),
      lineOfHosts(trial, "right", [4, 5, 6, 7], Math.floor(CRASHES / 2))
    ])
    const played = lines.flatMap(({ progress }) => progress)
    expect(await Trial.flawsOf(trial, played, CRASHES + 2)).toEqual(Trial.flawless)
    // it was work that was interrupted
    expect(lines.reduce((sum, { interrupted }) => sum + interrupted, 0)).toBeGreaterThan(CRASHES)
  })
})
