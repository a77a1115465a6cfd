import { Schema } from "effect"
import { HttpClientError } from "effect/http"
import { Conflict, StoreError, type StoreErrorReason } from "leadline/ports"

/** What a request for a port's member may come back with, besides its answer. */
export type Undone = { readonly _tag: string }

const failure = (reason: StoreErrorReason, isRetryable: boolean) => ({ reason, isRetryable })

/** Of refusals that no port has: what they mean to whoever asked a store. */
const refusals: Readonly<Record<string, ReturnType<typeof failure>>> = {
  WrongCaller: failure("misconfigured", false),
  AccessDenied: failure("misconfigured", false),
  TooManyRequests: failure("overloaded", true),
  BodyTooLarge: failure("unsupported", false),
  BadRequest: failure("corrupt", false),
  UnsupportedMediaType: failure("corrupt", false),
  InternalError: failure("corrupt", false)
}

/** A token that is out of date is renewed for the next request; a wrong one stays wrong. */
const ofToken = (reason: unknown) =>
  failure(reason === "unavailable" ? "unavailable" : "misconfigured", reason !== "invalid")

/** What stands between client and server answers by itself: 502, 503, 504 and the like, seldom as a problem. */
const ofStatus = (status: number) => {
  if (status === 408 || status === 504) return failure("timeout", true)
  if (status === 429) return failure("overloaded", true)
  if (status >= 500) return failure("unavailable", true)
  return failure("misconfigured", false)
}

const ofHttp = ({ reason, response }: HttpClientError.HttpClientError) => {
  if (response !== undefined && (response.status < 200 || response.status > 299)) return ofStatus(response.status)
  switch (reason._tag) {
    case "TransportError":
      return failure("unavailable", true)
    case "InvalidUrlError":
    case "EncodeError":
      return failure("misconfigured", false)
    default:
      // an answer that broke off, or is not the server's
      return failure("unavailable", true)
  }
}

/** Every way in which a request can fail, in one place, as the ports know failures (K3). */
export const storeError =
  (operation: string) =>
  (undone: Undone): StoreError | Conflict => {
    if (undone instanceof StoreError || undone instanceof Conflict) return undone
    const made = (found: ReturnType<typeof failure>) => new StoreError({ ...found, operation, cause: undone })
    if (HttpClientError.isHttpClientError(undone)) return made(ofHttp(undone))
    if (Schema.isSchemaError(undone)) return made(failure("corrupt", false))
    if (undone._tag === "TimeoutError") return made(failure("timeout", true))
    if (undone._tag === "Unauthenticated" && "reason" in undone) return made(ofToken(undone.reason))
    return made(refusals[undone._tag] ?? failure("corrupt", false))
  }
