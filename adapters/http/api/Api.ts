import { HttpApi, OpenApi } from "effect/http-api"
import { AgentsApi } from "./AgentsApi.ts"
import { Answering, Authorization } from "./Authorization.ts"
import { ChatsApi } from "./ChatsApi.ts"
import { BansApi, PastApi } from "./PastApi.ts"
import { TalkApi } from "./TalkApi.ts"
import { TokensApi, VisitorApi } from "./VisitorApi.ts"

/** The version in every path. Changes that would break a client get another. */
export const VERSION = "v1"

/** The one definition: server, client and OpenAPI document are derived from it. */
export class Api extends HttpApi.make("leadline")
  .add(AgentsApi, ChatsApi, TalkApi, PastApi, BansApi, VisitorApi, TokensApi)
  .prefix(`/${VERSION}`)
  .middleware(Authorization)
  .middleware(Answering)
  // all that is wrong with a request, at once
  .annotate(HttpApi.ParseOptions, { errors: "all" })
  .annotateMerge(
    OpenApi.annotations({
      title: "Leadline",
      version: VERSION,
      description: "Live chat and CRM: agents, chats, panels, leads and activity feeds."
    })
  ) {}
