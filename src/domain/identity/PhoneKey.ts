import { Schema } from "effect"
// decision: the largest metadata set, because the smaller ones take placeholders for phones (1111111 in DE,
// 1234567 in DE, 1111111111 in IN): everybody who typed one would match everybody else's record
import { isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/max"

/** The key by which phones compare: E.164, `+` and digits (A2). */
export const PhoneKey = Schema.String.check(Schema.isPattern(/^\+[1-9]\d{1,14}$/)).pipe(Schema.brand("PhoneKey"))
export type PhoneKey = typeof PhoneKey.Type

const isPhoneKey = Schema.is(PhoneKey)

/** U+FF0B, which East Asian keyboards type and the library drops, so that the country code became a local number. */
const FULLWIDTH_PLUS = "＋"

/** Direction marks and the like, which address books wrap phones in. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu

/**
 * The key of a phone as typed, or `null` where it cannot be read as a valid number: it never matches then (A2).
 * `defaultRegion` (ISO 3166-1 alpha-2) reads numbers without a country code; `null` or an unknown one: they cannot be
 * read. A key is its own key, whatever the region.
 *
 * decision: the whole text must be one phone, because of two numbers in one field the library would take the first.
 * Extensions are not in E.164: whoever shares a switchboard shares its key.
 */
export const make = (typed: string, defaultRegion: string | null): PhoneKey | null => {
  const text = typed.replace(invisible, "").replace(FULLWIDTH_PLUS, "+")
  const region =
    defaultRegion !== null && isSupportedCountry(defaultRegion) ? { defaultCountry: defaultRegion } : undefined
  const phone = parsePhoneNumberFromString(text, { ...region, extract: false })
  if (phone === undefined || !phone.isValid()) return null
  const number: string = phone.number
  // the library knows German and Austrian numbers of more than E.164's 15 digits
  return isPhoneKey(number) ? number : null
}
