import { Result } from "effect"
import fc from "fast-check"
import { ChatTalk, Instant, Transcript } from "leadline"
import { ChatCommands, HostileText } from "leadline/testing"
import { describe, expect, expectTypeOf, it } from "vitest"

const [ann, ben] = ChatCommands.agentIds
const agent = { _tag: "Agent", agentId: ann } as const

const voice = fc.constantFrom(
  { visibility: "public", author: { _tag: "Visitor" } } as const,
  { visibility: "public", author: agent } as const,
  { visibility: "public", author: { _tag: "System" } } as const,
  { visibility: "internal", author: agent } as const
)

interface Written {
  readonly lines: ReadonlyArray<Transcript.Message>
  readonly digest: Transcript.Digest
}

/** A transcript as the deciders write it, with a clock that also goes backwards. */
const written: fc.Arbitrary<Written> = fc
  .array(fc.tuple(voice, HostileText.meaningful, fc.integer({ min: -1_000, max: 1_000 })), {
    minLength: 1,
    maxLength: 12
  })
  .map((drafts) => {
    const lines: Array<Transcript.Message> = []
    let last = { number: 0, at: Instant.fromMillis(0), digest: Transcript.emptyDigest }
    for (const [index, [voice, typed, now]] of drafts.entries()) {
      const text = ChatCommands.text(typed, `text-${index}`)
      const sent = Result.getOrThrow(ChatTalk.message(last, voice, text, Instant.fromMillis(now)))
      lines.push(sent.message)
      last = { number: sent.message.number, at: sent.message.at, digest: sent.digest }
    }
    return { lines, digest: last.digest }
  })

const renumbered = (lines: ReadonlyArray<Transcript.Message>): ReadonlyArray<Transcript.Message> =>
  lines.map((line, index) => ({ ...line, number: index + 1 }))

/** The same line, with one thing about it changed that the digest covers (D7). */
const forgeries: Record<string, (line: Transcript.Message) => Transcript.Message> = {
  number: (line) => ({ ...line, number: line.number + 1 }),
  time: (line) => ({ ...line, at: Instant.plusMillis(line.at, 1) }),
  "earlier time": (line) => ({ ...line, at: Instant.plusMillis(line.at, -1) }),
  "author's role": (line) => {
    if (line.visibility === "internal") return { ...line, visibility: "public", author: { _tag: "System" } }
    return { ...line, author: line.author._tag === "Visitor" ? agent : { _tag: "Visitor" } }
  },
  visibility: (line) =>
    line.visibility === "internal"
      ? { ...line, visibility: "public" }
      : { ...line, visibility: "internal", author: agent },
  commitment: (line) => ({ ...line, content: ChatCommands.text("forged", "forged").content })
}

describe("a transcript", () => {
  it("verifies as it was written, with a chain that begins at 64 zeros (D7)", () => {
    fc.assert(fc.property(written, ({ digest, lines }) => Transcript.verify(lines, digest) === null))
    expect(Transcript.verify([], Transcript.emptyDigest)).toBe(null)
    expect(Transcript.emptyDigest).toBe("0".repeat(64))
  })

  it("numbers from 1 and keeps the order of time, whatever the clock does (D7)", () => {
    fc.assert(
      fc.property(written, ({ lines }) => {
        expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => index + 1))
        expect(lines.map(({ at }) => at)).toEqual(lines.map(({ at }) => at).sort((a, b) => a - b))
      })
    )
  })

  it.each(Object.entries(forgeries))("with a forged %s does not verify (D7)", (_, forge) => {
    fc.assert(
      fc.property(written, fc.nat(), (written, seed) => {
        const at = seed % written.lines.length
        const lines = written.lines.map((line, index) => (index === at ? forge(line) : line))
        expect(Transcript.verify(lines, written.digest)).not.toBe(null)
      })
    )
  })

  it("with a line dropped, doubled or swapped does not verify, even when the numbers are made to fit (D7)", () => {
    fc.assert(
      fc.property(written, fc.nat(), ({ digest, lines }, seed) => {
        const at = seed % lines.length
        const [head, line, tail] = [lines.slice(0, at), lines.slice(at, at + 1), lines.slice(at + 1)]
        for (const forged of [
          [...head, ...tail],
          [...head, ...line, ...line, ...tail],
          ...(tail.length === 0 ? [] : [[...head, ...tail.slice(0, 1), ...line, ...tail.slice(1)]])
        ]) {
          expect(Transcript.verify(forged, digest)).not.toBe(null)
          expect(Transcript.verify(renumbered(forged), digest)).not.toBe(null)
        }
      })
    )
  })

  it("says what is wrong: a gap, an order, or the digest (D7)", () => {
    const base = { visibility: "public", author: agent, content: ChatCommands.text("Hi").content } as const
    const first: Transcript.Message = { ...base, number: 1, at: Instant.fromMillis(5) }
    const digest = Transcript.extend(Transcript.emptyDigest, first)
    expect(Transcript.verify([{ ...first, number: 2 }], digest)).toEqual({ _tag: "Gap", expected: 1, found: 2 })
    const early: Transcript.Message = { ...base, number: 2, at: Instant.fromMillis(4) }
    expect(Transcript.verify([first, early], Transcript.extend(digest, early))).toEqual({
      _tag: "OutOfOrder",
      number: 2
    })
    expect(Transcript.verify([first], Transcript.emptyDigest)).toEqual({ _tag: "DigestDiffers" })
  })

  it("chains SHA-256 over previous, number, time, role, visibility and commitment: digests of today verify for ever (D7, K5)", () => {
    const line: Transcript.Message = {
      number: 1,
      at: Instant.fromMillis(1_767_225_600_000),
      visibility: "public",
      author: { _tag: "Visitor" },
      content: ChatCommands.sealed("Hello", "c1").text.content
    }
    // printf '%s' "$(printf '0%.0s' {1..64})|1|1767225600000|Visitor|public|<commitment>" | sha256sum
    expect(line.content.commitment).toBe("d83a27b135348472da175339a8129c4ce2a72d2c15948533a1ab13820d87df08")
    expect(Transcript.extend(Transcript.emptyDigest, line)).toBe(
      "323570e483c369a0cbeafe2d934fde0f975827f4460484ab4d800601d91eac26"
    )
  })

  it("verifies whoever the agent was: their role counts, their account may be gone (D7, J4)", () => {
    fc.assert(
      fc.property(written, ({ digest, lines }) => {
        const anonymous = lines.map((line) =>
          line.author._tag === "Agent" ? { ...line, author: { ...line.author, agentId: ben } } : line
        )
        expect(Transcript.verify(anonymous, digest)).toBe(null)
      })
    )
  })
})

describe("what the visitor may see", () => {
  it("is every public message and no internal note, in order (D8)", () => {
    fc.assert(
      fc.property(written, ({ lines }) => {
        expect(Transcript.publicPart(lines)).toEqual(lines.filter(({ visibility }) => visibility === "public"))
      })
    )
  })

  it("has a type that leaves no room for a note (D8)", () => {
    expectTypeOf(Transcript.publicPart).returns.toEqualTypeOf<ReadonlyArray<Transcript.PublicMessage>>()
    expectTypeOf<Transcript.PublicMessage["visibility"]>().toEqualTypeOf<"public">()
    expectTypeOf<Transcript.InternalNote>().not.toExtend<Transcript.PublicMessage>()
  })
})
