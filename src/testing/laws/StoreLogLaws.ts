import { Effect, Stream } from "effect"
import * as Id from "../../domain/account/Id.ts"
import type { CommonRecords, LogEntry, LogPage, Position } from "../../ports/RecordStore.ts"
import type { StoreError } from "../../ports/StoreError.ts"
import * as Expect from "./Expect.ts"
import { type Law, soon } from "./Law.ts"
import { ref, type Store, type StoreKit, text, upTo } from "./StoreKit.ts"

/** Streams that are written at once, and events of each. decision: a hundred events, in a second on a server. */
const STREAMS = 8
const EVENTS = 12

const together = { concurrency: "unbounded" } as const

/** The log, and its wake-ups. */
export const storeLogLaws = <R, Records extends CommonRecords, Payload>(
  kit: StoreKit<R, Records, Payload>
): ReadonlyArray<Law<R>> => {
  type Held = Store<Records, Payload>
  type Entry = LogEntry<Payload>
  const { event, law, put, write } = kit
  const ids = (entries: ReadonlyArray<Entry>) => entries.map(({ event: { id } }) => id as string)

  const streamEvent = (stream: number, n: number) => ({
    ...event(stream * EVENTS + n),
    stream: `law/${stream}`,
    number: n + 1
  })

  /** Every stream by a writer of its own; every third commit is a large one, which takes a store longer. */
  const writeStreams = (store: Held, account: Id.AccountId) =>
    Effect.forEach(
      upTo(STREAMS),
      (stream) =>
        Effect.forEach(upTo(EVENTS), (n) => {
          const records = (stream + n) % 3 === 0 ? upTo(20).map((r) => put(`r${stream}-${n}-${r}`, r)) : []
          return write(store, account, records, { events: [streamEvent(stream, n)] })
        }),
      together
    )

  /** A page that holds something leads further on; else nobody would come to an end. */
  const goesOn = (page: LogPage<Payload>, after: Position) =>
    Expect.holds(
      `next of the page after position ${after}`,
      page.next > after || page.entries.length === 0,
      page.next,
      "further on, where the page holds an event"
    )

  /** Reads on from a position until the log has no more. */
  const drain = (store: Held, account: Id.AccountId, from: Position, limit: number) =>
    Effect.gen(function* () {
      const entries: Array<Entry> = []
      let position = from
      for (;;) {
        const page = yield* store.log(account, position, limit)
        if (page.entries.length === 0) return { entries, position: page.next }
        yield* goesOn(page, position)
        entries.push(...page.entries)
        position = page.next
      }
    })

  /** What any reader must have seen: the log as it is in the end. */
  const sawAll = (who: string, seen: ReadonlyArray<Entry>, whole: ReadonlyArray<Entry>) =>
    Effect.gen(function* () {
      const [got, all] = [ids(seen), ids(whole)]
      const faults = {
        skipped: all.filter((id) => !got.includes(id)),
        twice: got.filter((id, n) => got.indexOf(id) !== n)
      }
      yield* Expect.same(`events that ${who} skipped, or saw twice`, faults, { skipped: [], twice: [] })
      yield* Expect.same(`order in which ${who} saw the events`, got, all)
    })

  const wholeLog = (store: Held, account: Id.AccountId) =>
    Effect.gen(function* () {
      const { entries } = yield* store.log(account, 0, STREAMS * EVENTS + 1)
      yield* Expect.same(
        "events in the log",
        new Set(ids(entries)),
        new Set(upTo(STREAMS * EVENTS).map((n) => `event-${n}`))
      )
      for (const stream of upTo(STREAMS)) {
        const numbers = entries.filter((entry) => entry.event.stream === `law/${stream}`).map((e) => e.event.number)
        yield* Expect.same(
          `numbers of stream ${stream}, in order of the log`,
          numbers,
          upTo(EVENTS).map((n) => n + 1)
        )
      }
      return entries
    })

  return [
    law(
      {
        id: "store.log.order",
        sentence:
          "positions increase in the order of commits; a page begins right after its position, so that no event comes twice and none is skipped, wherever one reads on",
        rules: ["K2"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          const given: Array<number> = []
          for (const n of [1, 3, 5]) {
            const { positions } = yield* write(store, account, [], { events: [event(n), event(n + 1)] })
            given.push(...positions)
          }
          const expected = [1, 2, 3, 4, 5, 6].map((n) => `event-${n}`)
          const { entries, position } = yield* drain(store, account, 0, 4)
          yield* Expect.same("events, in pages of 4", ids(entries), expected)
          const positions = entries.map((entry) => entry.position)
          yield* Expect.same("positions that commits gave, and the log's", given, positions)
          const isIncreasing = positions.every((one, n) => one > (positions[n - 1] ?? 0))
          yield* Expect.holds("positions", isIncreasing, positions, "above 0, each above the one before")
          for (const [n, after] of [0, ...positions].entries()) {
            const page = yield* store.log(account, after, 3)
            yield* Expect.same(`at most 3 events after position ${after}`, ids(page.entries), expected.slice(n, n + 3))
            const end = page.entries.at(-1)?.position ?? after
            yield* Expect.holds(`next after position ${after}`, page.next >= end, page.next, `${end} or later`)
          }
          yield* write(store, account, [], { events: [event(7)] })
          const { entries: later } = yield* drain(store, account, position, 4)
          yield* Expect.same("events after the end that was reached", ids(later), ["event-7"])
        })
    ),

    law(
      {
        id: "store.log.whole",
        sentence: "an event comes out of the log as it was committed, with every field",
        rules: ["K2", "K5"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          const said = [event(1, [ref("t1"), ref("t2")]), streamEvent(3, 4)]
          yield* write(store, account, [], { events: said })
          const { entries } = yield* store.log(account, 0, 9)
          yield* Expect.same(
            "events",
            entries.map((entry) => entry.event),
            said
          )
        })
    ),

    law(
      {
        id: "store.log.texts",
        sentence: "a page brings the texts that its own events refer to, and no others",
        rules: ["J4"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          yield* write(store, account, [], {
            contents: [text("t1"), text("t2", "v2"), text("t3")],
            events: [event(1, [ref("t1"), ref("t2"), ref("none")]), event(2, [ref("t3")])]
          })
          const page = yield* store.log(account, 0, 1)
          const expected = new Map(["t1", "t2"].map((id) => [id, `text of ${id}`]))
          yield* Expect.same("texts of the first event", page.texts, expected)
          const next = yield* store.log(account, page.next, 1)
          yield* Expect.same("texts of the second event", next.texts, new Map([["t3", "text of t3"]]))
        })
    ),

    law(
      {
        id: "store.log.everyEventOnce",
        sentence:
          "while many write, every reader sees each event once, in order: a commit that is slow is not skipped by those who read on",
        rules: ["K2"],
        group: "concurrent"
      },
      (store, { account }) =>
        Effect.gen(function* () {
          let isWriting = true
          /** Polls at its own speed, and reads on from where it got to. */
          const reader = (limit: number, rests: number) =>
            Effect.gen(function* () {
              const seen: Array<Entry> = []
              let position = 0
              for (;;) {
                const wasWriting = isWriting
                const page = yield* store.log(account, position, limit)
                yield* goesOn(page, position)
                seen.push(...page.entries)
                position = page.next
                if (page.entries.length === 0 && !wasWriting) return seen
                for (let rest = 0; rest < rests; rest++) yield* Effect.yieldNow
              }
            })
          /** Loses the connection in every second page: what it had of it is read again. */
          const reconnecting = Effect.gen(function* () {
            const seen: Array<Entry> = []
            let position = 0
            for (let turn = 0; ; turn++) {
              const wasWriting = isWriting
              const page = yield* store.log(account, position, 5)
              yield* goesOn(page, position)
              if (turn % 2 === 0 && page.entries.length > 0) continue
              seen.push(...page.entries)
              position = page.next
              if (page.entries.length === 0 && !wasWriting) return seen
              yield* Effect.yieldNow
            }
          })
          const writers = Effect.ensuring(
            writeStreams(store, account),
            Effect.sync(() => {
              isWriting = false
            })
          )
          const readers = { fast: reader(50, 1), slow: reader(3, 12), reconnecting }
          const [, seen] = yield* Effect.all([writers, Effect.all(readers, together)], together)
          const whole = yield* wholeLog(store, account)
          yield* sawAll("a fast reader", seen.fast, whole)
          yield* sawAll("a slow reader", seen.slow, whole)
          yield* sawAll("a reader that reconnects", seen.reconnecting, whole)
        })
    ),

    law(
      {
        id: "store.changes.first",
        sentence: "a subscriber is woken at once, before anything is written",
        rules: ["K2"]
      },
      (store, { account }) =>
        soon(
          "wake-ups",
          "one when it subscribes",
          () => "none",
          Stream.runDrain(Stream.take(store.changes(account), 1))
        )
    ),

    law(
      {
        id: "store.changes.afterCommit",
        sentence: "a subscriber is woken after a commit with events, also by one that comes while it is busy",
        rules: ["K2"]
      },
      (store, { account }) =>
        Effect.gen(function* () {
          let wakes = 0
          yield* soon(
            "wake-ups of a subscriber that commits at its first three",
            "four",
            () => wakes,
            store.changes(account).pipe(
              Stream.mapEffect(() => {
                wakes++
                return wakes < 4 ? write(store, account, [], { events: [event(wakes)] }) : Effect.void
              }),
              Stream.take(4),
              Stream.runDrain
            )
          )
        })
    ),

    law(
      {
        id: "store.changes.everyEvent",
        sentence: "no wake-up is lost: who reads the log only when woken gets every event, however commits fall",
        rules: ["K2"],
        group: "concurrent"
      },
      (store, { account }) =>
        Effect.gen(function* () {
          const wokenOnly = (
            limit: number,
            rests: number
          ): Effect.Effect<ReadonlyArray<Entry>, StoreError | Expect.Mismatch> => {
            const seen: Array<Entry> = []
            let position = 0
            const read = Effect.gen(function* () {
              const more = yield* drain(store, account, position, limit)
              seen.push(...more.entries)
              position = more.position
              for (let rest = 0; rest < rests; rest++) yield* Effect.yieldNow
            })
            const reading = store.changes(account).pipe(
              Stream.mapEffect(() => read),
              Stream.takeUntil(() => seen.length >= STREAMS * EVENTS),
              Stream.runDrain
            )
            return Effect.as(
              soon("events seen", `all ${STREAMS * EVENTS}`, () => seen.length, reading),
              seen
            )
          }
          const readers = [wokenOnly(50, 0), wokenOnly(7, 3), wokenOnly(50, 20)]
          const [seen] = yield* Effect.all([Effect.all(readers, together), writeStreams(store, account)], together)
          const whole = yield* wholeLog(store, account)
          for (const one of seen) yield* sawAll("a reader that is woken", one, whole)
        })
    ),

    law(
      {
        id: "store.changes.account",
        sentence: "a subscriber is woken by its own account's commits, also when another account's come first",
        rules: ["J2", "K2"],
        group: "concurrent"
      },
      (store, { account, other }) =>
        Effect.gen(function* () {
          const seen: Array<string> = []
          let position = 0
          const reading = store.changes(account).pipe(
            Stream.mapEffect(() =>
              Effect.map(drain(store, account, position, 9), (more) => {
                seen.push(...ids(more.entries))
                position = more.position
              })
            ),
            Stream.takeUntil(() => seen.length >= 3),
            Stream.runDrain
          )
          const writing = Effect.forEach([1, 2, 3], (n) =>
            Effect.andThen(
              write(store, other, [], { events: [{ ...event(n), id: Id.EventId.make(`theirs-${n}`) }] }),
              write(store, account, [], { events: [event(n)] })
            )
          )
          yield* Effect.all([soon("events seen", "three", () => seen, reading), writing], together)
          yield* Expect.same("events seen", seen, ["event-1", "event-2", "event-3"])
        })
    )
  ]
}
