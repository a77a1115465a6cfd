import { Effect } from "effect"
import fc from "fast-check"
import { type Chat, Id, Instant, RecordRef } from "leadline"
import { MemoryCrmStore, MemoryDeskStore } from "leadline/memory"
import type { Commit, DeskPayload, DeskRecords, Parked } from "leadline/ports"
import { describe, expect, it } from "vitest"
import { plainChat } from "./PlainChat.ts"

const account = Id.AccountId.make("order")
const at = (millis: number) => Instant.fromMillis(millis)
const run = Effect.runSync

const deskWith = () => {
  const store = MemoryDeskStore.make({})
  const write = (parts: Partial<Commit<DeskRecords, DeskPayload>>) => {
    const keys = [...(parts.put ?? []).map(({ key }) => key), ...(parts.remove ?? [])]
    const expect = run(store.get(account, keys)).map(({ key, version }) => ({ key, version }))
    const nothing = { put: [], remove: [], contents: [], events: [], remember: null }
    return run(store.commit(account, { ...nothing, ...parts, expect }))
  }
  return { store, write }
}

/** Numbers that come and go, hundreds at once, so that the adapter's lists split, empty and cross their blocks. */
const tides = fc.array(
  fc.record({ isComing: fc.boolean(), from: fc.nat({ max: 3_000 }), length: fc.integer({ min: 1, max: 1_200 }) }),
  { minLength: 4, maxLength: 10 }
)

const reached = ({ from, length }: { readonly from: number; readonly length: number }) =>
  Array.from({ length }, (_, n) => from + ((n * 7) % length))

type Tide = typeof tides extends fc.Arbitrary<ReadonlyArray<infer One>> ? One : never

/** What is there in the end, in order. */
const present = (all: ReadonlyArray<Tide>): ReadonlyArray<number> => {
  const there = new Set<number>()
  for (const tide of all) for (const n of reached(tide)) tide.isComing ? there.add(n) : there.delete(n)
  return [...there].sort((a, b) => a - b)
}

const padded = (n: number) => String(n).padStart(6, "0")

describe("thousands of records", () => {
  it("are due in order, whatever came and went (D5)", () => {
    fc.assert(
      fc.property(tides, fc.nat({ max: 4_000 }), (all, now) => {
        const { store, write } = deskWith()
        for (const tide of all) {
          const keys = [...new Set(reached(tide))].map((n) => ({
            key: { kind: "openChat", id: padded(n) } as const,
            n
          }))
          const value = { chatId: Id.ChatId.make("c") }
          // half of them share their deadline with another: ids decide
          const put = keys.map(({ key, n }) => ({ key, value, contents: [], due: at(n - (n % 2)) }))
          write(tide.isComing ? { put } : { remove: keys.map(({ key }) => key) })
        }
        const due = run(store.due(account, "openChat", at(now), 9_999)).map(({ key }) => Number(key.id))
        expect(due).toEqual(present(all).filter((n) => n - (n % 2) <= now))
      }),
      { numRuns: 25 }
    )
  })

  it("are listed in pages that hold each once, in order", () => {
    fc.assert(
      fc.property(tides, fc.integer({ min: 1, max: 700 }), (all, limit) => {
        const store = MemoryCrmStore.make({})
        const there = present(all)
        const put = there.toReversed().map((n) => {
          const id = RecordRef.RecordId.make(padded(n))
          const value = {
            _tag: "Company" as const,
            id,
            name: "a company",
            ownerId: Id.UserId.make("u"),
            emails: [],
            phones: [],
            keys: { emails: [], phones: [] },
            aliases: { emails: [], phones: [] },
            custom: {},
            lifecycle: { _tag: "Live" as const },
            createdAt: at(0),
            updatedAt: at(0),
            eventCount: 1
          }
          return { key: { kind: "company" as const, id }, value, contents: [], due: null }
        })
        const expected = put.map(({ key }) => ({ key, version: 0 }))
        run(store.commit(account, { expect: expected, put, remove: [], contents: [], events: [], remember: null }))
        const listed: Array<number> = []
        let last: RecordRef.RecordId | null = null
        for (;;) {
          const page: ReadonlyArray<RecordRef.RecordRef> = run(store.list(account, "company", last, limit))
          expect(page.length).toBeLessThanOrEqual(limit)
          listed.push(...page.map(({ id }) => Number(id)))
          last = page.at(-1)?.id ?? null
          if (last === null) break
        }
        expect(listed).toEqual(there)
        const between = RecordRef.RecordId.make(`${padded(there[0] ?? 0)}!`)
        expect(run(store.list(account, "company", between, 1)).map(({ id }) => Number(id))).toEqual(there.slice(1, 2))
      }),
      { numRuns: 10 }
    )
  })
})

