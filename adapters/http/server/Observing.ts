import { Clock, Context, Effect, Metric } from "effect"
import { type HttpServerRequest, HttpServerResponse } from "effect/http"
import { nanoid } from "nanoid"

/** What is learned of a request on its way in: names of routes and kinds of callers, never whom or what it is about. */
export interface RequestNotes {
  route: string
  caller: string
}

/** Filled in by whoever learns it; read when the request is over. */
export const RequestNotes = Context.Reference<RequestNotes | null>("leadline/http/RequestNotes", {
  defaultValue: () => null
})

const requests = Metric.counter("leadline_http_requests_total", {
  description: "Requests answered, by route and status",
  incremental: true
})

/** decision: from what a statement takes to what a person waits. */
const durations = Metric.histogram("leadline_http_request_millis", {
  description: "Milliseconds until the answer was ready, by route",
  boundaries: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000]
})

/** An id that a caller may choose, so that their logs and ours meet; others get a new one. */
const givenId = /^[\w.:-]{1,64}$/

/** Every request has an id, in each line of its log and in its answer; one line says how it went. */
export const observed = <E, R>(
  request: HttpServerRequest.HttpServerRequest,
  handled: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>
): Effect.Effect<HttpServerResponse.HttpServerResponse, E, R> => {
  const given = request.headers["x-request-id"]
  const requestId = given !== undefined && givenId.test(given) ? given : nanoid()
  const notes: RequestNotes = { route: "none", caller: "none" }
  return Effect.gen(function* () {
    const began = yield* Clock.currentTimeMillis
    const response = yield* Effect.provideService(handled, RequestNotes, notes)
    const millis = (yield* Clock.currentTimeMillis) - began
    const { method } = request
    const { status } = response
    yield* Metric.update(Metric.withAttributes(requests, { method, route: notes.route, status: String(status) }), 1)
    yield* Metric.update(Metric.withAttributes(durations, { route: notes.route }), millis)
    yield* Effect.annotateLogs(Effect.logInfo("request"), { method, ...notes, status, millis })
    return HttpServerResponse.setHeader(response, "x-request-id", requestId)
  }).pipe(Effect.annotateLogs({ requestId }))
}
