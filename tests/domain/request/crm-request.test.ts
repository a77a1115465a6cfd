import fc from "fast-check"
import { CrmRequest, CrmRequestEvent, EmailKey, Id, Instant, PhoneKey, RecordRef } from "leadline"
import { RequestArbitrary } from "leadline/testing"
import { describe, expect, it } from "vitest"

const chatId = Id.ChatId.make("c1")
const [now, later] = [Instant.fromMillis(1_000), Instant.fromMillis(6_000)]
const email = EmailKey.EmailKey.make("a@x.de")
const phone = PhoneKey.PhoneKey.make("+4930901820")

describe("a request to a foreign CRM", () => {
  it("claims its chat, and each key that it has (E5)", () => {
    expect(CrmRequest.claimsOf(chatId, { email, phone })).toEqual(["chat/c1", "email/a@x.de", "phone/+4930901820"])
    expect(CrmRequest.claimsOf(chatId, { email, phone: null })).toEqual(["chat/c1", "email/a@x.de"])
    expect(CrmRequest.claimsOf(chatId, { email: null, phone })).toEqual(["chat/c1", "phone/+4930901820"])
    expect(CrmRequest.claimsOf(chatId, { email: null, phone: null })).toEqual(["chat/c1"])
  })

  it("for one copy, or one lead's phone, is one, whoever asks (H2, E6)", () => {
    const record = { kind: "person", id: RecordRef.RecordId.make("p1") } as const
    expect(CrmRequest.copyId(record, chatId)).toBe("copy/person/p1/c1")
    expect(CrmRequest.copiesId(chatId)).toBe("copies/c1")
    expect(CrmRequest.phoneClaimOf(record.id)).toBe("phoneOf/p1")
  })

  it("begins with nobody at it; each beginning counts, and keeps others away until then (G4)", () => {
    fc.assert(
      fc.property(RequestArbitrary.crmRequest, fc.nat({ max: 5 }), ({ id, wanted }, times) => {
        let request = CrmRequest.opened({ id, chatId, wanted }, now, now)
        expect(request).toEqual({
          ...{ id, chatId, wanted, requestedAt: now, settledAt: null, eventCount: 0 },
          state: { _tag: "Open", attempts: 0, tries: 0, nextTryAt: now, lastError: null }
        })
        for (let at = 0; at < times; at++) request = CrmRequest.begun(request, later)
        expect(request.state).toEqual({
          ...{ _tag: "Open", attempts: times, tries: 0, lastError: null },
          nextTryAt: times === 0 ? now : later
        })
        expect(CrmRequest.isOpen(request)).toBe(true)
      })
    )
  })

  it("that has ended is not open, says when, and keeps no keys of the visitor (J4)", () => {
    fc.assert(
      fc.property(RequestArbitrary.crmRequest, RequestArbitrary.outcome, (request, outcome) => {
        const settled = CrmRequest.settled(request, outcome, later)
        expect(settled).toMatchObject({ state: outcome, settledAt: later, id: request.id })
        expect(CrmRequest.isOpen(settled)).toBe(false)
        if (settled.wanted._tag === "Lead") expect(settled.wanted.evidence).toEqual({ email: null, phone: null })
        else expect(settled.wanted).toEqual(request.wanted)
      })
    )
  })

  it("names every personal text that it refers to, so that erasing finds them (J4)", () => {
    fc.assert(
      fc.property(RequestArbitrary.crmRequest, (request) => {
        expect([...CrmRequest.contentsOf(request)].toSorted()).toEqual(refsIn(request.wanted).toSorted())
      })
    )
  })

  it("is told of in events that name their texts, too (J4)", () => {
    fc.assert(
      fc.property(RequestArbitrary.crmRequestEvent, (event) => {
        expect(CrmRequestEvent.contentsOf(event)).toEqual(event._tag === "NoticeDue" ? [] : refsIn(event))
      }),
      { numRuns: 300 }
    )
  })
})

/** Every reference in a value, wherever it lies. */
const refsIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value !== "object" || value === null) return []
  if ("ref" in value && "commitment" in value && typeof value.ref === "string") return [value.ref]
  return Object.values(value).flatMap(refsIn)
}
