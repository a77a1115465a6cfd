import { Duration, Effect, Option, Random } from "effect"
import { HttpClient, type HttpClientError, type HttpClientRequest, type HttpClientResponse } from "effect/http"

/** How patient a client is. */
export interface Patience {
  /** How often a request is sent again at most. Default 3; 0: never. */
  readonly retries?: number
  /** The longest wait that a server may ask for; longer ones are for the caller. Default 10 s. */
  readonly longestWait?: Duration.Input
}

/**
 * Only what is safe to repeat is repeated: reads, and commands under an idempotency key (K1), which the server answers
 * the second time as it did the first.
 */
const isSafe = ({ headers, method }: HttpClientRequest.HttpClientRequest): boolean =>
  method === "GET" || method === "HEAD" || headers["idempotency-key"] !== undefined

/** What the server, or something before it, asks to try again later, says when: RFC 9110, 10.2.3, in seconds. */
const askedToWait = ({ headers, status }: HttpClientResponse.HttpClientResponse): Option.Option<Duration.Duration> => {
  const seconds = Number(headers["retry-after"])
  return (status === 429 || status === 503) && headers["retry-after"] !== undefined && Number.isFinite(seconds)
    ? Option.some(Duration.seconds(Math.max(0, seconds)))
    : Option.none()
}

/** decision: 50, 100, 200 ms …, each between half and all of it, so that many do not come back at once. */
const backoff = (tries: number) =>
  Effect.map(Random.next, (random) => Duration.millis(50 * 2 ** tries * (0.5 + random / 2)))

/** A client that sends again what may be sent again, and waits as long as the server asks. Interrupting it ends both. */
export const patient = ({ longestWait = Duration.seconds(10), retries = 3 }: Patience) => {
  const most = Duration.toMillis(longestWait)
  type Sent = Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>
  const again = (sent: Sent, request: HttpClientRequest.HttpClientRequest): Sent => {
    if (!isSafe(request)) return sent
    const attempt = (tries: number): Sent =>
      Effect.matchEffect(sent, {
        onFailure: (error) =>
          tries < retries && error.reason._tag === "TransportError"
            ? Effect.flatMap(backoff(tries), (wait) => Effect.andThen(Effect.sleep(wait), attempt(tries + 1)))
            : Effect.fail(error),
        onSuccess: (response) => {
          const wait = Option.filter(askedToWait(response), (asked) => Duration.toMillis(asked) <= most)
          return tries < retries && Option.isSome(wait)
            ? Effect.andThen(Effect.sleep(wait.value), attempt(tries + 1))
            : Effect.succeed(response)
        }
      })
    return attempt(0)
  }
  return (client: HttpClient.HttpClient): HttpClient.HttpClient => HttpClient.transform(client, again)
}
