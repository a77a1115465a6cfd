import fc from "fast-check"
import { AgentStatus, ChatIcon } from "leadline"
import { describe, expect, it } from "vitest"

const facts = fc.record({
  isSwitchedOn: fc.boolean(),
  hasChatLicence: fc.boolean(),
  status: fc.constantFrom(...AgentStatus.AgentStatus.literals),
  waiting: fc.nat(9),
  ringing: fc.nat(3)
})

describe("the chat icon", () => {
  it("is hidden without a Chat licence, and with the switch off (C9, H6)", () => {
    fc.assert(
      fc.property(facts, (facts) => {
        const isHidden = ChatIcon.chatIcon(facts)._tag === "Hidden"
        expect(isHidden).toBe(!(facts.isSwitchedOn && facts.hasChatLicence))
      })
    )
  })

  it("blinks and sounds exactly while something rings at this agent; what only waits does not count (C9)", () => {
    fc.assert(
      fc.property(facts, (facts) => {
        const { ringing, status, waiting } = facts
        const [blinking, sound] = [ringing > 0, ringing > 0]
        const icon = ChatIcon.chatIcon({ ...facts, isSwitchedOn: true, hasChatLicence: true })
        expect(icon).toEqual({ _tag: "Shown", status, waiting, blinking, sound })
      })
    )
  })
})
