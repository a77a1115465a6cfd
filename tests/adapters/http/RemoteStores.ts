import { Effect, Layer, Redacted } from "effect"
import { FetchHttpClient, HttpServer } from "effect/http"
import { Actor, Id } from "leadline"
import { RemoteCrm, Stores } from "leadline/http/client"
import { serve } from "leadline/http/node"
import { ServerSettings, Tokens, VisitorTokens } from "leadline/http/server"
import { layer as memory } from "leadline/memory"
import { Crm, type CrmStore, type DeskStore, type SettingsStore } from "leadline/ports"
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

type Ports = DeskStore | CrmStore | SettingsStore

/** A server over these stores, on a port of its own; its CRM is what `crm` makes of them. */
export const serverOver = <E, R, E2 = never, R2 = Ports>(
  stores: Layer.Layer<Ports, E, R>,
  crm: Layer.Layer<Crm, E2, R2>
) =>
  serve({ port: 0, stopWithin: "100 millis" }).pipe(
    Layer.provide(trusting),
    Layer.provide(ServerSettings.layer({ perAddress: { burst: 1_000_000, perSecond: 1_000_000 } })),
    Layer.provide(crm.pipe(Layer.provideMerge(stores)))
  )

const remote = (url: string) => ({
  url,
  token: (account: Id.AccountId) => Effect.succeed(Redacted.make(encodeURIComponent(account))),
  account: Id.AccountId.make("anybody")
})

/** The client's layers against a server, and nothing of the server itself. */
export const remoteAt = (url: string) => Stores.layer(remote(url)).pipe(Layer.provide(FetchHttpClient.layer))

const address = Effect.map(HttpServer.HttpServer, ({ address }) => HttpServer.formatAddress(address))

export const remoteOver = <E, R>(stores: Layer.Layer<Ports, E, R>) =>
  Layer.unwrap(Effect.map(address, remoteAt)).pipe(Layer.provide(serverOver(stores, OwnCrm.layer)))

/** Stores and CRM over HTTP: the CRM's decisions are the server's. */
export const remoteCrmOver = <E, R>(stores: Layer.Layer<Ports, E, R>) =>
  Layer.unwrap(
    Effect.map(address, (url) =>
      Layer.merge(remoteAt(url), RemoteCrm.layer(remote(url)).pipe(Layer.provide(FetchHttpClient.layer)))
    )
  ).pipe(Layer.provide(serverOver(stores, OwnCrm.layer)))

/** The CRM that is there, behind a server, in its own place. */
export const crmOverHttp = Layer.unwrap(
  Effect.map(address, (url) => RemoteCrm.layer(remote(url)).pipe(Layer.provide(FetchHttpClient.layer)))
).pipe(Layer.provide(serverOver(memory(), Layer.effect(Crm, Effect.service(Crm)))))
