import { Effect, Result } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import type { Id } from "leadline"
import { Crm, CrmStore, type NewLead } from "leadline/ports"
import { convertLead, deleteRecord, mergeRecords, OwnCrm, saveRecord, saveUser } from "leadline/use-cases"
import { describe, expect, it } from "vitest"
import {
  account,
  agent,
  counting,
  dealtBy,
  importer,
  leads,
  newLead,
  notices,
  payloads,
  person,
  personRef,
  poolOf,
  run,
  saveUsers,
  user,
  userId
} from "./World.ts"

interface Press {
  readonly chat: string
  readonly email: string
  readonly by: string
  readonly process: number
}

/** Somebody presses the button: beside which chat, with which email, in which of two processes. */
const pressing: fc.Arbitrary<Press> = fc.record({
  chat: fc.constantFrom("c1", "c2", "c3", "c4", "c5"),
  email: fc.constantFrom("a@x.example", "b@x.example", "c@x.example", "d@x.example", "e@x.example"),
  by: fc.constantFrom("a1", "a2", "a3"),
  process: fc.constantFrom(0, 1)
})

/** All at once; two processes share a store, and nothing else. */
const pressAll = Effect.fnUntraced(function* (presses: ReadonlyArray<Press>, owner: NewLead["owner"]) {
  const store = yield* CrmStore
  const processes = [OwnCrm.make(counting(store).store), OwnCrm.make(counting(store).store)]
  return yield* Effect.forEach(
    presses,
    ({ by, chat, email, process }, index) => {
      const crm = processes[process] ?? OwnCrm.make(store)
      const wanted = newLead({ chat, email, creator: agent(by), owner, note: "Call back" })
      return Effect.result(crm.createLead(account, wanted, `k${index}`))
    },
    { concurrency: "unbounded" }
  )
})

describe("many who create leads at once", () => {
  it("get one lead per chat and per email; who loses shares a chat or an email with who won (E3, E5)", () =>
    fc.assert(
      fc.asyncProperty(fc.array(pressing, { minLength: 1, maxLength: 9 }), (presses) =>
        run(
          Effect.gen(function* () {
            // no pool: nothing but chat and email makes them meet
            yield* saveUsers(user("owner"))
            const answers = yield* pressAll(presses, newLead().owner)
            const won = presses.filter((_, index) =>
              answers.some((answer, at) => at === index && Result.isSuccess(answer))
            )
            expect(new Set(won.map(({ chat }) => chat)).size).toBe(won.length)
            expect(new Set(won.map(({ email }) => email)).size).toBe(won.length)
            expect((yield* leads).length).toBe(won.length)
            for (const [index, answer] of answers.entries()) {
              if (Result.isSuccess(answer)) continue
              const lost = presses[index]
              const shared = { AlreadyCreated: "chat", AlreadyMatched: "email" } as const
              const by = shared[answer.failure._tag as keyof typeof shared]
              expect(won.map((one) => one[by])).toContain(lost?.[by])
            }
          })
        )
      ),
      { numRuns: 40 }
    ))

  it("are dealt to as if they came one after another: one turn, one note, one notice per lead (F2, F3, E5)", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(pressing, { minLength: 1, maxLength: 9 }),
        fc.subarray(["u1", "u2", "u3", "u4"], { minLength: 1 }),
        (presses, active) =>
          run(
            Effect.gen(function* () {
              yield* poolOf("p", "u1", "u2", "u3", "u4")
              for (const name of ["u1", "u2", "u3", "u4"]) {
                yield* saveUser(importer, user(name, { isActive: active.includes(name) }))
              }
              const won = (yield* pressAll(presses, dealtBy("p"))).flatMap((answer) =>
                Result.isSuccess(answer) ? [answer.success] : []
              )
              const log = yield* payloads
              const dealt = log.flatMap((payload) => (payload._tag === "LeadDealt" ? [payload.to] : []))
              const added = log.flatMap((payload) => (payload._tag === "LeadAddedFromChat" ? [payload.owner] : []))
              expect(dealt).toEqual(won.map((_, turn) => active[turn % active.length]))
              expect(added).toEqual(dealt)
              expect(won.map(({ owner }) => owner).sort()).toEqual([...dealt].sort())
              expect(log.filter(({ _tag }) => _tag === "NoteAdded").length).toBe(won.length)
              expect((yield* notices).map(({ to }) => to)).toEqual(dealt)
            })
          )
      ),
      { numRuns: 40 }
    ))

  it("keep what the pool becomes while its members change: nobody who left or was deactivated is dealt to (F1, F2)", () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 8 }), (presses, before) =>
        run(
          Effect.gen(function* () {
            yield* poolOf("p", "u1", "u2")
            const crm = yield* Crm
            const press = (n: number) =>
              crm.createLead(
                account,
                newLead({ chat: `c${n}`, email: `v${n}@x.example`, owner: dealtBy("p") }),
                `k${n}`
              )
            const all: ReadonlyArray<Effect.Effect<unknown, unknown, Effect.Services<ReturnType<typeof saveUser>>>> = [
              ...Array.from({ length: Math.min(before, presses) }, (_, n) => press(n)),
              saveUser(importer, user("u2", { isActive: false })),
              ...Array.from({ length: Math.max(0, presses - before) }, (_, n) => press(before + n))
            ]
            yield* Effect.all(all, { concurrency: "unbounded" })
            const log = yield* payloads
            const at = log.findLastIndex((payload) => payload._tag === "UserChanged" && payload.userId === "u2")
            const later = log.slice(at).flatMap((payload) => (payload._tag === "LeadDealt" ? [payload.to] : []))
            expect(later.every((to: Id.UserId) => to === "u1")).toBe(true)
          })
        )
      ),
      { numRuns: 30 }
    ))

  it("make no lead once an import has brought a record with the email, in whatever order they meet (E3, E5)", () =>
    fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (order) =>
        run(
          Effect.gen(function* () {
            yield* saveUsers(user("owner"))
            const crm = yield* Crm
            const all: ReadonlyArray<Effect.Effect<unknown, unknown, Effect.Services<ReturnType<typeof saveUser>>>> = [
              saveRecord(importer, person("p1", ["ann@example.com"])),
              ...[1, 2, 3].map((n) => crm.createLead(account, newLead({ chat: `c${n}` }), `k${n}`))
            ]
            yield* Effect.forEach(order, (at) => Effect.result(all[at] ?? Effect.void), { concurrency: "unbounded" })
            const log = yield* payloads
            const imported = log.findIndex(
              (payload) => payload._tag === "RecordAdded" && payload.record.kind === "person"
            )
            const made = log.findIndex(({ _tag }) => _tag === "LeadAddedFromChat")
            expect(imported).toBeGreaterThan(-1)
            expect(made).toBeLessThan(imported)
            expect(log.filter(({ _tag }) => _tag === "LeadAddedFromChat").length).toBeLessThanOrEqual(1)
          })
        )
      ),
      { numRuns: 24 }
    ))
})

