import { ByteSize, Effect, Layer, Option, type Types } from "effect"
import {
  HttpIncomingMessage,
  HttpMiddleware,
  HttpPlatform,
  HttpRouter,
  HttpServerError,
  HttpServerRequest,
  type HttpServerResponse
} from "effect/http"
import { VERSION } from "../api/Api.ts"
import { conditional } from "./Conditional.ts"
import { observed } from "./Observing.ts"
import * as Problems from "./Problems.ts"
import { RateLimits } from "./RateLimits.ts"
import { ServerSettings } from "./ServerSettings.ts"

type Request = HttpServerRequest.HttpServerRequest
type Response = HttpServerResponse.HttpServerResponse
type Answered = Effect.Effect<Response, never, Request>

/** Only the visitor's side is called from web pages of others. */
const VISITORS = `/${VERSION}/visitor/`

const pathOf = ({ url }: Request): string => url.replace(/[?#].*$/s, "")

/** Live events go on until somebody ends them. */
const isEndless = (path: string): boolean => path.endsWith("/events")

const announcedSize = ({ headers }: Request): number | null => {
  const size = Number(headers["content-length"])
  return headers["content-length"] === undefined || !Number.isSafeInteger(size) ? null : size
}

/**
 * What surrounds every request, from outside in: its id, log and metrics; CORS for the visitor's side; how much an
 * address may send; the largest body; the longest time; every refusal a problem; conditional answers; compression.
 */
export const layer = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const { bodyLimit, origins, timeout } = yield* ServerSettings
    const { ofAddress } = yield* RateLimits
    const platform = yield* Effect.serviceOption(HttpPlatform.HttpPlatform)
    const compress = (handled: Answered): Answered =>
      Option.isNone(platform)
        ? handled
        : Effect.provideService(
            HttpMiddleware.compression({ algorithms: ["gzip"] })(handled),
            HttpPlatform.HttpPlatform,
            platform.value
          )
    const cors = HttpMiddleware.cors({
      allowedOrigins: origins.includes("*") ? () => true : origins,
      allowedMethods: ["GET", "POST", "PUT", "PATCH"],
      allowedHeaders: ["authorization", "content-type", "idempotency-key", "leadline-surface", "last-event-id"],
      exposedHeaders: ["retry-after", "x-request-id"],
      maxAge: 600
    })

    const bounded = <E, R>(request: Request, handled: Effect.Effect<Response, E, R>) => {
      const bodySize = announcedSize(request)
      const asked = { method: request.method, path: pathOf(request), bodyLimit, bodySize }
      if (bodySize !== null && bodySize > bodyLimit) return Effect.succeed(Problems.ofStatus(413, asked))
      return handled.pipe(
        Effect.catchCause((cause) => Effect.map(HttpServerError.causeResponse(cause), ([response]) => response)),
        isEndless(asked.path)
          ? (answering) => answering
          : Effect.timeoutOrElse({ duration: timeout, orElse: () => Effect.succeed(Problems.timedOut) }),
        Effect.map((response) => (Problems.isProblem(response) ? response : Problems.ofStatus(response.status, asked))),
        Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.fromInputUnsafe(bodyLimit))
      )
    }

    yield* router.addGlobalMiddleware(
      (handled): Effect.Effect<Response, Types.unhandled, Request> =>
        Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
          const address = Option.getOrElse(request.remoteAddress, () => "unknown")
          const answered = ofAddress(address).pipe(
            Effect.matchEffect({
              onFailure: (problem) => Effect.succeed(Problems.tooManyRequests(problem)),
              onSuccess: () => bounded(request, handled)
            }),
            Effect.map(Problems.withHeaders),
            Effect.flatMap((response) => conditional(request, response)),
            compress
          )
          return observed(
            request,
            pathOf(request).startsWith(VISITORS) && origins.length > 0 ? cors(answered) : answered
          )
        })
    )
  })
).pipe(Layer.provide(RateLimits.layer))
