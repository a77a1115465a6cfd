import { Context } from "effect"
import { HttpApiMiddleware, HttpApiSecurity } from "effect/http-api"
import type { Actor, Id } from "leadline"
import type { Caller } from "leadline/use-cases"
import * as Problem from "./Problem.ts"
import * as Refusals from "./Refusals.ts"

/** What a token says of who sent it. */
export interface Identity {
  readonly account: Id.AccountId
  readonly actor: Actor.Actor
  /**
   * What a visitor's token opens: this chat only. `null`: nothing yet, but a chat may be requested with it. Absent with
   * agents, users and services.
   */
  readonly chatId?: Id.ChatId | null
  /** A host of the account's own: may reach the ports (stores) themselves. Only with services. */
  readonly isHost: boolean
  /** When the token ends, in epoch milliseconds. */
  readonly expiresAt: number
}

/** Who is calling, as the token says. Provided to every handler behind {@link Authorization}. */
export class CallerIdentity extends Context.Service<CallerIdentity, Identity>()("leadline/http/CallerIdentity") {}

/** The caller of use cases: the identity, with the request's surface and idempotency key. */
export class CurrentCaller extends Context.Service<CurrentCaller, Caller>()("leadline/http/CurrentCaller") {}

/**
 * Who is calling: a signed token, `Authorization: Bearer …`. Says who, never what they may: rights are read when the
 * command is (J1). Rate limits per caller and per address are kept here, too.
 */
export class Authorization extends HttpApiMiddleware.Service<
  Authorization,
  { provides: CallerIdentity | CurrentCaller }
>()("leadline/http/Authorization", {
  requiredForClient: true,
  security: { bearer: HttpApiSecurity.bearer },
  error: [Refusals.Unauthenticated, Refusals.WrongCaller, Refusals.AccessDenied, Refusals.TooManyRequests]
}) {}

/**
 * What any answer may be besides its own: a request that cannot be decoded (every error named), an idempotency key that
 * cannot be used (K1), a body beyond the limit, a failure of the world (K3), a defect.
 */
export class Answering extends HttpApiMiddleware.Service<Answering>()("leadline/http/Answering", {
  error: [
    Refusals.BadRequest,
    Refusals.BadIdempotencyKey,
    Refusals.IdempotencyKeyReused,
    Refusals.BodyTooLarge,
    Problem.Failure,
    Refusals.InternalError
  ]
}) {}
