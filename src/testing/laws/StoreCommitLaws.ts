import { Effect } from "effect"
import type { CommonRecords } from "../../ports/RecordStore.ts"
import * as Expect from "./Expect.ts"
import type { Law } from "./Law.ts"
import { at, ref, type Store, type StoreKit, text, upTo } from "./StoreKit.ts"

/** The one write, one after another. */
export const storeCommitLaws = <R, Records extends CommonRecords, Payload>(
  kit: StoreKit<R, Records, Payload>
): ReadonlyArray<Law<R>> => {
  const { change, commandKey, event, key, law, put, value, values, write } = kit
  const remembered = (n: number) => ({ id: "agent:1/k", digest: "d", answer: { n }, until: at(99) })
  const conflict = (ids: ReadonlyArray<string>) => ({
    _tag: "Conflict",
    keys: ids.map((id) => (id.includes("/") ? commandKey(id) : key(id)))
  })

  /** All that a lost commit might leave behind, in every part of it. */
  const lostChange = (expected: ReadonlyArray<{ readonly id: string; readonly version: number }>) =>
    change({
      expect: expected.map(({ id, version }) => ({ key: id.includes("/") ? commandKey(id) : key(id), version })),
      put: [put("a", 9), put("new", 9)],
      remove: [key("b")],
      contents: [text("t1")],
      events: [event(1)],
      remember: remembered(9)
    })

  const nothingWritten = (store: Store<Records, Payload>, account: Parameters<typeof write>[1]) =>
    Effect.gen(function* () {
      const found = yield* values(store, account, ["a", "b", "c", "new"])
      yield* Expect.same("records after a conflict", found, [value("a", 1), value("b", 1), value("c", 1), null])
      yield* Expect.same("log after a conflict", (yield* store.log(account, 0, 10)).entries, [])
      yield* Expect.same("texts after a conflict", yield* store.contents(account, [ref("t1")]), new Map())
      const [command] = yield* store.get(account, [commandKey("agent:1/k")])
      yield* Expect.same("remembered after a conflict", command?.value, null)
    })

  return [
    law(
      {
        id: "store.commit.conflict",
        sentence: "a commit that lost names every key whose version differs, and leaves nothing behind",
        rules: ["K2"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          yield* write(store, account, [put("a", 0), put("b", 1), put("c", 0)])
          const reads = yield* store.get(account, ["a", "b", "c"].map(key))
          yield* write(store, account, [put("a", 1), put("c", 1)])
          const stale = reads.map((read) => ({ id: read.key.id, version: read.version }))
          const fresh = ["new", "agent:1/k"].map((id) => ({ id, version: 0 }))
          yield* Expect.refused(
            "commit on old versions",
            store.commit(account, lostChange([...stale, ...fresh])),
            conflict(["a", "c"])
          )
          yield* nothingWritten(store, account)
        })
    ),

    law(
      {
        id: "store.commit.everyExpectation",
        sentence:
          "every expectation counts, wherever it stands in the list: of a record that is put, removed or only expected, of a version or an absence, of the command to remember",
        rules: ["K2", "D6", "K1"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          yield* write(store, account, [put("a", 1), put("b", 1), put("c", 1)])
          const reads = yield* store.get(account, ["a", "b", "c"].map(key))
          const right = [
            ...reads.map((read) => ({ id: read.key.id, version: read.version })),
            ...["new", "nobody", "agent:1/k"].map((id) => ({ id, version: 0 }))
          ]
          for (const wrong of right) {
            // an absence where there is a record, a version where there is none
            const version = wrong.version === 0 ? 1 : 0
            const others = right.filter(({ id }) => id !== wrong.id)
            for (const expected of [
              [...others, { id: wrong.id, version }],
              [{ id: wrong.id, version }, ...others],
              [...others, { id: wrong.id, version: wrong.version + 1_000_000 }]
            ]) {
              yield* Expect.refused(
                `commit that expects ${wrong.id} wrongly`,
                store.commit(account, lostChange(expected)),
                conflict([wrong.id])
              )
            }
          }
          yield* nothingWritten(store, account)
        })
    ),

    law(
      {
        id: "store.commit.unexpected",
        sentence: "writing a key that is not expected, or twice, is a defect, and nothing is written",
        rules: ["K2"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          const expectA = [{ key: key("a"), version: 0 }]
          const mistakes = [
            change({ put: [put("a", 1)], events: [event(1)] }),
            change({ expect: expectA, put: [put("a", 1), put("b", 1)], events: [event(1)] }),
            change({ expect: expectA, put: [put("a", 1), put("a", 2)], events: [event(1)] }),
            change({ remember: remembered(1), events: [event(1)] })
          ]
          for (const mistake of mistakes) {
            const died = yield* Effect.matchCause(store.commit(account, mistake), {
              onFailure: () => true,
              onSuccess: () => false
            })
            yield* Expect.holds("commit", died, "done", "a defect")
          }
          yield* Expect.same("records after a defect", yield* values(store, account, ["a", "b"]), [null, null])
          yield* Expect.same("log after a defect", (yield* store.log(account, 0, 9)).entries, [])
        })
    ),

    law(
      {
        id: "store.commit.versions",
        sentence: "a version is never used twice for a key, not even after its record was removed",
        rules: ["K2"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          const seen: Array<number> = []
          for (const n of [1, 2, 3, 4, 5]) {
            const { versions } = yield* write(store, account, [put("a", n), put("b", n)])
            const reads = yield* store.get(account, [key("a"), key("b")])
            const now = reads.map(({ version }) => version)
            yield* Expect.same("versions that commit gave, and that get reads", versions, now)
            const [version = 0] = now
            yield* Expect.holds(
              "version of a",
              version > 0 && !seen.includes(version),
              version,
              `none of ${seen}, above 0`
            )
            seen.push(version)
            const expected = [{ key: key("a"), version }]
            if (n % 2 === 0) yield* store.commit(account, change({ expect: expected, remove: [key("a")] }))
          }
          const [a] = yield* store.get(account, [key("a")])
          for (const old of seen.slice(0, -1)) {
            yield* Expect.refused(
              `commit on the old version ${old}, where ${a?.version} is`,
              store.commit(account, change({ expect: [{ key: key("a"), version: old }], put: [put("a", 9)] })),
              conflict(["a"])
            )
          }
        })
    ),

    law(
      {
        id: "store.commit.removes",
        sentence: "a removed record is gone, an absence from then on; what was beside it stays",
        rules: ["K2"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          yield* write(store, account, [put("a", 1), put("b", 1)])
          const [a] = yield* store.get(account, [key("a")])
          const gone = change({ expect: [{ key: key("a"), version: a?.version ?? 0 }], remove: [key("a")] })
          yield* Expect.same("versions of a removal", (yield* store.commit(account, gone)).versions, [])
          const reads = yield* store.get(account, ["a", "b"].map(key))
          yield* Expect.matches("get", reads, [{ version: 0, value: null }, { value: value("b", 1) }])
          yield* Expect.refused("the removal again", store.commit(account, gone), conflict(["a"]))
          yield* store.commit(account, change({ expect: [{ key: key("a"), version: 0 }], put: [put("a", 2)] }))
          yield* Expect.same("get, put again", yield* values(store, account, ["a"]), [value("a", 2)])
        })
    ),

    law(
      {
        id: "store.commit.repeated",
        sentence: "an identical commit again conflicts: its events and texts are not there twice",
        rules: ["K2"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          yield* write(store, account, [put("a", 1)])
          const [a] = yield* store.get(account, [key("a")])
          const again = change({
            expect: [{ key: key("a"), version: a?.version ?? 0 }],
            // the same value: nothing differs but the version
            put: [put("a", 1)],
            events: [event(1)]
          })
          yield* store.commit(account, again)
          yield* Expect.refused("the same commit again", store.commit(account, again), conflict(["a"]))
          const { entries } = yield* store.log(account, 0, 9)
          yield* Expect.same("events in the log", entries.length, 1)
        })
    ),

    law(
      {
        id: "store.commit.remembers",
        sentence: "an answer is kept under its key until its time, and conflicts like any record",
        rules: ["K1"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          const command = commandKey("agent:1/k")
          const first = change({
            expect: [
              { key: command, version: 0 },
              { key: key("a"), version: 0 }
            ],
            put: [put("a", 1)],
            remember: remembered(1)
          })
          const { versions } = yield* store.commit(account, first)
          yield* Expect.same("versions: of what was put alone", versions.length, 1)
          const reads = yield* store.get(account, [command])
          yield* Expect.matches("get of the command", reads, [{ value: remembered(1) }])
          const again = change({ expect: [{ key: command, version: 0 }], remember: remembered(2) })
          yield* Expect.refused("the command again", store.commit(account, again), conflict(["agent:1/k"]))
          yield* Expect.same("commands due before their time", yield* store.due(account, "command", at(98), 5), [])
          yield* Expect.matches("commands due", yield* store.due(account, "command", at(99), 5), [{ key: command }])
        })
    ),

    law(
      {
        id: "store.commit.whole",
        sentence:
          "records, removals, events, texts and the answer of one commit are all there after it, whatever their number",
        rules: ["K2", "K1"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          yield* write(store, account, [put("gone", 1)])
          const many = upTo(30)
          const [gone] = yield* store.get(account, [key("gone")])
          const absent = [...many.map((n) => key(`r${n}`)), commandKey("agent:1/k")]
          yield* store.commit(
            account,
            change({
              expect: [
                { key: key("gone"), version: gone?.version ?? 0 },
                ...absent.map((k) => ({ key: k, version: 0 }))
              ],
              put: many.map((n) => put(`r${n}`, n)),
              remove: [key("gone")],
              contents: many.map((n) => text(`t${n}`)),
              events: many.map((n) => event(n, [ref(`t${n}`)])),
              remember: remembered(1)
            })
          )
          const found = yield* values(store, account, [...many.map((n) => `r${n}`), "gone"])
          yield* Expect.same("records", found, [...many.map((n) => value(`r${n}`, n)), null])
          const { entries, texts } = yield* store.log(account, 0, 99)
          yield* Expect.same(
            "events",
            entries.map(({ event: { id } }) => id),
            many.map((n) => `event-${n}`)
          )
          yield* Expect.same("texts", [...texts.keys()].sort(), many.map((n) => `t${n}`).sort())
          const [command] = yield* store.get(account, [commandKey("agent:1/k")])
          yield* Expect.same("the answer", command?.value, remembered(1))
        })
    )
  ]
}