describe("records in memory", () => {
  it("wait in the order of their numbers, whoever gave them; of two with one number the smaller id is first (C2)", () => {
    const chats = fc.array(
      fc.record({
        id: fc.nat({ max: 30 }),
        number: fc.option(fc.nat({ max: 20 })),
        state: fc.constantFrom("Waiting" as const, "Waiting" as const, "Served" as const)
      }),
      { maxLength: 60, size: "max" }
    )
    fc.assert(
      fc.property(chats, fc.integer({ min: 1, max: 40 }), (steps, limit) => {
        const { store, write } = deskWith()
        const there = new Map<string, { readonly id: string; readonly number: number }>()
        let last = 0
        for (const { id: n, number, state } of steps) {
          const chat = waiting(n, number, state)
          write({ put: [{ key: { kind: "chat", id: chat.id }, value: chat, contents: [], due: null }] })
          there.delete(chat.id)
          if (state !== "Waiting") continue
          last = number === null ? last + 1 : Math.max(last, number)
          there.set(chat.id, { id: chat.id, number: number ?? last })
        }
        const order = [...there.values()].sort((a, b) => a.number - b.number || (a.id < b.id ? -1 : 1))
        const queue = run(store.waiting(account, limit)).map(({ id, queueNumber }) => ({ id, number: queueNumber }))
        expect(queue).toEqual(order.slice(0, limit))
        for (const { id, number } of order) {
          const [read] = run(store.get(account, [{ kind: "chat", id }]))
          expect(read.value?.queueNumber).toBe(number)
        }
      })
    )
  })

  it("that were given up come in order of the log, and leave when they are tried again (G4)", () => {
    const items = fc.array(
      fc.record({
        event: fc.nat({ max: 9 }),
        bridge: fc.constantFrom("a", "b"),
        fate: fc.constantFrom("up", "later", "gone")
      })
    )
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 9 }), (steps, limit) => {
        const { store, write } = deskWith()
        const there = new Map<string, Parked>()
        for (const { bridge, event, fate } of steps) {
          const id = `${bridge}/e${event}`
          const key = { kind: "parked" as const, id }
          there.delete(id)
          if (fate === "gone") {
            write({ remove: [key] })
            continue
          }
          const value: Parked = {
            bridge,
            eventId: `e${event}`,
            log: "crm",
            position: 10 - (event >> 1),
            stream: "lead/l",
            tries: 1,
            nextTryAt: fate === "up" ? null : at(1),
            lastError: "no"
          }
          if (fate === "up") there.set(id, value)
          write({ put: [{ key, value, contents: [], due: value.nextTryAt }] })
        }
        const order = [...there.values()]
          .filter(({ bridge }) => bridge === "a")
          .sort((a, b) => a.position - b.position || (a.eventId < b.eventId ? -1 : 1))
        expect(run(store.givenUp(account, "a", limit))).toEqual(order.slice(0, limit))
      })
    )
  })
})

const waiting = (n: number, queueNumber: number | null, state: "Waiting" | "Served"): Chat.Chat =>
  plainChat(`c${padded(n)}`, { state: { _tag: state, since: at(0) }, queueNumber })
