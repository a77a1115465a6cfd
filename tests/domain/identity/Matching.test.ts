import fc from "fast-check"
import { EmailKey, Instant, Matching, PhoneKey, RecordRef } from "leadline"
import { IdentityArbitrary } from "leadline/testing"
import { describe, expect, it } from "vitest"

const emailKey = (typed: string) => EmailKey.EmailKey.make(typed)
const phoneKey = (typed: string) => PhoneKey.PhoneKey.make(typed)
const [ann, bob] = [emailKey("ann@x.de"), emailKey("bob@x.de")]
const [desk, mobile] = [phoneKey("+4930901820"), phoneKey("+491711234567")]

const ref = (kind: RecordRef.MatchableKind, id: string): RecordRef.MatchableRef => ({
  kind,
  id: RecordRef.RecordId.make(id)
})
const candidate = (
  kind: RecordRef.MatchableKind,
  id: string,
  facts: {
    readonly emails?: ReadonlyArray<EmailKey.EmailKey>
    readonly phones?: ReadonlyArray<PhoneKey.PhoneKey>
    readonly updatedAt?: number
    readonly isLive?: boolean
  } = {}
): Matching.Candidate => ({
  ref: ref(kind, id),
  keys: { emails: facts.emails ?? [ann], phones: facts.phones ?? [] },
  updatedAt: Instant.fromMillis(facts.updatedAt ?? 0),
  isLive: facts.isLive ?? true
})

const matched = (match: Matching.Match): ReadonlyArray<Matching.Matched> =>
  match._tag === "Match" ? match.records : []
const names = (match: Matching.Match): ReadonlyArray<string> =>
  matched(match).map((record) => `${record.by}:${record.ref.kind}/${record.ref.id}`)

const evidences = IdentityArbitrary.evidence
const candidates = fc.array(IdentityArbitrary.candidate, { maxLength: 14 })

const deepFreeze = <A>(value: A): A => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}

describe("evidence", () => {
  it("is the email alone under emailOnly, the phone too under emailOrPhone (A2)", () => {
    expect(Matching.evidenceFor("emailOnly", ann, desk)).toEqual({ email: ann, phone: null })
    expect(Matching.evidenceFor("emailOrPhone", ann, desk)).toEqual({ email: ann, phone: desk })
    expect(Matching.evidenceFor("emailOrPhone", null, desk)).toEqual({ email: null, phone: desk })
  })
})

