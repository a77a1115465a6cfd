import { createServer } from "node:http"
import { NodeHttpServer } from "@effect/platform-node"
import { Effect, Layer, Redacted } from "effect"
import { FetchHttpClient, HttpRouter, HttpServer } from "effect/http"
import { Actor, Id } from "leadline"
import * as Client from "leadline/http/client"
import { routes, Tokens } from "leadline/http/server"
import { layer as memory } from "leadline/memory"
import { OwnCrm } from "leadline/use-cases"

/** Tokens that say who they are: `agent:ada`, `visitor:v1`. For tests of what lies behind them. */
const plainTokens = Layer.succeed(Tokens, {
  identify: (token) => {
    const [kind, id = ""] = token.split(":")
    const account = Id.AccountId.make("acme")
    const actor = kind === "agent" ? Actor.agent(Id.AgentId.make(id)) : kind === "service" ? Actor.service(id) : null
    return actor === null
      ? Effect.fail({ _tag: "Unauthenticated", reason: "invalid" })
      : Effect.succeed({ account, actor, isHost: false, expiresAt: Number.MAX_SAFE_INTEGER })
  }
})

/** A server on a port of its own, over memory. */
export const served = HttpRouter.serve(routes, { disableLogger: true }).pipe(
  Layer.provide(plainTokens),
  Layer.provideMerge(NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1" })),
  Layer.provideMerge(OwnCrm.layer.pipe(Layer.provideMerge(memory())))
)

/** A client of it, with a token. */
export const clientOf = (token: string) =>
  Effect.gen(function* () {
    const { address } = yield* HttpServer.HttpServer
    return yield* Client.make({
      url: HttpServer.formatAddress(address),
      token: Effect.succeed(Redacted.make(token))
    })
  }).pipe(Effect.provide(FetchHttpClient.layer))
