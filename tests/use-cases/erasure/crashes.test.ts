import { describe, expect, it } from "@effect/vitest"
import { Context, Effect, Exit } from "effect"
import { TestClock } from "effect/testing"
import { Id } from "leadline"
import { Crm, type CrmShape, DeskStore, StoreError } from "leadline/ports"
import { drainErasures, erasePerson, readErasure, requestChat, runErasures } from "leadline/use-cases"
import { account, importer } from "../crm/World.ts"
import { visitorAt, world } from "../panel/Chats.ts"
import { inProcess } from "../panel/Crash.ts"
import { around, cast, emailOf, live, personOf, recorded, type Someone, visitorsOf } from "./People.ts"

const someone: Someone = {
  ...{ mark: "vvwwxxyyzz", phone: "+1 212 555 2368", isBanned: true },
  chats: [
    { stage: "closed", visitor: 0, isKeyed: true },
    { stage: "offline", visitor: 0, isKeyed: false },
    { stage: "served", visitor: 1, isKeyed: true }
  ]
}

const named = { visitorIds: [], emails: [emailOf(someone)], records: [personOf(someone)] }

/** A world with somebody in it, whose erasure has begun; what it holds can be looked at. */
const begun = Effect.gen(function* () {
  const watch = yield* recorded
  const erasureId = yield* watch.in(
    Effect.gen(function* () {
      yield* cast
      yield* live(someone)
      return (yield* erasePerson(importer, named)).erasureId
    })
  )
  return { erasureId, left: Effect.map(watch.dump, (dump) => around(dump, someone.mark)) }
})

const placesOf = (erasureId: Id.ErasureId) => Effect.map(readErasure(importer, { erasureId }), ({ places }) => places)

const events = Effect.gen(function* () {
  const { entries } = yield* (yield* DeskStore).log(account, 0, 10_000)
  return entries.flatMap(({ event }) => (event.stream.startsWith("erasure/") ? [event.payload] : []))
})

const whole = { chats: { count: 3 }, contents: { count: 0 }, bans: { count: 1 }, crm: { count: 0 } }

/** The certificate of an erasure that nothing disturbed. */
const undisturbed = Effect.gen(function* () {
  const { erasureId } = yield* begun
  yield* drainErasures(account)
  return yield* placesOf(erasureId)
})

describe("an erasure", () => {
  it.effect("goes on wherever its host died, to the same end and the same certificate (J4)", () =>
    Effect.gen(function* () {
      const expected = yield* world(undisturbed)
      expect(Object.keys(whole).every((place) => expected[place as keyof typeof expected]._tag === "Erased")).toBe(true)
      let dies = 1
      for (let isOver = false; !isOver; dies++) {
        isOver = yield* world(
          Effect.gen(function* () {
            const { erasureId, left } = yield* begun
            const { exit } = yield* inProcess(drainErasures(account), dies)
            yield* drainErasures(account)
            expect(yield* left).toBeNull()
            expect(yield* placesOf(erasureId)).toEqual(expected)
            expect((yield* events).map(({ _tag }) => _tag)).toEqual(["EraseRequested", "PersonErased"])
            return Exit.isSuccess(exit)
          })
        )
      }
      expect(dies).toBeGreaterThan(15)
    })
  )

  it.effect("is done once by two hosts at once, and counted once (J4)", () =>
    Effect.gen(function* () {
      const expected = yield* world(undisturbed)
      yield* world(
        Effect.gen(function* () {
          const { erasureId, left } = yield* begun
          yield* Effect.all(
            Array.from({ length: 3 }, () => drainErasures(account)),
            { concurrency: "unbounded" }
          )
          yield* drainErasures(account)
          expect(yield* left).toBeNull()
          expect(yield* placesOf(erasureId)).toEqual(expected)
          expect((yield* events).map(({ _tag }) => _tag)).toEqual(["EraseRequested", "PersonErased"])
        })
      )
    })
  )

  it.effect("of the same person is one while it runs, however often and by however many it is asked for (J4)", () =>
    world(
      Effect.gen(function* () {
        const { erasureId } = yield* begun
        const asked = { ...named, emails: [emailOf(someone).toUpperCase(), emailOf(someone)] }
        const again = yield* Effect.all(
          Array.from({ length: 4 }, () => erasePerson(importer, asked)),
          { concurrency: "unbounded" }
        )
        expect(new Set(again.map((each) => each.erasureId))).toEqual(new Set([erasureId]))
        const other = { visitorIds: [Id.VisitorId.make("other")], emails: [], records: [] }
        const others = yield* Effect.all([erasePerson(importer, other), erasePerson(importer, other)], {
          concurrency: "unbounded"
        })
        expect(others[0]).toEqual(others[1])
        expect(others[0].erasureId).not.toBe(erasureId)
        yield* drainErasures(account)
        const next = yield* erasePerson(importer, named)
        expect(next.erasureId).not.toBe(erasureId)
        yield* drainErasures(account)
        expect(yield* placesOf(next.erasureId)).toMatchObject({ chats: { count: 0 }, contents: { count: 0 } })
      })
    )
  )

  it.effect("keeps its visitors from beginning a chat until the chat side is done (J4)", () =>
    world(
      Effect.gen(function* () {
        yield* begun
        const [, visitorId] = visitorsOf(someone)
        if (visitorId === undefined) return
        const request = requestChat(visitorAt(visitorId), { visitorId, name: "back" })
        expect(yield* Effect.flip(request)).toEqual({ _tag: "BeingErased" })
        yield* drainErasures(account)
        expect(yield* request).toMatchObject({ isNew: true })
      })
    )
  )
})

