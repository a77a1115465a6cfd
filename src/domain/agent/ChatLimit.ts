import { minutesToMilliseconds } from "date-fns"
import { Schema } from "effect"
import { type Instant, max, plusMillis } from "../account/Instant.ts"
import { MAX_CHAT_LIMIT } from "./Agent.ts"

/** The account's chat limit: off, or 0..20 (B5). */
export const ChatLimit = Schema.NullOr(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: MAX_CHAT_LIMIT })))
export type ChatLimit = typeof ChatLimit.Type

/** No free slot (B6). */
export const AtLimit = Schema.TaggedStruct("AtLimit", { used: Schema.Int, limit: Schema.Int })
export type AtLimit = typeof AtLimit.Type

/** How long a joining or a public message keeps a slot in use. Source: B5. */
export const SLOT_WINDOW_MILLIS = minutesToMilliseconds(10)

/** What a slot depends on: when the agent joined a chat, and the last public message in it, if any. */
export interface ServedChat {
  readonly joinedAt: Instant
  readonly lastPublicAt: Instant | null
}

/** Whether a served chat uses a slot at `now`: its joining or any public message is less than 10 minutes old (B5). */
export const usesSlot = (chat: ServedChat, now: Instant): boolean => now < slotEndsAt(chat)

/** When a served chat frees its slot if nothing public is said (B5). */
export const slotEndsAt = ({ joinedAt, lastPublicAt }: ServedChat): Instant =>
  plusMillis(max(joinedAt, lastPublicAt ?? joinedAt), SLOT_WINDOW_MILLIS)

/** The slots in use at `now`: the one definition, for limits and for load alike (B5). */
export const slotsInUse = (served: Iterable<ServedChat>, now: Instant): number => {
  let used = 0
  for (const chat of served) if (usesSlot(chat, now)) used++
  return used
}

/** The limit that binds an agent: their own before the account's; `null`: none (B5). */
export const limitOf = (own: number | null, account: ChatLimit): ChatLimit => own ?? account

/** Whether `used` slots leave no room under `limit`. */
export const isAtLimit = (used: number, limit: ChatLimit): boolean => limit !== null && used >= limit
