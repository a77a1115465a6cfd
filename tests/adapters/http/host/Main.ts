import { Console, Effect, Layer, Logger, Redacted, Schema } from "effect"
import { HttpServer } from "effect/http"
import { Actor, Id } from "leadline"
import { serve } from "leadline/http/node"
import { ServerSettings, Tokens, VisitorTokens } from "leadline/http/server"
import { layer as postgres } from "leadline/postgres"
import { OwnCrm } from "leadline/use-cases"

/** A server in a process of its own: believes what tokens say, prints where it is, and lives until it is killed. */
const [url = "", schema = ""] = process.argv.slice(2)

const Claims = Schema.fromJsonString(Schema.Struct({ account: Id.AccountId, actor: Actor.Actor }))

const trusting = Layer.merge(
  Layer.succeed(Tokens, {
    identify: (token) =>
      Effect.map(Effect.orDie(Schema.decodeUnknownEffect(Claims)(atob(token))), (claims) => ({
        ...claims,
        ...{ isHost: claims.actor._tag === "Service", expiresAt: Number.MAX_SAFE_INTEGER },
        ...(claims.actor._tag === "Visitor" ? { chatId: null } : {})
      }))
  }),
  Layer.succeed(VisitorTokens, { issue: () => Effect.die("the test needs none") })
)

const server = serve({ port: 0 }).pipe(
  Layer.provide(trusting),
  Layer.provide(ServerSettings.layer({ perAddress: { burst: 1_000_000, perSecond: 1_000_000 } })),
  Layer.provide(OwnCrm.layer.pipe(Layer.provideMerge(postgres({ url: Redacted.make(url), schema, pollMillis: 500 })))),
  Layer.provideMerge(Logger.layer([]))
)

await Effect.runPromise(
  Effect.gen(function* () {
    const { address } = yield* HttpServer.HttpServer
    yield* Console.log(HttpServer.formatAddress(address))
    return yield* Effect.never
  }).pipe(Effect.provide(server))
)
