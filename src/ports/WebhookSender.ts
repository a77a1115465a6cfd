import { Context, Data, type Effect } from "effect"
import type { Texts } from "../domain/account/Content.ts"
import type { AccountId, WebhookId } from "../domain/account/Id.ts"
import type { Instant } from "../domain/account/Instant.ts"
import type { DeskPayload } from "./DeskStore.ts"
import type { LogEntry } from "./RecordStore.ts"

/** A message on its way to a webhook's receiver. */
export interface Delivery {
  readonly webhookId: WebhookId
  readonly url: string
  /** Those that sign, the newest first. */
  readonly secrets: ReadonlyArray<string>
  /** When this try is made: what a receiver holds against replays. */
  readonly at: Instant
  /** The event, with its texts as they are now (J4); `null`: a trial, that says nothing. */
  readonly event: { readonly entry: LogEntry<DeskPayload>; readonly texts: Texts } | null
  /** The same on every try. */
  readonly id: string
}

/** What the receiver said to a delivery that it took. */
export interface Delivered {
  readonly status: number
}

/**
 * A delivery that was not taken. `notAllowed`: the address is none that may be called; `answered`: with `status`, which is
 * not one of success.
 */
export class DeliveryFailed extends Data.TaggedError("DeliveryFailed")<{
  readonly reason: "answered" | "timeout" | "unreachable" | "notAllowed"
  readonly status: number | null
  /** How long the receiver asked to be left alone. */
  readonly retryAfterMillis: number | null
}> {
  /** Whatever it was: the receiver may be mended, the address corrected. */
  readonly isRetryable = true
}

/**
 * Posts events to webhooks' receivers, outside any commit: may fail, may be slow; a bridge retries. Returns when the
 * receiver has taken it; within half a minute in any case.
 */
export interface WebhookSenderShape {
  /** Whether an address may be called, as far as it says itself; a name's addresses are looked at when it is called. */
  readonly isAllowed: (url: string) => boolean
  readonly send: (account: AccountId, delivery: Delivery) => Effect.Effect<Delivered, DeliveryFailed>
}

/** Port: see {@link WebhookSenderShape}. */
export class WebhookSender extends Context.Service<WebhookSender, WebhookSenderShape>()("leadline/WebhookSender") {}
