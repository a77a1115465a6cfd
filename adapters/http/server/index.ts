/**
 * Leadline over HTTP: the server. What it needs of the world are the ports; who calls is said by `Tokens`.
 *
 * @module
 */
import { Layer } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import * as Answering from "./Answering.ts"
import * as Authorizing from "./Authorizing.ts"
import { chats } from "./Chats.ts"

export { Tokens } from "./Tokens.ts"

/** The API's routes, for any `HttpRouter`. */
export const routes = HttpApiBuilder.layer(Api, { openapiPath: "/openapi.json" }).pipe(
  Layer.provide([chats]),
  Layer.provide([Authorizing.layer, Answering.layer])
)
