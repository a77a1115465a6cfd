import { Schema } from "effect"

/** Longest idempotency key. Source: decision, what HTTP's `Idempotency-Key` headers carry in practice. */
export const MAX_KEY_LENGTH = 255

/** The idempotency key was used for another command, or the same one with other input (K1). */
export const IdempotencyKeyReused = Schema.TaggedStruct("IdempotencyKeyReused", { key: Schema.String })
export type IdempotencyKeyReused = typeof IdempotencyKeyReused.Type

/** An idempotency key that is empty or too long. */
export const BadIdempotencyKey = Schema.TaggedStruct("BadIdempotencyKey", { limit: Schema.Int, size: Schema.Int })
export type BadIdempotencyKey = typeof BadIdempotencyKey.Type

/** Whether a key has 1 to 255 characters. */
export const isUsable = (key: string): boolean => key.length > 0 && key.length <= MAX_KEY_LENGTH

/** What every command refuses on account of its key (K1). */
export type KeyRefusal = IdempotencyKeyReused | BadIdempotencyKey
