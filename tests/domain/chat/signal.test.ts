import * as fc from "fast-check"
import { Id, Instant, Signal } from "leadline"
import { describe, expect, it } from "vitest"

const chatId = Id.ChatId.make("c")
const at = (millis: number) => Instant.fromMillis(millis)
const agent: Signal.Sender = { _tag: "Agent", agentId: Id.AgentId.make("agent-4711") }
const { TYPING_GAP_MILLIS, TYPING_MILLIS } = Signal

describe("typing", () => {
  it("ends by itself, and leaves room for a lost signal (D8)", () => {
    const typing = Signal.typing(chatId, agent, "public", at(1_000))
    expect(Signal.isLive(typing, at(1_000 + TYPING_MILLIS - 1))).toBe(true)
    expect(Signal.isLive(typing, at(1_000 + TYPING_MILLIS))).toBe(false)
    expect(2 * TYPING_GAP_MILLIS).toBeLessThanOrEqual(TYPING_MILLIS)
  })

  it("that ended, and what was read, stay said", () => {
    const ended: Signal.Signal = { _tag: "TypingEnded", chatId, from: agent, visibility: "public", at: at(0) }
    const read: Signal.Signal = { _tag: "Read", chatId, from: agent, number: 1, at: at(0) }
    for (const signal of [ended, read]) expect(Signal.isLive(signal, at(1e9))).toBe(true)
  })
})

describe("a signal as the visitor sees it", () => {
  const anySignal: fc.Arbitrary<Signal.Signal> = fc
    .record({
      chatId: fc.constant(chatId),
      from: fc.constantFrom<Signal.Sender>(agent, { _tag: "Visitor" }),
      visibility: fc.constantFrom("public" as const, "internal" as const),
      number: fc.nat(),
      at: fc.nat().map(at),
      until: fc.nat().map(at)
    })
    .chain((all) => {
      const { number, until, visibility, ...common } = all
      return fc.constantFrom<Signal.Signal>(
        { _tag: "Typing", ...common, visibility, until },
        { _tag: "TypingEnded", ...common, visibility },
        { _tag: "Read", ...common, number }
      )
    })

  it("names agents as they show themselves, never by id, and tells nothing of notes (D8)", () =>
    fc.assert(
      fc.property(anySignal, (signal) => {
        const shown = Signal.shown(signal, "Ann")
        expect(JSON.stringify(shown)).not.toContain("4711")
        const isTheirs = signal.from._tag === "Visitor"
        const isOfNote = signal._tag !== "Read" && signal.visibility === "internal"
        expect(shown).toEqual(isTheirs || isOfNote ? null : { ...signal, from: { _tag: "Agent", name: "Ann" } })
      })
    ))
})
