import { Schema, SchemaTransformation, Struct } from "effect"
import { HttpApiSchema } from "effect/http-api"
import { RecordRef } from "leadline"
import { Conflict, StoreError } from "leadline/ports"

/** Where a problem's type leads: a page of the server that says what it means (RFC 9457, 3.1.1). */
export const TYPES = "/problems/"

/** RFC 9457, 3: the members every problem has. A refusal's own data stand beside them. */
const members = (name: string, status: number, title: string) => ({
  type: Schema.Literal(`${TYPES}${name}`),
  title: Schema.Literal(title),
  status: Schema.Literal(status)
})

const contentType = "application/problem+json"

/**
 * A refusal as a problem (K3, RFC 9457): the same data, with `type` in place of `_tag`. What a client decodes is the
 * refusal again, so that callers near and far match on the same facts.
 */
export const refusal = <Tag extends string, Fields extends Schema.Struct.Fields>(
  status: number,
  title: string,
  refusal: Schema.TaggedStruct<Tag, Fields>
) => {
  const name = String(refusal.fields._tag.schema.literal)
  const data = Struct.omit(refusal.fields, ["_tag"])
  const body = Schema.Struct({ ...members(name, status, title), ...data }).annotate({ identifier: `${name}Problem` })
  const decoded = Schema.toType(refusal)
  return body.pipe(
    Schema.decodeTo(
      decoded,
      SchemaTransformation.transform({
        decode: (problem) => {
          const { status: _status, title: _title, type: _type, ...rest } = problem as Record<string, unknown>
          return { _tag: name, ...rest } as typeof decoded.Encoded
        },
        encode: (value) => {
          const { _tag, ...rest } = value as Record<string, unknown>
          return { type: `${TYPES}${name}`, title, status, ...rest } as typeof body.Type
        }
      })
    ),
    Schema.annotate({ httpApiStatus: status, identifier: name, description: title }),
    HttpApiSchema.asJson({ contentType })
  )
}

const reasons = [
  ...(["unavailable", "timeout", "overloaded", "contention", "readOnly"] as const),
  ...(["full", "corrupt", "misconfigured", "unsupported"] as const)
]

/** A failure of the world (K3): 503, with `Retry-After` where repeating it may help. Its cause stays on the server. */
export const Failure = Schema.Struct({
  ...members("StoreError", 503, "Not available"),
  reason: Schema.Literals(reasons),
  isRetryable: Schema.Boolean,
  operation: Schema.String
}).pipe(
  Schema.annotate({ identifier: "StoreErrorProblem" }),
  Schema.decodeTo(
    Schema.declare((value): value is StoreError => value instanceof StoreError),
    SchemaTransformation.transform({
      decode: ({ isRetryable, operation, reason }) => new StoreError({ isRetryable, operation, reason }),
      encode: ({ isRetryable, operation, reason }) => ({
        ...({ type: `${TYPES}StoreError`, title: "Not available", status: 503 } as const),
        ...{ isRetryable, operation, reason }
      })
    })
  ),
  Schema.annotate({ httpApiStatus: 503, identifier: "StoreError", description: "Not available" }),
  HttpApiSchema.asJson({ contentType })
)

/** A commit whose expectations no longer hold; nothing was written. */
export const Conflicted = Schema.Struct({
  ...members("Conflict", 409, "Changed meanwhile"),
  keys: Schema.Array(Schema.Struct({ kind: Schema.String, id: Schema.String }))
}).pipe(
  Schema.annotate({ identifier: "ConflictProblem" }),
  Schema.decodeTo(
    Schema.declare((value): value is Conflict => value instanceof Conflict),
    SchemaTransformation.transform({
      decode: ({ keys }) => new Conflict({ keys }),
      encode: ({ keys }) => ({
        ...({ type: `${TYPES}Conflict`, title: "Changed meanwhile", status: 409 } as const),
        keys
      })
    })
  ),
  Schema.annotate({ httpApiStatus: 409, identifier: "Conflict", description: "Changed meanwhile" }),
  HttpApiSchema.asJson({ contentType })
)

/** A request that is not as described: every error, with the path to it. */
export const BadRequest = Schema.TaggedStruct("BadRequest", {
  errors: Schema.Array(Schema.Struct({ path: Schema.Array(Schema.String), message: Schema.String }))
})
export type BadRequest = typeof BadRequest.Type

/** Larger than the server takes: `limit` and `size` in bytes; `size: null`: not announced. */
export const BodyTooLarge = Schema.TaggedStruct("BodyTooLarge", { limit: Schema.Int, size: Schema.NullOr(Schema.Int) })
export type BodyTooLarge = typeof BodyTooLarge.Type

/** No route is there; see the API's document. */
export const NotFound = Schema.TaggedStruct("NotFound", {})
export type NotFound = typeof NotFound.Type

/** The route is there, for other methods (also in `Allow`). */
export const MethodNotAllowed = Schema.TaggedStruct("MethodNotAllowed", { allowed: Schema.Array(Schema.String) })
export type MethodNotAllowed = typeof MethodNotAllowed.Type

/** Bodies are JSON. */
export const UnsupportedMediaType = Schema.TaggedStruct("UnsupportedMediaType", {})
export type UnsupportedMediaType = typeof UnsupportedMediaType.Type

/** A defect of ours. Says nothing of it; the log holds it under the request's id. */
export const InternalError = Schema.TaggedStruct("InternalError", {})
export type InternalError = typeof InternalError.Type

/** No token, or one that is not valid (any more). Says which, never why in detail. */
export const Unauthenticated = Schema.TaggedStruct("Unauthenticated", {
  reason: Schema.Literals(["missing", "invalid", "expired", "unavailable"])
})
export type Unauthenticated = typeof Unauthenticated.Type

/** The token is valid, and for something else: a visitor's at an agent's door, say. */
export const WrongCaller = Schema.TaggedStruct("WrongCaller", { needs: Schema.Array(Schema.String) })
export type WrongCaller = typeof WrongCaller.Type

/** Too many requests; again after so many milliseconds (also in `Retry-After`, in seconds). */
export const TooManyRequests = Schema.TaggedStruct("TooManyRequests", { retryAfterMillis: Schema.Int })
export type TooManyRequests = typeof TooManyRequests.Type

/** The record in the body is of another kind than the one in the path. */
export const KindMismatch = Schema.TaggedStruct("KindMismatch", {
  path: RecordRef.RecordKind,
  body: RecordRef.RecordKind
})
export type KindMismatch = typeof KindMismatch.Type

/** A feed is filtered by one of them at a time (H3). */
export const OneByOnly = Schema.TaggedStruct("OneByOnly", { given: Schema.Array(Schema.String) })
export type OneByOnly = typeof OneByOnly.Type
