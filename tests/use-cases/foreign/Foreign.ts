import { Context, Effect, type Exit, Layer } from "effect"
import { TestClock } from "effect/testing"
import * as Memory from "leadline/memory"
import { Crm, DeskStore, Notifier, SettingsStore } from "leadline/ports"
import { drainDeskBridge } from "leadline/use-cases"
import { account, poolId } from "../crm/World.ts"
import { agentOf, hire, settle } from "../panel/Chats.ts"
import { type Prospector, prospector } from "./ForeignCrm.ts"
import { adapt } from "./ProspectorAdapter.ts"

/** Prospector's books, for the tests to look into. */
export class Books extends Context.Service<Books, Prospector>()("tests/Books") {}

/** A host beside a foreign CRM, in memory, at the start of a virtual clock. */
export const layer = () => {
  const crm = prospector()
  return Layer.mergeAll(
    Layer.succeed(Crm, adapt(crm)),
    Layer.succeed(Books, crm),
    Memory.layer({ yieldsBeforeEach: true })
  )
}

export type World = Layer.Success<ReturnType<typeof layer>>

export const foreign = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provide(effect, layer())

/** As {@link foreign}, for properties: each run has a world and a clock of its own. */
export const runForeign = <A, E>(effect: Effect.Effect<A, E, World>): Promise<A> =>
  Effect.runPromise(foreign(effect).pipe(Effect.provide(TestClock.layer())))

/** Two salespeople under a boss, dealt to in turn; agents `a1` to `a3`. */
export const cast = Effect.gen(function* () {
  const crm = yield* Books
  crm.staff.push(
    { login: "boss", boss: null, works: true },
    { login: "m1", boss: "boss", works: true },
    { login: "m2", boss: "boss", works: true }
  )
  crm.circles.set("p", ["m1", "m2"])
  yield* hire(agentOf("a1"), agentOf("a2"), agentOf("a3"))
  yield* settle({ leadOwners: [{ _tag: "Pool", poolId: poolId("p") }] })
})

/** Lets time pass in steps, a bridge at work after each: until everything that can be done is done. */
export const bridgeFor = Effect.fnUntraced(function* (minutes: number) {
  for (let step = 0; step < minutes * 4; step++) {
    yield* TestClock.adjust("15 seconds")
    yield* drainDeskBridge(account)
  }
})

/** What happened at the desk, by tag. */
export const happened = Effect.gen(function* () {
  const { entries } = yield* (yield* DeskStore).log(account, 0, 10_000)
  return entries.map(({ event }) => event)
})

export const payloads = Effect.map(happened, (events) => events.map(({ payload }) => payload))

export const tagged = <Tag extends string>(tag: Tag) =>
  Effect.map(payloads, (all) =>
    all.filter((one): one is Extract<(typeof all)[number], { readonly _tag: Tag }> => one._tag === tag)
  )

/** The same port, in a process that dies instead of making its call numbered `dies`. */
const watched = <Port extends object>(port: Port, process: { calls: number }, dies: number): Port =>
  Object.fromEntries(
    Object.entries(port).map(([member, does]) => [
      member,
      typeof does === "function" && member !== "changes"
        ? (...given: ReadonlyArray<unknown>) =>
            Effect.suspend(() => {
              if (process.calls >= dies - 1) return Effect.die("the process died")
              process.calls++
              return (does as (...given: ReadonlyArray<unknown>) => Effect.Effect<unknown, unknown>)(...given)
            })
        : does
    ])
  ) as Port

/** Runs in a process of its own, which dies before its call numbered `dies` to any port, counted from 1. */
export const inProcess = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>, dies = Infinity) {
  const process = { calls: 0 }
  const ports = Context.make(Crm, watched(yield* Crm, process, dies)).pipe(
    Context.add(DeskStore, watched(yield* DeskStore, process, dies)),
    Context.add(SettingsStore, watched(yield* SettingsStore, process, dies)),
    Context.add(Notifier, watched(yield* Notifier, process, dies))
  )
  const exit: Exit.Exit<A, E> = yield* Effect.exit(Effect.provide(effect, ports))
  return { exit, calls: process.calls }
})
