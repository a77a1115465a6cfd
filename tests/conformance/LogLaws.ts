import { Effect, Stream } from "effect"
import type { CommonRecords, RecordStore } from "leadline/ports"
import { describe, expect } from "vitest"
import { account, at, type LawKit, other, ref, subject, text } from "./LawKit.ts"

/** The log, its wake-ups, deadlines, texts. */
export const logLaws = <Records extends CommonRecords, Payload>(name: string, kit: LawKit<Records, Payload>): void => {
  type Store = RecordStore<Records, Payload>
  const { change, event, key, kind, law, put, write } = kit

  describe(`${name}, its log`, () => {
    law("store.log.order: positions increase in the order of commits, and pages join to the whole (K2)", (store) =>
      Effect.gen(function* () {
        for (const n of [1, 2, 3]) yield* write(store, [], { events: [event(2 * n - 1), event(2 * n)] })
        const paged: Array<{ readonly position: number; readonly id: string }> = []
        let after = 0
        for (;;) {
          const { entries, next } = yield* store.log(account, after, 4)
          if (entries.length === 0) break
          paged.push(...entries.map(({ event: { id }, position }) => ({ position, id })))
          after = next
        }
        expect(paged.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `event-${n}`))
        expect(paged.every(({ position }, n) => position > (paged[n - 1]?.position ?? 0))).toBe(true)
      })
    )

    law("store.log.texts: a page brings the texts its events refer to; erased ones are absent (J4)", (store) =>
      Effect.gen(function* () {
        yield* write(store, [], {
          contents: [text("t1"), text("t2", "v2")],
          events: [event(1, [ref("t1"), ref("t2")])]
        })
        expect((yield* store.log(account, 0, 10)).texts).toEqual(
          new Map([
            [ref("t1"), "text of t1"],
            [ref("t2"), "text of t2"]
          ])
        )
        yield* store.erase(account, subject("v2"), 10)
        expect((yield* store.log(account, 0, 10)).texts).toEqual(new Map([[ref("t1"), "text of t1"]]))
      })
    )

    law("store.log.everyEventOnce: a reader sees each event once, in order, while many write (K2)", (store) =>
      Effect.gen(function* () {
        const writers = Effect.forEach(
          Array.from({ length: 60 }, (_, n) => n),
          (n) => write(store, [put(`r${n}`, n)], { events: [event(n)] }),
          { concurrency: 16 }
        )
        const seen: Array<string> = []
        let position = 0
        const reader = store.changes(account).pipe(
          Stream.mapEffect(() =>
            Effect.gen(function* () {
              for (;;) {
                const page = yield* store.log(account, position, 7)
                if (page.entries.length === 0) return
                expect(page.entries.every((entry) => entry.position > position)).toBe(true)
                position = page.next
                seen.push(...page.entries.map(({ event: { id } }) => id))
              }
            })
          ),
          Stream.takeUntil(() => seen.length >= 60),
          Stream.runDrain
        )
        yield* Effect.all([reader, writers], { concurrency: "unbounded" })
        expect([...seen].sort()).toEqual(Array.from({ length: 60 }, (_, n) => `event-${n}`).sort())
        const all = yield* store.log(account, 0, 100)
        expect(seen).toEqual(all.entries.map(({ event: { id } }) => id))
      })
    )

    law("store.changes.first: a subscriber is woken at once", (store) =>
      Effect.gen(function* () {
        expect(yield* Stream.runCollect(Stream.take(store.changes(account), 1))).toHaveLength(1)
      })
    )

    law("store.changes.afterCommit: a subscriber is woken after a commit with events, however slow it is", (store) =>
      Effect.gen(function* () {
        let wakes = 0
        const reader = store.changes(account).pipe(
          Stream.mapEffect(() => {
            wakes++
            return wakes === 1 ? write(store, [], { events: [event(1), event(2)] }) : Effect.void
          }),
          Stream.take(2),
          Stream.runDrain
        )
        yield* reader
        expect(wakes).toBe(2)
      })
    )
  })

  describe(`${name}, deadlines and texts`, () => {
    const dueAt = (id: string, millis: number | null) => put(id, 1, { due: millis === null ? null : at(millis) })
    const dueIds = (store: Store, now: number, limit = 10) =>
      Effect.map(store.due(account, kind, at(now), limit), (reads) => reads.map(({ key: k }) => k.id))

    law("store.due.order: what is due comes earliest first, what is not does not come", (store) =>
      Effect.gen(function* () {
        yield* write(store, [dueAt("a", 30), dueAt("b", 10), dueAt("c", null), dueAt("d", 20), dueAt("e", 10)])
        expect(yield* dueIds(store, 9)).toEqual([])
        expect(yield* dueIds(store, 10)).toEqual(["b", "e"])
        expect(yield* dueIds(store, 30)).toEqual(["b", "e", "d", "a"])
        expect(yield* dueIds(store, 30, 3)).toEqual(["b", "e", "d"])
      })
    )

    law("store.due.moved: a deadline holds until its record is put with another, or removed", (store) =>
      Effect.gen(function* () {
        yield* write(store, [dueAt("a", 10), dueAt("b", 10), dueAt("c", 10)])
        yield* write(store, [dueAt("a", 20), dueAt("b", null)])
        const [c] = yield* store.get(account, [key("c")])
        const expected = [{ key: key("c"), version: c?.version ?? 0 }]
        yield* store.commit(account, change({ expect: expected, remove: [key("c")] }))
        expect(yield* dueIds(store, 10)).toEqual([])
        expect(yield* dueIds(store, 20)).toEqual(["a"])
      })
    )

    law("store.contents.get: texts come by reference; unknown ones are absent (J4)", (store) =>
      Effect.gen(function* () {
        yield* write(store, [], { contents: [text("t1")], events: [event(1, [ref("t1")])] })
        const found = yield* store.contents(account, [ref("t1"), ref("t2")])
        expect([...found]).toEqual([[ref("t1"), "text of t1"]])
      })
    )

    law("store.contentCount.left: counts a subject's texts, and only theirs, as they are now (J4, J2)", (store) =>
      Effect.gen(function* () {
        expect(yield* store.contentCount(account, subject("v1"))).toBe(0)
        yield* write(store, [], {
          contents: [text("t1"), text("t2"), text("t3", "v2")],
          events: [event(1, ["t1", "t2", "t3"].map(ref))]
        })
        expect(yield* store.contentCount(account, subject("v1"))).toBe(2)
        expect(yield* store.contentCount(other, subject("v1"))).toBe(0)
        yield* store.erase(account, subject("v1"), 1)
        expect(yield* store.contentCount(account, subject("v1"))).toBe(1)
        expect(yield* store.contentCount(account, subject("v2"))).toBe(1)
      })
    )

    law("store.erase.batches: a subject's texts go in batches, and only theirs (J4)", (store) =>
      Effect.gen(function* () {
        const mine = ["t1", "t2", "t3"]
        yield* write(store, [], {
          contents: [...mine.map((id) => text(id)), text("t4", "v2")],
          events: [event(1, [...mine, "t4"].map(ref))]
        })
        expect(yield* store.erase(account, subject("v1"), 2)).toEqual({ erased: 2, isDone: false })
        expect(yield* store.erase(account, subject("v1"), 2)).toEqual({ erased: 1, isDone: true })
        const left = yield* store.contents(account, [...mine, "t4"].map(ref))
        expect([...left.keys()]).toEqual([ref("t4")])
      })
    )

    law("store.erase.repeat: erasing again erases nothing more (J4)", (store) =>
      Effect.gen(function* () {
        yield* write(store, [], { contents: [text("t1")], events: [event(1, [ref("t1")])] })
        yield* store.erase(account, subject("v1"), 9)
        expect(yield* store.erase(account, subject("v1"), 9)).toEqual({ erased: 0, isDone: true })
      })
    )
  })
}
