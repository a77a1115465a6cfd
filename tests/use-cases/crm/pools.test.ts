import { Effect } from "effect"
import fc from "fast-check"
import { Actor, type RecordRef } from "leadline"
import { Crm, CrmStore } from "leadline/ports"
import { type Caller, createPool, dealLead, deletePool, deleteRecord, setPoolMembers } from "leadline/use-cases"
import { describe, expect, it } from "vitest"
import {
  account,
  everything,
  happened,
  importer,
  lead,
  leadRef,
  newLead,
  notices,
  overtakenAfter,
  payloads,
  poolId,
  poolOf,
  recordId,
  run,
  saveRecords,
  saveUsers,
  user,
  userId
} from "./World.ts"

const recordOf = (ref: RecordRef.RecordRef) => Effect.flatMap(Crm, (crm) => crm.read(account, everything, ref))

describe("a pool", () => {
  it("is created once, by name, with at most 200 members (F2)", () =>
    run(
      Effect.gen(function* () {
        const create = (members: number, name = "Sales") =>
          createPool(importer, {
            id: poolId("p"),
            name,
            recordKind: "lead",
            members: Array.from({ length: members }, (_, n) => userId(`u${n}`))
          })
        expect(yield* Effect.flip(create(201))).toMatchObject({ _tag: "TooMany", limit: 200, size: 201 })
        expect(yield* Effect.flip(create(1, " "))).toMatchObject({ _tag: "Blank" })
        yield* create(200)
        expect(yield* Effect.flip(create(1))).toEqual({ _tag: "PoolExists", poolId: "p" })
      })
    ))

  it("has who joins at its tail, and those who stay where they are (F2)", () =>
    run(
      Effect.gen(function* () {
        yield* poolOf("p", "u1", "u2", "u3")
        const members = ["u4", "u3", "u1"].map(userId)
        yield* setPoolMembers(importer, { poolId: poolId("p"), members })
        const crm = yield* Crm
        expect(yield* crm.pools(account)).toMatchObject([{ members: ["u1", "u3", "u4"] }])
        const log = yield* payloads
        yield* setPoolMembers(importer, { poolId: poolId("p"), members })
        expect(yield* payloads).toEqual(log)
      })
    ))

  it("that is deleted is listed no more, deals no more, and takes no members; what it dealt stays (F1, F2)", () =>
    run(
      Effect.gen(function* () {
        yield* poolOf("p", "u1")
        yield* saveRecords(lead("l1", []))
        yield* dealLead(importer, { lead: recordId("l1"), poolId: poolId("p") })
        yield* deletePool(importer, { poolId: poolId("p") })
        const crm = yield* Crm
        expect(yield* crm.pools(account)).toEqual([])
        expect(yield* recordOf(leadRef("l1"))).toMatchObject({ ownerId: "u1" })
        const members = [userId("u1")]
        expect(yield* Effect.flip(setPoolMembers(importer, { poolId: poolId("p"), members }))).toMatchObject({
          _tag: "DeletedPool"
        })
        const dealing = dealLead(importer, { lead: recordId("l1"), poolId: poolId("p") })
        expect(yield* Effect.flip(dealing)).toMatchObject({ _tag: "OwnerNotAllowed" })
        expect(yield* Effect.flip(deletePool(importer, { poolId: poolId("no") }))).toMatchObject({
          _tag: "PoolNotFound"
        })
      })
    ))
})

