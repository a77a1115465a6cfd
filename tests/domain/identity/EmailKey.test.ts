import { domainToUnicode } from "node:url"
import { Schema } from "effect"
import fc from "fast-check"
import { EmailKey } from "leadline"
import { describe, expect, it } from "vitest"

const { make } = EmailKey

/** Characters that normalising, lower-casing and UTS-46 are known to stumble over. */
const weird = fc.constantFrom(
  ...["İ", "I", "ı", "ẞ", "ß", "Σ", "ς", "σ", "Ǆ", "ǅ", "K", "Å", "J", "ſ", "ﬁ", "Ａ", "𐐀", "ΐ", "ᾼ", "각", "א", "ع"],
  ...["\u0301", "\u0307", "\u030c", "\u0323", "\u0345", "\u1161", "\u11a8", "\u200c", "\u200d", "\ufe0f", "\u00ad"],
  ...[
    "\u200b",
    "\u200e",
    "\u2060",
    "\ufeff",
    "\u3164",
    "\u00a0",
    "\u0085",
    "\u0000",
    "\ud83d",
    "\ude00",
    "😀",
    "\u037e"
  ],
  ...["@", "＠", ".", "。", "．", "｡", "-", "_", "xn--", '"', "\\", "<", "(", ",", " ", "+", "a", "Z", "é", "0"]
)
const text = fc.oneof(
  fc.array(weird, { maxLength: 8 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: "grapheme", maxLength: 12 })
)
const email = fc.oneof(
  fc.emailAddress(),
  fc.tuple(text, fc.constantFrom("@", "@x", "@a."), text).map((parts) => parts.join("")),
  fc.tuple(text, fc.constantFrom("@x.de", "@Bücher.de", "@xn--bcher-kva.de")).map((parts) => parts.join("")),
  fc.tuple(fc.constantFrom("ann@", "a.b+c@"), text, fc.constantFrom("", ".de")).map((parts) => parts.join(""))
)
/** Emails that have a key: about one in three of the above would. */
const usable = email.filter((typed) => make(typed) !== null)

const swapAsciiCase = (typed: string): string =>
  typed.replace(/[a-zA-Z]/g, (letter) => (letter < "a" ? letter.toLowerCase() : letter.toUpperCase()))

const spell = (typed: string): string => JSON.stringify(typed)

