import { Clock, Duration, Effect, Schedule, Stream } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import type { AccountId, WebhookId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import * as Webhook from "../../domain/account/Webhook.ts"
import { type DeskPayload, DeskStore } from "../../ports/DeskStore.ts"
import type { LogEntry } from "../../ports/RecordStore.ts"
import { DeliveryFailed, WebhookSender } from "../../ports/WebhookSender.ts"
import { POLL, whileDown } from "../bridge/Bridge.ts"
import { drain, follow } from "../bridge/Follower.ts"
import type { Patience } from "../bridge/Patience.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed, onDesk } from "../execution/DeskCommand.ts"
import { Ids } from "../Ids.ts"
import { webhookKey, webhooksKey } from "./ManageWebhook.ts"

/** decision: most of a page is worked off within a second; what is not begun in time waits for the next run. */
const PAGE = 100

/** decision: with so many that wait the receiver is down, and is not asked about others. */
const BACKLOG = 200

/** How many chats' events are on their way to a receiver at a time. decision: as many as browsers open, and some. */
const CONCURRENCY = 10

/**
 * How often, and after how long, an event is sent again: ten tries within about three days. Source: the schedule that the
 * Standard Webhooks specification recommends ("Deliverability and reliability").
 */
export const webhookPatience: Patience = {
  maxTries: 10,
  waitMillis: (tries) => Duration.toMillis(WAITS[Math.min(tries, WAITS.length) - 1] ?? "24 hours")
}
const WAITS: ReadonlyArray<Duration.Input> = [
  ...(["5 seconds", "5 minutes", "30 minutes", "2 hours", "5 hours"] as const),
  ...(["10 hours", "14 hours", "20 hours", "24 hours"] as const)
]

/**
 * Delivers what a webhook is for, one page of the desk's log, and what waited and is due. At least once, in order per
 * chat, under the event's id on every try; what fails waits, later and later, and is given up visibly (G4):
 * `readGivenUp(caller, 100, Webhook.bridgeOf(id))`. Any number of hosts may run it.
 *
 * - Cost: two reads per delivery, so that an address, a secret or an erased text (J4) is as it is now; two commits per page.
 */
export const deliverWebhook = Effect.fn("deliverWebhook")(function* (account: AccountId, id: WebhookId) {
  const store = yield* DeskStore
  const caller: Caller = { account, actor: Actor.system, surface: "api" }
  const [{ value }] = yield* store.get(account, [webhookKey(id)])
  if (value === null || !value.isEnabled) return { done: 0, failed: 0, isIdle: true }
  return yield* follow<DeskPayload, Effect.Error<Delivering>, Effect.Services<Delivering>>(caller, {
    ...{ bridge: Webhook.bridgeOf(id), log: "desk", read: store.log },
    ...{ page: PAGE, backlog: BACKLOG, concurrency: CONCURRENCY, patience: webhookPatience },
    asks: ({ event }) => Webhook.wants(value, { stream: event.stream, type: event.payload._tag }),
    work: (caller, entry) => deliver(caller, id, entry)
  })
})

type Delivering = ReturnType<typeof deliver>

const deliver = Effect.fnUntraced(function* (caller: Caller, id: WebhookId, entry: LogEntry<DeskPayload>) {
  const [store, sender] = [yield* DeskStore, yield* WebhookSender]
  const [{ value }] = yield* store.get(caller.account, [webhookKey(id)])
  // deleted: nobody is to have it
  if (value === null) return
  if (!value.isEnabled) return yield* switchedOff
  const texts = yield* store.contents(caller.account, entry.event.contents)
  const at = Instant.fromMillis(yield* Clock.currentTimeMillis)
  const { url } = value
  yield* sender
    .send(caller.account, {
      ...{ webhookId: id, url, secrets: Webhook.signing(value, at), at, id: entry.event.id },
      event: { entry, texts }
    })
    .pipe(Effect.tapError((failure) => disableAfter(caller, id, failure)))
})

const switchedOff = Effect.fail(new DeliveryFailed({ reason: "unreachable", status: null, retryAfterMillis: null }))

/** A receiver that is gone for good, and an address that may not be called, are asked no more until somebody saves it. */
const disableAfter = Effect.fnUntraced(function* (caller: Caller, id: WebhookId, failure: DeliveryFailed) {
  const isGone = failure.status === 410
  if (!isGone && failure.reason !== "notAllowed") return
  yield* onDesk(caller, "webhook.disable", {}, (transaction) =>
    Effect.gen(function* () {
      const [read] = yield* transaction.get(webhookKey(id))
      if (read.value?.isEnabled !== true) return
      transaction.put(read, { ...read.value, isEnabled: false })
      const reason = isGone ? "gone" : "notAllowed"
      transaction.event(`webhook/${id}`, 0, { _tag: "WebhookDisabled", webhookId: id, reason })
    })
  )
})

/** Delivers to every webhook until nothing is left to do now. */
export const drainWebhooks = Effect.fn("drainWebhooks")(function* (account: AccountId) {
  const ids = yield* webhookIds(account)
  const runs = yield* Effect.forEach(ids, (id) => drain(deliverWebhook(account, id)), { concurrency: "unbounded" })
  return runs.reduce((sum, run) => ({ done: sum.done + run.done, failed: sum.failed + run.failed }), {
    done: 0,
    failed: 0
  })
})

const webhookIds = Effect.fnUntraced(function* (account: AccountId) {
  const store = yield* DeskStore
  const [{ value }] = yield* store.get(account, [webhooksKey])
  return value?.ids ?? []
})

/**
 * Delivers for ever: at every change of the desk, and by the clock. Each webhook by itself, so that a slow receiver holds up
 * no other. Survives failures of the stores.
 */
export const keepDeliveringWebhooks = Effect.fn("keepDeliveringWebhooks")(
  function* (account: AccountId) {
    const store = yield* DeskStore
    const walking = new Set<WebhookId>()
    const walk = (id: WebhookId) =>
      Effect.suspend(() => {
        walking.add(id)
        return Effect.forkScoped(
          Effect.ensuring(
            Effect.retry(drain(deliverWebhook(account, id)), whileDown),
            Effect.sync(() => walking.delete(id))
          )
        )
      })
    yield* Stream.merge(store.changes(account), Stream.fromSchedule(Schedule.spaced(POLL))).pipe(
      Stream.runForEach(() =>
        Effect.flatMap(webhookIds(account), (ids) =>
          Effect.forEach(
            ids.filter((id) => !walking.has(id)),
            walk,
            { discard: true }
          )
        )
      )
    )
  },
  Effect.scoped,
  Effect.retry(whileDown)
)

/**
 * Sends a webhook a message that says nothing, once, and says what became of it: whether its receiver can be reached and
 * understands the signature. Refusals: `AccessDenied`, `WebhookNotFound`.
 */
export const tryWebhook = Effect.fn("tryWebhook")(function* (
  caller: Caller,
  { webhookId }: { readonly webhookId: WebhookId }
) {
  const [store, sender, ids] = [yield* DeskStore, yield* WebhookSender, yield* Ids]
  const [read, agent] = yield* store.get(caller.account, [webhookKey(webhookId), actingAgentKey(caller)])
  yield* allowed(caller, agent.value, { action: "account.operate" })
  const { value } = read
  if (value === null) return yield* Effect.fail<Webhook.WebhookNotFound>({ _tag: "WebhookNotFound", webhookId })
  const at = Instant.fromMillis(yield* Clock.currentTimeMillis)
  const signed = { webhookId, url: value.url, secrets: Webhook.signing(value, at), at }
  return yield* sender.send(caller.account, { ...signed, id: ids.next(), event: null }).pipe(
    Effect.match({
      onSuccess: ({ status }) => ({ isTaken: true, reason: "answered" as const, status }),
      onFailure: ({ reason, status }) => ({ isTaken: false, reason, status })
    })
  )
})
