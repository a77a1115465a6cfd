import { Effect } from "effect"
import type { WebhookId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import type { TooMany } from "../../domain/account/Limits.ts"
import * as Webhook from "../../domain/account/Webhook.ts"
import { type DeskRecords, DeskStore } from "../../ports/DeskStore.ts"
import type { Key, Read } from "../../ports/RecordStore.ts"
import { WebhookSender } from "../../ports/WebhookSender.ts"
import { endOfLog } from "../chat/FollowLog.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed, type DeskTransaction, onDesk } from "../execution/DeskCommand.ts"
import { Ids } from "../Ids.ts"

export const webhookKey = (id: WebhookId): Key<DeskRecords, "webhook"> => ({ kind: "webhook", id })
export const webhooksKey: Key<DeskRecords, "webhooks"> = { kind: "webhooks", id: "all" }
export const cursorKey = (id: WebhookId): Key<DeskRecords, "cursor"> => ({
  kind: "cursor",
  id: Webhook.bridgeOf(id)
})

/** How many records one commit of a deletion takes away. */
const BATCH = 100

const newSecret = Effect.map(Ids, ({ salt }) => `whsec_${salt()}${salt()}`)

/**
 * Adds or changes a webhook. A new one begins with what comes next, or after a position; one that was there goes on where it
 * is. One that was switched off and is switched on again misses nothing. Its secret: `readWebhookSecret`. Refusals:
 * `AccessDenied`, `UnusableUrl`, `TooLong`, `TooMany`.
 */
export const saveWebhook = Effect.fn("saveWebhook")(function* (
  caller: Caller,
  input: Webhook.WebhookToSave & { readonly after?: number }
) {
  const [store, sender] = [yield* DeskStore, yield* WebhookSender]
  const secret = yield* newSecret
  return yield* onDesk(caller, "saveWebhook", input, (transaction) =>
    Effect.gen(function* () {
      const { id } = input
      const [read, list, cursor, agent] = yield* transaction.get(
        webhookKey(id),
        webhooksKey,
        cursorKey(id),
        actingAgentKey(caller)
      )
      yield* allowed(caller, agent.value, { action: "account.operate" })
      yield* Effect.fromResult(Webhook.check(input))
      if (!sender.isAllowed(input.url)) {
        return yield* Effect.fail<Webhook.UnusableUrl>({ _tag: "UnusableUrl", reason: "notAllowed" })
      }
      if (read.value === null) {
        const ids = [...(list.value?.ids ?? []), id]
        if (ids.length > Webhook.MAX_WEBHOOKS) return yield* Effect.fail(tooMany(ids.length))
        const from = input.after ?? (yield* endOfLog(store, caller.account))
        transaction.put(list, { ids })
        transaction.put(cursor, { position: from, claimedUntil: Instant.fromMillis(0) })
      }
      const saved = Webhook.saved(read.value, input, secret)
      transaction.put(read, saved)
      const { isEnabled, types } = saved
      transaction.event(`webhook/${id}`, 0, { _tag: "WebhookSaved", webhookId: id, types, isEnabled })
      return { webhookId: id }
    })
  )
})

const tooMany = (size: number): TooMany => ({ _tag: "TooMany", field: "webhooks", limit: Webhook.MAX_WEBHOOKS, size })

/**
 * Takes a webhook away, with what it did not deliver. Taken away already: what is left of it goes. Refusals:
 * `AccessDenied`.
 */
export const deleteWebhook = Effect.fn("deleteWebhook")(function* (
  caller: Caller,
  { webhookId }: { readonly webhookId: WebhookId }
) {
  const answer = yield* onDesk(caller, "deleteWebhook", { webhookId }, (transaction) =>
    Effect.gen(function* () {
      const [read, list, cursor, agent] = yield* transaction.get(
        webhookKey(webhookId),
        webhooksKey,
        cursorKey(webhookId),
        actingAgentKey(caller)
      )
      yield* allowed(caller, agent.value, { action: "account.operate" })
      if (read.value === null) return { webhookId }
      transaction.remove(read)
      if (cursor.value !== null) transaction.remove(cursor)
      transaction.put(list, { ids: (list.value?.ids ?? []).filter((id) => id !== webhookId) })
      transaction.event(`webhook/${webhookId}`, 0, { _tag: "WebhookDeleted", webhookId })
      return { webhookId }
    })
  )
  while (yield* forgetItems(caller, webhookId)) {}
  return answer
})

/** Undelivered events of a webhook that is no more, some at a time; whether there may be others. */
const forgetItems = Effect.fnUntraced(function* ({ account, actor, surface }: Caller, id: WebhookId) {
  const [store, bridge] = [yield* DeskStore, Webhook.bridgeOf(id)]
  const found = [...(yield* store.parked(account, bridge, BATCH)), ...(yield* store.givenUp(account, bridge, BATCH))]
  const keys = found.map(({ eventId }): Key<DeskRecords, "parked"> => ({ kind: "parked", id: `${bridge}/${eventId}` }))
  yield* onDesk({ account, actor, surface }, "webhook.forgetItems", {}, (transaction: DeskTransaction) =>
    Effect.gen(function* () {
      for (const read of yield* transaction.get(...keys)) if (read.value !== null) transaction.remove(read)
    })
  )
  return found.length > 0
})

/** A webhook that is there, for a command of who operates. Refusals: `AccessDenied`, `WebhookNotFound`. */
const change = (
  caller: Caller,
  name: string,
  input: { readonly webhookId: WebhookId },
  to: (
    transaction: DeskTransaction,
    read: Read<DeskRecords, "webhook"> & { readonly value: Webhook.Webhook },
    cursor: Read<DeskRecords, "cursor">
  ) => void
) =>
  onDesk(caller, name, input, (transaction) =>
    Effect.gen(function* () {
      const { webhookId } = input
      const [read, cursor, agent] = yield* transaction.get(
        webhookKey(webhookId),
        cursorKey(webhookId),
        actingAgentKey(caller)
      )
      yield* allowed(caller, agent.value, { action: "account.operate" })
      const { value } = read
      if (value === null) return yield* Effect.fail<Webhook.WebhookNotFound>({ _tag: "WebhookNotFound", webhookId })
      to(transaction, { ...read, value }, cursor)
      return { webhookId }
    })
  )

/**
 * Gives a webhook a new secret. The one before signs beside it for a day, so that the receiver can change over. Refusals:
 * `AccessDenied`, `WebhookNotFound`.
 */
export const rotateWebhookSecret = Effect.fn("rotateWebhookSecret")(function* (
  caller: Caller,
  input: { readonly webhookId: WebhookId }
) {
  const secret = yield* newSecret
  return yield* change(caller, "rotateWebhookSecret", input, (transaction, read) => {
    transaction.put(read, Webhook.rotated(read.value, secret, transaction.now))
    transaction.event(`webhook/${read.value.id}`, 0, { _tag: "WebhookSecretRotated", webhookId: read.value.id })
  })
})

/**
 * Has a webhook go on after another position: an earlier one delivers again what came since, under the same ids. What waits
 * for its next try goes on waiting, and what comes behind it with it. Refusals: `AccessDenied`, `WebhookNotFound`.
 */
export const moveWebhook = Effect.fn("moveWebhook")(function* (
  caller: Caller,
  input: { readonly webhookId: WebhookId; readonly after: number }
) {
  return yield* change(caller, "moveWebhook", input, (transaction, read, cursor) => {
    const claimedUntil = cursor.value?.claimedUntil ?? Instant.fromMillis(0)
    transaction.put(cursor, { position: input.after, claimedUntil })
    const { id } = read.value
    transaction.event(`webhook/${id}`, 0, { _tag: "WebhookMoved", webhookId: id, after: input.after })
  })
})
