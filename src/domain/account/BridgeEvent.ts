import { Schema } from "effect"

/** What becomes of work that the bridge could not do: given up after many tries, visibly; tried again by hand (G4). */
export const BridgeEvent = Schema.Union([
  Schema.TaggedStruct("WorkGivenUp", { eventId: Schema.String, tries: Schema.Int, lastError: Schema.String }),
  Schema.TaggedStruct("WorkReplayed", { eventId: Schema.String })
])
export type BridgeEvent = typeof BridgeEvent.Type
