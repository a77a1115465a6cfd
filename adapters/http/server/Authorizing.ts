import { Context, Effect, Layer, Redacted } from "effect"
import { HttpServerRequest } from "effect/http"
import type { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Actor } from "leadline"
import type { Caller } from "leadline/use-cases"
import {
  Authorization,
  CallerIdentity,
  type CallerKind,
  Callers,
  CurrentCaller,
  type Identity,
  kindsOf
} from "../api/Authorization.ts"
import type * as Problem from "../api/Problem.ts"
import { RequestNotes } from "./Observing.ts"
import { RateLimits } from "./RateLimits.ts"
import { Tokens } from "./Tokens.ts"

const missing: Problem.Unauthenticated = { _tag: "Unauthenticated", reason: "missing" }

/** Who calls, from where, under which key: the `Caller` of use cases. */
const callerOf = (identity: Identity, { headers }: HttpServerRequest.HttpServerRequest): Caller => {
  const { account, actor } = identity
  const idempotencyKey = headers["idempotency-key"]
  const surface = headers["leadline-surface"]
  const from = { account, actor, surface: isSurface(surface) ? surface : ("api" as const) }
  return idempotencyKey === undefined ? from : { ...from, idempotencyKey }
}

const isSurface = (value: string | undefined): value is Actor.Surface =>
  Actor.Surface.literals.some((surface) => surface === value)

/** Whose tokens open an endpoint: its own annotation, else its group's. */
const callersOf = (endpoint: HttpApiEndpoint.Top, group: HttpApiGroup.Top): ReadonlyArray<CallerKind> =>
  Context.get(Context.merge(group.annotations, endpoint.annotations), Callers)

const identifying = Layer.effect(
  Authorization,
  Effect.gen(function* () {
    const { identify } = yield* Tokens
    const { ofCaller } = yield* RateLimits
    return {
      bearer: Effect.fnUntraced(function* (handled, { credential, endpoint, group }) {
        const notes = yield* RequestNotes
        if (notes !== null) notes.route = `${group.identifier}.${endpoint.identifier}`
        const token = Redacted.value(credential)
        const identity = yield* token === "" ? Effect.fail(missing) : identify(token)
        const needs = callersOf(endpoint, group)
        if (notes !== null) notes.caller = kindsOf(identity).at(-1) ?? "none"
        if (identity.actor._tag !== "Service") {
          yield* ofCaller(`${identity.account}|${Actor.toKey(identity.actor)}`)
        }
        if (!kindsOf(identity).some((kind) => needs.includes(kind))) {
          return yield* Effect.fail<Problem.WrongCaller>({ _tag: "WrongCaller", needs })
        }
        const request = yield* HttpServerRequest.HttpServerRequest
        return yield* Effect.provideContext(
          handled,
          Context.make(CallerIdentity, identity).pipe(Context.add(CurrentCaller, callerOf(identity, request)))
        )
      })
    }
  })
)

/** Every request's token is identified, and how much its caller sends counted; handlers get identity and caller. */
export const layer = identifying.pipe(Layer.provide(RateLimits.layer))
