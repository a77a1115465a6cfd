import { Effect, Fiber, Latch, Result, Scheduler, Stream } from "effect"
import fc from "fast-check"
import { Actor, Id, Instant } from "leadline"
import { MemoryDeskStore } from "leadline/memory"
import { type DeskRecords, DeskStore, type DeskStoreShape, type Key } from "leadline/ports"
import { describe, expect, it } from "vitest"

const account = Id.AccountId.make("concurrency")
const chatOf = (n: number) => ({ chatId: Id.ChatId.make(`c${n}`) })
const at = (id: string): Key<DeskRecords, "openChat"> => ({ kind: "openChat", id })

const event = (id: string) => ({
  id: Id.EventId.make(id),
  stream: "visitor/v",
  number: 0,
  at: Instant.fromMillis(0),
  actor: Actor.system,
  surface: "api" as const,
  schemaVersion: 1,
  payload: { _tag: "VisitorBanned" as const, visitorId: Id.VisitorId.make("v") },
  contents: []
})

/** Puts a record as it was read, and says so in the log. */
const write = (
  store: DeskStoreShape,
  read: { readonly key: Key<DeskRecords, "openChat">; readonly version: number },
  n: number
) =>
  store.commit(account, {
    expect: [read],
    put: [{ key: read.key, value: chatOf(n), contents: [], due: null }],
    remove: [],
    contents: [],
    events: [event(`e${n}`)],
    remember: null
  })

/** On a fresh store, between whose operations other fibers run. */
const onFresh = <A>(use: (store: DeskStoreShape) => Effect.Effect<A, unknown>): Promise<A> =>
  Effect.runPromise(Effect.provide(DeskStore.use(use), MemoryDeskStore.layer({ yieldsBeforeEach: true })))

const range = (size: number) => Array.from({ length: size }, (_, n) => n)
const together = { concurrency: "unbounded" } as const

describe("fibers that meet at a store in memory", () => {
  it("really meet: of those who read before anybody writes, all but one lose (K2)", () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 40 }), (writers) =>
        onFresh((store) =>
          Effect.gen(function* () {
            const tried = yield* Effect.forEach(
              range(writers),
              (n) =>
                Effect.gen(function* () {
                  const [read] = yield* store.get(account, [at("one")])
                  return yield* Effect.result(write(store, read, n))
                }),
              together
            )
            const won = range(writers).filter((n) => tried[n] !== undefined && Result.isSuccess(tried[n]))
            expect(won).toHaveLength(1)
            const [read] = yield* store.get(account, [at("one")])
            expect(read.value).toEqual(chatOf(won[0] ?? -1))
            const { entries } = yield* store.log(account, 0, 99)
            expect(entries.map((entry) => entry.event.id)).toEqual([`e${won[0]}`])
          })
        )
      ),
      { numRuns: 20 }
    ))

  it("do not meet without the option: each operation follows the last of its fiber at once", () => {
    const counted = Effect.gen(function* () {
      const store = yield* DeskStore
      const one = Effect.gen(function* () {
        const [read] = yield* store.get(account, [at("one")])
        return yield* Effect.result(write(store, read, 1))
      })
      const tried = yield* Effect.all([one, one, one], together)
      return tried.filter(Result.isSuccess).length
    })
    expect(Effect.runSync(Effect.provide(counted, MemoryDeskStore.layer()))).toBe(3)
  })

  it("count to the end when losers try again: no write is lost (K2)", () =>
    onFresh((store) =>
      Effect.gen(function* () {
        let losses = 0
        const increment = (n: number): Effect.Effect<void, unknown> =>
          Effect.gen(function* () {
            const [read] = yield* store.get(account, [at("one")])
            const done = yield* Effect.result(write(store, read, n))
            if (Result.isSuccess(done)) return
            losses++
            yield* increment(n)
          })
        yield* Effect.forEach(range(30), increment, together)
        const { entries } = yield* store.log(account, 0, 99)
        expect(new Set(entries.map((entry) => entry.event.id)).size).toBe(30)
        expect(entries).toHaveLength(30)
        expect(losses).toBeGreaterThan(30)
      })
    ))

  it("read the log in pages of any size from any time on, each event once, in order, while many write (K2)", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.record({ page: fc.integer({ min: 1, max: 9 }), startsAt: fc.nat({ max: 40 }) }), {
          minLength: 1,
          maxLength: 5
        }),
        (events, readers) =>
          onFresh((store) =>
            Effect.gen(function* () {
              const writing = Effect.forEach(
                range(events),
                (n) => write(store, { key: at(`r${n}`), version: 0 }, n),
                together
              )
              const reading = ({ page, startsAt }: { readonly page: number; readonly startsAt: number }) =>
                Effect.gen(function* () {
                  yield* Effect.forEach(range(startsAt), () => Effect.yieldNow)
                  const seen: Array<string> = []
                  let position = 0
                  const readOn = Effect.gen(function* () {
                    for (;;) {
                      const { entries, next } = yield* store.log(account, position, page)
                      if (entries.length === 0) return
                      seen.push(...entries.map((entry) => entry.event.id))
                      position = next
                    }
                  })
                  yield* store.changes(account).pipe(
                    Stream.mapEffect(() => readOn),
                    Stream.takeUntil(() => seen.length >= events),
                    Stream.runDrain
                  )
                  return seen
                })
              const [, ...all] = yield* Effect.all([writing, ...readers.map(reading)], together)
              const { entries } = yield* store.log(account, 0, events + 1)
              const order = entries.map((entry) => entry.event.id)
              expect(order).toHaveLength(events)
              for (const seen of all) expect(seen).toEqual(order)
            })
          )
      ),
      { numRuns: 30 }
    ))
})

