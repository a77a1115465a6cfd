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
  /** `http` or `https` only: nothing that a browser would run. */
  Schema.TaggedStruct("Url", { url: Schema.String }),
  Schema.TaggedStruct("Address", { address: Address })
])
export type FieldValue = typeof FieldValue.Type

const empty: FieldValue = { _tag: "Empty" }

/**
 * Types a stored value by its field's definition; `null` where it cannot be read as that type (I3). Absent values,
 * blank texts, and lists and addresses with nothing in them are empty. Total.
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
      return typeof stored === "string" && /^https?:\/\/[^\s\p{C}]+$/iu.test(stored.trim())
        ? { _tag: "Url", url: stored.trim() }
        : null
    case "singleChoice":
      return typeof stored === "string" && choices.includes(stored) ? { _tag: "Choice", choice: stored } : null
    case "multipleChoice":
      return asChoices(stored, choices)
    case "address":
      return asAddress(stored)
  }
}

/** CRMs keep decimals as texts: "12.50" is a number, "12,50" and "twelve" are not. */
const asNumber = (stored: StoredValue): FieldValue | null => {
  const isText = typeof stored === "string" && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(stored)
  const number = isText ? Number(stored) : stored
  return typeof number === "number" && Number.isFinite(number) ? { _tag: "Number", number } : null
}

const asChoices = (stored: StoredValue, choices: ReadonlyArray<string>): FieldValue | null => {
  if (!Array.isArray(stored)) return null
  if (stored.length === 0) return empty
  return stored.every((choice) => choices.includes(choice)) ? { _tag: "Choices", choices: stored } : null
}

const isAddress = Schema.is(Address)

const asAddress = (stored: StoredValue): FieldValue | null => {
  if (Array.isArray(stored) || !isAddress(stored)) return null
  return Object.values(stored).every((line) => line.trim() === "") ? empty : { _tag: "Address", address: stored }
}

const isCalendarDay = (text: string): boolean => {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (parts === null) return false
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
  return day >= 1 && day <= days
}
