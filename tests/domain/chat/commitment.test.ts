import { createHash } from "node:crypto"
import fc from "fast-check"
import { Commitment, type Content } from "leadline"
import { ChatCommands, HostileText } from "leadline/testing"
import { describe, expect, it } from "vitest"

const salt = fc.stringMatching(/^[0-9a-f]{32}$/)
const ref = "c1" as Content.ContentRef
const subject: Content.Subject = { _tag: "Visitor", visitorId: ChatCommands.visitorId }

describe("sealing a personal value", () => {
  it("commits to SHA-256(salt ‖ value), and hands the value only to the content store (J4)", () => {
    fc.assert(
      fc.property(salt, HostileText.text, (salt, typed) => {
        const { content, stored } = Commitment.seal({ ref, salt }, subject, typed)
        const hash = createHash("sha256").update(Buffer.from(salt, "hex")).update(stored.value, "utf8").digest("hex")
        expect(content).toEqual({ ref, commitment: hash })
        expect(stored).toEqual({ ref, subject, salt, value: Commitment.storable(typed) })
      })
    )
  })

  it("verifies with the stored value, and with no other value, salt or reference (J4, D7)", () => {
    fc.assert(
      fc.property(salt, HostileText.text, HostileText.text, salt, (salt, typed, other, otherSalt) => {
        const { content, stored } = Commitment.seal({ ref, salt }, subject, typed)
        expect(Commitment.verifies(content, stored)).toBe(true)
        const value = Commitment.storable(other)
        expect(Commitment.verifies(content, { ...stored, value })).toBe(value === stored.value)
        expect(Commitment.verifies(content, { ...stored, salt: otherSalt })).toBe(otherSalt === salt)
        expect(Commitment.verifies(content, { ...stored, ref: "c2" as Content.ContentRef })).toBe(false)
      })
    )
  })

  it("gives two equal values under two salts nothing in common (J4)", () => {
    fc.assert(
      fc.property(salt, salt, HostileText.text, (a, b, typed) => {
        fc.pre(a !== b)
        expect(Commitment.commit(a, typed)).not.toBe(Commitment.commit(b, typed))
      })
    )
  })
})

describe("a text for the stores", () => {
  it("is well-formed, without NUL, idempotent, and unchanged where it was so already (J4)", () => {
    fc.assert(
      fc.property(fc.oneof(HostileText.text, HostileText.codeUnits), (typed) => {
        const kept = Commitment.storable(typed)
        expect(kept.isWellFormed() && !kept.includes("\u0000")).toBe(true)
        expect(Commitment.storable(kept)).toBe(kept)
        expect(kept.length).toBe(typed.length)
        if (typed.isWellFormed() && !typed.includes("\u0000")) expect(kept).toBe(typed)
      })
    )
  })
})

describe("a hash of a text", () => {
  it("is SHA-256 of its UTF-8 form, in lower-case hex (K1)", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(Commitment.sha256Hex(text)).toBe(createHash("sha256").update(text, "utf8").digest("hex"))
      })
    )
  })
})
