import { Effect, Result, Stream } from "effect"
import * as fc from "fast-check"
import { type Content, type Event, Id, Instant } from "leadline"
import { type Commit, type CommonRecords, Conflict, type Key, type Put, type RecordStore } from "leadline/ports"
import { describe, expect, it } from "vitest"

/** A store to be checked, and samples of what it holds. Each law starts with an empty one. */
export interface StoreUnderTest<Records extends CommonRecords, Payload> {
  readonly store: <A, E>(use: (store: RecordStore<Records, Payload>) => Effect.Effect<A, E>) => Effect.Effect<A, E>
  /** A kind of record, its ids free to choose, and a value that says `n` somewhere. */
  readonly kind: keyof Records & string
  readonly value: (id: string, n: number) => Records[keyof Records]
  readonly payload: (n: number) => Payload
}

interface More {
  readonly contents?: ReadonlyArray<Content.ContentRef>
  readonly due?: Instant.Instant | null
}

const account = Id.AccountId.make("laws")
const other = Id.AccountId.make("others")
const at = (millis: number) => Instant.fromMillis(millis)
const subject = (id: string): Content.Subject => ({ _tag: "Visitor", visitorId: Id.VisitorId.make(id) })
const ref = (text: string) => text as Content.ContentRef
const text = (id: string, of = "v1"): Content.StoredContent => ({
  ref: ref(id),
  subject: subject(of),
  salt: "00".repeat(16),
  value: `text of ${id}`
})

/** The laws that every thin store keeps, whatever it holds. */
export const recordStoreLaws = <Records extends CommonRecords, Payload>(
  name: string,
  { kind, payload, store: withStore, value }: StoreUnderTest<Records, Payload>
): void => {
  type Store = RecordStore<Records, Payload>
  type Change = Commit<Records, Payload>

  const key = (id: string) => ({ kind, id }) as unknown as Key<Records>
  const put = (id: string, n: number, more: More = {}) =>
    ({ key: key(id), value: value(id, n), contents: [], due: null, ...more }) as unknown as Put<Records>
  const event = (n: number, contents: ReadonlyArray<Content.ContentRef> = []): Event.Event<Payload> => ({
    id: Id.EventId.make(`event-${n}`),
    stream: "law/1",
    number: n,
    at: at(n),
    actor: { _tag: "System" },
    surface: "api",
    schemaVersion: 1,
    payload: payload(n),
    contents
  })
  const change = (parts: Partial<Change>): Change => ({
    expect: [],
    put: [],
    remove: [],
    contents: [],
    events: [],
    remember: null,
    ...parts
  })
  /** Writes records as they come, reading what is there. */
  const write = (store: Store, puts: ReadonlyArray<Put<Records>>, more: Partial<Change> = {}, of = account) =>
    Effect.gen(function* () {
      const reads = yield* store.get(
        of,
        puts.map((one) => one.key)
      )
      return yield* store.commit(
        of,
        change({ ...more, expect: reads.map(({ key: k, version }) => ({ key: k, version })), put: puts })
      )
    })
  const values = (store: Store, ids: ReadonlyArray<string>, of = account) =>
    Effect.map(store.get(of, ids.map(key)), (reads) => reads.map(({ value: found }) => found))

  const law = <A, E>(title: string, use: (store: Store) => Effect.Effect<A, E>) =>
    it(title, () => Effect.runPromise(withStore(use)))

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

  it(`${name} agrees with a plain map, whatever is committed (K2)`, () =>
    fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 30 }), (steps) =>
        Effect.runPromise(
          withStore((store) =>
            Effect.gen(function* () {
              const model = new Map<string, number>()
              for (const { id, isStale, n } of steps) {
                const [read] = yield* store.get(account, [key(id)])
                const version = (read?.version ?? 0) + (isStale ? 1_000_000 : 0)
                const isRemoval = n === 0 && model.has(id)
                const done = yield* Effect.result(
                  store.commit(
                    account,
                    change({
                      expect: [{ key: key(id), version }],
                      ...(isRemoval ? { remove: [key(id)] } : { put: [put(id, n)] })
                    })
                  )
                )
                expect(Result.isSuccess(done)).toBe(!isStale)
                if (isStale) continue
                if (isRemoval) model.delete(id)
                else model.set(id, n)
              }
              const ids = ["a", "b", "c"]
              const expected = ids.map((id) => (model.has(id) ? value(id, model.get(id) ?? 0) : null))
              expect(yield* values(store, ids)).toEqual(expected)
            })
          )
        )
      ),
      { numRuns: 50 }
    ))
}

const anyStep = fc.record({
  id: fc.constantFrom("a", "b", "c"),
  n: fc.nat({ max: 3 }),
  isStale: fc.boolean()
})

/** Changes everything that can be changed, at any depth. */
const spoil = (value: unknown): void => {
  if (typeof value !== "object" || value === null) return
  for (const [name, part] of Object.entries(value)) {
    spoil(part)
    Reflect.set(value, name, "spoiled")
  }
}
