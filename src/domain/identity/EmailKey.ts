import { Schema } from "effect"
import { toASCII } from "tr46"
import { limits } from "../account/Limits.ts"

/** The key by which emails compare (A1). Made by {@link make} only: no port takes a raw string for it. */
export const EmailKey = Schema.NonEmptyString.pipe(Schema.brand("EmailKey"))
export type EmailKey = typeof EmailKey.Type

/**
 * UTS-46, non-transitional (A1). Source of the flags: "domain to ASCII" of the WHATWG URL standard, be-strict, because
 * underscores, empty labels and labels above 63 octets take no mail; but for `checkHyphens`, because real domains
 * have hyphens in the third and fourth place.
 */
const uts46 = {
  transitionalProcessing: false,
  checkHyphens: false,
  checkBidi: true,
  checkJoiners: true,
  useSTD3ASCIIRules: true,
  verifyDNSLength: true
} as const

/**
 * Prints nothing. decision: the blanks of A1 are Unicode's white space and its default-ignorable code points
 * (zero-width space, byte order mark, direction marks, soft hyphen), because nobody sees what they pasted.
 */
const blank = /[\p{White_Space}\p{Default_Ignorable_Code_Point}]/u

/** What no store or eye can compare: blanks inside, control characters, halves of surrogate pairs. */
const unfit = /[\p{White_Space}\p{Cc}\p{Cs}]/u

/** RFC 5321, 4.1.2 with RFC 6531: these, and a second `@`, only between quotes. Dots may stand anywhere: some do. */
const unquoted = /^[^"(),:;<>@[\\\]]+$/u
const quoted = /^"(?:[^"\\]|\\.)+"$/u

/** Bounds the work of UTS-46. 253 octets of ASCII form stand for at most as many code points, of two code units each. */
const MAX_DOMAIN_TYPED = 2 * 253

/**
 * What most people type: ASCII, nothing quoted, labels of 1 to 63. There the key is the same in lower case, and none of the
 * tables is asked. `xn--` has rules of its own.
 */
const plain = /^[\w.+-]+@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*$/i
const encoded = /xn--/i

/**
 * The key of an email as typed, or `null` where there is no usable `local@domain` (A1). Idempotent: a key is its own
 * key.
 *
 * The domain's case is left to UTS-46: `toLowerCase` makes `ΟΔΟΣ-1` end in ς, which is another domain. The limit of
 * D11 is the key's, because spellings of one email differ in length.
 *
 * @example
 * ```ts
 * import { EmailKey } from "leadline"
 *
 * console.log(EmailKey.make("  Zoe@MÜLLER-Shop.example ")) // => zoe@xn--mller-shop-9db.example
 * console.log(EmailKey.make("not an email")) // => null
 * ```
 */
export const make = (typed: string): EmailKey | null => {
  // the brand's only doors: here and at the end
  if (typed.length <= limits.email && plain.test(typed) && !encoded.test(typed)) return typed.toLowerCase() as EmailKey
  const parts = split(typed)
  if (parts === null) return null
  // twice: lower-casing can leave what composes (J̌ has no composed form, ǰ has)
  const local = parts.local.normalize("NFC").toLowerCase().normalize("NFC")
  if (unfit.test(local) || !(unquoted.test(local) || quoted.test(local))) return null
  const domain = parts.domain.length > MAX_DOMAIN_TYPED ? null : toASCII(parts.domain, uts46)
  if (domain === null) return null
  const key = `${local}@${domain}`
  return key.length > limits.email ? null : (key as EmailKey)
}

/** The part before the last `@`, as typed; `null` where the email has no key (E4). */
export const localPart = (typed: string): string | null => (make(typed) === null ? null : (split(typed)?.local ?? null))

/** Whether anything was typed: `""` and blanks are absence (A1). */
export const isGiven = (typed: string | null | undefined): typed is string =>
  typed !== null && typed !== undefined && trimmed(typed) !== ""

/** Without the blanks around it. By code points and not by a pattern with `$`, which is quadratic on inner blanks. */
const trimmed = (typed: string): string => {
  const points = [...typed]
  const isVisible = (point: string) => !blank.test(point)
  const from = points.findIndex(isVisible)
  return from < 0 ? "" : points.slice(from, points.findLastIndex(isVisible) + 1).join("")
}

const split = (typed: string): { readonly local: string; readonly domain: string } | null => {
  const text = trimmed(typed)
  const at = text.lastIndexOf("@")
  return at < 0 ? null : { local: text.slice(0, at), domain: text.slice(at + 1).normalize("NFC") }
}
