import fc from "fast-check"
import { Content, Erasure, Idempotency, Instant } from "leadline"
import { AccountArbitrary } from "leadline/testing"
import { describe, expect, it } from "vitest"

const at = Instant.fromMillis(7_000)
const counts = { chats: 2, contents: 30, bans: 1, crm: 4 }
const steps: ReadonlyArray<Erasure.Step> = [
  { _tag: "chats", after: null },
  { _tag: "contents", next: 0 },
  { _tag: "crm", batch: 0, after: null },
  { _tag: "ended", at }
]
const trouble = { tries: 3, nextTryAt: at, lastError: "timeout" }

const certified = (erasure: Erasure.Erasure, more: Partial<Erasure.Erasure>, canErase = true) =>
  Erasure.certificate({ ...erasure, counts, trouble: null, ...more }, canErase)

describe("the certificate of an erasure (J4)", () => {
  it("says of each place that it was erased once its step is over, and before that it is pending", () => {
    fc.assert(
      fc.property(AccountArbitrary.erasure, fc.nat({ max: 3 }), (erasure, reached) => {
        const step = steps[reached] ?? { _tag: "ended", at }
        const { endedAt, places } = certified(erasure, { step })
        const erased = (count: number, from: number) =>
          reached > from ? { _tag: "Erased", count } : { _tag: "Pending" }
        expect(places).toEqual({
          ...{ chats: erased(2, 0), contents: erased(30, 1), bans: erased(1, 1), crm: erased(4, 2) },
          ...{ notices: { _tag: "HoldsIdsOnly" }, queues: { _tag: "HoldsIdsOnly" }, answers: { _tag: "HoldsIdsOnly" } }
        })
        expect(endedAt).toBe(reached === 3 ? at : null)
      })
    )
  })

  it("says where it is stuck, whether it is tried again, and what was erased before; other places are as they are", () => {
    fc.assert(
      fc.property(AccountArbitrary.erasure, fc.boolean(), (erasure, isGivenUp) => {
        const nextTryAt = isGivenUp ? null : at
        const state = isGivenUp ? "givenUp" : "retrying"
        const { places } = certified(erasure, {
          step: { _tag: "contents", next: 1 },
          trouble: { ...trouble, nextTryAt }
        })
        const failed = { _tag: "Failed", state, tries: 3, nextTryAt, lastError: "timeout" }
        expect(places).toMatchObject({
          ...{ chats: { _tag: "Erased", count: 2 }, crm: { _tag: "Pending" } },
          ...{ contents: { ...failed, erased: 30 }, bans: { ...failed, erased: 1 } }
        })
      })
    )
  })

  it("says where nothing can erase: the store, the CRM", () => {
    fc.assert(
      fc.property(AccountArbitrary.erasure, (erasure) => {
        const step = { _tag: "ended", at } as const
        const { places } = certified(erasure, { step, counts: { ...counts, crm: null } }, false)
        expect([places.contents, places.crm]).toEqual([{ _tag: "Unsupported" }, { _tag: "Unsupported" }])
        expect(places.bans).toEqual({ _tag: "Erased", count: 1 })
      })
    )
  })

  it("names nobody but by ids, whoever was wanted", () => {
    fc.assert(
      fc.property(AccountArbitrary.erasure, fc.boolean(), (erasure, canErase) => {
        const certificate = Erasure.certificate(erasure, canErase)
        expect(certificate).toMatchObject({ id: erasure.id, by: erasure.by, requestedAt: erasure.requestedAt })
        expect([certificate.visitors, certificate.records]).toEqual([erasure.visitors, erasure.records])
        expect(Object.keys(certificate)).not.toContain("wanted")
      })
    )
  })
})

describe("a personal text", () => {
  it("reads as itself while it is there, as erased after that, and as nothing where nothing was given (J4)", () => {
    fc.assert(
      fc.property(AccountArbitrary.content, fc.string(), (content, text) => {
        expect(Content.read(new Map([[content.ref, text]]), content)).toBe(text)
        expect(Content.read(new Map(), content)).toEqual(Content.erased)
        expect(Content.read(new Map([[content.ref, text]]), null)).toBeNull()
        expect([Content.isText(text), Content.isText(Content.erased), Content.isText(null)]).toEqual([
          true,
          false,
          false
        ])
      })
    )
  })
})

describe("an idempotency key", () => {
  it.each([
    [0, false],
    [1, true],
    [255, true],
    [256, false]
  ])("of %i characters is usable: %s (K1)", (length, isUsable) => {
    expect(Idempotency.isUsable("k".repeat(length))).toBe(isUsable)
  })
})