describe("an email's key", () => {
  it("is its own key, whatever was typed (A1)", () => {
    fc.assert(
      fc.property(email, (typed) => {
        const key = make(typed)
        expect(key === null ? null : make(key)).toBe(key)
      }),
      { numRuns: 2000 }
    )
  })

  it("is the same whether it takes the short way or, for a blank before it, the long one (A1)", () => {
    const label = fc.oneof(
      fc.stringMatching(/^[a-zA-Z0-9-]{1,5}$/),
      fc.constantFrom("", "-", "xn--", "xn--bcher-kva", "XN--a", "a_b", "K", "ſ", "a".repeat(63), "a".repeat(64))
    )
    const domain = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."))
    const local = fc.oneof(fc.stringMatching(/^[\w.+-]{1,9}$/), fc.constantFrom("a".repeat(250), "", "K", "ſ", "a b"))
    fc.assert(
      fc.property(
        fc.oneof(
          email,
          fc.tuple(local, domain).map((parts) => parts.join("@"))
        ),
        (typed) => {
          expect(make(typed)).toBe(make(` ${typed}`))
        }
      ),
      { numRuns: 5000 }
    )
  })

  it("is its own key for every character whose case or form can change (A1)", () => {
    const points = Array.from({ length: 0x20000 }, (_, point) => String.fromCodePoint(point))
    const unstable = points.filter((point) => point.toLowerCase().normalize("NFC") !== point.normalize("NFD"))
    expect(unstable.length).toBeGreaterThan(3_000)
    const typed = unstable.flatMap((point) => [`${point}@x.de`, `a${point}\u0301@x.de`, `ann@a${point}.de`])
    expect(typed.filter((one) => make(one) !== null && make(make(one) ?? "") !== make(one))).toEqual([])
  })

  it("reads back under its schema and has ASCII after the last @ (A1)", () => {
    fc.assert(
      fc.property(usable, (typed) => {
        const key = make(typed) ?? ""
        expect(Schema.is(EmailKey.EmailKey)(key)).toBe(true)
        expect(key.slice(key.lastIndexOf("@") + 1)).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/)
        expect(key.isWellFormed()).toBe(true)
      })
    )
  })

  it("is the same for spellings that differ by ASCII case (A1)", () => {
    fc.assert(
      fc.property(usable, (typed) => {
        expect(make(swapAsciiCase(typed)), spell(typed)).toBe(make(typed))
      })
    )
    expect(make("Ann.Lee@Example.COM")).toBe("ann.lee@example.com")
  })

  it("is the same for spellings that differ by NFC and NFD (A1)", () => {
    fc.assert(
      fc.property(usable, (typed) => {
        expect(make(typed.normalize("NFD")), spell(typed)).toBe(make(typed))
        expect(make(typed.normalize("NFC")), spell(typed)).toBe(make(typed))
      })
    )
    expect(make("jose\u0301@x.de")).toBe("jos\u00e9@x.de")
  })

  it("is composed again after lower-casing (A1)", () => {
    expect(make("J\u030can@x.de")).toBe("\u01f0an@x.de")
    expect(make("\u01f0an@x.de")).toBe("\u01f0an@x.de")
  })

  it("is the same for spellings that differ by outer blanks, seen or unseen (A1)", () => {
    const blanks = fc
      .array(fc.constantFrom(" ", "\t", "\r\n", "\u00a0", "\u0085", "\u3000", "\ufeff", "\u200b", "\u200e", "\u2060"))
      .map((points) => points.join(""))
    fc.assert(
      fc.property(blanks, usable, blanks, (before, typed, after) => {
        expect(make(before + typed + after), spell(typed)).toBe(make(typed))
      })
    )
    expect(make(" \u200bann@x.de\u200e\n")).toBe("ann@x.de")
  })

  it.each([
    ["ann@Bücher.de", "ann@xn--bcher-kva.de"],
    ["ann@bu\u0308cher.de", "ann@xn--bcher-kva.de"],
    ["ann@XN--BCHER-KVA.de", "ann@xn--bcher-kva.de"],
    ["ann@例え。テスト", "ann@xn--r8jz45g.xn--zckzah"],
    ["ann@ｘ．ｄｅ", "ann@x.de"],
    // upper-case sigma is σ in a domain wherever it stands, and ß is no ss: the non-transitional form
    ["ann@ΟΔΟΣ-1.gr", "ann@xn---1-k9b7bby.gr"],
    ["ann@οδοσ-1.gr", "ann@xn---1-k9b7bby.gr"],
    ["ann@faß.de", "ann@xn--fa-hia.de"],
    ["ann@FAẞ.de", "ann@xn--fa-hia.de"],
    ["ann@r3---sn.example", "ann@r3---sn.example"]
  ])("writes the domain of %j in its ASCII form by UTS-46 non-transitional (A1)", (typed, key) => {
    expect(make(typed)).toBe(key)
  })

  it("is the same for the Unicode and the ASCII form of a domain (A1)", () => {
    const label = fc.string({ unit: fc.constantFrom(..."aZ0-üßéΣσς例テжа\u0308😀ड़"), minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(label, (typed) => {
        const key = make(`ann@${typed}.de`)
        fc.pre(key !== null)
        const domain = domainToUnicode(key.slice("ann@".length))
        expect(make(`ann@${domain}`), spell(typed)).toBe(key)
      })
    )
  })

  it("keeps apart what only full case folding would join (A1)", () => {
    expect(make("straße@x.de")).not.toBe(make("strasse@x.de"))
    expect(make("ann+crm@x.de")).toBe("ann+crm@x.de")
    expect(make("a.n.n@x.de")).not.toBe(make("ann@x.de"))
  })

  it("ends its local part at the last @ (A1)", () => {
    expect(make('"Ann@Home"@x.de')).toBe('"ann@home"@x.de')
    expect(make('"say \\"hi\\""@x.de')).toBeNull()
    expect(make('"a\\"b"@x.de')).toBe('"a\\"b"@x.de')
    expect(EmailKey.localPart('"Ann@Home"@x.de')).toBe('"Ann@Home"')
  })

  it.each([
    ...["", "   ", "\u200b", "ann", "@", "@x.de", "ann@", "ann@.", "ann@.de", "ann@x..de", "ann@x.de."],
    ...["an n@x.de", "an\u00a0n@x.de", "an\tn@x.de", "an\u0000n@x.de", "\u0000ann@x.de", "an\ud83dn@x.de"],
    ...["ann@x y.de", "ann@x_y.de", "ann@[127.0.0.1]", "ann@x\u0000.de", "ann@\ud83d.de", "ann@\u0301x.de"],
    ...["ann＠x.de", "ann@bob＠x.de", "ann@bob@x.de", '"ann"@bob@x.de', '""@x.de', '"an"n"@x.de', '"ann\\"@x.de'],
    ...["Ann <ann@x.de>", "<ann@x.de", "mailto:ann@x.de", "ann@x.de, bob@x.de", "a\u037eb@x.de", "ann@xn--a"],
    // a joiner and a direction that no label may have
    ...["ann@a\u200cb.de", "ann@0א.de"],
    ...[`ann@${"x".repeat(64)}.de`, `ann@${"é".repeat(60)}.de`, `ann@${"x.".repeat(126)}de`]
  ])("is missing where nothing usable was typed: %j (A1)", (typed) => {
    expect(make(typed)).toBeNull()
    expect(EmailKey.localPart(typed)).toBeNull()
  })

  it("is missing above the limit of an email, measured on the key, not on the spelling (A1, D11)", () => {
    const local = (length: number) => "a".repeat(length)
    expect(make(`${local(249)}@x.de`)).toHaveLength(254)
    expect(make(`${local(250)}@x.de`)).toBeNull()
    expect(make(`${"e\u0301".repeat(200)}@x.de`)).toBe(`${"\u00e9".repeat(200)}@x.de`)
    const emoji = `${"😀".repeat(50)}.${"😀".repeat(50)}.${"😀".repeat(50)}.de`
    expect(emoji.length).toBeGreaterThan(254)
    expect(make(`ann@${emoji}`)).toMatch(/^ann@xn--/)
    const marked = Array.from({ length: 4 }, () => "\u01d6".repeat(50)).join(".")
    expect(make(`ann@${marked.normalize("NFD")}`)).toMatch(/^ann@xn--/)
  })

  it("is found or missing for any text, and never throws (A1)", () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: "binary", maxLength: 300 })), (typed) => {
        const key = make(typed)
        expect(key === null || key.includes("@")).toBe(true)
      })
    )
  })

  // without a bound, the second text takes five seconds
  it("is quickly missing for any length of text (A1, D11)", { timeout: 2_000 }, () => {
    expect(make(`a${" ".repeat(200_000)}a@x.de`)).toBeNull()
    const ideographs = Array.from({ length: 20_000 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join("")
    expect(make(`ann@${ideographs.repeat(5)}.de`)).toBeNull()
  })
})

describe("an email's local part", () => {
  it("is the text before the @ as typed, without outer blanks (E4)", () => {
    expect(EmailKey.localPart("  Ann.Lee@X.de ")).toBe("Ann.Lee")
  })

  it("is there exactly where there is a key (E4, A1)", () => {
    fc.assert(
      fc.property(email, (typed) => {
        expect(EmailKey.localPart(typed) === null).toBe(make(typed) === null)
      })
    )
  })
})

describe("absence", () => {
  it.each(["", " ", "\t\r\n", "\u00a0\u3000", "\u200b\u200e\ufeff", null, undefined])(
    "is what %j says (A1)",
    (typed) => {
      expect(EmailKey.isGiven(typed)).toBe(false)
    }
  )

  it("is not what anything visible says, with a key or without (A1)", () => {
    fc.assert(
      fc.property(usable, (typed) => {
        expect(EmailKey.isGiven(typed)).toBe(true)
      })
    )
    expect(EmailKey.isGiven(" ? ")).toBe(true)
  })
})