describe("dealing an existing lead", () => {
  const deal1 = { lead: recordId("l1"), poolId: poolId("p") }

  it("takes a turn, again takes another; the decision is kept and the owner told (F2, F4, F6)", () =>
    run(
      Effect.gen(function* () {
        yield* poolOf("p", "u1", "u2")
        yield* saveRecords(lead("l1", []))
        expect(yield* dealLead(importer, deal1)).toMatchObject({ owner: "u1", told: { told: "u1", why: "owner" } })
        expect(yield* dealLead(importer, deal1)).toMatchObject({ owner: "u2" })
        expect(yield* recordOf(leadRef("l1"))).toMatchObject({
          ownerId: "u2",
          assignment: { owner: "u2", reason: { _tag: "Dealt", poolId: "p", picked: true } }
        })
        expect((yield* notices).map(({ reason, to }) => [to, reason])).toEqual([
          ["u1", "leadDealt"],
          ["u2", "leadDealt"]
        ])
        expect((yield* happened).filter(({ stream }) => stream === "lead/l1").map(({ number }) => number)).toEqual([
          1, 2, 3, 4, 5
        ])
      })
    ))

  it("tells nobody where the administrator deals it to themselves (F6)", () =>
    run(
      Effect.gen(function* () {
        yield* poolOf("p", "u1")
        yield* saveUsers(user("u1", { isCrmAdministrator: true }))
        yield* saveRecords(lead("l1", []))
        const own: Caller = { account, actor: Actor.user(userId("u1")), surface: "crm" }
        expect(yield* dealLead(own, deal1)).toMatchObject({ told: { told: null, why: "ownerIsAuthor" } })
        expect(yield* notices).toEqual([])
      })
    ))

  it("gives it to the topmost manager where nobody in the pool is active, and nothing moves (F2, F5)", () =>
    run(
      Effect.gen(function* () {
        yield* poolOf("p", "u1", "u2")
        yield* saveUsers(user("boss"), user("u1", { isActive: false }), user("u2", { isActive: false }))
        yield* saveRecords(lead("l1", []))
        expect(yield* dealLead(importer, deal1)).toMatchObject({
          owner: "boss",
          decision: { reason: { _tag: "TopmostManager", emptyPool: "p" } }
        })
        expect((yield* payloads).filter(({ _tag }) => _tag === "LeadDealt")).toEqual([])
      })
    ))

  it("gives it to nobody who was deactivated between its read and its write (F1, F2)", () =>
    run(
      Effect.gen(function* () {
        yield* poolOf("p", "u1", "u2")
        yield* saveRecords(lead("l1", []))
        const overtaken = yield* overtakenAfter("leadFacts", saveUsers(user("u1", { isActive: false })))
        const dealing = dealLead(importer, deal1)
        expect(yield* Effect.provideService(dealing, CrmStore, overtaken)).toMatchObject({ owner: "u2" })
      })
    ))

  it("is one turn under one idempotency key, and as many turns as there are leads at once (F2, F3, K1)", () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 2 }), (count, times) =>
        run(
          Effect.gen(function* () {
            const members = ["u1", "u2", "u3"]
            yield* poolOf("p", ...members)
            yield* saveRecords(...Array.from({ length: count }, (_, n) => lead(`l${n}`, [])))
            const dealing = Array.from({ length: count * times }, (_, n) => {
              const caller = { ...importer, idempotencyKey: `k${n % count}` }
              return dealLead(caller, { lead: recordId(`l${n % count}`), poolId: poolId("p") })
            })
            yield* Effect.all(dealing, { concurrency: "unbounded" })
            const dealt = (yield* payloads).flatMap((payload) => (payload._tag === "LeadDealt" ? [payload.to] : []))
            expect(dealt).toEqual(Array.from({ length: count }, (_, turn) => members[turn % members.length]))
          })
        )
      ),
      { numRuns: 20 }
    ))

  it("is refused without a lead, without a pool, with a pool of another type; no turn is taken (F2)", () =>
    run(
      Effect.gen(function* () {
        yield* poolOf("p", "u1")
        yield* createPool(importer, { id: poolId("d"), name: "Deals", recordKind: "deal", members: [userId("u1")] })
        yield* saveRecords(lead("l1", []), lead("l2", []))
        yield* deleteRecord(importer, { record: leadRef("l2") })
        const before = yield* payloads
        const refused = (id: string, pool: string) =>
          Effect.map(Effect.flip(dealLead(importer, { lead: recordId(id), poolId: poolId(pool) })), ({ _tag }) => _tag)
        expect(yield* refused("no", "p")).toBe("RecordNotFound")
        expect(yield* refused("l2", "p")).toBe("RecordNotFound")
        expect(yield* refused("l1", "no")).toBe("PoolNotFound")
        expect(yield* refused("l1", "d")).toBe("OwnerNotAllowed")
        expect(yield* payloads).toEqual(before)
      })
    ))

  it("names the owner of now to whoever presses again beside its chat (E5)", () =>
    run(
      Effect.gen(function* () {
        yield* poolOf("p", "u1")
        yield* saveUsers(user("owner"))
        const crm = yield* Crm
        const made = yield* crm.createLead(account, newLead(), "k1")
        yield* dealLead(importer, { lead: made.lead, poolId: poolId("p") })
        expect(yield* Effect.flip(crm.createLead(account, newLead(), "k2"))).toMatchObject({ owner: "u1" })
      })
    ))
})
