import { PgClient } from "@effect/sql-pg"
import { Effect, Fiber, Layer, ManagedRuntime } from "effect"
import { Id } from "leadline"
import { DeskStore } from "leadline/ports"
import * as Postgres from "leadline/postgres"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Schema from "./Schema.ts"
import { url } from "./Stores.ts"

const account = Id.AccountId.make("acme")
const key = { kind: "openChat", id: "hot" } as const

/** Runs something in turn for the hot key. */
const inTurn = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  DeskStore.use((store) => (store.inTurn === undefined ? Effect.die("no turns") : store.inTurn(account, key, effect)))

describe("turns among processes", () => {
  const schema = Schema.freshName()
  const host = (options: Partial<Postgres.PoolOptions> = {}) =>
    ManagedRuntime.make(Postgres.layer({ url: url(), schema, connections: 2, applicationName: schema, ...options }))
  const hosts: Array<ReturnType<typeof host>> = []
  beforeAll(async () => {
    for (let n = 0; n < 4; n++) hosts.push(host())
    await Promise.all(hosts.map((one) => one.runPromise(DeskStore.use(() => Effect.void))))
  })
  afterAll(async () => {
    await Promise.all(hosts.map((one) => one.dispose()))
    await Schema.runAll([`drop schema ${schema} cascade`])
  })

  it("one has it at a time, in whichever process, and all have it", async () => {
    let inside = 0
    let most = 0
    let all = 0
    const stay = Effect.gen(function* () {
      most = Math.max(most, ++inside)
      yield* DeskStore.use((store) => store.get(account, [key]))
      all++
      inside--
    })
    await Promise.all(
      hosts.map((one) => one.runPromise(Effect.forEach([1, 2, 3, 4, 5], () => inTurn(stay), { concurrency: 5 })))
    )
    expect([most, all]).toEqual([1, 20])
  })

  it("is passed on when its connection ends, and whoever has no connection goes on without (K3)", async () => {
    const [one, other] = hosts
    if (one === undefined || other === undefined) return
    const stuck = one.runFork(inTurn(Effect.never))
    const passed = other.runPromise(inTurn(Effect.succeed("mine")))
    const cut = PgClient.PgClient.use((sql) =>
      sql.unsafe("select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and pid <> $2", [
        schema,
        0
      ])
    ).pipe(Effect.provide(Layer.orDie(Postgres.pool({ url: url(), connections: 1 }))))
    await Effect.runPromise(cut)
    expect(await passed).toBe("mine")
    await Effect.runPromise(Fiber.interrupt(stuck))
    expect(await one.runPromise(inTurn(Effect.succeed("again")))).toBe("again")
  })

  it("that does not come in time is done without, on the same connection", async () => {
    const impatient = host({ lockMillis: 50 })
    const holding = hosts[2]?.runFork(inTurn(Effect.never))
    await hosts[2]?.runPromise(DeskStore.use((store) => store.get(account, [key])))
    for (let n = 0; n < 5; n++) expect(await impatient.runPromise(inTurn(Effect.succeed(n)))).toBe(n)
    if (holding !== undefined) await Effect.runPromise(Fiber.interrupt(holding))
    await impatient.dispose()
  })
})
