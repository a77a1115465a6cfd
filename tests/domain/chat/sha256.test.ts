import { createHash } from "node:crypto"
import fc from "fast-check"
import { HostileText } from "leadline/testing"
import { afterEach, describe, expect, it, vi } from "vitest"

const native = process.getBuiltinModule

/** The library as a host without Node's modules loads it, or as this one does. */
const loaded = async (hasBuiltins: boolean) => {
  vi.resetModules()
  Object.assign(process, { getBuiltinModule: hasBuiltins ? native : undefined })
  return (await import("leadline")).Commitment
}

afterEach(() => {
  Object.assign(process, { getBuiltinModule: native })
  vi.resetModules()
})

describe("SHA-256", () => {
  it.each([true, false])(
    "of a text's UTF-8 form is the same on every host; with Node's modules: %s (D7, J4)",
    async (has) => {
      const { commit, sha256Hex } = await loaded(has)
      fc.assert(
        fc.property(HostileText.text, fc.stringMatching(/^[0-9a-f]{32}$/), (text, salt) => {
          const bytes = Buffer.from(text.toWellFormed(), "utf8")
          expect(sha256Hex(text)).toBe(createHash("sha256").update(bytes).digest("hex"))
          expect(commit(salt, text)).toBe(
            createHash("sha256").update(Buffer.from(salt, "hex")).update(bytes).digest("hex")
          )
        })
      )
    }
  )

  it("is the host's own where it has one", async () => {
    const asked = vi.fn(native)
    vi.resetModules()
    Object.assign(process, { getBuiltinModule: asked })
    await import("leadline")
    expect(asked).toHaveBeenCalledWith("node:crypto")
  })
})
