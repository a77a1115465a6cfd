import { parseArgs } from "node:util"
import { Console, Data, Effect, Layer, Logger, Redacted } from "effect"
import { FetchHttpClient, HttpServer } from "effect/http"
import * as Otlp from "effect/observability/Otlp"
import { Actor, Id } from "leadline"
import { serve as listen, Webhooks } from "leadline/http/node"
import { DevelopmentTokens } from "leadline/http/server"
import { MemoryNotifier, MemorySignals, MemoryVisitorMail, layer as memory } from "leadline/memory"
import { layerFolder, layerMemory } from "leadline/pglite"
import type { CrmStore, DeskStore, SettingsStore, StoreError } from "leadline/ports"
import { layer as postgres } from "leadline/postgres"
import {
  keepBridging,
  keepDeliveringWebhooks,
  keepErasing,
  keepTime,
  OwnCrm,
  saveAgent,
  saveUser
} from "leadline/use-cases"
import type { Command } from "./Command.ts"

const usage = `leadline serve [--store STORE] [--port 8080] [--host 127.0.0.1] [--account demo]
              [--schema leadline] [--no-drivers] [--webhooks-anywhere] [--otlp URL]

STORE is memory, pglite, pglite:FOLDER (default: pglite:leadline-data) or postgres://USER:PASSWORD@HOST:PORT/DATABASE.
Prints its address, its documentation page, and tokens for trying it out: for nothing else, as they are gone with it.
--no-drivers leaves deadlines, the bridge and webhooks to other hosts, and only answers.
--webhooks-anywhere lets webhooks go to this machine and to private networks, and without TLS: for trying them out.
--otlp sends traces, metrics and logs to a collector: http://127.0.0.1:4318.
Notices go to its log: whoever wants them delivered writes a host of their own.`

/** The command line is not what it should be: for people. */
class Unusable extends Data.TaggedError("Unusable")<{ readonly text: string }> {}

const stores = (
  store: string,
  schema: string
): Layer.Layer<DeskStore | CrmStore | SettingsStore, StoreError> | null => {
  if (store === "memory") return memory()
  if (store === "pglite") return layerMemory({ schema })
  if (store.startsWith("pglite:")) return layerFolder(store.slice("pglite:".length), { schema })
  return /^postgres(ql)?:/.test(store) ? postgres({ url: Redacted.make(store), schema }) : null
}

const asked = (given: ReadonlyArray<string>) =>
  Effect.try({
    try: () =>
      parseArgs({
        args: [...given],
        options: {
          store: { type: "string", default: "pglite:leadline-data" },
          port: { type: "string", default: "8080" },
          host: { type: "string", default: "127.0.0.1" },
          account: { type: "string", default: "demo" },
          schema: { type: "string", default: "leadline" },
          "no-drivers": { type: "boolean", default: false },
          "webhooks-anywhere": { type: "boolean", default: false },
          otlp: { type: "string" }
        }
      }).values,
    catch: (error) => new Unusable({ text: error instanceof Error ? error.message : String(error) })
  }).pipe(
    Effect.flatMap(
      ({ account, host, "no-drivers": isPassive, otlp, port, schema, store, "webhooks-anywhere": isAnywhere }) => {
        const kept = stores(store, schema)
        if (kept === null) return Effect.fail(new Unusable({ text: `no such store: ${store}` }))
        if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
          return Effect.fail(new Unusable({ text: `no such port: ${port}` }))
        }
        return Effect.succeed({
          account: Id.AccountId.make(account),
          host,
          isAnywhere,
          isPassive,
          kept,
          otlp,
          port: Number(port)
        })
      }
    )
  )

