import { HttpApi, OpenApi } from "effect/http-api"
import { Answering, Authorization } from "./Authorization.ts"
import { ChatsApi } from "./ChatsApi.ts"

/** The version in every path. Changes that would break a client get another. */
export const VERSION = "v1"

/** The one definition: server, client and OpenAPI document are derived from it. */
export class Api extends HttpApi.make("leadline")
  .add(ChatsApi)
  .prefix(`/${VERSION}`)
  .middleware(Authorization)
  .middleware(Answering)
  .annotateMerge(
    OpenApi.annotations({
      title: "Leadline",
      version: VERSION,
      description: "Live chat and CRM: agents, chats, panels, leads and activity feeds."
    })
  ) {}
