import { Effect, Layer, Logger, ManagedRuntime, Redacted, Schema } from "effect"
import { HttpServer } from "effect/http"
import { Actor, Id } from "leadline"
import { serve } from "leadline/http/node"
import { ServerSettings, Tokens, VisitorTokens } from "leadline/http/server"
import { layer as memory } from "leadline/memory"
import type { CrmStore, DeskStore, SettingsStore, StoreError } from "leadline/ports"
import * as Postgres from "leadline/postgres"
import { answerChat, OwnCrm, requestChat, sendMessage } from "leadline/use-cases"
import { asAgent, asVisitor, openDesk, TEXT, visitorId } from "../Office.ts"
import { type Said, tellMemory, type Wish } from "./Servers.ts"

type Stores = DeskStore | CrmStore | SettingsStore

/** Leadline's server in a process of its own. Believes what tokens say, as the baselines do; limits nobody. */
const [store = "memory", url = "", schema = ""] = process.argv.slice(2)

const Claims = Schema.fromJsonString(Schema.Struct({ account: Id.AccountId, actor: Actor.Actor }))

const trusting = Layer.merge(
  Layer.succeed(Tokens, {
    identify: (token) =>
      Effect.map(Effect.orDie(Schema.decodeUnknownEffect(Claims)(atob(token))), (claims) => ({
        ...claims,
        ...{ isHost: claims.actor._tag === "Service", expiresAt: Number.MAX_SAFE_INTEGER }
      }))
  }),
  Layer.succeed(VisitorTokens, { issue: () => Effect.die("nobody asks") })
)

const many = { burst: 1_000_000_000, perSecond: 1_000_000_000 }

const stores: Layer.Layer<Stores, StoreError> =
  store === "memory" ? memory() : Postgres.layer({ url: Redacted.make(url), schema, connections: 16 })

const runtime = ManagedRuntime.make(
  serve({ port: 0 }).pipe(
    Layer.provide(trusting),
    Layer.provide(ServerSettings.layer({ perAddress: many, perCaller: many })),
    Layer.provideMerge(OwnCrm.layer.pipe(Layer.provideMerge(stores))),
    Layer.provideMerge(Logger.layer([]))
  )
)

const say = (said: Said) => process.send?.(said)

/** A chat that agent 0 serves, for those who listen. */
const served = Effect.gen(function* () {
  yield* openDesk(1)
  const { chatId } = yield* requestChat(asVisitor(0), { visitorId: visitorId(0) })
  yield* answerChat(asAgent(0), { chatId })
  return chatId
})

const { address } = await runtime.runPromise(HttpServer.HttpServer)
const chatId = store === "memory" ? await runtime.runPromise(served) : null

process.on("message", async (wish: Wish) => {
  if ("asks" in wish) return tellMemory()
  if (chatId === null) return
  const { events } = wish
  const one = sendMessage(asVisitor(0), { chatId, text: TEXT })
  await runtime.runPromise(
    Effect.forEach(Array.from({ length: events }), () => one, { concurrency: 16, discard: true })
  )
})
say({ url: HttpServer.formatAddress(address) })
