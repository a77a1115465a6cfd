import { Effect } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Cut, CutProxy } from "./CutProxy.ts"
import { PostgresServer } from "./PostgresServer.ts"
import { stepsOf } from "./Script.ts"
import { query } from "./Tables.ts"
import * as Trial from "./Trial.ts"

/** How often a server is killed: three take 10 s. `OUTAGES=50` looks longer; backends are cut ten times as often. */
const OUTAGES = Number(process.env.OUTAGES ?? 3)
const SEED = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)

let server: PostgresServer

beforeAll(async () => {
  server = await PostgresServer.start({ isDurable: true })
})
afterAll(() => server.stop())

const trialOf = (schema: string): Trial.Trial => ({ url: server.url, schema, seed: SEED, lanes: 4, notices: [] })
const times = (count: number, once: Effect.Effect<unknown>) =>
  Effect.forEach(Array.from({ length: count }), () => Effect.andThen(Effect.sleep(200 + Math.random() * 400), once))

/** The old server's children may still be leaving when the new one comes. */
const startAgain = async (tries = 50): Promise<void> => {
  try {
    await server.run()
  } catch (error) {
    if (tries === 0) throw error
    await new Promise((resolve) => setTimeout(resolve, 100))
    await startAgain(tries - 1)
  }
}

describe(`outages of a durable server (CRASH_SEED=${SEED})`, () => {
  it(`keeps all it acknowledged when the server is killed ${OUTAGES} times (K1, K2)`, {
    timeout: 60_000 + OUTAGES * 3000
  }, async () => {
    const trial = trialOf("killed_server")
    await Trial.prepare(trial)
    const outage = Effect.promise(async () => {
      await server.kill()
      await startAgain()
    })
    const played = await Trial.playThrough(trial, Effect.andThen(times(OUTAGES, outage), Effect.sleep(500)))
    expect(await Trial.flawsOf(trial, played)).toEqual(Trial.flawless)
    expect(played.reduce((sum, [, { chat }]) => sum + chat, 0)).toBeGreaterThan(10)
  })

  it(`keeps all it acknowledged when backends end under it ${OUTAGES * 10} times (K1, K2)`, {
    timeout: 60_000 + OUTAGES * 3000
  }, async () => {
    const trial = trialOf("cut_backends")
    await Trial.prepare(trial)
    const end = query(
      trial.url,
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cut_backends'"
    )
    let ended = 0
    const trouble = Effect.forEach(Array.from({ length: OUTAGES * 10 }), () =>
      Effect.andThen(
        Effect.sleep(Math.random() * 150),
        Effect.map(end, (backends) => {
          ended += backends.length
        })
      )
    )
    const played = await Trial.playThrough(trial, trouble, { applicationName: "cut_backends" })
    expect(ended).toBeGreaterThan(OUTAGES * 10)
    expect(await Trial.flawsOf(trial, played)).toEqual(Trial.flawless)
  })

  for (const cut of ["beforeArrival", "inFlight", "beforeAnswer"] satisfies ReadonlyArray<Cut>) {
    it(`does each command once when the connection is cut ${cut} (K1)`, async () => {
      const proxy = await CutProxy.start(server.port)
      const trial = trialOf(`cut_${cut.toLowerCase()}`)
      await Trial.prepare(trial)
      const steps = [0, 1, 2, 3].flatMap((lane) => stepsOf(SEED, lane, 0))
      // the commit that remembers the answer, not the read that looks for it
      for (const { key } of steps) proxy.cutNext(cut, `/${key}`, '"digest":')
      const through = { ...trial, url: proxy.url }
      const played = await Trial.playThrough(through, Effect.void)
      // commits that travel together are cut together
      expect(proxy.cuts).toBeGreaterThanOrEqual(steps.length * 0.6)
      await proxy.stop()
      expect(await Trial.flawsOf(trial, played)).toEqual(Trial.flawless)
    })
  }
})
