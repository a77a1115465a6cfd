/**
 * Leadline over HTTP: the client, derived from the same definition.
 *
 * @module
 */
import { Effect, Redacted } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { HttpApiClient, HttpApiMiddleware } from "effect/http-api"
import { Api, Authorization } from "leadline/http"
import { type Patience, patient } from "./Patience.ts"

export { storeError } from "./Failures.ts"
export * as Live from "./Live.ts"
export type { Patience } from "./Patience.ts"
export type { RemoteStores } from "./Remote.ts"
export * as RemoteCrm from "./RemoteCrm.ts"
export * as Stores from "./Stores.ts"

/** Where the server is, and as whom to call it. */
export interface Connection extends Patience {
  /** `https://leadline.example`, without the version. */
  readonly url: string
  /** Asked for each request, so that it can be renewed. */
  readonly token: Effect.Effect<Redacted.Redacted>
}

/**
 * The typed client: a group of methods per resource, refusals and failures as the use cases give them. Sends again what
 * is safe to repeat: reads, and commands under an `idempotency-key` (K1).
 */
export const make = ({ token, url, ...patience }: Connection) =>
  HttpApiClient.make(Api, {
    transformClient: (client) => patient(patience)(HttpClient.mapRequest(client, HttpClientRequest.prependUrl(url)))
  }).pipe(
    Effect.provide(
      HttpApiMiddleware.layerClient(Authorization, ({ next, request }) =>
        Effect.flatMap(token, (value) => next(HttpClientRequest.bearerToken(request, Redacted.value(value))))
      )
    )
  )
