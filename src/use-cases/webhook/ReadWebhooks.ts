import { Effect } from "effect"
import type { WebhookId } from "../../domain/account/Id.ts"
import type * as Webhook from "../../domain/account/Webhook.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed } from "../execution/DeskCommand.ts"
import { cursorKey, webhookKey, webhooksKey } from "./ManageWebhook.ts"

/** A webhook without its secrets, and how far along the log it is. */
export interface WebhookRead extends Omit<Webhook.Webhook, "secrets"> {
  readonly position: number
}

/** The account's webhooks, in the order in which they were added. Refusals: `AccessDenied`. Cost: two reads by key. */
export const readWebhooks = Effect.fn("readWebhooks")(function* (caller: Caller) {
  const store = yield* DeskStore
  const [list, agent] = yield* store.get(caller.account, [webhooksKey, actingAgentKey(caller)])
  yield* allowed(caller, agent.value, { action: "account.operate" })
  const ids = list.value?.ids ?? []
  const webhooks = yield* store.get(caller.account, ids.map(webhookKey))
  const cursors = yield* store.get(caller.account, ids.map(cursorKey))
  return webhooks.flatMap(({ value }, at): ReadonlyArray<WebhookRead> => {
    if (value === null) return []
    const { secrets: _, ...open } = value
    return [{ ...open, position: cursors[at]?.value?.position ?? 0 }]
  })
})

/**
 * The secret that signs a webhook's deliveries, for the receiver's side; the newest. Refusals: `AccessDenied`,
 * `WebhookNotFound`.
 */
export const readWebhookSecret = Effect.fn("readWebhookSecret")(function* (
  caller: Caller,
  { webhookId }: { readonly webhookId: WebhookId }
) {
  const store = yield* DeskStore
  const [read, agent] = yield* store.get(caller.account, [webhookKey(webhookId), actingAgentKey(caller)])
  yield* allowed(caller, agent.value, { action: "account.operate" })
  const newest = read.value?.secrets[0]
  if (newest === undefined) return yield* Effect.fail<Webhook.WebhookNotFound>({ _tag: "WebhookNotFound", webhookId })
  return { secret: newest.secret }
})
