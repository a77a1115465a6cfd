import { Schema } from "effect"
import { HttpServerResponse } from "effect/http"
import { HttpApi } from "effect/http-api"
import { StoreError } from "leadline/ports"
import { Api } from "../api/Api.ts"
import * as Problem from "../api/Problem.ts"
import * as Refusals from "../api/Refusals.ts"

const contentType = "application/problem+json"

/** decision: what a client should wait before it asks again, where nothing better is known. */
const RETRY_SECONDS = "1"

/** A problem as an answer, for what no endpoint answers itself. */
export const answer = <S extends Schema.Top & { readonly EncodingServices: never }>(
  schema: S,
  problem: S["Type"],
  status: number
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.jsonUnsafe(Schema.encodeSync(schema)(problem), { status, contentType })

export const tooManyRequests = (problem: Problem.TooManyRequests): HttpServerResponse.HttpServerResponse =>
  answer(Refusals.TooManyRequests, problem, 429)

/** The request took longer than the server allows; it was interrupted, and may have been done. */
export const timedOut = answer(
  Problem.Failure,
  new StoreError({ reason: "timeout", isRetryable: true, operation: "request" }),
  503
)

interface Route {
  readonly method: string
  readonly segments: ReadonlyArray<string>
}

const routesOf = (): ReadonlyArray<Route> => {
  const routes: Array<Route> = []
  HttpApi.reflect(Api, {
    onGroup: () => {},
    onEndpoint: ({ endpoint: { method, path } }) => {
      routes.push({ method, segments: path.split("/") })
    }
  })
  return routes
}
const routes = routesOf()

/** The methods that a path is there for. Walks all routes: only asked where none was found. */
export const allowed = (path: string): ReadonlyArray<string> => {
  const segments = path.split("/")
  const fits = (route: Route) =>
    route.segments.length === segments.length &&
    route.segments.every((segment, at) => segment.startsWith(":") || segment === segments[at])
  return [...new Set(routes.filter(fits).map(({ method }) => method))]
}

/** Of the request that was answered with nothing but a status: what the problem's data are made of. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly bodyLimit: number
  /** As announced; `null`: not. */
  readonly bodySize: number | null
}

/** Every refusal is a problem (RFC 9457), also those that come from the server's engine as a bare status. */
export const ofStatus = (status: number, asked: Asked): HttpServerResponse.HttpServerResponse => {
  switch (status) {
    case 404: {
      const methods = allowed(asked.path)
      if (methods.length === 0) return answer(Refusals.NotFound, { _tag: "NotFound" }, 404)
      const allow = methods.join(", ")
      const there =
        asked.method === "OPTIONS"
          ? HttpServerResponse.empty({ status: 204 })
          : answer(Refusals.MethodNotAllowed, { _tag: "MethodNotAllowed", allowed: methods }, 405)
      return HttpServerResponse.setHeader(there, "allow", allow)
    }
    case 413:
      return answer(Refusals.BodyTooLarge, { _tag: "BodyTooLarge", limit: asked.bodyLimit, size: asked.bodySize }, 413)
    case 415:
      return answer(Refusals.UnsupportedMediaType, { _tag: "UnsupportedMediaType" }, 415)
    case 503:
      return timedOut
    default:
      return status < 500
        ? answer(
            Refusals.BadRequest,
            { _tag: "BadRequest", errors: [{ path: [], message: "The request cannot be read" }] },
            400
          )
        : answer(Refusals.InternalError, { _tag: "InternalError" }, 500)
  }
}

/** Whether an answer says what is wrong. */
export const isProblem = ({ body, status }: HttpServerResponse.HttpServerResponse): boolean =>
  status < 400 || status === 499 || (body._tag === "Uint8Array" && body.contentType.startsWith(contentType))

/** The headers that go with a problem's status: RFC 6750, 3; RFC 9110, 10.2.3. */
export const withHeaders = (response: HttpServerResponse.HttpServerResponse): HttpServerResponse.HttpServerResponse => {
  switch (response.status) {
    case 401:
      return HttpServerResponse.setHeader(response, "www-authenticate", "Bearer")
    case 429:
    case 503: {
      const seconds = retryAfterOf(response)
      return seconds === null ? response : HttpServerResponse.setHeader(response, "retry-after", seconds)
    }
    default:
      return response
  }
}

/** Seconds; `null`: it would not help. */
const retryAfterOf = ({ body }: HttpServerResponse.HttpServerResponse): string | null => {
  if (body._tag !== "Uint8Array") return RETRY_SECONDS
  const problem = JSON.parse(new TextDecoder().decode(body.body)) as {
    readonly retryAfterMillis?: number
    readonly isRetryable?: boolean
  }
  if (problem.isRetryable === false) return null
  return problem.retryAfterMillis === undefined ? RETRY_SECONDS : String(Math.ceil(problem.retryAfterMillis / 1_000))
}
