/**
 * What people, copies and attackers type: texts that break programs which believed that text is harmless.
 *
 * @example
 * ```ts
 * import fc from "fast-check"
 * import { EmailKey } from "leadline"
 * import { HostileText } from "leadline/testing"
 *
 * fc.assert(fc.property(HostileText.text, (typed) => typeof (EmailKey.make(typed) ?? "") === "string"))
 * ```
 *
 * @module
 */
import fc from "fast-check"
import { limits } from "../domain/account/Limits.ts"

/** Texts that have broken something before, each with what it breaks. */
export const specimens = {
  empty: "",
  blanks: " \t\u00A0\u3000",
  /** No SQL text holds it, and C ends there. */
  nul: "a\u0000b",
  /** Has no UTF-8 form. */
  loneSurrogate: "\uD83D",
  loneTail: "\uDE00!",
  /** One letter on screen, eleven code units. */
  joinedEmoji: "👨‍👩‍👧‍👦",
  /** Equal on screen, different as strings: NFC and NFD. */
  composed: "é",
  decomposed: "e\u0301",
  /** Reverses what follows on screen. */
  rightToLeft: "\u202Egnp.exe",
  zeroWidth: "a\u200Bb\uFEFF",
  /** Opens a direction that nothing closes, then isolates. */
  mixedDirections: "שלום\u202B abc \u2067مرحبا",
  /** Marks that pile up on one letter. */
  combining: "Z\u0351\u036B\u0343a\u0300\u0489l\u0334go",
  /** No blanks between words, and beyond the basic plane. */
  wide: "東京\u3000𠮷野家",
  /** Rings, clears a terminal, turns it red. */
  control: "\u0007\u001B[2J\u001B[31m\u007F\u0085",
  /** Longer than a name and an email may be (D11). */
  long: "x".repeat(300),
  /** A letter whose lower case is longer. */
  dottedI: "İ",
  /** Names of what every object has: keys of careless maps. */
  prototype: "__proto__",
  constructor: "constructor",
  sql: "'; DROP TABLE chats; --",
  html: '<img src=x onerror="alert(1)">',
  json: '"}],"',
  template: "{id}%s$&",
  expression: "{{7*7}}<%= 7*7 %>#{7*7}",
  path: "../../etc/passwd",
  formula: "=1+1",
  lines: "a\r\nB: c\u2028d",
  /** Not a number, and what some turn into one. */
  number: "1e309"
} as const

/** One of the {@link specimens}. Shrinks to the empty text. */
export const specimen: fc.Arbitrary<string> = fc.constantFrom(...Object.values(specimens))

/** Any sequence of UTF-16 code units: lone surrogates, control characters, NUL. Not always well-formed. */
export const codeUnits: fc.Arbitrary<string> = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 24 })
  .map((units) => String.fromCharCode(...units))

/** A text: plain, of any grapheme, a specimen, any code units, or a mixture. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 24 }),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  specimen,
  codeUnits,
  fc.array(fc.oneof(specimen, codeUnits), { minLength: 2, maxLength: 4 }).map((parts) => parts.join(""))
)

/** A text that says something: not blank (D11's lower end). */
export const meaningful: fc.Arbitrary<string> = text.map((typed) => (typed.trim() === "" ? `x${typed}` : typed))

/**
 * Above every limit on text (D11), up to 70,000 code units: for what has to refuse, cut or carry it. Costs memory, so no
 * other generator holds it. Shrinks to the shortest that is above a note's limit.
 */
export const veryLong: fc.Arbitrary<string> = fc
  .tuple(fc.integer({ min: limits.note + 1, max: 70_000 }), fc.constantFrom("x", " ", "é", "\uD83D\uDE00", "\u202E"))
  .map(([length, unit]) => unit.repeat(length).slice(0, length))

/**
 * A text that occurs nowhere by chance, for proofs that it does not leak (J4): twenty letters, which no id, digest or
 * field name is made of. Survives JSON unescaped.
 */
export const secret: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(..."ghjkmnpqrstvwxyz"), { minLength: 20, maxLength: 20 })
  .map((letters) => letters.join(""))
