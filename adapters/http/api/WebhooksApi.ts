import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { Id } from "leadline"
import { EventCodec } from "leadline/wire"
import * as Parts from "./Parts.ts"
import * as Refusals from "./Refusals.ts"

const { about, commandHeaders: headers } = Parts
const params = { webhookId: Id.WebhookId }
const saved = Schema.Struct({ webhookId: Id.WebhookId })

/** What can happen on the chat side: the events' names. */
export const EventType = Schema.Literals(
  EventCodec.DeskEnvelope.fields.payload.members.map(({ fields }) => fields._tag.schema.literal)
).annotate({ identifier: "EventType" })

const subscription = {
  url: Schema.String,
  types: Schema.Array(EventType),
  isEnabled: Schema.Boolean
}

/** Subscriptions to an account's events, delivered by Standard Webhooks. */
export class WebhooksApi extends HttpApiGroup.make("webhooks")
  .add(
    HttpApiEndpoint.get("list", "/webhooks", {
      success: Schema.Struct({
        webhooks: Schema.Array(Schema.Struct({ id: Id.WebhookId, ...subscription, position: Schema.Int }))
      })
    }).annotateMerge(about("The webhooks", "Without their secrets, and how far along the log each is.")),
    HttpApiEndpoint.put("save", "/webhooks/:webhookId", {
      params,
      headers,
      payload: Schema.Struct({ ...subscription, after: Schema.optionalKey(Parts.Position) }),
      success: saved,
      error: [Refusals.UnusableUrl, Refusals.TooLong, Refusals.TooMany]
    }).annotateMerge(
      about(
        "Add or change a webhook",
        "`types` empty: all events. A new one begins with what comes next, or after `after`; one that was there goes on " +
          "where it is. At least once, in order per chat, tried again for three days; then given up: see `/given-up` with " +
          "`bridge=webhook/ID`."
      )
    ),
    HttpApiEndpoint.delete("remove", "/webhooks/:webhookId", { params, headers, success: saved }).annotateMerge(
      about("Take a webhook away", "With what it did not deliver.")
    ),
    HttpApiEndpoint.get("secret", "/webhooks/:webhookId/secret", {
      params,
      success: Schema.Struct({ secret: Schema.String }),
      error: Refusals.WebhookNotFound
    }).annotateMerge(about("The secret", "The newest, for the receiver's side.")),
    HttpApiEndpoint.post("rotate", "/webhooks/:webhookId/secret", {
      params,
      headers,
      success: saved,
      error: Refusals.WebhookNotFound
    }).annotateMerge(about("A new secret", "The one before signs beside it for a day.")),
    HttpApiEndpoint.put("move", "/webhooks/:webhookId/position", {
      params,
      headers,
      payload: Schema.Struct({ after: Parts.Position }),
      success: saved,
      error: Refusals.WebhookNotFound
    }).annotateMerge(about("Deliver again", "What came after a position, under the same ids.")),
    HttpApiEndpoint.post("trial", "/webhooks/:webhookId/trial", {
      params,
      success: Schema.Struct({
        isTaken: Schema.Boolean,
        reason: Schema.Literals(["answered", "timeout", "unreachable", "notAllowed"]),
        status: Schema.NullOr(Schema.Int)
      }),
      error: Refusals.WebhookNotFound
    }).annotateMerge(about("Try it", "Sends a `webhook.trial`, once, and says what the receiver said."))
  )
  .annotateMerge(OpenApi.annotations({ description: "Events out, signed (Standard Webhooks). By who operates." })) {}
