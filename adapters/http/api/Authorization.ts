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

/** Kinds of callers: a host is a service of the account's own that may reach the ports themselves. */
export type CallerKind = "agent" | "user" | "visitor" | "service" | "host"

/**
 * An annotation of groups and endpoints: whose tokens open them at all; others get `WrongCaller`. What the caller may do
 * there is `can()`'s to say (J1).
 */
export const Callers = Context.Reference<ReadonlyArray<CallerKind>>("leadline/http/Callers", {
  defaultValue: () => ["agent", "user", "service", "host"]
})

/** Of which kinds an identity is. */
export const kindsOf = ({ actor, isHost }: Identity): ReadonlyArray<CallerKind> => {
  switch (actor._tag) {
    case "Agent":
      return ["agent"]
    case "User":
      return ["user"]
    case "Visitor":
      return ["visitor"]
    case "Service":
      return isHost ? ["service", "host"] : ["service"]
    case "System":
      return []
  }
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
    Refusals.UnsupportedMediaType,
    Problem.Failure,
    Refusals.InternalError
  ]
}) {}
