import { createServer } from "node:http"
import { describe, expect, it } from "@effect/vitest"
import { Clock, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import * as Jose from "jose"
import { Id } from "leadline"
import { SignedTokens, Tokens, VisitorTokens } from "leadline/http/server"

const issuer = "https://id.acme.example"
const audience = "https://leadline.acme.example"
const secret = "0123456789abcdef0123456789abcdef"
const account = Id.AccountId.make("acme")

const pair = () => Jose.generateKeyPair("EdDSA", { extractable: true })
const published = async (key: Jose.CryptoKey, kid?: string) => ({
  ...(await Jose.exportJWK(key)),
  alg: "EdDSA",
  ...(kid === undefined ? {} : { kid })
})

interface Sign {
  readonly claims?: Record<string, unknown>
  readonly header?: Jose.JWTHeaderParameters
}

const signing = (key: Jose.CryptoKey | Uint8Array, now: number) => (sign: Sign) =>
  new Jose.SignJWT({
    ...{ account, sub: "agent:ada", iss: issuer, aud: audience, exp: Math.floor(now / 1_000) + 60 },
    ...sign.claims
  })
    .setProtectedHeader(sign.header ?? { alg: "EdDSA" })
    .sign(key)

const identified = (token: string) => Effect.result(Effect.flatMap(Tokens, ({ identify }) => identify(token)))

/** A server that believes one key, and somebody who signs with it. */
const believing = Effect.gen(function* () {
  const keys = yield* Effect.promise(pair)
  const jwk = yield* Effect.promise(() => published(keys.publicKey))
  const now = yield* Clock.currentTimeMillis
  const layer = SignedTokens.layer({
    issuers: [{ issuer, audience, keys: { keys: [jwk] } }],
    secret: Redacted.make(secret)
  })
  return { keys, layer, now, sign: signing(keys.privateKey, now) }
})

describe("signed tokens", () => {
  it.effect(
    "say who calls, for which account: agents, users, services, hosts; colons belong to the name (J1, J2)",
    () =>
      Effect.gen(function* () {
        const { layer, sign } = yield* believing
        const who = (claims: Record<string, unknown>) =>
          Effect.flatMap(
            Effect.promise(() => sign({ claims })),
            identified
          ).pipe(Effect.provide(layer))
        expect(yield* who({})).toMatchObject({
          success: { account, actor: { _tag: "Agent", agentId: "ada" }, isHost: false }
        })
        expect(yield* who({ sub: "user:7" })).toMatchObject({ success: { actor: { _tag: "User", userId: "7" } } })
        expect(yield* who({ sub: "agent:a:b" })).toMatchObject({ success: { actor: { agentId: "a:b" } } })
        expect(yield* who({ sub: "service:x", scope: "a host b" })).toMatchObject({ success: { isHost: true } })
        expect(yield* who({ sub: "agent:ada", scope: "host" })).toMatchObject({ success: { isHost: false } })
      })
  )

  it.effect("are refused when anything is wrong with them, and nobody learns what (RFC 8725)", () =>
    Effect.gen(function* () {
      const { keys, layer, now, sign } = yield* believing
      const stranger = yield* Effect.promise(pair)
      const past = Math.floor(now / 1_000)
      const modulus = new TextEncoder().encode(
        JSON.stringify(yield* Effect.promise(() => Jose.exportJWK(keys.publicKey)))
      )
      const unsigned = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ sub: "agent:ada", account, iss: issuer, aud: audience, exp: past + 60 }))}.`
      const wrong: Readonly<Record<string, string | Promise<string>>> = {
        "another audience": sign({ claims: { aud: "https://else.example" } }),
        "another issuer": sign({ claims: { iss: "https://else.example" } }),
        "no issuer": sign({ claims: { iss: undefined } }),
        "no account": sign({ claims: { account: undefined } }),
        "no end": sign({ claims: { exp: undefined } }),
        "not yet": sign({ claims: { nbf: past + 60 } }),
        "a visitor of theirs": sign({ claims: { sub: "visitor:v1" } }),
        "Leadline itself": sign({ claims: { sub: "system:" } }),
        nobody: sign({ claims: { sub: "agent:" } }),
        "a name with a blank": sign({ claims: { sub: "agent:a b" } }),
        "an account with a slash": sign({ claims: { account: "a/b" } }),
        "a stranger's key": signing(stranger.privateKey, now)({}),
        "their public key as a secret": signing(modulus, now)({ header: { alg: "HS256" } }),
        "our issuer, their key": sign({ claims: { iss: "leadline", aud: "leadline/visitor" } }),
        "no signature": unsigned,
        "no token": "hello",
        nothing: "",
        "a very long one": `${"a".repeat(9_000)}.b.c`
      }
      for (const [what, made] of Object.entries(wrong)) {
        const token = yield* Effect.promise(async () => await made)
        const refused = yield* Effect.provide(identified(token), layer)
        expect([what, refused]).toMatchObject([what, { failure: { _tag: "Unauthenticated", reason: "invalid" } }])
      }
      const late = yield* Effect.promise(() => sign({ claims: { exp: past - 6 } }))
      expect(yield* Effect.provide(identified(late), layer)).toMatchObject({ failure: { reason: "expired" } })
      const skewed = yield* Effect.promise(() => sign({ claims: { exp: past - 4 } }))
      expect(yield* Effect.provide(identified(skewed), layer)).toMatchObject({ _tag: "Success" })
    })
  )

  it.effect("of which any character was changed are refused", () =>
    Effect.gen(function* () {
      const { layer, sign } = yield* believing
      const token = yield* Effect.promise(() => sign({}))
      const characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
      const change = fc.tuple(fc.nat({ max: token.length - 1 }), fc.constantFrom(...characters))
      yield* Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(change, async ([at, character]) => {
            const changed = `${token.slice(0, at)}${character}${token.slice(at + 1)}`
            // the last character of a signature has bits that say nothing
            fc.pre(changed !== token && at !== token.length - 1)
            const answer = await Effect.runPromise(Effect.provide(identified(changed), layer))
            expect(answer._tag).toBe("Failure")
          }),
          { numRuns: 60 }
        )
      )
    })
  )

  it.effect("of visitors are ours alone: short-lived, for one chat, of no use to anybody else (D8)", () =>
    Effect.gen(function* () {
      const { layer } = yield* believing
      yield* Effect.gen(function* () {
        const { issue } = yield* VisitorTokens
        const chatId = Id.ChatId.make("c1")
        const { expiresAt, token } = yield* issue(account, Id.VisitorId.make("v:1"), chatId)
        const now = yield* Clock.currentTimeMillis
        expect(expiresAt - now).toBe(15 * 60_000)
        expect(yield* identified(token)).toMatchObject({
          success: { account, actor: { _tag: "Visitor", visitorId: "v:1" }, chatId, isHost: false }
        })
        yield* TestClock.adjust("15 minutes")
        yield* TestClock.adjust("6 seconds")
        expect(yield* identified(token)).toMatchObject({ failure: { reason: "expired" } })
      }).pipe(Effect.provide(layer))
    })
  )

  it.live("follow their issuer's keys: a new one is fetched when it is named; none can be had: unavailable", () =>
    Effect.gen(function* () {
      const [old, young] = yield* Effect.promise(() => Promise.all([pair(), pair()]))
      const keys: Array<object> = [yield* Effect.promise(() => published(old.publicKey, "old"))]
      let isUp = true
      const provider = createServer((_, response) => {
        if (!isUp) response.destroy()
        else response.setHeader("content-type", "application/json").end(JSON.stringify({ keys }))
      })
      const port = yield* Effect.acquireRelease(
        Effect.promise(
          () =>
            new Promise<number>((resolve) => {
              provider.listen(0, "127.0.0.1", () => {
                const address = provider.address()
                resolve(typeof address === "object" && address !== null ? address.port : 0)
              })
            })
        ),
        () => Effect.sync(() => provider.close())
      )
      const layerAt = () =>
        SignedTokens.layer({
          issuers: [{ issuer, audience, keys: new URL(`http://127.0.0.1:${port}/jwks`) }],
          secret: Redacted.make(secret)
        })
      const now = yield* Clock.currentTimeMillis
      const by = (key: Jose.CryptoKey, kid: string) =>
        Effect.promise(() => signing(key, now)({ header: { alg: "EdDSA", kid } }))
      const tokens = yield* Effect.all([by(old.privateKey, "old"), by(young.privateKey, "young")])
      const first = yield* Effect.provide(Effect.forEach(tokens, identified), layerAt())
      expect(first.map(({ _tag }) => _tag)).toEqual(["Success", "Failure"])
      keys.push(yield* Effect.promise(() => published(young.publicKey, "young")))
      const rotated = yield* Effect.provide(Effect.forEach(tokens, identified), layerAt())
      expect(rotated.map(({ _tag }) => _tag)).toEqual(["Success", "Success"])
      isUp = false
      const [down] = yield* Effect.provide(Effect.forEach(tokens, identified), layerAt())
      expect(down).toMatchObject({ failure: { reason: "unavailable" } })
    })
  )
})
