import { Schema } from "effect"
import fc from "fast-check"
import { Actor, Id, Instant } from "leadline"
import { HostileText } from "leadline/testing"
import { describe, expect, it } from "vitest"

const isId = Schema.is(Id.AgentId)
const plain = fc.stringMatching(/^[A-Za-z0-9:_-][A-Za-z0-9:_.-]{0,19}$/)

describe("an actor's part of an idempotency key", () => {
  it("is its own for every kind of actor and every id (K1)", () => {
    const actor = fc.oneof(
      plain.map((id) => Actor.agent(Id.AgentId.make(id))),
      plain.map((id) => Actor.user(Id.UserId.make(id))),
      plain.map((id) => Actor.visitor(Id.VisitorId.make(id))),
      plain.map(Actor.service),
      fc.constant(Actor.system)
    )
    fc.assert(
      fc.property(actor, actor, (a, b) => {
        expect(Actor.toKey(a) === Actor.toKey(b)).toBe(JSON.stringify(a) === JSON.stringify(b))
      })
    )
  })

  it("reads `kind:id` (K1)", () => {
    expect(Actor.toKey(Actor.agent(Id.AgentId.make("100")))).toBe("agent:100")
    expect(Actor.toKey(Actor.user(Id.UserId.make("7")))).toBe("user:7")
    expect(Actor.toKey(Actor.visitor(Id.VisitorId.make("v")))).toBe("visitor:v")
    expect(Actor.toKey(Actor.service("import"))).toBe("service:import")
    expect(Actor.toKey(Actor.system)).toBe("system")
  })
})

describe("an id", () => {
  it("is 1 to 128 printable characters without blanks and slashes, which join keys (J2)", () => {
    expect([1, Id.MAX_ID_LENGTH].map((length) => isId("x".repeat(length)))).toEqual([true, true])
    expect(["", "x".repeat(Id.MAX_ID_LENGTH + 1), "a/b", "a b", "a\u0000", "a\u200Bb", "a\nb"].filter(isId)).toEqual([])
  })

  it("never holds what would break a key, whatever is tried (J2)", () => {
    fc.assert(
      fc.property(HostileText.text, (text) => {
        if (isId(text)) expect(text).not.toMatch(/[\s/\p{C}]/u)
      })
    )
  })
})

describe("an instant", () => {
  it("is whole milliseconds, and survives the way to Effect's type and back (D7)", () => {
    fc.assert(
      fc.property(fc.integer({ min: -8.64e12, max: 8.64e12 }), fc.integer({ min: -1e6, max: 1e6 }), (millis, step) => {
        const instant = Instant.fromMillis(millis)
        expect(Instant.fromDateTime(Instant.toDateTime(instant))).toBe(instant)
        expect(Instant.format(instant)).toBe(new Date(millis).toISOString())
        const moved = Instant.plusMillis(instant, step)
        expect(moved).toBe(millis + step)
        expect(Instant.max(instant, moved)).toBe(Math.max(millis, millis + step))
      })
    )
  })
})
