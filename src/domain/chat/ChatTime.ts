import { Result } from "effect"
import type * as Instant from "../account/Instant.ts"
import type { Chat } from "./Chat.ts"
import type { ChatRefusal } from "./ChatCommand.ts"
import type { ChatEvent } from "./ChatEvent.ts"
import { evolve } from "./ChatEvolve.ts"
import * as Life from "./ChatLife.ts"
import * as ChatTimeouts from "./ChatTimeouts.ts"

type Decision = Result.Result<ReadonlyArray<ChatEvent>, ChatRefusal>

/**
 * What time alone has brought to a chat (D5, C5): the deadlines that have come, in order, as of `now`. Late is as good as
 * in time: after a pause of hours everything that was due happens, once, at `now`.
 */
export const pass = (chat: Chat, now: Instant.Instant): Decision => {
  const events: Array<ChatEvent> = []
  let current = chat
  for (let deadline = ChatTimeouts.next(current); deadline !== null && deadline.at <= now; ) {
    const happened = at(current, deadline.what, now)
    events.push(...happened)
    for (const event of happened) current = evolve(current, event, now) ?? current
    deadline = ChatTimeouts.next(current)
  }
  return Result.succeed(events)
}

const at = (chat: Chat, what: ChatTimeouts.Deadline["what"], now: Instant.Instant): ReadonlyArray<ChatEvent> => {
  switch (what) {
    case "offerMissed":
      return chat.offer === null ? [] : [{ _tag: "OfferMissed", agentId: chat.offer.to }]
    case "visitorIdle":
      return [{ _tag: "VisitorIdle" }]
    case "pageClosed":
    case "visitorIdleTooLong":
      return Life.sealing(chat, "timeout", now)
  }
}

/**
 * The account closed for the day: what waits ends (B8), and is an offline message unless somebody served it once. A chat
 * on its way from one agent to another goes on as what is served does; if nobody takes it, it waits, and ends then.
 */
export const closeForHours = (chat: Chat, now: Instant.Instant): Decision => {
  const waits = chat.state._tag === "Waiting" || (chat.state._tag === "Offered" && chat.offer?.kind === "routing")
  if (!waits) return Result.succeed([])
  const became: ReadonlyArray<ChatEvent> = chat.answered === null ? [{ _tag: "BecameOfflineMessage" }] : []
  return Result.succeed([...became, ...Life.sealing(chat, "hours", now)])
}
