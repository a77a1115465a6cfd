import { Cause, Effect, Layer, SchemaIssue, type Types } from "effect"
import { HttpServerError } from "effect/http"
import { HttpApiError } from "effect/http-api"
import { Answering } from "../api/Authorization.ts"
import type * as Problem from "../api/Problem.ts"

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1()

const segment = (step: PropertyKey | { readonly key: PropertyKey }): string =>
  String(typeof step === "object" ? step.key : step)

/** Every error of a request that cannot be decoded, with the path to it: `payload.text`, `params.chatId`, … */
const badRequest = ({ cause, kind }: HttpApiError.HttpApiSchemaError): Problem.BadRequest => ({
  _tag: "BadRequest",
  errors: issuesOf(cause.issue).issues.map(({ message, path = [] }) => ({
    path: [kind.toLowerCase(), ...path.map(segment)],
    message
  }))
})

/** The request could not be read: too large, cut off. The server's engine says which (`Around`). */
const isUnreadable = (defect: unknown): boolean =>
  HttpServerError.isHttpServerError(defect) && defect.reason._tag === "RequestParseError"

const internalError: Problem.InternalError = { _tag: "InternalError" }

/** What we failed to encode, or died of, is logged; the caller learns only that it is ours (RFC 9457, 5). */
const ours = (cause: Cause.Cause<unknown>): Effect.Effect<never, Problem.InternalError> =>
  Effect.andThen(Effect.logError("a defect", cause), Effect.fail(internalError))

/** What no handler answers: requests that cannot be decoded, answers that cannot be encoded. */
const answered = (
  error: Types.unhandled
): Effect.Effect<never, Types.unhandled | Problem.BadRequest | Problem.InternalError> => {
  const undecoded: unknown = error
  if (!HttpApiError.HttpApiSchemaError.is(undecoded)) return Effect.fail(error)
  const isOurs = undecoded.kind === "Body" || undecoded.kind === "ResponseHeaders"
  return isOurs ? ours(Cause.die(undecoded.cause)) : Effect.fail(badRequest(undecoded))
}

/** The answers that every endpoint has besides its own. */
export const layer = Layer.succeed(Answering, (handled) =>
  handled.pipe(
    Effect.catch(answered),
    Effect.catchDefect((defect) => (isUnreadable(defect) ? Effect.die(defect) : ours(Cause.die(defect))))
  )
)
