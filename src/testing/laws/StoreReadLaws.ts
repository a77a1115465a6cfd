import { Effect } from "effect"
import type { CommonRecords } from "../../ports/RecordStore.ts"
import * as Expect from "./Expect.ts"
import type { Law } from "./Law.ts"
import { at, erases, ref, type StoreKit, subject, text } from "./StoreKit.ts"

/** Reading by key, and who must not see it. */
export const storeReadLaws = <R, Records extends CommonRecords, Payload>(
  kit: StoreKit<R, Records, Payload>
): ReadonlyArray<Law<R>> => {
  const { commandKey, event, key, kind, law, put, value, values, write } = kit
  return [
    law(
      { id: "store.get.missing", sentence: "a record that is not there has version 0 and no value", rules: ["K2"] },
      (store, { account }) =>
        Effect.gen(function* () {
          const missing = [{ key: key("nobody"), version: 0, value: null }]
          yield* Expect.same("get", yield* store.get(account, [key("nobody")]), missing)
          yield* write(store, account, [put("a", 1)])
          yield* Expect.same("get beside a record", yield* store.get(account, [key("nobody")]), missing)
        })
    ),

    law(
      {
        id: "store.get.order",
        sentence: "records come in the order asked for, repeated ones repeated, missing ones in their place",
        rules: ["K2"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          yield* write(store, account, [put("a", 1), put("b", 2)])
          const asked = ["b", "nobody", "a", "b"]
          const reads = yield* store.get(account, asked.map(key))
          yield* Expect.same(
            "get",
            reads.map((read) => [read.key.id, read.value]),
            asked.map((id) => [id, id === "nobody" ? null : value(id, id === "a" ? 1 : 2)])
          )
          const { reads: same } = yield* store.getWithTexts(account, asked.map(key))
          yield* Expect.same("getWithTexts", same, reads)
        })
    ),

    law(
      {
        id: "store.get.exact",
        sentence:
          "ids are compared character by character: those that differ by case, by accent, by Unicode form, or look like a pattern, name different records",
        rules: ["J2"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          const ids = ["a1", "A1", "\u00e41", "a\u03081", "a_", "a%", "a*", "a", "a/1"]
          yield* write(
            store,
            account,
            ids.map((id, n) => put(id, n))
          )
          const found = yield* values(store, account, ids)
          yield* Expect.same(
            "get",
            found,
            ids.map((id, n) => value(id, n))
          )
          yield* write(store, account, [put("a1", 77)])
          yield* Expect.same("get of A1, when a1 was put", yield* values(store, account, ["A1"]), [value("A1", 1)])
        })
    ),

    law(
      {
        id: "store.get.isolation",
        sentence:
          "nobody changes what is stored from outside: neither who put it, nor who read it, nor who read the log",
        rules: ["K2"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          const [mine, said] = [put("a", 1, { due: at(1) }), event(1)]
          yield* write(store, account, [mine], { events: [said] })
          spoil(mine.value)
          spoil(said)
          const [read] = yield* store.get(account, [key("a")])
          yield* Expect.same("get, when the value that was put is changed", read?.value, value("a", 1))
          const logged = yield* store.log(account, 0, 9)
          yield* Expect.same("log, when the event that was committed is changed", logged.entries[0]?.event, event(1))
          spoil(read)
          spoil(logged.entries)
          spoil(yield* store.due(account, kind, at(1), 9))
          spoil((yield* store.getWithTexts(account, [key("a")])).reads)
          yield* Expect.same("get, when what was read is changed", yield* values(store, account, ["a"]), [
            value("a", 1)
          ])
          const again = yield* store.log(account, 0, 9)
          yield* Expect.same("log, when what was read is changed", again.entries[0]?.event, event(1))
        })
    ),

    law(
      {
        id: "store.get.texts",
        sentence: "the texts a value refers to come with it, those of its last put, and no others",
        rules: ["J4"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          const contents = ["t1", "t2", "t9"].map((id) => text(id))
          yield* write(store, account, [put("a", 1, { contents: [ref("t1"), ref("none")] })], { contents })
          yield* write(store, account, [put("b", 1, { contents: [ref("t9")] })])
          const read = Effect.map(store.getWithTexts(account, [key("a"), key("nobody")]), ({ texts }) => texts)
          yield* Expect.same("texts", yield* read, new Map([["t1", "text of t1"]]))
          yield* write(store, account, [put("a", 2, { contents: [ref("t2")] })])
          yield* Expect.same("texts, put again", yield* read, new Map([["t2", "text of t2"]]))
        })
    ),

    law(
      {
        id: "store.account.separate",
        sentence: "no read shows an account what another one stored under the same keys",
        rules: ["J2"]
      },
      (store, { account, other }) =>
        Effect.gen(function* () {
          const remember = { id: "agent:1/k", digest: "d", answer: 1, until: at(1) }
          yield* write(store, account, [put("a", 1, { due: at(1), contents: [ref("t1")] })], {
            contents: [text("t1")],
            events: [event(1, [ref("t1")])]
          })
          const command = { key: commandKey("agent:1/k"), version: 0 }
          yield* store.commit(account, kit.change({ expect: [command], remember }))
          const nothing = { key: key("a"), version: 0, value: null }
          yield* Expect.same("get of another account", yield* store.get(other, [key("a")]), [nothing])
          yield* Expect.same("getWithTexts of another account", yield* store.getWithTexts(other, [key("a")]), {
            reads: [nothing],
            texts: new Map()
          })
          const { entries, texts } = yield* store.log(other, 0, 10)
          yield* Expect.same("log of another account", [entries, texts], [[], new Map()])
          yield* Expect.same("due of another account", yield* store.due(other, kind, at(9), 10), [])
          yield* Expect.same("commands of another account", yield* store.due(other, "command", at(9), 10), [])
          yield* Expect.same("contents of another account", yield* store.contents(other, [ref("t1")]), new Map())
          yield* Expect.same("contentCount of another account", yield* store.contentCount(other, subject("v1")), 0)
        })
    ),

    law(
      {
        id: "store.account.untouched",
        sentence: "no write of an account changes what another one stored under the same keys",
        rules: ["J2"]
      },
      (store, { account, other }) =>
        Effect.gen(function* () {
          yield* write(store, account, [put("a", 1, { due: at(1), contents: [ref("t1")] })], {
            contents: [text("t1")],
            events: [event(1, [ref("t1")])]
          })
          const state = Effect.all([
            store.getWithTexts(account, [key("a")]),
            store.log(account, 0, 9),
            store.due(account, kind, at(9), 9),
            store.contents(account, [ref("t1")])
          ])
          const before = yield* state
          // the same keys, texts and events: an absence is expected, so a shared key conflicts
          yield* store.commit(
            other,
            kit.change({
              expect: [{ key: key("a"), version: 0 }],
              put: [put("a", 2)],
              contents: [{ ...text("t1"), value: "theirs" }],
              events: [event(1, [ref("t1")])]
            })
          )
          yield* Expect.same("what was stored, when another account commits", yield* state, before)
          const [theirs] = yield* store.get(other, [key("a")])
          const expected = [{ key: key("a"), version: theirs?.version ?? 0 }]
          yield* store.commit(other, kit.change({ expect: expected, remove: [key("a")] }))
          yield* Expect.same("what was stored, when another account removes", yield* state, before)
        })
    ),

    law(
      {
        id: "store.account.erased",
        sentence: "erasing a person of one account leaves the same person's texts of another",
        rules: ["J2", "J4"],
        needs: erases
      },
      (store, { account, other }) =>
        Effect.gen(function* () {
          for (const who of [account, other]) yield* write(store, who, [], { contents: [text("t1")] })
          yield* store.erase(other, subject("v1"), 10)
          const left = yield* store.contents(account, [ref("t1")])
          yield* Expect.same("contents, when another account erases", left, new Map([["t1", "text of t1"]]))
          yield* Expect.same("contentCount", yield* store.contentCount(account, subject("v1")), 1)
        })
    )
  ]
}

/** Changes everything that can be changed, at any depth. */
const spoil = (value: unknown): void => {
  if (typeof value !== "object" || value === null) return
  for (const [name, part] of Object.entries(value)) {
    spoil(part)
    Reflect.set(value, name, "spoiled")
  }
}
