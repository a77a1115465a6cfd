import { Duration, Schema } from "effect"
import * as Instant from "../account/Instant.ts"
import type { Chat } from "./Chat.ts"

const millis = Schema.Int.check(Schema.isGreaterThan(0))

/**
 * How long a chat waits for its visitor (D5). Kept with the chat as it began, so that sending a message reads no
 * settings; a changed setting binds the chats that begin after it.
 */
export const ChatTimeouts = Schema.Struct({
  /** The visitor closed the page and did not return. */
  pageClosedMillis: millis,
  /** The visitor gave no sign. */
  idleMillis: millis,
  /** … and went on giving none. */
  idleCloseMillis: millis
})
export type ChatTimeouts = typeof ChatTimeouts.Type

/** Source: D5. */
export const defaults: ChatTimeouts = {
  pageClosedMillis: Duration.toMillis("2 minutes"),
  idleMillis: Duration.toMillis("10 minutes"),
  idleCloseMillis: Duration.toMillis("20 minutes")
}

/** What time alone brings to a chat. */
export interface Deadline {
  readonly what: "offerMissed" | "pageClosed" | "visitorIdle" | "visitorIdleTooLong"
  readonly at: Instant.Instant
}

/** The chat's next deadline (D5, C5); `null`: none. */
export const next = (chat: Chat): Deadline | null => {
  const { offer, state, timeouts } = chat
  if (state._tag === "Closed") return null
  const visitor: Deadline =
    state._tag === "Closing"
      ? { what: "pageClosed", at: Instant.plusMillis(state.since, timeouts.pageClosedMillis) }
      : idle(chat)
  return offer !== null && offer.until <= visitor.at ? { what: "offerMissed", at: offer.until } : visitor
}

const idle = ({ isVisitorIdle, timeouts, visitorActiveAt }: Chat): Deadline =>
  isVisitorIdle
    ? {
        what: "visitorIdleTooLong",
        at: Instant.plusMillis(visitorActiveAt, timeouts.idleMillis + timeouts.idleCloseMillis)
      }
    : { what: "visitorIdle", at: Instant.plusMillis(visitorActiveAt, timeouts.idleMillis) }

/**
 * When a store is to wake us for this chat. May be early, never late: what pushes a deadline back (every message of the
 * visitor) leaves it, so that a message moves no index; at the wake-up it is set anew.
 */
export const wakeAt = (chat: Chat): Instant.Instant | null => {
  const deadline = next(chat)
  if (deadline === null) return null
  return chat.wakeAt !== null && chat.wakeAt <= deadline.at ? chat.wakeAt : deadline.at
}
