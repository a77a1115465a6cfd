/**
 * Who is calling, by signed JWTs (RFC 7519, RFC 8725). Agents, users and services come with tokens of the account's own
 * identity provider; visitors with short-lived ones that this server makes.
 *
 * | claim | meaning |
 * |---|---|
 * | `sub` | who: `agent:100`, `user:7`, `service:import`; in tokens of ours `visitor:v1` |
 * | `account` | whose (J2) |
 * | `scope` | holds `host` for services that may reach the ports themselves |
 * | `chat` | visitors: the one chat that it opens |
 *
 * @module
 */
import { Clock, Context, Duration, Effect, Layer, Option, Redacted, Schema } from "effect"
import * as Jose from "jose"
import { Actor, Id, Instant } from "leadline"
import type { Identity } from "../api/Authorization.ts"
import type * as Problem from "../api/Problem.ts"
import { recently } from "./Recently.ts"
import { Tokens } from "./Tokens.ts"
import { VisitorTokens } from "./VisitorTokens.ts"

/** Whose tokens are believed. */
export interface Issuer {
  /** The `iss` claim. */
  readonly issuer: string
  /** The `aud` claim that names this server. */
  readonly audience: string
  /** Where its keys are published (JWKS), or the keys. Rotation: fetched again when a token names a key not seen yet. */
  readonly keys: URL | Jose.JSONWebKeySet
  /** Default: EdDSA, ES256, RS256. Never symmetric: who can check could forge. */
  readonly algorithms?: ReadonlyArray<"EdDSA" | "ES256" | "ES384" | "RS256" | "PS256">
}

export interface SignedTokensOptions {
  readonly issuers: ReadonlyArray<Issuer>
  /** What visitors' tokens are signed with: 32 random bytes or more, the same on every host. */
  readonly secret: Redacted.Redacted<string>
  /** How long a visitor's token is good. Default 15 minutes; it can be renewed. */
  readonly visitorLife?: Duration.Input
  /** How far clocks may differ. Default 5 seconds. */
  readonly clockSkew?: Duration.Input
}

/** The issuer of visitors' tokens: this server. Its tokens are believed for visitors only. */
const OURS = "leadline"
const FOR_VISITORS = "leadline/visitor"

/** decision: a key that was taken back, or a token that was, is refused within that time. */
const KEPT_MILLIS = 60_000
const MOST_KEPT = 10_000

/** Longest token looked at. decision: far above real ones, far below what it would cost to parse. */
const LONGEST = 8_192

const Claims = Schema.Struct({
  sub: Schema.String,
  account: Id.AccountId,
  exp: Schema.Int,
  scope: Schema.optionalKey(Schema.String),
  chat: Schema.optionalKey(Schema.NullOr(Id.ChatId))
})

const agent = Schema.decodeUnknownOption(Id.AgentId)
const user = Schema.decodeUnknownOption(Id.UserId)
const visitor = Schema.decodeUnknownOption(Id.VisitorId)

/** Whom a `sub` names. Only we name visitors; nobody names Leadline itself. */
const actorOf = (sub: string, isOurs: boolean): Option.Option<Actor.Actor> => {
  const [kind, ...rest] = sub.split(":")
  const name = rest.join(":")
  if (isOurs) return kind === "visitor" ? Option.map(visitor(name), Actor.visitor) : Option.none()
  switch (kind) {
    case "agent":
      return Option.map(agent(name), Actor.agent)
    case "user":
      return Option.map(user(name), Actor.user)
    case "service":
      return name === "" ? Option.none() : Option.some(Actor.service(name))
    default:
      return Option.none()
  }
}

const identityOf = ({ account, chat, exp, scope, sub }: typeof Claims.Type, isOurs: boolean): Option.Option<Identity> =>
  Option.map(actorOf(sub, isOurs), (actor) => ({
    ...{ account, actor, expiresAt: exp * 1_000 },
    isHost: actor._tag === "Service" && (scope?.split(" ").includes("host") ?? false),
    ...(isOurs ? { chatId: chat ?? null } : {})
  }))

const refused = (reason: Problem.Unauthenticated["reason"]): Problem.Unauthenticated => ({
  _tag: "Unauthenticated",
  reason
})

