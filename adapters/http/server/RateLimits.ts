import { Clock, Context, Effect, Layer } from "effect"
import type * as Problem from "../api/Problem.ts"
import { type Rate, ServerSettings } from "./ServerSettings.ts"

/** decision: who sends little is forgotten first, and begins anew with a full bucket. */
const MOST_KEPT = 10_000

interface Bucket {
  tokens: number
  at: number
}

/** Takes one of a key's tokens: 0, or how many milliseconds until there is one. O(1); keeps the keys used last. */
export const buckets = ({ burst, perSecond }: Rate) => {
  const held = new Map<string, Bucket>()
  return (key: string, now: number): number => {
    const bucket = held.get(key) ?? { tokens: burst, at: now }
    held.delete(key)
    held.set(key, bucket)
    if (held.size > MOST_KEPT) for (const oldest of held.keys()) if (held.delete(oldest)) break
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1_000) * perSecond)
    bucket.at = now
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / perSecond) * 1_000)
    bucket.tokens -= 1
    return 0
  }
}

type Limit = (key: string) => Effect.Effect<void, Problem.TooManyRequests>

/** Who may send how much, on this host. */
export class RateLimits extends Context.Service<RateLimits, { readonly ofAddress: Limit; readonly ofCaller: Limit }>()(
  "leadline/http/RateLimits"
) {
  static readonly layer = Layer.effect(
    RateLimits,
    Effect.map(ServerSettings, ({ perAddress, perCaller }) =>
      RateLimits.of({ ofAddress: limitedBy(perAddress), ofCaller: limitedBy(perCaller) })
    )
  )
}

const limitedBy = (rate: Rate): Limit => {
  const take = buckets(rate)
  return (key) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const retryAfterMillis = take(key, now)
      return retryAfterMillis === 0 ? Effect.void : Effect.fail({ _tag: "TooManyRequests", retryAfterMillis })
    })
}
