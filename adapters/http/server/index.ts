/**
 * Leadline over HTTP: the server. What it needs of the world are the ports; who calls is said by `Tokens`.
 *
 * @module
 */
import { Layer } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import type { Crm, DeskStore, SettingsStore } from "leadline/ports"
import { Api } from "../api/Api.ts"
import { agents } from "./Agents.ts"
import * as Answering from "./Answering.ts"
import * as Around from "./Around.ts"
import * as Authorizing from "./Authorizing.ts"
import { bans, chats, past, talk } from "./Chats.ts"
import { Closing, layer as closingLayer } from "./Closing.ts"
import { directory, feed, panel, records } from "./Crm.ts"
import { crm } from "./CrmPort.ts"
import { events } from "./Events.ts"
import { Live } from "./live/Live.ts"
import { layouts, operations, settings } from "./Office.ts"
import * as Operating from "./Operating.ts"
import { crmStore, deskStore, settingsStore } from "./Stores.ts"
import type { Tokens } from "./Tokens.ts"
import { tokens, visitor } from "./Visitor.ts"
import type { VisitorTokens } from "./VisitorTokens.ts"
import { webhooks } from "./Webhooks.ts"

export * as DevelopmentTokens from "./DevelopmentTokens.ts"
export { headers as eventHeaders, type Opened, OpenSink, type Sink } from "./live/Sink.ts"
export { RateLimits } from "./RateLimits.ts"
export * as ServerSettings from "./ServerSettings.ts"
export * as SignedTokens from "./SignedTokens.ts"
export { Tokens } from "./Tokens.ts"
export { VisitorTokens } from "./VisitorTokens.ts"

/** The API's routes alone, for a router of your own. */
export const routes = HttpApiBuilder.layer(Api, { openapiPath: "/openapi.json" }).pipe(
  Layer.provide([agents, chats, talk, past, bans, visitor, tokens]),
  Layer.provide([panel, records, directory, feed, layouts, settings, operations]),
  Layer.provide([deskStore, crmStore, settingsStore, crm, events, webhooks]),
  Layer.provide([Authorizing.layer, Answering.layer])
)

/** Everything a server answers: the API, what operates it, and what surrounds each request. */
export const app = Layer.mergeAll(routes, Operating.layer, Around.layer).pipe(
  Layer.provideMerge(Closing.layer),
  Layer.provideMerge(Live.layer)
)

/** On top of what serves `app`: closes it in the right order. */
export const closing = closingLayer

/** decision: as long as the longest id, with each of its characters escaped. */
export const routerConfig = { maxParamLength: 2_048 }

/** What a server needs of the world; beside it, what it finds: `ChatSearch`, `Signals`, `CrmStore`, `WebhookSender`. */
export type Needs = DeskStore | Crm | SettingsStore | Tokens | VisitorTokens

/**
 * For hosts that speak web standards (Deno, Bun, edge runtimes): a function of `Request` to `Response`, and one that
 * closes what it holds.
 */
export const webHandler = <More, E>(needs: Layer.Layer<Needs | More, E>) =>
  HttpRouter.toWebHandler(
    app.pipe(
      HttpRouter.provideRequest(needs as Layer.Layer<Needs, E>),
      Layer.provide(needs),
      Layer.provide(HttpServer.layerServices)
    ),
    { routerConfig, disableLogger: true }
  )
