import fc from "fast-check"
import { AgentStatus } from "leadline"
import { HostileText } from "leadline/testing"
import { describe, expect, it } from "vitest"

const known = AgentStatus.AgentStatus.literals
const someStatuses = fc.array(fc.constantFrom(...known), { maxLength: 6 })

describe("what a status allows", () => {
  it.each([
    ["online", true, true],
    ["away", false, true],
    ["invisible", false, true],
    ["offline", false, false]
  ] as const)("%s: rings %s, may answer %s (B1)", (status, rings, mayAnswer) => {
    expect([AgentStatus.rings(status), AgentStatus.mayAnswer(status)]).toEqual([rings, mayAnswer])
  })

  it.each([
    ["online", true, true],
    ["away", false, true],
    ["invisible", false, false],
    ["offline", false, false]
  ] as const)(
    "%s: is offered by routing %s, by a transfer %s, and may answer that offer (B1, C11)",
    (status, ...may) => {
      expect(AgentStatus.OfferKind.literals.map((kind) => AgentStatus.mayHold(status, kind))).toEqual(may)
    }
  )

  it("is nothing for a status that a newer release wrote (B1)", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          HostileText.specimen,
          fc.constantFrom("busy", "Online", "toString", "constructor", "__proto__")
        ),
        (text) => {
          fc.pre(!(known as ReadonlyArray<string>).includes(text))
          const status = text as AgentStatus.AgentStatus
          expect([AgentStatus.rings(status), AgentStatus.mayAnswer(status)]).toEqual([false, false])
          expect(AgentStatus.OfferKind.literals.some((kind) => AgentStatus.mayHold(status, kind))).toBe(false)
          expect(AgentStatus.ofAccount([status])).toBe("offline")
        }
      )
    )
  })
})

describe("what the website shows", () => {
  it("is online if anybody is, else away if anybody is, else offline (B1)", () => {
    fc.assert(
      fc.property(someStatuses, (statuses) => {
        const expected = statuses.includes("online") ? "online" : statuses.includes("away") ? "away" : "offline"
        expect(AgentStatus.ofAccount(statuses)).toBe(expected)
      })
    )
  })
})