/** Somebody to be: an agent who is a CRM user and administers both sides. Saved again, nothing changes. */
const somebody = Effect.fnUntraced(function* (account: Id.AccountId) {
  const caller = { account, actor: Actor.service("serve"), surface: "api" } as const
  const [userId, agentId] = [Id.UserId.make("olga"), Id.AgentId.make("ada")]
  const email = "ada@example.com"
  yield* saveUser(caller, {
    ...{ id: userId, name: "Olga", email, isActive: true, reportsTo: null, isAccountOwner: true },
    ...{ isCrmAdministrator: true, teams: [], groups: [], visibility: "all" }
  })
  yield* saveAgent(caller, {
    ...{ id: agentId, displayName: "Ada", email, userId, isEnabled: true },
    ...{ isChatAdministrator: true, departments: [], chatLimit: null }
  })
})

const people = [
  ["an agent, ada", "agent:ada", false],
  ["a CRM user, olga", "user:olga", false],
  ["a service", "service:website", false],
  ["a host of the account", "service:host", true]
] as const

const served = Effect.fnUntraced(function* (
  account: Id.AccountId,
  isPassive: boolean,
  development: DevelopmentTokens.Development
) {
  const { address } = yield* HttpServer.HttpServer
  const url = HttpServer.formatAddress(address)
  yield* somebody(account)
  const lines = yield* Effect.forEach(people, ([who, sub, isHost]) =>
    Effect.map(development.tokenOf(account, sub, isHost), (token) => `  ${who}\n    ${token}`)
  )
  yield* Console.log(
    [`serving ${url}`, `documentation ${url}/docs`, `tokens for account ${account}:`, ...lines].join("\n")
  )
  if (isPassive) return yield* asksToStop
  const work = [keepTime(account), keepBridging(account), keepErasing(account), keepDeliveringWebhooks(account)]
  yield* Effect.raceFirst(Effect.all(work, { concurrency: "unbounded", discard: true }), asksToStop)
})

/** Until the process is asked to stop; what is under way then finishes. */
const asksToStop = Effect.callback<void>((resume) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resume(Effect.void))
})

const anywhere = { allow: ["0.0.0.0/0", "::/0"], isInsecureAllowed: true }

/** A line of JSON per request, beside what is printed for people. */
const logs = Logger.layer([Logger.withConsoleError(Logger.formatJson)])

/** And, where there is a collector, everything to it: OpenTelemetry's protocol over HTTP. */
const observing = (otlp: string | undefined) =>
  otlp === undefined
    ? logs
    : Otlp.layerJson({ baseUrl: otlp, resource: { serviceName: "leadline" } }).pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provideMerge(logs)
      )

/** Serves an account of its own, with tokens for trying it out, until it is told to stop. */
export const serve: Command = (given) =>
  Effect.gen(function* () {
    const { account, host, isAnywhere, isPassive, kept, otlp, port } = yield* asked(given)
    const development = yield* DevelopmentTokens.make
    const webhooks = Webhooks.layer(isAnywhere ? anywhere : {})
    const beside = Layer.mergeAll(MemoryNotifier.layer, MemorySignals.layer, MemoryVisitorMail.layer, webhooks)
    const needs = Layer.mergeAll(OwnCrm.layer.pipe(Layer.provideMerge(kept)), beside)
    const server = listen({ host, port }).pipe(Layer.provide(development.tokens), Layer.provideMerge(needs))
    yield* served(account, isPassive, development).pipe(Effect.provide(Layer.provideMerge(server, observing(otlp))))
    return 0
  }).pipe(
    Effect.catchTags({
      Unusable: ({ text }) => Effect.as(Console.error(`${text}\n\nusage: ${usage}`), 2),
      StoreError: (error) => Effect.as(Console.error(`not served: ${reasonOf(error)}`), 1),
      ServeError: ({ cause }) => Effect.as(Console.error(`not served: ${String(cause)}`), 1)
    }),
    Effect.catch((refusal) => Effect.as(Console.error(`not served: ${JSON.stringify(refusal)}`), 1))
  )

const reasonOf = ({ cause, reason }: StoreError): string =>
  cause instanceof Error ? `${reason}: ${cause.message}` : reason
