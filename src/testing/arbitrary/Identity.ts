/**
 * Emails and phones as people type them, and the keys they compare by (A1, A2). Few people with many spellings each, so
 * that what is drawn twice often is the same person typed otherwise.
 *
 * @example
 * ```ts
 * import fc from "fast-check"
 * import { EmailKey } from "leadline"
 * import { IdentityArbitrary } from "leadline/testing"
 *
 * // however somebody types their address, it is one address (A1)
 * fc.assert(
 *   fc.property(IdentityArbitrary.spellings, ([one, other]) => EmailKey.make(one) === EmailKey.make(other))
 * )
 * ```
 *
 * @module
 */
import fc from "fast-check"
import { fromMillis } from "../../domain/account/Instant.ts"
import * as EmailKey from "../../domain/identity/EmailKey.ts"
import type { Candidate, Evidence } from "../../domain/identity/Matching.ts"
import * as PhoneKey from "../../domain/identity/PhoneKey.ts"
import { RecordId } from "../../domain/record/RecordRef.ts"
import * as HostileText from "../HostileText.ts"

/** Addresses that are legal and seldom thought of. The first is where shrinking ends. */
const people: ReadonlyArray<readonly [local: string, domain: string]> = [
  ["a", "x.io"],
  ["ada.lovelace", "sub.domain.co.uk"],
  ["zoe", "müller-shop.example"],
  ["zoe+tag", "müller-shop.example"],
  ["o'hara", "r3---sn.example"],
  ['"two.words@"', "x.io"],
  ["用户", "例え.jp"],
  ["straße", "ΟΔΟΣ.gr"],
  ["x".repeat(64), "x.io"],
  ["__proto__", "xn--r8jz45g.jp"]
]

/** The blanks of A1: what is pasted along with an address. */
const outer = fc.constantFrom("", " ", "\t", "\u00A0", "\u200B", "\uFEFF")

const parts = fc.constantFrom(...people)

/** Case in ASCII only: whether `ß` and `SS` are one is no matter of spelling. */
const upper = (text: string) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase())

/** One spelling of an address: case, outer blanks, NFC or NFD. */
const spelt = ([local, domain]: readonly [string, string]): fc.Arbitrary<string> =>
  fc
    .record({
      before: outer,
      after: outer,
      isUpper: fc.boolean(),
      form: fc.constantFrom("NFC" as const, "NFD" as const)
    })
    .map(({ after, before, form, isUpper }) => {
      const typed = `${local}@${domain}`.normalize(form)
      return `${before}${isUpper ? upper(typed) : typed}${after}`
    })

/** An address with a key (A1): plus tags, quotes, IDN, long, in any case. Shrinks to `a@x.io`. */
export const email: fc.Arbitrary<string> = fc
  .tuple(parts, outer, outer, fc.boolean(), fc.constantFrom("NFC" as const, "NFD" as const))
  .map(([[local, domain], before, after, isUpper, form]) => {
    const typed = `${local}@${domain}`.normalize(form)
    return `${before}${isUpper ? upper(typed) : typed}${after}`
  })

/** Two spellings of one address: one key (A1). */
export const spellings: fc.Arbitrary<readonly [string, string]> = parts.chain((typed) =>
  fc.tuple(spelt(typed), spelt(typed))
)

/** What people type where an email is asked for: mostly {@link email}, sometimes nothing usable (A1). */
export const typedEmail: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  { weight: 6, arbitrary: email },
  { weight: 1, arbitrary: fc.constantFrom("", " ", "a@", "@x.io", "a b@x.io", "a@x..io", "a@@x.io") },
  { weight: 1, arbitrary: HostileText.text }
)

/** A key as {@link EmailKey.make} makes it. */
export const emailKey: fc.Arbitrary<EmailKey.EmailKey> = email.map((typed) => EmailKey.make(typed) ?? lastKey)
const lastKey = "a@x.io" as EmailKey.EmailKey

/** Valid numbers of several regions, in E.164. Source: libphonenumber's example numbers, and ranges kept for fiction. */
const numbers = ["+14155550101", "+12025550123", "+442079460018", "+33142685300", "+4930123456", "+81312345678"]