describe("a subscriber of a store in memory", () => {
  it("that is slow holds up no commit, and is woken once for all it missed", () =>
    onFresh((store) =>
      Effect.gen(function* () {
        const gate = yield* Latch.make()
        let wakeUps = 0
        const slow = yield* store.changes(account).pipe(
          Stream.runForEach(() => {
            wakeUps++
            return gate.await
          }),
          Effect.forkChild({ startImmediately: true })
        )
        yield* Effect.forEach(range(9), () => Effect.yieldNow)
        expect(wakeUps).toBe(1)
        yield* Effect.forEach(range(50), (n) => write(store, { key: at(`r${n}`), version: 0 }, n))
        expect(wakeUps).toBe(1)
        yield* gate.open
        yield* Effect.forEach(range(99), () => Effect.yieldNow)
        expect(wakeUps).toBeGreaterThan(1)
        expect(wakeUps).toBeLessThanOrEqual(3)
        yield* Fiber.interrupt(slow)
      })
    ))

  it("is woken by its own account alone, and by commits with events alone (J2)", () =>
    onFresh((store) =>
      Effect.gen(function* () {
        let wakeUps = 0
        const reader = yield* store.changes(account).pipe(
          Stream.runForEach(() => Effect.sync(() => wakeUps++)),
          Effect.forkChild({ startImmediately: true })
        )
        const settled = Effect.forEach(range(20), () => Effect.yieldNow)
        yield* settled
        expect(wakeUps).toBe(1)
        const silent = { expect: [], put: [], remove: [], contents: [], events: [], remember: null }
        yield* store.commit(account, silent)
        yield* store.commit(Id.AccountId.make("another"), { ...silent, events: [event("e")] })
        yield* settled
        expect(wakeUps).toBe(1)
        yield* store.commit(account, { ...silent, events: [event("e")] })
        yield* settled
        expect(wakeUps).toBe(2)
        yield* Fiber.interrupt(reader)
      })
    ))

  it("is one of many: each is woken at once when it comes, and by what follows", () =>
    onFresh((store) =>
      Effect.gen(function* () {
        const woken = [0, 0, 0]
        const settled = Effect.forEach(range(20), () => Effect.yieldNow)
        for (const n of range(3)) {
          yield* store.changes(account).pipe(
            Stream.runForEach(() =>
              Effect.sync(() => {
                woken[n] = (woken[n] ?? 0) + 1
              })
            ),
            Effect.forkChild({ startImmediately: true })
          )
          yield* settled
          yield* write(store, { key: at(`r${n}`), version: 0 }, n)
          yield* settled
        }
        expect(woken).toEqual([4, 3, 2])
      })
    ))

  it("is woken by a commit whose fiber was interrupted right after it, at whichever step (K2)", async () => {
    const outcomes = new Set<boolean>()
    for (const steps of range(40)) {
      const { isStored, wakeUps } = await onFresh((store) =>
        Effect.gen(function* () {
          let wakeUps = 0
          const settled = Effect.forEach(range(20), () => Effect.yieldNow)
          const reader = yield* store.changes(account).pipe(
            Stream.runForEach(() => Effect.sync(() => wakeUps++)),
            Effect.forkChild({ startImmediately: true })
          )
          yield* settled
          const writer = yield* write(store, { key: at("r"), version: 0 }, 1).pipe(
            Effect.provideService(Scheduler.MaxOpsBeforeYield, 3),
            Effect.forkChild
          )
          yield* Effect.forEach(range(steps), () => Effect.yieldNow)
          yield* Fiber.interrupt(writer)
          yield* settled
          yield* Fiber.interrupt(reader)
          return { wakeUps, isStored: (yield* store.log(account, 0, 1)).entries.length === 1 }
        })
      )
      expect([steps, wakeUps]).toEqual([steps, isStored ? 2 : 1])
      outcomes.add(isStored)
    }
    // some fibers were interrupted before their commit, some after
    expect(outcomes.size).toBe(2)
  })
})
