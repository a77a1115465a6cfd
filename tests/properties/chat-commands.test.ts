import fc from "fast-check"
import type { ChatCommand } from "leadline"
import { ChatCommands, HostileText } from "leadline/testing"
import { describe, expect, it } from "vitest"

const sample = fc.sample(ChatCommands.steps(), { numRuns: 300, seed: 1 })

/** Every kind of command; the type keeps it complete. */
const kinds: Record<ChatCommand.ChatCommand["_tag"], true> = {
  RequestChat: true,
  RequestTranscript: true,
  EraseVisitor: true,
  LeaveOfflineMessage: true,
  AnswerChat: true,
  SendVisitorMessage: true,
  SendAgentMessage: true,
  WriteInternalNote: true,
  LeaveChat: true,
  ReleaseAgent: true,
  LeavePage: true,
  ReturnToPage: true,
  ChangeVisitorDetails: true,
  RateChat: true,
  TagChat: true,
  RecordLead: true,
  EndChat: true,
  OfferChat: true,
  ClearExclusions: true,
  DeclineOffer: true,
  WithdrawOffer: true,
  TransferToAgent: true,
  TransferToDepartment: true,
  InviteAgent: true,
  JoinChat: true,
  ObserveChat: true,
  StopObserving: true,
  PassTime: true,
  CloseForHours: true
}

describe("command sequences (K4)", () => {
  it("hold every kind of command, and begin with a request or an offline message", () => {
    const seen = new Set(sample.flat().map(({ command }) => command._tag))
    expect([...seen].sort()).toEqual(Object.keys(kinds).sort())
    const first = new Set(sample.map(([step]) => step?.command._tag))
    expect([...first].sort()).toEqual(["LeaveOfflineMessage", "RequestChat"])
  })

  it("are plain data", () => {
    for (const steps of sample) expect(JSON.parse(JSON.stringify(steps))).toEqual(steps)
  })

  it("have a clock that goes forward beyond a slot's 10 minutes, and backwards (B5, D7)", () => {
    const moves = sample.flatMap((steps) => steps.slice(1).map(({ now }, index) => now - (steps[index]?.now ?? now)))
    expect(moves.some((move) => move < 0)).toBe(true)
    expect(moves.some((move) => move > 600_000)).toBe(true)
  })

  it("give each text a reference of its own (J4)", () => {
    for (const steps of sample) {
      const refs = JSON.stringify(steps).match(/(?<="ref":")[^"]+/g) ?? []
      expect(new Set(refs).size).toBe(refs.length)
    }
  })

  it("shrink to the shortest that fails", () => {
    const isUnserved = fc.property(ChatCommands.steps(), (steps) =>
      ChatCommands.play(steps).every(({ after }) => (after?.serving.length ?? 0) === 0)
    )
    const { counterexample } = fc.check(isUnserved, { seed: 1 })
    expect(counterexample?.[0].map(({ command }) => command._tag)).toEqual(["RequestChat", "AnswerChat"])
  })
})

describe("hostile texts (D11)", () => {
  const texts = fc.sample(HostileText.text, { numRuns: 1_000, seed: 1 })

  it("hold lone surrogates, NUL, blanks, and every specimen", () => {
    expect(texts.some((text) => !text.isWellFormed())).toBe(true)
    expect(texts.some((text) => text.includes("\u0000"))).toBe(true)
    expect(Object.values(HostileText.specimens).filter((specimen) => !texts.includes(specimen))).toEqual([])
  })

  it("say something where they must", () => {
    expect(fc.sample(HostileText.meaningful, 1_000).filter((text) => text.trim() === "")).toEqual([])
  })

  it("have secrets that no id, digest or field name holds (J4)", () => {
    for (const secret of fc.sample(HostileText.secret, 20)) expect(secret).toMatch(/^[g-z]{20}$/)
  })
})