/** As typed: separators, national form, `00`, an extension, a fullwidth plus, direction marks. */
const phoneForms: ReadonlyArray<(e164: string) => string> = [
  (e164) => e164,
  (e164) => `${e164.slice(0, 3)} (${e164.slice(3, 6)}) ${e164.slice(6)}`,
  (e164) => e164.replace(/(\d{2})(?=\d)/g, "$1-"),
  (e164) => e164.replace(/(\d{3})(?=\d)/g, "$1\u00A0"),
  (e164) => `${e164} ext. 12`,
  (e164) => `\u202A＋${e164.slice(1)}\u202C`
]
const national = ["(415) 555-0101", "020 7946 0018", "01 42 68 53 00", "555", "110"]

/** A phone that is read without a region (A2). Shrinks to plain E.164. */
export const phone: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...numbers), fc.constantFrom(...phoneForms))
  .map(([e164, form]) => form(e164))

/** What people type where a phone is asked for: international, national, nothing that is a phone (A2). */
export const typedPhone: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  { weight: 6, arbitrary: phone },
  { weight: 2, arbitrary: fc.constantFrom(...national) },
  { weight: 1, arbitrary: fc.constantFrom("", "n/a", "+1", "call me", "+33142685300 / +4930123456") },
  { weight: 1, arbitrary: HostileText.text }
)

/** A key as {@link PhoneKey.make} makes it. */
export const phoneKey: fc.Arbitrary<PhoneKey.PhoneKey> = fc
  .constantFrom(...numbers)
  .map((e164) => PhoneKey.make(e164, null) ?? lastPhone)
const lastPhone = "+14155550101" as PhoneKey.PhoneKey

const nullable = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: null })

/** Two of each, so that records tie; ids whose order differs by locale, by value and by code point (A3). */
const [few, fewPhones] = [people.slice(0, 2), numbers.slice(0, 2)]
const ids = ["a", "B", "b", "10", "9", "é", "z", "\uffe6", "😀"]
const fewKeys = few.map(([local, domain]) => EmailKey.make(`${local}@${domain}`) ?? lastKey)
const fewPhoneKeys = fewPhones.map((e164) => PhoneKey.make(e164, null) ?? lastPhone)

/** What a visitor's claim is compared by (A2); hits many a {@link candidate}. */
export const evidence: fc.Arbitrary<Evidence> = fc.record({
  email: nullable(fc.constantFrom(...fewKeys)),
  phone: nullable(fc.constantFrom(...fewPhoneKeys))
})

/** A record as matching sees it (A3): few ids, times and keys, so that candidates tie and come twice. */
export const candidate: fc.Arbitrary<Candidate> = fc.record({
  ref: fc.record({
    kind: fc.constantFrom("lead" as const, "person" as const, "company" as const),
    id: fc.constantFrom(...ids).map((id) => RecordId.make(id))
  }),
  keys: fc.record({ emails: fc.subarray(fewKeys), phones: fc.subarray(fewPhoneKeys) }),
  updatedAt: fc.nat({ max: 3 }).map(fromMillis),
  isLive: fc.boolean()
})

const given = [
  "Ada",
  "Zoë",
  "José",
  "Jose\u0301",
  "محمد",
  "שרה",
  "美咲",
  "O'Neil",
  "😀",
  "Nguyễn",
  "a\u0300\u0301\u0302"
]
const family = ["Li", "Lovelace", "van der Berg", "דוד", "الفارسي", "佐藤", "Smith-Jones", "İnce", "\u202Eevil", "ß"]

/** The name of a person, in scripts of the world: right to left, combining, CJK, emoji; one word or more. */
export const name: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...given), fc.option(fc.constantFrom(...family), { nil: null }))
  .map((words) => words.filter((word) => word !== null).join(" "))

/** The name of a company. */
export const companyName: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("Acme", "Müller & Söhne", "株式会社", "شركة", "<b>Bold</b>"),
    fc.constantFrom("", " Ltd.", " 😀")
  )
  .map((parts) => parts.join(""))

/** An address of the web. */
export const url: fc.Arbitrary<string> = fc.constantFrom(
  "https://x.io",
  "http://a.example:8080/ü?q=1&r#s",
  "https://例え.jp/%2F"
)
