import { Effect, Result } from "effect"
import { type CommonRecords, Conflict, type Key } from "leadline/ports"
import { describe, expect } from "vitest"
import { account, at, type LawKit, other, ref, subject, text } from "./LawKit.ts"

/** Reading by key, and the one write. */
export const commitLaws = <Records extends CommonRecords, Payload>(
  name: string,
  kit: LawKit<Records, Payload>
): void => {
  const { change, event, key, kind, law, put, value, values, write } = kit

  describe(`${name}, reading`, () => {
    law("store.get.missing: a record that is not there has version 0 and no value", (store) =>
      Effect.gen(function* () {
        expect(yield* store.get(account, [key("nobody")])).toEqual([{ key: key("nobody"), version: 0, value: null }])
      })
    )

    law("store.get.order: records come in the order asked for, repeated ones repeated", (store) =>
      Effect.gen(function* () {
        yield* write(store, [put("a", 1), put("b", 2)])
        const reads = yield* store.get(account, ["b", "nobody", "a", "b"].map(key))
        expect(reads.map(({ key: { id } }) => id)).toEqual(["b", "nobody", "a", "b"])
        expect(reads.map(({ value: found }) => found)).toEqual([value("b", 2), null, value("a", 1), value("b", 2)])
      })
    )

    law("store.get.isolation: nobody changes what is stored, neither who put it nor who read it", (store) =>
      Effect.gen(function* () {
        const mine = put("a", 1)
        yield* write(store, [mine])
        spoil(mine.value)
        const [read] = yield* store.get(account, [key("a")])
        expect(read?.value).toEqual(value("a", 1))
        spoil(read?.value)
        expect(yield* values(store, ["a"])).toEqual([value("a", 1)])
      })
    )

    law("store.get.texts: the texts a value refers to come with it, erased ones do not (J4)", (store) =>
      Effect.gen(function* () {
        const refs = [ref("t1"), ref("t2"), ref("t3")]
        yield* write(store, [put("a", 1, { contents: refs })], {
          contents: [text("t1"), text("t2", "v2"), text("t9")]
        })
        yield* store.erase(account, subject("v2"), 10)
        const { texts } = yield* store.getWithTexts(account, [key("a"), key("nobody")])
        expect([...texts]).toEqual([[ref("t1"), "text of t1"]])
      })
    )

    law("store.account.separate: two accounts with the same keys never see each other (J2)", (store) =>
      Effect.gen(function* () {
        yield* write(store, [put("a", 1, { due: at(1) })], {
          contents: [text("t1")],
          events: [event(1, [ref("t1")])]
        })
        yield* write(store, [put("a", 2)], {}, other)
        expect(yield* values(store, ["a"])).toEqual([value("a", 1)])
        expect(yield* values(store, ["a"], other)).toEqual([value("a", 2)])
        expect((yield* store.log(other, 0, 10)).entries).toEqual([])
        expect(yield* store.contents(other, [ref("t1")])).toEqual(new Map())
        expect(yield* store.due(other, kind, at(9), 10)).toEqual([])
        yield* store.erase(other, subject("v1"), 10)
        expect((yield* store.contents(account, [ref("t1")])).size).toBe(1)
      })
    )
  })

  describe(`${name}, committing`, () => {
    law("store.commit.conflict: names every key whose version differs, and writes nothing (K2)", (store) =>
      Effect.gen(function* () {
        yield* write(store, [put("a", 1), put("b", 1), put("c", 1)])
        const reads = yield* store.get(account, ["a", "b", "c"].map(key))
        yield* write(store, [put("a", 2), put("c", 2)])
        const expected = reads.map(({ key: k, version }) => ({ key: k, version }))
        const lost = yield* Effect.flip(
          store.commit(
            account,
            change({ expect: expected, put: [put("b", 9)], contents: [text("t1")], events: [event(1)] })
          )
        )
        expect(lost).toBeInstanceOf(Conflict)
        expect(lost._tag === "Conflict" ? lost.keys : []).toEqual([key("a"), key("c")])
        expect(yield* values(store, ["a", "b", "c"])).toEqual([value("a", 2), value("b", 1), value("c", 2)])
        expect((yield* store.log(account, 0, 10)).entries).toEqual([])
        expect((yield* store.contents(account, [ref("t1")])).size).toBe(0)
      })
    )

    law("store.commit.absence: an absence is expected like a version: of two who create, one wins (D6, E5)", (store) =>
      Effect.gen(function* () {
        const create = (n: number) =>
          store.commit(account, change({ expect: [{ key: key("a"), version: 0 }], put: [put("a", n)] }))
        const created = yield* Effect.forEach([1, 2, 3, 4, 5], (n) => Effect.result(create(n)), {
          concurrency: "unbounded"
        })
        expect(created.filter(Result.isSuccess)).toHaveLength(1)
        const [won] = created.flatMap((result, n) => (Result.isSuccess(result) ? [n + 1] : []))
        expect(yield* values(store, ["a"])).toEqual([value("a", won ?? 0)])
      })
    )

    law("store.commit.versions: a version is never used twice for a key, not even after a removal", (store) =>
      Effect.gen(function* () {
        const seen = new Set<number>()
        for (const n of [1, 2, 3, 4]) {
          const { versions } = yield* write(store, [put("a", n)])
          const [read] = yield* store.get(account, [key("a")])
          expect(versions).toEqual([read?.version])
          seen.add(read?.version ?? 0)
          const expected = [{ key: key("a"), version: read?.version ?? 0 }]
          if (n % 2 === 0) yield* store.commit(account, change({ expect: expected, remove: [key("a")] }))
        }
        expect(seen.size).toBe(4)
        expect(yield* store.get(account, [key("a")])).toMatchObject([{ version: 0, value: null }])
      })
    )

    law("store.commit.atomic: readers see all of a commit or nothing of it (K2)", (store) =>
      Effect.gen(function* () {
        yield* write(store, [put("a", 0), put("b", 0)])
        const torn: Array<unknown> = []
        const writer = Effect.forEach(
          Array.from({ length: 20 }, (_, n) => n + 1),
          (n) => write(store, [put("a", n), put("b", n)])
        )
        const reader = Effect.forEach(Array.from({ length: 40 }), () =>
          Effect.map(values(store, ["a", "b"]), ([a, b]) => {
            const n = Array.from({ length: 21 }, (_, at) => at).find(
              (at) => JSON.stringify(value("a", at)) === JSON.stringify(a)
            )
            if (JSON.stringify(value("b", n ?? -1)) !== JSON.stringify(b)) torn.push([a, b])
          })
        )
        yield* Effect.all([writer, reader], { concurrency: "unbounded" })
        expect(torn).toEqual([])
      })
    )

    law("store.commit.remembers: an answer is kept under its key, and conflicts like any record (K1)", (store) =>
      Effect.gen(function* () {
        const command = { kind: "command", id: "agent:1/k" } as unknown as Key<Records>
        const remember = { id: "agent:1/k", digest: "d", answer: { n: 1 }, until: at(99) }
        const first = change({ expect: [{ key: command, version: 0 }], remember })
        yield* store.commit(account, first)
        expect(yield* store.get(account, [command])).toMatchObject([{ value: remember }])
        expect(yield* Effect.flip(store.commit(account, first))).toBeInstanceOf(Conflict)
        expect(yield* store.due(account, "command" as keyof Records, at(99), 5)).toMatchObject([{ key: command }])
      })
    )
  })
}

/** Changes everything that can be changed, at any depth. */
const spoil = (value: unknown): void => {
  if (typeof value !== "object" || value === null) return
  for (const [name, part] of Object.entries(value)) {
    spoil(part)
    Reflect.set(value, name, "spoiled")
  }
}
