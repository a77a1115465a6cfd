import { Effect } from "effect"
import { type HttpServerRequest, HttpServerResponse } from "effect/http"

/** Shorter answers are sent as they are. decision: below a packet there is nothing to save. */
const SMALLEST = 1_024

const weakTag = async (bytes: Uint8Array): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)))
  return `W/"${btoa(String.fromCharCode(...digest.subarray(0, 18)))}"`
}

/** RFC 9110, 13.1.2: compared weakly. */
const names = (header: string, tag: string): boolean =>
  header.trim() === "*" || header.split(",").some((one) => one.trim().replace(/^W\//, "") === tag.replace(/^W\//, ""))

/**
 * Large reads say what they were (`ETag`, by their content; versioned ones by their version), and are not sent again to
 * whoever has them (`If-None-Match`: 304). Nobody in between may keep them: they are one caller's.
 */
export const conditional = (
  request: HttpServerRequest.HttpServerRequest,
  response: HttpServerResponse.HttpServerResponse
): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  const { body, headers, status } = response
  if (request.method !== "GET" || status !== 200 || body._tag !== "Uint8Array") return Effect.succeed(response)
  const own = headers.etag
  if (own === undefined && body.body.length < SMALLEST) return Effect.succeed(response)
  return Effect.map(own === undefined ? Effect.promise(() => weakTag(body.body)) : Effect.succeed(own), (etag) => {
    const caching = { etag, "cache-control": "private, no-cache" }
    const known = request.headers["if-none-match"]
    return known !== undefined && names(known, etag)
      ? HttpServerResponse.empty({ status: 304, headers: caching })
      : HttpServerResponse.setHeaders(response, caching)
  })
}
