import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import type { DeskPayload } from "leadline/ports"
import { WebhookSender } from "leadline/ports"
import * as UseCases from "leadline/use-cases"
import { Api } from "../api/Api.ts"
import { asCaller, having } from "./AsCaller.ts"

/** What was saved through the API names only events that there are. */
const types = (saved: ReadonlyArray<string>) => saved as ReadonlyArray<DeskPayload["_tag"]>

/** The handlers of `WebhooksApi`. A host without a `WebhookSender` answers `unsupported`. */
export const webhooks = HttpApiBuilder.group(Api, "webhooks", (handlers) =>
  handlers.handleAll({
    list: () =>
      asCaller((caller) =>
        Effect.map(UseCases.readWebhooks(caller), (read) => ({
          webhooks: read.map((webhook) => ({ ...webhook, types: types(webhook.types) }))
        }))
      ),
    save: ({ params, payload }) =>
      asCaller((caller) => having(WebhookSender, UseCases.saveWebhook(caller, { id: params.webhookId, ...payload }))),
    remove: ({ params }) => asCaller((caller) => UseCases.deleteWebhook(caller, params)),
    secret: ({ params }) => asCaller((caller) => UseCases.readWebhookSecret(caller, params)),
    rotate: ({ params }) => asCaller((caller) => UseCases.rotateWebhookSecret(caller, params)),
    move: ({ params, payload }) => asCaller((caller) => UseCases.moveWebhook(caller, { ...params, ...payload })),
    trial: ({ params }) => asCaller((caller) => having(WebhookSender, UseCases.tryWebhook(caller, params)))
  })
)
