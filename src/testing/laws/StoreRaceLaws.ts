import { Effect, Result } from "effect"
import type * as Id from "../../domain/account/Id.ts"
import type { CommonRecords } from "../../ports/RecordStore.ts"
import type { Conflict, StoreError } from "../../ports/StoreError.ts"
import * as Expect from "./Expect.ts"
import type { Law } from "./Law.ts"
import { at, type Store, type StoreKit, upTo } from "./StoreKit.ts"

/** Writers at once. decision: more than a pool has connections, few enough for a second on a server. */
const WRITERS = 12

/** Commits of each writer who tries again. */
const TURNS = 3

const together = { concurrency: "unbounded" } as const

/** The one write, from many at once. */
export const storeRaceLaws = <R, Records extends CommonRecords, Payload>(
  kit: StoreKit<R, Records, Payload>
): ReadonlyArray<Law<R>> => {
  type Held = Store<Records, Payload>
  const { change, commandKey, event, key, law, numberIn, put, value, values, write } = kit

  /** Of `WRITERS` who try the same commit at once, the numbers of those who won; the others conflict. */
  const winners = (attempt: (n: number) => Effect.Effect<unknown, Conflict | StoreError>) =>
    Effect.gen(function* () {
      const tried = yield* Effect.forEach(upTo(WRITERS), (n) => Effect.result(attempt(n)), together)
      for (const one of tried) {
        if (Result.isFailure(one)) yield* Expect.matches("who does not win", one.failure, { _tag: "Conflict" })
      }
      return upTo(WRITERS).filter((n) => tried[n] !== undefined && Result.isSuccess(tried[n]))
    })

  const eventNumbers = (store: Held, account: Id.AccountId) =>
    Effect.map(store.log(account, 0, 1_000), ({ entries }) => entries.map(({ event: { number } }) => number))

  const increment = (store: Held, account: Id.AccountId, ids: ReadonlyArray<string>, n: number) => {
    const below = WRITERS * TURNS + 1
    const once = Effect.gen(function* () {
      const reads = yield* store.get(account, ids.map(key))
      // others come in between, as they do where each waits for its answer
      yield* Effect.yieldNow
      yield* store.commit(
        account,
        change({
          expect: reads.map((read) => ({ key: read.key, version: read.version })),
          put: reads.map((read) =>
            put(read.key.id, read.value === null ? 1 : (numberIn(read.key.id, read.value, below) ?? 0) + 1)
          ),
          events: [event(n)]
        })
      )
    })
    return Effect.retry(once, { while: (failure) => failure._tag === "Conflict", times: 1_000 })
  }

  return [
    law(
      {
        id: "store.commit.oneWinner",
        sentence:
          "of many who commit on the same version at once exactly one wins; the others conflict and leave nothing",
        rules: ["C8", "K2"],
        group: "concurrent"
      },
      (store, { account }) =>
        Effect.gen(function* () {
          yield* write(store, account, [put("a", 99), put("last", 99)])
          const reads = yield* store.get(account, [key("a"), key("last")])
          const expected = reads.map((read) => ({ key: read.key, version: read.version }))
          const won = yield* winners((n) =>
            store.commit(account, change({ expect: expected, put: [put("a", n), put("last", n)], events: [event(n)] }))
          )
          yield* Expect.holds("writers who won", won.length === 1, won, "exactly one")
          const n = won[0] ?? 0
          yield* Expect.same("records", yield* values(store, account, ["a", "last"]), [value("a", n), value("last", n)])
          yield* Expect.same("events", yield* eventNumbers(store, account), [n])
        })
    ),

    law(
      {
        id: "store.inTurn.alone",
        sentence: "who runs in turn for a key is alone there, and whoever fails in its turn passes it on",
        rules: ["K2"],
        group: "concurrent",
        needs: { name: "inTurn", isDeclared: ({ inTurn }) => inTurn !== undefined }
      },
      (store, { account }) =>
        Effect.gen(function* () {
          const { inTurn } = store
          if (inTurn === undefined) return
          let inside = 0
          let most = 0
          const stay = (n: number) =>
            Effect.gen(function* () {
              most = Math.max(most, ++inside)
              yield* Effect.yieldNow
              yield* store.get(account, [key("hot")])
              inside--
              return yield* n % 3 === 0 ? Effect.fail(n) : Effect.succeed(n)
            })
          const ended = yield* Effect.forEach(
            upTo(WRITERS),
            (n) => Effect.result(inTurn(account, key("hot"), stay(n))),
            together
          )
          yield* Expect.same("at once", most, 1)
          yield* Expect.same(
            "who failed",
            upTo(WRITERS).filter((n) => ended[n] !== undefined && Result.isFailure(ended[n])),
            upTo(WRITERS).filter((n) => n % 3 === 0)
          )
        })
    ),

    law(
      {
        id: "store.commit.absence",
        sentence: "an absence is expected like a version: of many who create the same record at once exactly one wins",
        rules: ["D6", "E5"],
        group: "concurrent"
      },
      (store, { account }) =>
        Effect.gen(function* () {
          const won = yield* winners((n) =>
            store.commit(
              account,
              change({ expect: [{ key: key("a"), version: 0 }], put: [put("a", n)], events: [event(n)] })
            )
          )
          yield* Expect.holds("writers who created the record", won.length === 1, won, "exactly one")
          yield* Expect.same("record", yield* values(store, account, ["a"]), [value("a", won[0] ?? 0)])
          yield* Expect.same("events", yield* eventNumbers(store, account), won)
          const absent = { key: key("never"), version: 0 }
          const free = yield* winners((n) =>
            store.commit(
              account,
              change({ expect: [absent, { key: key(`b${n}`), version: 0 }], put: [put(`b${n}`, n)] })
            )
          )
          yield* Expect.same("writers who expect an absence that holds", free, upTo(WRITERS))
        })
    ),

    law(
      {
        id: "store.commit.rememberedOnce",
        sentence: "of many repetitions of one command at once exactly one has an effect",
        rules: ["K1"],
        group: "concurrent"
      },
      (store, { account }) =>
        Effect.gen(function* () {
          const command = { key: commandKey("agent:1/k"), version: 0 }
          const won = yield* winners((n) =>
            store.commit(
              account,
              change({
                expect: [command],
                events: [event(n)],
                remember: { id: "agent:1/k", digest: "d", answer: n, until: at(9) }
              })
            )
          )
          yield* Expect.holds("repetitions with an effect", won.length === 1, won, "exactly one")
          yield* Expect.same("events", yield* eventNumbers(store, account), won)
          const [kept] = yield* store.get(account, [command.key])
          yield* Expect.matches("the answer", kept?.value, { answer: won[0] })
        })
    ),

    law(
      {
        id: "store.commit.everyIncrement",
        sentence:
          "nothing is lost and nothing doubled when many change the same records and try again after a conflict",
        rules: ["K2", "B6"],
        group: "concurrent"
      },
      (store, { account }) =>
        Effect.gen(function* () {
          yield* Effect.forEach(
            upTo(WRITERS),
            (writer) =>
              Effect.forEach(upTo(TURNS), (turn) =>
                increment(store, account, ["all", `part${writer % 2}`], writer * TURNS + turn)
              ),
            together
          )
          const [all, ...parts] = yield* values(store, account, ["all", "part0", "part1"])
          const count = WRITERS * TURNS
          yield* Expect.same("what all changed", numberIn("all", all, count + 1), count)
          const counted = parts.map((part, n) => numberIn(`part${n}`, part, count + 1))
          yield* Expect.same("what half of them changed", counted, [count / 2, count / 2])
          const numbers = yield* eventNumbers(store, account)
          yield* Expect.same(
            "events",
            numbers.toSorted((a, b) => a - b),
            upTo(count)
          )
        })
    ),

    law(
      {
        id: "store.commit.atomic",
        sentence: "readers see all of a commit or nothing of it, in get and getWithTexts alike",
        rules: ["K2"],
        group: "concurrent"
      },
      (store, { account }) =>
        Effect.gen(function* () {
          const turns = 20
          yield* write(store, account, [put("a", 0), put("b", 0)])
          const writer = Effect.forEach(upTo(turns), (n) => write(store, account, [put("a", n + 1), put("b", n + 1)]))
          const torn: Array<unknown> = []
          const look = (read: Effect.Effect<ReadonlyArray<{ readonly value: unknown }>, StoreError>) =>
            Effect.map(read, ([a, b]) => {
              const seen = [numberIn("a", a?.value, turns + 1), numberIn("b", b?.value, turns + 1)]
              if (seen[0] !== seen[1]) torn.push(seen)
            })
          const keys = [key("a"), key("b")]
          const reader = Effect.forEach(upTo(turns), () =>
            Effect.andThen(
              look(store.get(account, keys)),
              look(Effect.map(store.getWithTexts(account, keys), ({ reads }) => reads))
            )
          )
          yield* Effect.all([writer, reader, reader], together)
          yield* Expect.same("records of one commit that were read apart", torn, [])
        })
    )
  ]
}
