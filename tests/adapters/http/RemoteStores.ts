import { Effect, Layer, Redacted } from "effect"
import { FetchHttpClient, HttpServer } from "effect/http"
import { Actor, Id } from "leadline"
import { Stores } from "leadline/http/client"
import { serve } from "leadline/http/node"
import { ServerSettings, Tokens, VisitorTokens } from "leadline/http/server"
import type { CrmStore, DeskStore, SettingsStore } from "leadline/ports"
import { OwnCrm } from "leadline/use-cases"

/** Whoever names an account is a host of it: what tokens are worth is tested elsewhere. */
const trusting = Layer.merge(
  Layer.succeed(Tokens, {
    identify: (token) =>
      Effect.succeed({
        account: decodeURIComponent(token) as Id.AccountId,
        actor: Actor.service("host"),
        isHost: true,
        expiresAt: Number.MAX_SAFE_INTEGER
      })
  }),
  Layer.succeed(VisitorTokens, { issue: () => Effect.die("no visitors here") })
)

/** A server over these stores, on a port of its own. */
export const serverOver = <E, R>(stores: Layer.Layer<DeskStore | CrmStore | SettingsStore, E, R>) =>
  serve({ port: 0, stopWithin: "100 millis" }).pipe(
    Layer.provide(trusting),
    Layer.provide(ServerSettings.layer({ perAddress: { burst: 1_000_000, perSecond: 1_000_000 } })),
    Layer.provide(OwnCrm.layer.pipe(Layer.provideMerge(stores)))
  )

/** The client's layers against a server, and nothing of the server itself. */
export const remoteAt = (url: string) =>
  Stores.layer({
    url,
    token: (account) => Effect.succeed(Redacted.make(encodeURIComponent(account))),
    account: Id.AccountId.make("anybody")
  }).pipe(Layer.provide(FetchHttpClient.layer))

export const remoteOver = <E, R>(stores: Layer.Layer<DeskStore | CrmStore | SettingsStore, E, R>) =>
  Layer.unwrap(Effect.map(HttpServer.HttpServer, ({ address }) => remoteAt(HttpServer.formatAddress(address)))).pipe(
    Layer.provide(serverOver(stores))
  )
