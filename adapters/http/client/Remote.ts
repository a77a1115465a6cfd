import { Context, Duration, Effect, type Redacted, Schedule } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { HttpApiMiddleware } from "effect/http-api"
import type { Id } from "leadline"
import { Authorization } from "leadline/http"
import { Conflict, StoreError } from "leadline/ports"
import { storeError, type Undone } from "./Failures.ts"

/** A server whose stores a host plugs in as its own. */
export interface RemoteStores {
  /** `https://leadline.example`, without the version. */
  readonly url: string
  /** A host's token for an account (J2). Asked for each request, so that it can be renewed. */
  readonly token: (account: Id.AccountId) => Effect.Effect<Redacted.Redacted>
  /** Any account with a token: the stores' capabilities are asked with it, once. */
  readonly account: Id.AccountId
  /** How long a request may take. Default 30 s. A write may then have happened: its idempotency key tells. */
  readonly timeout?: Duration.Input
}

/** Whose account a request is for. */
const ForAccount = Context.Reference<Id.AccountId | null>("leadline/http/client/ForAccount", {
  defaultValue: () => null
})

/** Each request with its account's token. */
export const authorized = ({ account: any, token }: RemoteStores) =>
  HttpApiMiddleware.layerClient(Authorization, ({ next, request }) =>
    Effect.gen(function* () {
      const account = yield* ForAccount
      return yield* next(HttpClientRequest.bearerToken(request, yield* token(account ?? any)))
    })
  )

/** The client below, at the server's address. */
export const at = ({ url }: RemoteStores) =>
  Effect.map(HttpClient.HttpClient, HttpClient.mapRequest(HttpClientRequest.prependUrl(url)))

/** decision: three more times within a second or so; whoever waits longer should hear of it. */
const again = Schedule.max([Schedule.exponential("50 millis", 3), Schedule.recurs(3)])

const isConflict = (error: StoreError | Conflict): error is Conflict => error instanceof Conflict

/** A write: asked once. No answer does not mean that it was not done, so it is never repeated blindly. */
export const written =
  ({ timeout = Duration.seconds(30) }: RemoteStores, port: string) =>
  <A, E extends Undone, R>(operation: string, account: Id.AccountId, request: Effect.Effect<A, E, R>) =>
    request.pipe(
      Effect.timeout(timeout),
      Effect.provideService(ForAccount, account),
      Effect.mapError(storeError(`${port}.${operation}`))
    )

/** A read: repeated a few times where that may help; after a refusal for load not before it says so. */
export const read =
  (remote: RemoteStores, port: string) =>
  <A, E extends Undone, R>(
    operation: string,
    account: Id.AccountId,
    request: Effect.Effect<A, E, R>
  ): Effect.Effect<A, StoreError, R> =>
    written(remote, port)(operation, account, request).pipe(
      Effect.catchIf(isConflict, (cause) =>
        Effect.fail(new StoreError({ reason: "corrupt", isRetryable: false, operation: `${port}.${operation}`, cause }))
      ),
      Effect.tapError(({ cause }) => Effect.sleep(waitOf(cause))),
      Effect.retry({ while: ({ isRetryable }) => isRetryable, schedule: Schedule.jittered(again) })
    )

/** decision: a server that asks for more patience than this is reported as it is. */
const MOST_PATIENCE = 2_000

const waitOf = (cause: unknown): number =>
  typeof cause === "object" &&
  cause !== null &&
  "retryAfterMillis" in cause &&
  typeof cause.retryAfterMillis === "number"
    ? Math.min(cause.retryAfterMillis, MOST_PATIENCE)
    : 0