/** Says which, never why in detail: whoever forges learns nothing. */
const refusalOf = (error: unknown): Problem.Unauthenticated => {
  if (error instanceof Jose.errors.JWTExpired) return refused("expired")
  const isAway = error instanceof Jose.errors.JWKSTimeout || !(error instanceof Jose.errors.JOSEError)
  return refused(isAway ? "unavailable" : "invalid")
}

interface Checked {
  readonly issuer: string
  readonly isOurs: boolean
  readonly check: (token: string, currentDate: Date) => Promise<Jose.JWTVerifyResult>
}

const checks = (options: SignedTokensOptions, secret: Uint8Array): ReadonlyArray<Checked> => {
  const clockTolerance = Duration.toSeconds(options.clockSkew ?? Duration.seconds(5))
  const required = { requiredClaims: ["sub", "account", "exp"], clockTolerance }
  const ours = { ...required, issuer: OURS, audience: FOR_VISITORS, algorithms: ["HS256"] }
  return [
    {
      issuer: OURS,
      isOurs: true,
      check: (token, currentDate) => Jose.jwtVerify(token, secret, { ...ours, currentDate })
    },
    ...options.issuers.map(({ algorithms = ["EdDSA", "ES256", "RS256"], audience, issuer, keys }): Checked => {
      const key = keys instanceof URL ? Jose.createRemoteJWKSet(keys) : Jose.createLocalJWKSet(keys)
      const theirs = { ...required, issuer, audience, algorithms: [...algorithms] }
      return {
        issuer,
        isOurs: false,
        check: (token, currentDate) => Jose.jwtVerify(token, key, { ...theirs, currentDate })
      }
    })
  ]
}

/** The issuer that a token claims, before anything is believed: whose keys to ask. */
const claimed = (token: string): string | null => {
  try {
    return Jose.decodeJwt(token).iss ?? null
  } catch {
    return null
  }
}

/** Identifies callers, and makes visitors' tokens. */
export const layer = (options: SignedTokensOptions): Layer.Layer<Tokens | VisitorTokens> =>
  Layer.effectContext(
    Effect.sync(() => {
      const secret = new TextEncoder().encode(Redacted.value(options.secret))
      const all = checks(options, secret)
      const known = recently<Identity>(MOST_KEPT)

      const verified = Effect.fnUntraced(function* (token: string, now: number) {
        if (token.length > LONGEST) return yield* Effect.fail(refused("invalid"))
        const issuer = claimed(token)
        const checked = all.find((one) => one.issuer === issuer)
        if (checked === undefined) return yield* Effect.fail(refused("invalid"))
        const { payload } = yield* Effect.tryPromise({
          try: () => checked.check(token, new Date(now)),
          catch: refusalOf
        })
        const identity = Option.flatMap(Schema.decodeUnknownOption(Claims)(payload), (claims) =>
          identityOf(claims, checked.isOurs)
        )
        if (Option.isNone(identity)) return yield* Effect.fail(refused("invalid"))
        known.keep(token, identity.value, Math.min(now + KEPT_MILLIS, identity.value.expiresAt))
        return identity.value
      })

      const tokens = Tokens.of({
        identify: (token) =>
          Effect.flatMap(Clock.currentTimeMillis, (now) => {
            const held = known.get(token, now)
            return held === undefined ? verified(token, now) : Effect.succeed(held)
          })
      })
      const life = Duration.toMillis(options.visitorLife ?? Duration.minutes(15))
      const visitors = VisitorTokens.of({
        issue: Effect.fnUntraced(function* (account, visitorId, chatId) {
          const now = yield* Clock.currentTimeMillis
          const exp = Math.floor((now + life) / 1_000)
          const claims = { account, chat: chatId, sub: Actor.toKey(Actor.visitor(visitorId)), exp }
          const token = yield* Effect.promise(() =>
            new Jose.SignJWT(claims)
              .setProtectedHeader({ alg: "HS256" })
              .setIssuer(OURS)
              .setAudience(FOR_VISITORS)
              .setIssuedAt(Math.floor(now / 1_000))
              .sign(secret)
          )
          return { token, expiresAt: Instant.fromMillis(exp * 1_000) }
        })
      })
      return Context.make(Tokens, tokens).pipe(Context.add(VisitorTokens, visitors))
    })
  )
