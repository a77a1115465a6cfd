import { Schema } from "effect"

/**
 * To the JSON value that a schema describes. What the schema leaves as it is, which is all but a few kinds, passes
 * untouched: it was built by our own code, and its type says what it is (cost law: no re-validation on a hot path).
 */
export const encoder = <A>(json: Schema.Codec<A, unknown>): ((value: A) => unknown) =>
  Schema.toEncoded(json).ast === json.ast ? (value) => value : Schema.encodeSync(json)
