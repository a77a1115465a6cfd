import { Schema } from "effect"
import fc from "fast-check"
import { Agent, ChatLimit, Instant } from "leadline"
import { describe, expect, it } from "vitest"

const TEN_MINUTES = 600_000
const instant = fc.integer({ min: 0, max: 3 * TEN_MINUTES }).map(Instant.fromMillis)
const served = fc.record({ joinedAt: instant, lastPublicAt: fc.option(instant, { nil: null }) })
const at = Instant.fromMillis

describe("a slot", () => {
  it("is in use while the joining or any public message is less than 10 minutes old (B5)", () => {
    fc.assert(
      fc.property(served, instant, (chat, now) => {
        const isYoung = (moment: Instant.Instant | null) => moment !== null && now - moment < TEN_MINUTES
        expect(ChatLimit.usesSlot(chat, now)).toBe(isYoung(chat.joinedAt) || isYoung(chat.lastPublicAt))
      })
    )
  })

  it.each([
    ["the joining", { joinedAt: at(1_000), lastPublicAt: null }, 1_000],
    ["an old message, a later joining", { joinedAt: at(5_000), lastPublicAt: at(1_000) }, 5_000],
    ["a message after the joining", { joinedAt: at(1_000), lastPublicAt: at(9_000) }, 9_000]
  ])("is free exactly 10 minutes after %s, and in use a millisecond before (B5)", (_, chat, youngest) => {
    expect(ChatLimit.usesSlot(chat, at(youngest + TEN_MINUTES - 1))).toBe(true)
    expect(ChatLimit.usesSlot(chat, at(youngest + TEN_MINUTES))).toBe(false)
  })

  it("wakes up with a public message, however long the chat was quiet (B5, B6)", () => {
    fc.assert(
      fc.property(served, instant, (chat, now) => {
        expect(ChatLimit.usesSlot({ ...chat, lastPublicAt: now }, now)).toBe(true)
      })
    )
  })

  it("is counted once for each chat served (B5)", () => {
    fc.assert(
      fc.property(fc.array(served), instant, (chats, now) => {
        expect(ChatLimit.slotsInUse(chats, now)).toBe(chats.filter((chat) => ChatLimit.usesSlot(chat, now)).length)
      })
    )
  })
})

describe("a chat limit", () => {
  it("is off, or 0..20, for the account and per agent (B5)", () => {
    const own = Schema.is(Agent.Agent.fields.chatLimit)
    const account = Schema.is(ChatLimit.ChatLimit)
    for (const fits of [own, account]) {
      expect([null, 0, 1, 20].every((limit) => fits(limit))).toBe(true)
      expect([-1, 21, 1.5, Number.NaN, "3", undefined].some((limit) => fits(limit))).toBe(false)
    }
  })

  it("is the agent's own before the account's, 0 included (B5)", () => {
    expect(ChatLimit.limitOf(null, 3)).toBe(3)
    expect(ChatLimit.limitOf(0, 3)).toBe(0)
    expect(ChatLimit.limitOf(5, null)).toBe(5)
    expect(ChatLimit.limitOf(null, null)).toBe(null)
  })

  it("binds from the limit on; off, it never binds (B5, B6)", () => {
    fc.assert(
      fc.property(fc.nat(40), fc.option(fc.integer({ min: 0, max: 20 }), { nil: null }), (used, limit) => {
        expect(ChatLimit.isAtLimit(used, limit)).toBe(limit !== null && used >= limit)
      })
    )
  })
})
