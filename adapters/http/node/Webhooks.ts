import { createHmac } from "node:crypto"
import { lookup as resolve } from "node:dns"
import { Agent as HttpAgent, request as http, type IncomingMessage, type RequestOptions } from "node:http"
import { Agent as HttpsAgent, request as https } from "node:https"
import { type BlockList, isIP, type LookupFunction } from "node:net"
import { Duration, Effect, Layer } from "effect"
import type { Id } from "leadline"
import { type Delivered, type Delivery, DeliveryFailed, WebhookSender } from "leadline/ports"
import { EventCodec } from "leadline/wire"
import { isCallable, ranges } from "./Addresses.ts"

export { isCallable } from "./Addresses.ts"

/** Where webhooks may go, and how long a receiver may take. */
export interface WebhookOptions {
  /** Ranges that are not the public web's and may be called all the same: `["10.1.0.0/16"]`. Default none. */
  readonly allow?: ReadonlyArray<string>
  /** Whether `http:` will do. Default no: only `https:`. */
  readonly isInsecureAllowed?: boolean
  /** From the call to the end of the answer. Default 15 s, the least that Standard Webhooks recommends; at most 30 s. */
  readonly timeout?: Duration.Input
}

/** decision: what a receiver says beside its status is for nobody; a little is read so that its connection can be kept. */
const ANSWER_LIMIT = 16_384

/** decision: as the deliveries of one webhook that are under way at a time. */
const SOCKETS = 10

/** decision: less than the minute for which other hosts leave a delivery alone. */
const LONGEST_MILLIS = 30_000

/**
 * The headers of Standard Webhooks: id, time of this try, and a signature per secret (HMAC-SHA256 of `id.timestamp.body`),
 * the newest first.
 */
export const headers = ({ at, id, secrets }: Pick<Delivery, "at" | "id" | "secrets">, body: string) => {
  const timestamp = String(Math.floor(at / 1_000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice("whsec_".length), "base64")
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`
  })
  return {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "user-agent": "leadline-webhooks",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" ")
  }
}

/** What is posted: type, time, and the event as it stands in the log, with the texts that it refers to. */
export const bodyOf = (account: Id.AccountId, { at, event, webhookId }: Delivery): string => {
  if (event === null) {
    return JSON.stringify({ type: "webhook.trial", timestamp: isoOf(at), data: { account, webhookId } })
  }
  const { entry, texts } = event
  return JSON.stringify({
    type: entry.event.payload._tag,
    timestamp: isoOf(entry.event.at),
    data: {
      ...{ account, position: entry.position },
      ...{ event: EventCodec.deskEvents.encode(entry.event), texts: Object.fromEntries(texts) }
    }
  })
}

const isoOf = (millis: number): string => new Date(millis).toISOString()

/** The name is resolved once, and the connection goes to the very address that was looked at: no rebinding. */
const lookupOf =
  (allowed: BlockList): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const addresses = (found ?? []).filter(({ address }) => isCallable(address, allowed))
      const [first] = addresses
      if (error !== null) callback(error, "")
      else if (first === undefined || addresses.length < found.length) callback(new NotAllowed(), "")
      else if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }

/** A name that stands, also, for an address that may not be called. */
class NotAllowed extends Error {}

/** RFC 9110, 10.2.3: seconds, or a date. */
const retryAfterMillis = (response: IncomingMessage, now: number): number | null => {
  const value = response.headers["retry-after"]
  if (value === undefined) return null
  const millis = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now
  return Number.isFinite(millis) && millis > 0 ? millis : null
}

const failed = (
  reason: DeliveryFailed["reason"],
  answer: { readonly status: number | null; readonly retryAfterMillis: number | null } = silence
) => new DeliveryFailed({ reason, ...answer })
const silence = { status: null, retryAfterMillis: null }

/**
 * Posts to the public web only, follows no redirect, takes any 2xx for an answer that says "taken". Connections are kept and
 * shared.
 */
export const make = (options: WebhookOptions) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const limits = { keepAlive: true, maxSockets: SOCKETS }
      return { "http:": new HttpAgent(limits), "https:": new HttpsAgent(limits) }
    }),
    (agents) =>
      Effect.sync(() => {
        for (const agent of Object.values(agents)) agent.destroy()
      })
  ).pipe(
    Effect.map((agents) => {
      const allowed = ranges(options.allow ?? [])
      const timeout = Math.min(
        Duration.toMillis(Duration.fromInputUnsafe(options.timeout ?? "15 seconds")),
        LONGEST_MILLIS
      )
      const lookup = lookupOf(allowed)
      const isAllowed = (url: string): boolean => {
        if (!URL.canParse(url)) return false
        const { hostname, protocol } = new URL(url)
        if (protocol !== "https:" && !(protocol === "http:" && options.isInsecureAllowed === true)) return false
        const literal = hostname.replace(/^\[|\]$/g, "")
        return isIP(literal) === 0 || isCallable(literal, allowed)
      }
      const post = (url: string, sent: Record<string, string>, body: string) =>
        Effect.callback<Delivered, DeliveryFailed>((resume) => {
          const target = new URL(url)
          const isTls = target.protocol === "https:"
          const how: RequestOptions = { method: "POST", headers: sent, lookup }
          const call = isTls
            ? https(target, { ...how, agent: agents["https:"] })
            : http(target, { ...how, agent: agents["http:"] })
          call.on("response", (response) => {
            const status = response.statusCode ?? 0
            const answer = { status, retryAfterMillis: retryAfterMillis(response, Date.now()) }
            let size = 0
            response.on("data", (chunk: Buffer) => {
              size += chunk.length
              if (size > ANSWER_LIMIT) response.destroy()
            })
            response.on("error", () => {})
            response.on("close", () =>
              resume(
                status >= 200 && status < 300 ? Effect.succeed({ status }) : Effect.fail(failed("answered", answer))
              )
            )
          })
          call.on("error", (error) =>
            resume(Effect.fail(failed(error instanceof NotAllowed ? "notAllowed" : "unreachable")))
          )
          call.end(body)
          return Effect.sync(() => call.destroy())
        })
      return WebhookSender.of({
        isAllowed,
        send: (account, delivery) => {
          if (!isAllowed(delivery.url)) return Effect.fail(failed("notAllowed"))
          const body = bodyOf(account, delivery)
          return post(delivery.url, headers(delivery, body), body).pipe(
            Effect.timeoutOrElse({ duration: timeout, orElse: () => Effect.fail(failed("timeout")) })
          )
        }
      })
    })
  )

/** Posts webhooks from this host: see {@link make}. */
export const layer = (options: WebhookOptions = {}): Layer.Layer<WebhookSender> =>
  Layer.effect(WebhookSender, make(options))
