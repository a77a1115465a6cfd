import { HttpApi, OpenApi } from "effect/http-api"
import { AgentsApi } from "./AgentsApi.ts"
import { Answering, Authorization } from "./Authorization.ts"
import { ChatsApi } from "./ChatsApi.ts"
import { CrmApi } from "./CrmApi.ts"
import { DirectoryApi } from "./DirectoryApi.ts"
import { EventsApi } from "./EventsApi.ts"
import { FeedApi } from "./FeedApi.ts"
import { LayoutsApi } from "./LayoutsApi.ts"
import { OperationsApi } from "./OperationsApi.ts"
import { PanelApi } from "./PanelApi.ts"
import { BansApi, PastApi } from "./PastApi.ts"
import { RecordsApi } from "./RecordsApi.ts"
import { SettingsApi } from "./SettingsApi.ts"
import { CrmStoreApi, DeskStoreApi, SettingsStoreApi } from "./StoresApi.ts"
import { TalkApi } from "./TalkApi.ts"
import { TokensApi, VisitorApi } from "./VisitorApi.ts"
import { WebhooksApi } from "./WebhooksApi.ts"

/** The version in every path. Changes that would break a client get another. */
export const VERSION = "v1"

/** The one definition: server, client and OpenAPI document are derived from it. */
export class Api extends HttpApi.make("leadline")
  .add(AgentsApi, ChatsApi, TalkApi, PastApi, BansApi, VisitorApi, TokensApi)
  .add(PanelApi, RecordsApi, DirectoryApi, FeedApi, LayoutsApi, SettingsApi, OperationsApi)
  .add(DeskStoreApi, CrmStoreApi, SettingsStoreApi, CrmApi)
  .add(EventsApi, WebhooksApi)
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
