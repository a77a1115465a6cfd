import { Duration, Effect, Layer, Metric, Schedule, Schema } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { HttpApiScalar } from "effect/http-api"
import { PrometheusMetrics } from "effect/observability"
import { Id } from "leadline"
import { DeskStore, SettingsStore } from "leadline/ports"
import { Api } from "../api/Api.ts"
import { TYPES } from "../api/Problem.ts"
import * as Refusals from "../api/Refusals.ts"
import { Closing } from "./Closing.ts"
import { Live } from "./live/Live.ts"

/** decision: a balancer asks every few seconds, and looks elsewhere when it gets no answer. */
const READY_WITHIN = Duration.seconds(3)

const streams = Metric.gauge("leadline_http_streams", { description: "Live event streams that are open" })

/** Nobody's account: whether the stores answer is asked with it. */
const nobodys = Id.AccountId.make("-")

/** Whether the stores answer: one read each. */
const storesAnswer = Effect.gen(function* () {
  const [desk, settings] = [yield* DeskStore, yield* SettingsStore]
  yield* desk.get(nobodys, [{ kind: "routing", id: "all" }])
  yield* settings.get(nobodys, [{ kind: "settings", id: "all" }])
})

const titles = new Map(
  Object.values(Refusals).flatMap((refusal) => {
    if (!Schema.isSchema(refusal)) return []
    const { description, httpApiStatus, identifier } = refusal.ast.annotations ?? {}
    return [[String(identifier), `${String(httpApiStatus)} ${String(description)}`] as const]
  })
)

/**
 * For those who run it: `/health` (the process lives), `/ready` (the stores answer, and it is not going down),
 * `/metrics` (Prometheus), `/docs` (the API for people), `/problems/:name` (what a problem's `type` leads to).
 */
export const layer = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const { isClosing } = yield* Closing
    const { count } = yield* Live
    const stores = yield* Effect.context<DeskStore | SettingsStore>()
    const notReady = (reason: string) => HttpServerResponse.jsonUnsafe({ isReady: false, reason }, { status: 503 })
    const ready = Effect.gen(function* () {
      if (isClosing()) return notReady("closing")
      return yield* storesAnswer.pipe(
        Effect.provideContext(stores),
        Effect.timeout(READY_WITHIN),
        Effect.match({
          onFailure: () => notReady("stores"),
          onSuccess: () => HttpServerResponse.jsonUnsafe({ isReady: true })
        })
      )
    })
    yield* Effect.forkScoped(
      Effect.repeat(
        Effect.suspend(() => Metric.update(streams, count())),
        Schedule.spaced("5 seconds")
      )
    )
    yield* router.add("GET", "/health", HttpServerResponse.jsonUnsafe({ isAlive: true }))
    yield* router.add("GET", "/ready", ready)
    yield* router.add(
      "GET",
      `${TYPES}:name`,
      Effect.map(HttpRouter.params, ({ name = "" }) => {
        const title = titles.get(name)
        return title === undefined
          ? HttpServerResponse.empty({ status: 404 })
          : HttpServerResponse.text(`${name}: ${title}\n`)
      })
    )
  })
).pipe(
  Layer.merge(PrometheusMetrics.layerHttp({ path: "/metrics" })),
  Layer.merge(HttpApiScalar.layer(Api, { path: "/docs" }))
)
