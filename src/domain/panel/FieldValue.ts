import { Schema } from "effect"
import type { FieldDefinition } from "../record/CustomField.ts"
import { Address, type StoredValue } from "../record/Record.ts"

/** A field's value, typed by its definition (I3). */
export const FieldValue = Schema.Union([
  Schema.TaggedStruct("Empty", {}),
  Schema.TaggedStruct("Text", { text: Schema.String }),
  Schema.TaggedStruct("Number", { number: Schema.Finite }),
  /** `YYYY-MM-DD`: a calendar day, without a time zone. */
  Schema.TaggedStruct("Date", { date: Schema.String }),
  Schema.TaggedStruct("Boolean", { boolean: Schema.Boolean }),
  Schema.TaggedStruct("Choice", { choice: Schema.String }),
  Schema.TaggedStruct("Choices", { choices: Schema.Array(Schema.String) }),
  Schema.TaggedStruct("Email", { email: Schema.String }),
  Schema.TaggedStruct("Phone", { phone: Schema.String }),
  /** `http` or `https` with a host, and nothing else: nothing that a browser would run. */
  Schema.TaggedStruct("Url", { url: Schema.String }),
  Schema.TaggedStruct("Address", { address: Address })
])
export type FieldValue = typeof FieldValue.Type

const empty: FieldValue = { _tag: "Empty" }

/** With a host behind the slashes; no blanks, no control or direction marks that would show another address. */
const webAddress = /^https?:\/\/[^\s\p{C}/\\?#][^\s\p{C}]*$/iu

/**
 * Types a stored value by its field's definition; `null` where it cannot be read as that type (I3). Absent values,
 * blank texts, and lists and addresses with nothing in them are empty. Total, also for what no schema would let in.
 *
 * decision: nothing is guessed. `example.com` is no URL, `"true"` no boolean, 5 no text, and a list with one choice
 * that was taken off the field's choices is unreadable as a whole. Emails and phones are as typed (A1, A2).
 */
export const typed = (stored: StoredValue | undefined, { choices, type }: FieldDefinition): FieldValue | null => {
  if (stored === undefined || stored === null) return empty
  if (typeof stored === "string" && stored.trim() === "") return empty
  switch (type) {
    case "text":
      return typeof stored === "string" ? { _tag: "Text", text: stored } : null
    case "email":
      return typeof stored === "string" ? { _tag: "Email", email: stored } : null
    case "phone":
      return typeof stored === "string" ? { _tag: "Phone", phone: stored } : null
    case "number":
      return asNumber(stored)
    case "boolean":
      return typeof stored === "boolean" ? { _tag: "Boolean", boolean: stored } : null
    case "date":
      return typeof stored === "string" && isCalendarDay(stored) ? { _tag: "Date", date: stored } : null
    case "url":
      return typeof stored === "string" && webAddress.test(stored.trim()) ? { _tag: "Url", url: stored.trim() } : null
    case "singleChoice":
      return typeof stored === "string" && choices.includes(stored) ? { _tag: "Choice", choice: stored } : null
    case "multipleChoice":
      return asChoices(stored, choices)
    case "address":
      return asAddress(stored)
    // a type of a newer release, read from a foreign registry
    default:
      return null
  }
}

/** Sign, whole part, decimals without the zeros that end them. */
const decimal = /^[+-]?(\d+)(?:\.(?=\d)(\d*?)0*)?$/

/** Digits that a double keeps (IEEE 754: `DBL_DIG`). Longer texts are ids, and would come out as others. */
const EXACT_DIGITS = 15

/** Bounds the work of {@link decimal}. decision: wider than any database's decimal in use, zeros included. */
const MAX_NUMBER_TYPED = 64

/** CRMs keep decimals as texts: "12.50" is a number; "12,50", "1e3" and "twelve" are not. */
const asNumber = (stored: StoredValue): FieldValue | null => {
  if (typeof stored === "number") return Number.isFinite(stored) ? { _tag: "Number", number: stored } : null
  if (typeof stored !== "string") return null
  const text = stored.trim()
  const parts = text.length > MAX_NUMBER_TYPED ? null : decimal.exec(text)
  if (parts === null) return null
  const [, whole = "", decimals = ""] = parts
  const digits = `${whole}${decimals}`.replace(/^0+/, "")
  return digits.length > EXACT_DIGITS ? null : { _tag: "Number", number: Number(text) }
}

const asChoices = (stored: StoredValue, choices: ReadonlyArray<string>): FieldValue | null => {
  if (!Array.isArray(stored)) return null
  if (stored.length === 0) return empty
  return stored.every((choice) => choices.includes(choice)) ? { _tag: "Choices", choices: stored } : null
}

const isAddress = Schema.is(Address)
const lines: ReadonlyArray<string> = Object.keys(Address.fields)

/** Keys that are no lines of an address stay out; an address of nothing but those is not empty, it is unreadable. */
const asAddress = (stored: StoredValue): FieldValue | null => {
  if (!isAddress(stored)) return null
  const known = Object.entries(stored).filter(([line]) => lines.includes(line))
  if (known.some(([, text]) => text.trim() !== "")) return { _tag: "Address", address: Object.fromEntries(known) }
  return known.length === Object.keys(stored).length ? empty : null
}

const isCalendarDay = (text: string): boolean => {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (parts === null) return false
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
  return day >= 1 && day <= days
}
