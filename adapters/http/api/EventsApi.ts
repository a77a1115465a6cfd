import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { Callers } from "./Authorization.ts"
import { about } from "./Parts.ts"
import * as Refusals from "./Refusals.ts"
import { noChatYet } from "./VisitorApi.ts"

/** Where a stream goes on: the `id` of the last event that was seen. Browsers send it by themselves. */
const headers = { "last-event-id": Schema.optionalKey(Schema.String.check(Schema.isPattern(/^\d{1,15}$/))) }

const success = HttpApiSchema.StreamUint8Array({ contentType: "text/event-stream" })

/**
 * Live events (server-sent). Each stream begins with `ready`; what comes after is complete from there. Lost connections
 * go on with `Last-Event-ID`: nothing is lost, nothing comes twice. A stream that the server ends says why (`ended`).
 */
export class EventsApi extends HttpApiGroup.make("events")
  .add(
    HttpApiEndpoint.get("console", "/me/events", { headers, success })
      .annotate(Callers, ["agent"])
      .annotateMerge(
        about(
          "An agent's console",
          "Chats as they ring, are answered, transferred, end; what is said in one's own; the state of one's icon (C9)."
        )
      ),
    HttpApiEndpoint.get("visitor", "/visitor/events", { headers, success, error: [Refusals.ChatNotFound, noChatYet] })
      .annotate(Callers, ["visitor"])
      .annotateMerge(
        about("A visitor's chat", "Its public lines, by number, agents by the names they show; how it stands (D7, D8).")
      ),
    HttpApiEndpoint.get("log", "/events", { headers, success })
      .annotate(Callers, ["service", "host"])
      .annotateMerge(about("The account's log", "Every event of the chat side, once, in order (K2). For services."))
  )
  .annotateMerge(OpenApi.annotations({ description: "Live events, by server-sent events." })) {}
