import { Clock, Context, Effect, Layer, Logger, Redacted } from "effect"
import { FetchHttpClient, HttpServer } from "effect/http"
import * as Jose from "jose"
import * as Client from "leadline/http/client"
import { type NodeOptions, serve, Webhooks } from "leadline/http/node"
import { ServerSettings, SignedTokens } from "leadline/http/server"
import { layer as memory } from "leadline/memory"
import { DeskStore } from "leadline/ports"
import { OwnCrm } from "leadline/use-cases"

export const issuer = "https://id.acme.example"
export const audience = "https://leadline.acme.example"
export const secret = "0123456789abcdef0123456789abcdef"

/** An identity provider: signs what it is asked to. */
export class Provider extends Context.Service<
  Provider,
  { readonly keys: Jose.JSONWebKeySet; readonly key: Jose.CryptoKey }
>()("tests/Provider") {
  static readonly layer = Layer.effect(
    Provider,
    Effect.promise(async () => {
      const { privateKey, publicKey } = await Jose.generateKeyPair("EdDSA")
      return { key: privateKey, keys: { keys: [{ ...(await Jose.exportJWK(publicKey)), alg: "EdDSA" }] } }
    })
  )
}

/** A token of the provider's, good for an hour. */
export const tokenOf = (sub: string, claims: Record<string, unknown> = {}) =>
  Effect.flatMap(Effect.all([Provider, Clock.currentTimeMillis]), ([{ key }, now]) =>
    Effect.promise(() =>
      new Jose.SignJWT({
        account: "acme",
        sub,
        iss: issuer,
        aud: audience,
        exp: Math.floor(now / 1_000) + 3_600,
        ...claims
      })
        .setProtectedHeader({ alg: "EdDSA" })
        .sign(key)
    )
  )

const tokens = Layer.unwrap(
  Provider.use(({ keys }) =>
    Effect.succeed(SignedTokens.layer({ issuers: [{ issuer, audience, keys }], secret: Redacted.make(secret) }))
  )
)

/** What differs from a server as it comes. */
export interface Unlike {
  readonly webhooks?: Webhooks.WebhookOptions
  readonly node?: Omit<NodeOptions, "port">
  /** Stands before the store of the chat side. */
  readonly desk?: Layer.Layer<DeskStore, never, DeskStore>
}

/** A server on a port of its own, over memory. */
export const servedWith = (settings: Partial<ServerSettings.ServerSettings>, unlike: Unlike = {}) =>
  serve({ stopWithin: "1 second", ...unlike.node, port: 0 }).pipe(
    Layer.provide(tokens),
    Layer.provide(ServerSettings.layer(settings)),
    Layer.provideMerge(Provider.layer),
    Layer.provideMerge(Webhooks.layer(unlike.webhooks)),
    Layer.provideMerge(
      OwnCrm.layer.pipe(
        Layer.provideMerge(unlike.desk ?? Layer.effect(DeskStore, DeskStore)),
        Layer.provideMerge(memory())
      )
    ),
    Layer.provideMerge(Logger.layer([]))
  )

export const served = servedWith({})

/** Where the server is. */
export const base = Effect.map(HttpServer.HttpServer, ({ address }) => HttpServer.formatAddress(address))

/** A client with a token as it is. */
export const clientWith = (token: string) =>
  Effect.flatMap(base, (url) => Client.make({ url, token: Effect.succeed(Redacted.make(token)) })).pipe(
    Effect.provide(FetchHttpClient.layer)
  )

/** A client of somebody of acme's: `agent:ada`, `service:setup`. */
export const clientOf = (sub: string) => Effect.flatMap(tokenOf(sub), clientWith)
