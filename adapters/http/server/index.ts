/**
 * Leadline over HTTP: the server. What it needs of the world are the ports; who calls is said by `Tokens`.
 *
 * @module
 */
import { Layer } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { agents } from "./Agents.ts"
import * as Answering from "./Answering.ts"
import * as Authorizing from "./Authorizing.ts"
import { bans, chats, past, talk } from "./Chats.ts"
import { directory, feed, panel, records } from "./Crm.ts"
import { layouts, operations, settings } from "./Office.ts"
import { tokens, visitor } from "./Visitor.ts"

export * as SignedTokens from "./SignedTokens.ts"
export { Tokens } from "./Tokens.ts"
export { VisitorTokens } from "./VisitorTokens.ts"

/** The API's routes, for any `HttpRouter`. */
export const routes = HttpApiBuilder.layer(Api, { openapiPath: "/openapi.json" }).pipe(
  Layer.provide([agents, chats, talk, past, bans, visitor, tokens]),
  Layer.provide([panel, records, directory, feed, layouts, settings, operations]),
  Layer.provide([Authorizing.layer, Answering.layer])
)
