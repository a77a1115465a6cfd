import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import type { Id } from "leadline"
import { CrmStore, DeskStore } from "leadline/ports"
import { drainErasures, erasePerson, readErasure } from "leadline/use-cases"
import { account, importer, run } from "../crm/World.ts"
import { around, cast, counted, emailOf, live, people, personOf, recorded, shown, visitorsOf } from "./People.ts"

const nothing = { visitorIds: [], emails: [], records: [] }

describe("an erased person", () => {
  it(
    "leaves no value in any record, log, text, transcript, feed or panel; others are untouched; counts stay, digests verify (J4, D7)",
    () =>
      fc.assert(
        fc.asyncProperty(people, fc.boolean(), (all, isByEmail) =>
          run(
            Effect.gen(function* () {
              const watch = yield* recorded
              yield* watch.in(
                Effect.gen(function* () {
                  yield* cast
                  const chats = new Map<string, ReadonlyArray<Id.ChatId>>()
                  for (const one of all) chats.set(one.mark, yield* live(one))
                  const [first, ...others] = all
                  if (first === undefined) return
                  const own = chats.get(first.mark) ?? []
                  const before = yield* counted(own)
                  const lives = yield* Effect.forEach(others, (one) => shown(one, chats.get(one.mark) ?? []))
                  expect(yield* watch.dump).toContain(first.mark)
                  const visitorIds = visitorsOf(first)
                  const left = yield* contentsOf(visitorIds)
                  const { erasureId } = yield* erasePerson(importer, {
                    visitorIds,
                    emails: isByEmail ? [emailOf(first).toUpperCase()] : [],
                    phones: isByEmail ? [first.phone] : [],
                    records: [personOf(first)]
                  })
                  yield* drainErasures(account)
                  const dump = yield* watch.dump
                  expect(around(dump, first.mark)).toBeNull()
                  expect(around(dump, first.mark.toUpperCase())).toBeNull()
                  expect(around(dump, first.phone.replaceAll(" ", ""))).toBeNull()
                  expect(around(JSON.stringify(yield* shown(first, own)), first.mark)).toBeNull()
                  expect(yield* counted(own)).toEqual(before)
                  expect(before.every(({ flaw }) => flaw === null)).toBe(true)
                  expect(yield* Effect.forEach(others, (one) => shown(one, chats.get(one.mark) ?? []))).toEqual(lives)
                  const certificate = yield* readErasure(importer, { erasureId })
                  expect(certificate.endedAt).not.toBeNull()
                  expect(certificate.places).toMatchObject({
                    chats: { _tag: "Erased", count: own.length },
                    contents: { _tag: "Erased", count: left },
                    bans: { _tag: "Erased", count: first.isBanned ? 1 : 0 },
                    notices: { _tag: "HoldsIdsOnly" }
                  })
                  expect(certificate.places.crm).toEqual({ _tag: "Erased", count: yield* erasedInCrm })
                })
              )
            })
          )
        ),
        { numRuns: 40 }
      ),
    60_000
  )

  it.effect("is found by an email: all visitors who gave it, all their chats, records, merged ones, too (J4)", () =>
    Effect.promise(() =>
      run(
        Effect.gen(function* () {
          yield* cast
          const someone = {
            ...{ mark: "vvwwxxyyzz", phone: "+1 212 555 2368", isBanned: false },
            chats: [
              { stage: "closed" as const, visitor: 0 as const, isKeyed: true },
              { stage: "closed" as const, visitor: 0 as const, isKeyed: false },
              { stage: "served" as const, visitor: 1 as const, isKeyed: true }
            ]
          }
          const watch = yield* recorded
          yield* watch.in(
            Effect.gen(function* () {
              const chats = yield* live(someone)
              const { erasureId } = yield* erasePerson(importer, { ...nothing, emails: [emailOf(someone)] })
              yield* drainErasures(account)
              const { places, visitors } = yield* readErasure(importer, { erasureId })
              expect([...visitors].sort()).toEqual([...visitorsOf(someone)].sort())
              expect(places.chats).toEqual({ _tag: "Erased", count: chats.length })
              expect(around(yield* watch.dump, someone.mark)).toBeNull()
            })
          )
        })
      )
    )
  )
})

/** How many texts lie under these visitors. */
const contentsOf = (visitors: ReadonlyArray<Id.VisitorId>) =>
  Effect.gen(function* () {
    const desk = yield* DeskStore
    const counts = yield* Effect.forEach(visitors, (visitorId) =>
      desk.contentCount(account, { _tag: "Visitor", visitorId })
    )
    return counts.reduce((sum, count) => sum + count, 0)
  })

/** Shells, and entries without their texts. */
const erasedInCrm = Effect.gen(function* () {
  const crm = yield* CrmStore
  const { entries } = yield* crm.log(account, 0, 1e5)
  const shells = entries.flatMap(({ event: { payload } }) => (payload._tag === "RecordErased" ? [payload.record] : []))
  const activities = yield* crm.activities(account, {
    ...{ records: shells, types: ["Note", "Call", "Task", "PhoneChanged"], byAny: null },
    ...{ after: null, from: null, until: null, limit: 1e4 }
  })
  return shells.length + activities.length
})
