import { Schema } from "effect"

/** The account opened or closed, by its operating hours (B8). */
export const HoursEvent = Schema.Union([
  Schema.TaggedStruct("AccountOpened", {}),
  Schema.TaggedStruct("AccountClosed", {})
])
export type HoursEvent = typeof HoursEvent.Type