/** The world's CRM, but for `erase`, and for what it declares. */
const withCrm = Effect.fnUntraced(function* (change: (crm: CrmShape) => Partial<CrmShape>) {
  const crm = yield* Crm
  return Context.make(Crm, Crm.of({ ...crm, ...change(crm) }))
})

const down = (isRetryable: boolean) =>
  new StoreError({ reason: isRetryable ? "unavailable" : "corrupt", isRetryable, operation: "Crm.erase" })

describe("a CRM that", () => {
  it.effect("cannot erase is named in the certificate; everything else is erased (J4)", () =>
    world(
      Effect.gen(function* () {
        const { erasureId } = yield* begun
        const asked: Array<string> = []
        const crm = yield* withCrm(({ capabilities }) => ({
          capabilities: { ...capabilities, erase: false },
          erase: () =>
            Effect.andThen(
              Effect.sync(() => asked.push("erase")),
              Effect.fail(down(false))
            )
        }))
        yield* Effect.provide(drainErasures(account), crm)
        const certificate = yield* readErasure(importer, { erasureId })
        expect(certificate.places).toMatchObject({ crm: { _tag: "Unsupported" }, chats: { _tag: "Erased", count: 3 } })
        expect(certificate.endedAt).not.toBeNull()
        expect(asked).toEqual([])
      })
    )
  )

  it.effect("says so only when it is asked is taken at its word (J4)", () =>
    world(
      Effect.gen(function* () {
        const { erasureId } = yield* begun
        const error = new StoreError({ reason: "unsupported", isRetryable: false, operation: "Crm.erase" })
        const crm = yield* withCrm(() => ({ erase: () => Effect.fail(error) }))
        yield* Effect.provide(drainErasures(account), crm)
        expect(yield* placesOf(erasureId)).toMatchObject({ crm: { _tag: "Unsupported" } })
      })
    )
  )

  it.effect("is down is asked again, later and later; the certificate says retrying, then erased (J4, G4)", () =>
    world(
      Effect.gen(function* () {
        const { erasureId, left } = yield* begun
        let tries = 0
        const crm = yield* withCrm((crm) => ({
          erase: (...batch) => Effect.suspend(() => (++tries <= 2 ? Effect.fail(down(true)) : crm.erase(...batch)))
        }))
        yield* Effect.provide(drainErasures(account), crm)
        const failed = { _tag: "Failed", state: "retrying", tries: 1, lastError: "StoreError: unavailable", erased: 0 }
        expect(yield* placesOf(erasureId)).toMatchObject({ crm: failed, contents: { _tag: "Erased" } })
        expect(yield* Effect.provide(runErasures(account), crm)).toMatchObject({ isIdle: true })
        yield* TestClock.adjust("1 second")
        yield* Effect.provide(drainErasures(account), crm)
        expect(yield* placesOf(erasureId)).toMatchObject({ crm: { ...failed, tries: 2 } })
        yield* TestClock.adjust("2 seconds")
        yield* Effect.provide(drainErasures(account), crm)
        expect(yield* placesOf(erasureId)).toMatchObject({ crm: { _tag: "Erased" } })
        expect(yield* left).toBeNull()
      })
    )
  )

  it.effect("is broken is given up, visibly; asking again goes on where it stopped (J4, G4)", () =>
    world(
      Effect.gen(function* () {
        const { erasureId, left } = yield* begun
        const crm = yield* withCrm(() => ({ erase: () => Effect.fail(down(false)) }))
        yield* Effect.provide(drainErasures(account), crm)
        expect(yield* placesOf(erasureId)).toMatchObject({ crm: { _tag: "Failed", state: "givenUp", nextTryAt: null } })
        yield* TestClock.adjust("1 day")
        expect(yield* runErasures(account)).toMatchObject({ isIdle: true })
        expect(yield* erasePerson(importer, named)).toEqual({ erasureId })
        yield* drainErasures(account)
        expect(yield* placesOf(erasureId)).toMatchObject({ crm: { _tag: "Erased" }, chats: { count: 3 } })
        expect(yield* left).toBeNull()
        expect((yield* events).map(({ _tag }) => _tag)).toEqual([
          ...["EraseRequested", "ErasureGivenUp", "ErasureResumed", "PersonErased"]
        ])
      })
    )
  )
})
