import { Clock, Effect, type Layer, Redacted } from "effect"
import * as Jose from "jose"
import type { Id } from "leadline"
import { layer } from "./SignedTokens.ts"
import type { Tokens } from "./Tokens.ts"
import type { VisitorTokens } from "./VisitorTokens.ts"

const ISSUER = "leadline-development"
const AUDIENCE = "leadline"

/** decision: a day of trying things out; the key is gone with the process anyhow. */
const LIFE_SECONDS = 86_400

/** An identity provider for trying things out: its key lives as long as the process. */
export interface Development {
  readonly tokens: Layer.Layer<Tokens | VisitorTokens>
  /** `sub`: `agent:ada`, `user:7`, `service:import`. `isHost`: a service that may reach the ports themselves. */
  readonly tokenOf: (account: Id.AccountId, sub: string, isHost?: boolean) => Effect.Effect<string>
}

/** Makes a key, whoever is to be believed, and tokens signed with it. Never for production: it gives tokens to anybody. */
export const make: Effect.Effect<Development> = Effect.promise(async () => {
  const { privateKey, publicKey } = await Jose.generateKeyPair("EdDSA")
  const keys = { keys: [{ ...(await Jose.exportJWK(publicKey)), alg: "EdDSA" }] }
  const secret = Redacted.make(Jose.base64url.encode(crypto.getRandomValues(new Uint8Array(32))))
  return {
    tokens: layer({ issuers: [{ issuer: ISSUER, audience: AUDIENCE, keys }], secret }),
    tokenOf: (account, sub, isHost = false) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) =>
        Effect.promise(() =>
          new Jose.SignJWT({ account, ...(isHost ? { scope: "host" } : {}) })
            .setProtectedHeader({ alg: "EdDSA" })
            .setSubject(sub)
            .setIssuer(ISSUER)
            .setAudience(AUDIENCE)
            .setExpirationTime(Math.floor(now / 1_000) + LIFE_SECONDS)
            .sign(privateKey)
        )
      )
  }
})
