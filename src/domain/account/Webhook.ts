import { Duration, Result, Schema } from "effect"
import { WebhookId } from "./Id.ts"
import * as Instant from "./Instant.ts"
import type { TooLong, TooMany } from "./Limits.ts"

/** Most webhooks of an account. decision: each is a walk of its own along the log. */
export const MAX_WEBHOOKS = 20

/** decision: beyond this, many receivers refuse the request's first line. */
export const MAX_URL = 2_048

/** decision: more than there are types of events. */
export const MAX_TYPES = 100

/** How long the secret before still signs, so that receivers can change over. decision: a working day, wherever. */
export const OVERLAP_MILLIS = Duration.toMillis("24 hours")

/** `until`: signs no more from then on; `null`: the newest one. */
export const Secret = Schema.Struct({ secret: Schema.String, until: Schema.NullOr(Instant.Instant) })
export type Secret = typeof Secret.Type

/**
 * A subscription to the chat side's events, as they happen or from a position on: each is posted to `url`, signed as the
 * Standard Webhooks specification says (https://www.standardwebhooks.com). The secrets are here and nowhere else: in
 * no event, no remembered answer, no log.
 */
export const Webhook = Schema.Struct({
  id: WebhookId,
  url: Schema.String,
  /** The events' `_tag`s; none: all. */
  types: Schema.Array(Schema.String),
  isEnabled: Schema.Boolean,
  /** The newest first. `whsec_` and 48 bytes, base64. */
  secrets: Schema.Array(Secret)
})
export type Webhook = typeof Webhook.Type

/** One, `all`: the account's webhooks, in the order in which they were added. */
export const Webhooks = Schema.Struct({ ids: Schema.Array(WebhookId) })
export type Webhooks = typeof Webhooks.Type

/** Why Leadline switched a webhook off: the receiver said 410 Gone, or its address is none that may be called. */
export const DisabledReason = Schema.Literals(["gone", "notAllowed"])
export type DisabledReason = typeof DisabledReason.Type

/** What the log says of webhooks. No address: it may hold a password of the receiver's. */
export const WebhookEvent = Schema.Union([
  Schema.TaggedStruct("WebhookSaved", {
    webhookId: WebhookId,
    types: Schema.Array(Schema.String),
    isEnabled: Schema.Boolean
  }),
  Schema.TaggedStruct("WebhookDeleted", { webhookId: WebhookId }),
  Schema.TaggedStruct("WebhookSecretRotated", { webhookId: WebhookId }),
  /** It goes on after another position than the one it had come to. */
  Schema.TaggedStruct("WebhookMoved", { webhookId: WebhookId, after: Schema.Int }),
  Schema.TaggedStruct("WebhookDisabled", { webhookId: WebhookId, reason: DisabledReason })
])
export type WebhookEvent = typeof WebhookEvent.Type

/** No webhook has this id. */
export const WebhookNotFound = Schema.TaggedStruct("WebhookNotFound", { webhookId: WebhookId })
export type WebhookNotFound = typeof WebhookNotFound.Type

/** Nothing can be posted there: no address of the web, credentials in it, or a place that may not be called. */
export const UnusableUrl = Schema.TaggedStruct("UnusableUrl", {
  reason: Schema.Literals(["notAUrl", "credentials", "notAllowed"])
})
export type UnusableUrl = typeof UnusableUrl.Type

/** What an administrator of the integration gives. */
export interface WebhookToSave {
  readonly id: WebhookId
  readonly url: string
  readonly types: ReadonlyArray<string>
  readonly isEnabled: boolean
}

const ABSOLUTE = /^https?:\/\/[^\s/?#\\]+(?:[/?#]\S*)?$/u

/** Refuses what is no webhook. Whether its address may be called is the sender's to say. */
export const check = ({ types, url }: WebhookToSave): Result.Result<void, TooLong | TooMany | UnusableUrl> => {
  if (url.length > MAX_URL) {
    return Result.fail({ _tag: "TooLong", field: "url", limit: MAX_URL, size: url.length })
  }
  if (!ABSOLUTE.test(url)) return Result.fail({ _tag: "UnusableUrl", reason: "notAUrl" })
  if (/^https?:\/\/[^/?#]*@/u.test(url)) return Result.fail({ _tag: "UnusableUrl", reason: "credentials" })
  if (types.length > MAX_TYPES) {
    return Result.fail({ _tag: "TooMany", field: "types", limit: MAX_TYPES, size: types.length })
  }
  return Result.void
}

/** Saved: a new one with a secret, one that was there with the secrets it has. */
export const saved = (
  before: Webhook | null,
  { id, isEnabled, types, url }: WebhookToSave,
  secret: string
): Webhook => ({
  ...{ id, isEnabled, url, types: [...new Set(types)] },
  secrets: before?.secrets ?? [{ secret, until: null }]
})

/** A new secret; the one before signs beside it for {@link OVERLAP_MILLIS}, older ones no more. */
export const rotated = (webhook: Webhook, secret: string, now: Instant.Instant): Webhook => ({
  ...webhook,
  secrets: [
    { secret, until: null },
    ...webhook.secrets.slice(0, 1).map((before) => ({ ...before, until: Instant.plusMillis(now, OVERLAP_MILLIS) }))
  ]
})

/** The secrets that sign now, the newest first. */
export const signing = ({ secrets }: Webhook, now: Instant.Instant): ReadonlyArray<string> =>
  secrets.flatMap(({ secret, until }) => (until === null || now < until ? [secret] : []))

/** The bridge that delivers a webhook, in cursors and parked items (G4). */
export const bridgeOf = (id: WebhookId): string => `${BRIDGES}${id}`

const BRIDGES = "webhook/"

/**
 * Whether a webhook is for an event. Never for what the log says of webhooks' own undelivered events: a receiver that
 * fails would make more of them with each.
 */
export const wants = ({ types }: Webhook, event: { readonly stream: string; readonly type: string }): boolean =>
  !event.stream.startsWith(`bridge/${BRIDGES}`) && (types.length === 0 || types.includes(event.type))
