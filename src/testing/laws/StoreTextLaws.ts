import { Effect } from "effect"
import type * as Id from "../../domain/account/Id.ts"
import type { CommonRecords } from "../../ports/RecordStore.ts"
import * as Expect from "./Expect.ts"
import type { Law } from "./Law.ts"
import { at, erases, ref, type Store, type StoreKit, subject, text } from "./StoreKit.ts"

/** Deadlines, and personal texts. */
export const storeTextLaws = <R, Records extends CommonRecords, Payload>(
  kit: StoreKit<R, Records, Payload>
): ReadonlyArray<Law<R>> => {
  const { change, event, key, kind, law, put, value, write } = kit
  const dueAt = (id: string, millis: number | null) => put(id, 1, { due: millis === null ? null : at(millis) })
  const dueIds = (store: Store<Records, Payload>, account: Id.AccountId, now: number, limit = 10) =>
    Effect.map(store.due(account, kind, at(now), limit), (reads) => reads.map(({ key: found }) => found.id))
  const mine = ["t1", "t2", "t3"]
  /** Three texts of `v1`, one of `v2`. */
  const writeTexts = (store: Store<Records, Payload>, account: Id.AccountId) =>
    write(store, account, [put("a", 1, { contents: [...mine, "t4"].map(ref) })], {
      contents: [...mine.map((id) => text(id)), text("t4", "v2")],
      events: [event(1, [...mine, "t4"].map(ref))]
    })

  return [
    law(
      {
        id: "store.due.order",
        sentence:
          "what is due comes earliest first, then by id by code unit; what is not yet, never, or of another kind does not",
        rules: ["D5", "K2"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          yield* write(store, account, [
            dueAt("a", 30),
            dueAt("b", 10),
            dueAt("c", null),
            dueAt("d", 20),
            dueAt("B", 10)
          ])
          const remember = { id: "agent:1/k", digest: "d", answer: 1, until: at(1) }
          const command = { key: kit.commandKey("agent:1/k"), version: 0 }
          yield* store.commit(account, change({ expect: [command], remember }))
          yield* Expect.same("due at 9", yield* dueIds(store, account, 9), [])
          yield* Expect.same("due at 10", yield* dueIds(store, account, 10), ["B", "b"])
          yield* Expect.same("due at 30", yield* dueIds(store, account, 30), ["B", "b", "d", "a"])
          yield* Expect.same("due at 30, at most 3", yield* dueIds(store, account, 30, 3), ["B", "b", "d"])
          const [b] = yield* store.get(account, [key("B")])
          const [first] = yield* store.due(account, kind, at(30), 1)
          yield* Expect.same("the first, read with its deadline", first, { ...b, due: at(10) })
        })
    ),

    law(
      {
        id: "store.due.moved",
        sentence:
          "a deadline holds until its record is put with another, with none, or removed; no old one is left behind",
        rules: ["D5", "K2"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          yield* write(store, account, [dueAt("a", 10), dueAt("b", 10), dueAt("c", 10), dueAt("d", 10)])
          yield* write(store, account, [dueAt("a", 20), dueAt("b", null)])
          const reads = yield* store.get(account, [key("c"), key("d")])
          const expected = reads.map((read) => ({ key: read.key, version: read.version }))
          yield* store.commit(account, change({ expect: expected, remove: [key("c"), key("d")] }))
          yield* Expect.same("due at 10", yield* dueIds(store, account, 10), [])
          yield* Expect.same("due at 20", yield* dueIds(store, account, 20), ["a"])
          yield* write(store, account, [dueAt("d", null)])
          yield* Expect.same("due at 20, one put again without", yield* dueIds(store, account, 20), ["a"])
        })
    ),

    law(
      {
        id: "store.contents.get",
        sentence: "texts come by reference, those asked for; unknown ones are absent",
        rules: ["J4"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          yield* writeTexts(store, account)
          const found = yield* store.contents(account, ["t1", "t4", "none"].map(ref))
          yield* Expect.same("contents", found, new Map(["t1", "t4"].map((id) => [id, `text of ${id}`])))
          yield* Expect.same("contents of no references", yield* store.contents(account, []), new Map())
        })
    ),

    law(
      {
        id: "store.contentCount.left",
        sentence: "counts a subject's texts, and only theirs",
        rules: ["J4"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          yield* Expect.same("texts before any", yield* store.contentCount(account, subject("v1")), 0)
          yield* writeTexts(store, account)
          const record = { _tag: "Record", kind: "lead", id: "v1" } as const
          const count = { ...text("t9"), subject: record }
          yield* write(store, account, [], { contents: [count] })
          yield* Expect.same("texts of v1", yield* store.contentCount(account, subject("v1")), 3)
          yield* Expect.same("texts of v2", yield* store.contentCount(account, subject("v2")), 1)
          yield* Expect.same("texts of a lead of that id", yield* store.contentCount(account, record), 1)
          const person = { ...record, kind: "person" as const }
          yield* Expect.same("texts of a person of that id", yield* store.contentCount(account, person), 0)
        })
    ),

    law(
      {
        id: "store.erase.batches",
        sentence: "a subject's texts go in batches, and only theirs; `isDone` says when none is left",
        rules: ["J4"],
        needs: erases
      },
      (store, { account }) =>
        Effect.gen(function* () {
          yield* writeTexts(store, account)
          const v1 = subject("v1")
          const first = yield* store.erase(account, v1, 2)
          yield* Expect.same("the first batch of 2", first, { erased: 2, isDone: false })
          yield* Expect.same("texts left", yield* store.contentCount(account, v1), 1)
          yield* Expect.same("the second", yield* store.erase(account, v1, 2), { erased: 1, isDone: true })
          yield* Expect.same("texts left", yield* store.contentCount(account, v1), 0)
          const left = yield* store.contents(account, [...mine, "t4"].map(ref))
          yield* Expect.same("contents", [...left.keys()], ["t4"])
        })
    ),

    law(
      {
        id: "store.erase.repeat",
        sentence: "erasing again erases nothing more, and says that it is done",
        rules: ["J4"],
        needs: erases
      },
      (store, { account }) =>
        Effect.gen(function* () {
          yield* writeTexts(store, account)
          yield* store.erase(account, subject("v1"), 9)
          const done = { erased: 0, isDone: true }
          yield* Expect.same("erase again", yield* store.erase(account, subject("v1"), 9), done)
          yield* Expect.same("erase of nobody", yield* store.erase(account, subject("nobody"), 9), done)
        })
    ),

    law(
      {
        id: "store.erase.everywhere",
        sentence:
          "an erased text is gone wherever it was joined: with records, with the log, by reference; records and events stay",
        rules: ["J4"],
        needs: erases
      },
      (store, { account }) =>
        Effect.gen(function* () {
          yield* writeTexts(store, account)
          const reads = yield* store.get(account, [key("a")])
          // read before, so that what an implementation keeps of it would come again
          yield* store.getWithTexts(account, [key("a")])
          yield* store.log(account, 0, 9)
          yield* store.contents(account, mine.map(ref))
          yield* store.erase(account, subject("v1"), 9)
          const left = new Map([["t4", "text of t4"]])
          const read = yield* store.getWithTexts(account, [key("a")])
          yield* Expect.same("getWithTexts", read, { reads, texts: left })
          const page = yield* store.log(account, 0, 9)
          yield* Expect.same("texts of the log", page.texts, left)
          yield* Expect.same("events of the log", page.entries.length, 1)
          const found = yield* store.contents(account, [...mine, "t4"].map(ref))
          yield* Expect.same("contents", found, left)
          yield* Expect.same("the record", read.reads[0]?.value, value("a", 1))
        })
    ),

    law(
      {
        id: "store.erase.unsupported",
        sentence: "a store that cannot erase says so, and does not pretend",
        rules: ["J4", "K3"],
        forbids: erases
      },
      (store, { account }) =>
        Effect.gen(function* () {
          yield* writeTexts(store, account)
          const expected = { _tag: "StoreError", reason: "unsupported", isRetryable: false }
          yield* Expect.refused("erase", store.erase(account, subject("v1"), 9), expected)
          yield* Expect.same("texts left", yield* store.contentCount(account, subject("v1")), 3)
        })
    )
  ]
}