describe("a request that is repeated", () => {
  it("gives one lead and one answer, however often and however much at once (E5, K1)", () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 8 }), (times) =>
        run(
          Effect.gen(function* () {
            yield* poolOf("p", "u1", "u2")
            const crm = yield* Crm
            const wanted = newLead({ owner: dealtBy("p"), note: "Call back" })
            const answers = yield* Effect.all(
              Array.from({ length: times }, () => crm.createLead(account, wanted, "k")),
              { concurrency: "unbounded" }
            )
            const later = yield* crm.createLead(account, wanted, "k")
            for (const answer of answers) expect(answer).toEqual(later)
            expect((yield* leads).map(({ id }) => id)).toEqual([later.lead])
            expect((yield* payloads).filter(({ _tag }) => _tag === "LeadDealt").length).toBe(1)
            expect((yield* notices).length).toBe(1)
          })
        )
      ),
      { numRuns: 10 }
    ))

  it("is refused with other input under the same key, and changes nothing (K1)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        const crm = yield* Crm
        yield* crm.createLead(account, newLead(), "k")
        const before = yield* payloads
        const other = newLead({ chat: "chat-2", email: "bob@example.com" })
        expect(yield* Effect.flip(crm.createLead(account, other, "k"))).toEqual({
          _tag: "IdempotencyKeyReused",
          key: "k"
        })
        expect(yield* payloads).toEqual(before)
      })
    ))

  it("is another one for another agent with the same key (K1)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        const crm = yield* Crm
        yield* crm.createLead(account, newLead(), "k")
        const other = newLead({ chat: "chat-2", email: "bob@example.com", creator: agent("a2") })
        expect(yield* crm.createLead(account, other, "k")).toMatchObject({ owner: userId("owner") })
      })
    ))

  it("is a new one after 24 hours (K1, E5)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        const crm = yield* Crm
        const made = yield* crm.createLead(account, newLead(), "k")
        yield* TestClock.adjust("23 hours")
        expect(yield* crm.createLead(account, newLead(), "k")).toEqual(made)
        yield* TestClock.adjust("1 hour")
        expect(yield* Effect.flip(crm.createLead(account, newLead(), "k"))).toMatchObject({
          _tag: "AlreadyCreated",
          lead: made.lead
        })
      }).pipe(Effect.provide(TestClock.layer()))
    ))

  it("is free again once the lead is deleted: its email and its chat make another (E5)", () =>
    run(
      Effect.gen(function* () {
        yield* poolOf("p", "u1", "u2")
        const crm = yield* Crm
        const wanted = newLead({ owner: dealtBy("p") })
        const made = yield* crm.createLead(account, wanted, "k1")
        yield* deleteRecord(importer, { record: { kind: "lead", id: made.lead } })
        const again = yield* crm.createLead(account, wanted, "k2")
        expect(again.lead).not.toBe(made.lead)
        expect([made.owner, again.owner]).toEqual(["u1", "u2"])
      })
    ))
})

describe("commits", () => {
  it("name no record twice, whoever writes what (K2)", () =>
    run(
      Effect.gen(function* () {
        const store = yield* CrmStore
        const twice: Array<string> = []
        const watched = CrmStore.of({
          ...store,
          commit: (of, change) => {
            const named = [...change.put.map(({ key }) => key), ...change.remove].map(({ id, kind }) => `${kind}/${id}`)
            twice.push(...named.filter((key, at) => named.indexOf(key) !== at))
            return store.commit(of, change)
          }
        })
        const script = Effect.gen(function* () {
          yield* poolOf("p", "u1")
          const crm = OwnCrm.make(watched)
          const made = yield* crm.createLead(account, newLead({ owner: dealtBy("p"), phone: "+12125552368" }), "k")
          yield* saveRecord(importer, person("p1", ["ann@example.com", "ann@home.example"]))
          yield* saveRecord(importer, person("p2", ["ann@home.example", "ann@work.example"]))
          yield* mergeRecords(importer, { kind: "person", survivor: personRef("p1").id, loser: personRef("p2").id })
          yield* convertLead(importer, { lead: made.lead, to: personRef("p1") })
          yield* deleteRecord(importer, { record: personRef("p1") })
        })
        yield* Effect.provideService(script, CrmStore, watched)
        expect(twice).toEqual([])
      })
    ))
})