describe("matching", () => {
  it("says whether there was nothing to compare by or nothing that matched (A3)", () => {
    const all = [candidate("lead", "1", { phones: [desk] })]
    expect(Matching.match({ email: null, phone: null }, all)).toEqual({ _tag: "NoEvidence" })
    expect(Matching.match({ email: bob, phone: mobile }, all)).toEqual({ _tag: "None" })
    expect(Matching.match(Matching.evidenceFor("emailOnly", null, desk), all)).toEqual({ _tag: "NoEvidence" })
  })

  it("puts email hits before phone hits, then person, company, lead (A3)", () => {
    const all = (["lead", "company", "person"] as const).flatMap((kind) => [
      candidate(kind, "p", { emails: [], phones: [desk], updatedAt: 9 }),
      candidate(kind, "e", { updatedAt: 1 })
    ])
    expect(names(Matching.match({ email: ann, phone: desk }, all))).toEqual([
      ...["email:person/e", "email:company/e", "email:lead/e"],
      ...["phone:person/p", "phone:company/p", "phone:lead/p"]
    ])
  })

  it("puts the most recently updated of a kind first, then the lower id as a string by UTF-16 code units (A3)", () => {
    const all = [
      candidate("lead", "0", { updatedAt: 1 }),
      ...["9", "10", "b", "B", "\uffe6", "😀"].map((id) => candidate("lead", id, { updatedAt: 2 }))
    ]
    expect(matched(Matching.match({ email: ann, phone: null }, all)).map((record) => record.ref.id)).toEqual([
      ...["10", "9", "B", "b", "😀", "\uffe6", "0"]
    ])
  })

  it("counts a record that matches by both as an email hit, once (A3)", () => {
    const both = candidate("person", "1", { phones: [desk] })
    expect(names(Matching.match({ email: ann, phone: desk }, [both, both]))).toEqual(["email:person/1"])
  })

  it("returns exactly the live records that answer to the evidence, each once, by the strongest address (A3, A5)", () => {
    fc.assert(
      fc.property(evidences, candidates, (evidence, all) => {
        const answers = (record: Matching.Candidate, by: "email" | "phone") =>
          by === "email"
            ? evidence.email !== null && record.keys.emails.includes(evidence.email)
            : evidence.phone !== null && record.keys.phones.includes(evidence.phone)
        const live = all.filter((record) => record.isLive)
        const expected = new Map(
          (["phone", "email"] as const).flatMap((by) =>
            live.filter((record) => answers(record, by)).map((record) => [RecordRef.toKey(record.ref), by] as const)
          )
        )
        const found = matched(Matching.match(evidence, all)).map(
          (record) => [RecordRef.toKey(record.ref), record.by] as const
        )
        expect(found.length).toBe(expected.size)
        expect(new Map(found)).toEqual(expected)
      }),
      { numRuns: 500 }
    )
  })

  it("is in A3's order, between any two records (A3)", () => {
    const rank = { email: 0, phone: 1, person: 0, company: 1, lead: 2 } as const
    const distinct = candidates.map((all) => [...new Map(all.map((one) => [RecordRef.toKey(one.ref), one])).values()])
    fc.assert(
      fc.property(evidences, distinct, (evidence, all) => {
        const times = new Map(all.map((one) => [RecordRef.toKey(one.ref), one.updatedAt]))
        const found = matched(Matching.match(evidence, all))
        found.slice(1).forEach((next, index) => {
          const before = found[index] ?? next
          const steps = [
            rank[before.by] - rank[next.by],
            rank[before.ref.kind] - rank[next.ref.kind],
            (times.get(RecordRef.toKey(next.ref)) ?? 0) - (times.get(RecordRef.toKey(before.ref)) ?? 0),
            before.ref.id < next.ref.id ? -1 : 1
          ]
          expect(steps.find((step) => step !== 0)).toBeLessThan(0)
        })
      }),
      { numRuns: 500 }
    )
  })

  it("does not depend on the order or the repetition of what was found (A3)", () => {
    const shuffled = candidates.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2, maxLength: all.length * 2 })
      )
    )
    fc.assert(
      fc.property(evidences, shuffled, (evidence, [all, mixed]) => {
        expect(Matching.match(evidence, mixed)).toEqual(Matching.match(evidence, all))
      }),
      { numRuns: 500 }
    )
  })

  it("finds a lead and a contact with one email, the contact first, and several of each (A4)", () => {
    const all = [candidate("lead", "1"), candidate("person", "2"), candidate("lead", "3"), candidate("person", "4")]
    expect(names(Matching.match({ email: ann, phone: null }, all))).toEqual([
      ...["email:person/2", "email:person/4", "email:lead/1", "email:lead/3"]
    ])
  })

  it("skips records that are converted, merged away or deleted, the primary too (A5)", () => {
    const all = [candidate("person", "1", { isLive: false }), candidate("lead", "2")]
    expect(names(Matching.match({ email: ann, phone: null }, all))).toEqual(["email:lead/2"])
    expect(Matching.match({ email: ann, phone: null }, all.slice(0, 1))).toEqual({ _tag: "None" })
  })

  it("changes neither the records nor their keys: what a visitor typed is a claim (A8)", () => {
    fc.assert(
      fc.property(evidences, candidates, (evidence, all) => {
        const before = structuredClone(all)
        Matching.match(deepFreeze(evidence), deepFreeze(all))
        expect(all).toEqual(before)
      })
    )
  })
})
