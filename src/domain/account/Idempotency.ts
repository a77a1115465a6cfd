import { Schema } from "effect"

/** The idempotency key was used for another command, or the same one with other input (K1). */
export const IdempotencyKeyReused = Schema.TaggedStruct("IdempotencyKeyReused", { key: Schema.String })
export type IdempotencyKeyReused = typeof IdempotencyKeyReused.Type
