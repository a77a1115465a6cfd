import { Effect, type Layer, ManagedRuntime, Result } from "effect"
import { Event, Id, Instant } from "leadline"
import { type Commit, Conflict, type DeskPayload, type DeskRecords, DeskStore, type Key } from "leadline/ports"
import { afterAll, describe, expect, it } from "vitest"
import { onPglite, onServer } from "./Stores.ts"

const account = Id.AccountId.make("acme")
type Change = Commit<DeskRecords, DeskPayload>

const key = (id: string): Key<DeskRecords, "openChat"> => ({ kind: "openChat", id })
const value = (n: number) => ({ chatId: Id.ChatId.make(`chat-${n}`) })
const put = (id: string, n: number): Change["put"][number] => ({
  key: key(id),
  value: value(n),
  contents: [],
  due: null
})
const event = (id: string): Event.Event<DeskPayload> => ({
  id: Id.EventId.make(id),
  stream: "law/1",
  number: 0,
  at: Instant.fromMillis(0),
  actor: { _tag: "System" },
  surface: "api",
  schemaVersion: Event.SCHEMA_VERSION,
  payload: { _tag: "VisitorBanned", visitorId: Id.VisitorId.make("v") },
  contents: []
})
const answer = (id: string): Change["remember"] => ({ id, digest: "d", answer: 1, until: Instant.fromMillis(9) })
const change = (parts: Partial<Change>): Change => ({
  ...{ expect: [], put: [], remove: [], contents: [], events: [], remember: null },
  ...parts
})
const command = (id: string): Key<DeskRecords> => ({ kind: "command", id })

/** Makes records, and gives what expects them as they are. */
const made = (...ids: ReadonlyArray<string>) =>
  DeskStore.use((store) =>
    Effect.map(
      store.commit(
        account,
        change({ expect: ids.map((id) => ({ key: key(id), version: 0 })), put: ids.map((id) => put(id, 0)) })
      ),
      ({ versions }) => ids.map((id, at) => ({ key: key(id), version: versions[at] ?? 0 }))
    )
  )

for (const [where, layer] of [
  ["a server", onServer()],
  ["PGlite", onPglite()]
] as const) {
  describe(`the short way of a commit on ${where}`, () => {
    const runtime = ManagedRuntime.make(layer as Layer.Layer<DeskStore>)
    afterAll(() => runtime.dispose())

    it("loses to a change of what is only expected, also where it would write nothing but an answer (K1, K2)", () =>
      runtime.runPromise(
        Effect.gen(function* () {
          const store = yield* DeskStore
          const [a] = yield* made("a1")
          if (a === undefined) return
          yield* store.commit(account, change({ expect: [a], put: [put("a1", 1)] }))
          const late = change({
            expect: [a, { key: command("k1"), version: 0 }],
            remember: answer("k1")
          })
          expect(yield* Effect.flip(store.commit(account, late))).toEqual(new Conflict({ keys: [key("a1")] }))
          expect(yield* store.get(account, [command("k1")])).toMatchObject([{ version: 0 }])
        })
      ))

    it("of many that travel together only the late ones lose, and each learns by whom (K2)", () =>
      runtime.runPromise(
        Effect.gen(function* () {
          const store = yield* DeskStore
          const ids = Array.from({ length: 30 }, (_, n) => `b${n}`)
          const known = yield* made(...ids)
          const [first] = known
          if (first === undefined) return
          yield* store.commit(account, change({ expect: [first], put: [put("b0", 9)] }))
          const results = yield* Effect.forEach(
            known,
            (one, n) =>
              Effect.result(
                store.commit(account, change({ expect: [one], put: [put(one.key.id, n)], events: [event(`e${n}`)] }))
              ),
            { concurrency: "unbounded" }
          )
          expect(results.map(Result.isSuccess)).toEqual(ids.map((_, n) => n > 0))
          expect(results[0]).toMatchObject({ failure: { keys: [key("b0")] } })
          const reads = yield* store.get(account, ids.map(key))
          expect(reads.map((read) => read.value)).toEqual(ids.map((_, n) => value(n === 0 ? 9 : n)))
          const versions = results.flatMap((result) => (Result.isSuccess(result) ? result.success.versions : []))
          expect(reads.slice(1).map(({ version }) => version)).toEqual(versions)
          const { entries } = yield* store.log(account, 0, 100)
          const positions = results.flatMap((result) => (Result.isSuccess(result) ? result.success.positions : []))
          expect(entries.map(({ position }) => position)).toEqual(positions.toSorted((x, y) => x - y))
        })
      ))

    it("remembers an answer once, whoever asks at the same time (K1)", () =>
      runtime.runPromise(
        Effect.gen(function* () {
          const store = yield* DeskStore
          const known = yield* made("c1", "c2", "c3")
          const results = yield* Effect.forEach(
            known,
            (one) =>
              Effect.result(
                store.commit(
                  account,
                  change({
                    expect: [one, { key: command("same"), version: 0 }],
                    put: [put(one.key.id, 7)],
                    remember: answer("same")
                  })
                )
              ),
            { concurrency: "unbounded" }
          )
          expect(results.filter(Result.isSuccess)).toHaveLength(1)
          const reads = yield* store.get(
            account,
            known.map((one) => one.key)
          )
          expect(reads.filter((read) => read.value?.chatId === "chat-7")).toHaveLength(1)
        })
      ))
  })
}
