import { Result, Schema } from "effect"

/** A text above a limit (D11): refused, never cut. Sizes count UTF-16 code units, as `String.length` does. */
export const TooLong = Schema.TaggedStruct("TooLong", { field: Schema.String, limit: Schema.Int, size: Schema.Int })
export type TooLong = typeof TooLong.Type

/** A list above a limit (D11). */
export const TooMany = Schema.TaggedStruct("TooMany", { field: Schema.String, limit: Schema.Int, size: Schema.Int })
export type TooMany = typeof TooMany.Type

/** A text that must say something and is blank (G3, D7). */
export const Blank = Schema.TaggedStruct("Blank", { field: Schema.String })
export type Blank = typeof Blank.Type

/** Limits on input. Source: D11 (email: RFC 5321, 4.5.3.1.3 less the angle brackets). */
export const limits = {
  message: 16_000,
  name: 255,
  email: 254,
  note: 65_535,
  tags: 50,
  /** decision: E.164 has 15 digits; this leaves room for how people type them, extensions included. */
  phone: 64,
  /** decision: a tag is a label; Zendesk's own are far shorter. */
  tag: 80,
  /** decision: a skill is a label, as a tag is. */
  skill: 80,
  /** decision: a rating's comment is a message of the visitor. */
  comment: 16_000
} as const
export type LimitedField = keyof typeof limits

/** Refuses a text above its limit. */
export const within = (field: LimitedField, text: string): Result.Result<string, TooLong> => {
  const limit = limits[field]
  return text.length <= limit ? Result.succeed(text) : Result.fail({ _tag: "TooLong", field, limit, size: text.length })
}

/** Refuses a blank text, and one above its limit. */
export const meaningful = (field: LimitedField, text: string): Result.Result<string, TooLong | Blank> =>
  text.trim() === "" ? Result.fail({ _tag: "Blank", field }) : within(field, text)
