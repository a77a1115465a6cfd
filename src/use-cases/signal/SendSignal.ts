import { Clock, Effect } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import * as Instant from "../../domain/account/Instant.ts"
import type { Chat } from "../../domain/chat/Chat.ts"
import type { Sender, Signal } from "../../domain/chat/Signal.ts"
import { Signals } from "../../ports/Signals.ts"
import type { Caller } from "../execution/Caller.ts"
import { takingPart } from "./TakingPart.ts"
import * as Throttle from "./Throttle.ts"

/**
 * A signal's road: is it news, may they, pass it on. `sent: false`: it said nothing new, so nobody was asked and nobody
 * told. Not a command: nothing is stored, remembered or retried.
 */
export const sendSignal = Effect.fnUntraced(function* <E>(
  caller: Caller,
  chatId: Chat["id"],
  make: (from: Sender, now: Instant.Instant) => Signal,
  check: (chat: Chat) => Effect.Effect<void, E>
) {
  const signals = yield* Signals
  const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
  const sender = `${caller.account}/${chatId}/${Actor.toKey(caller.actor)}`
  if (!Throttle.isNews(signals, sender, make({ _tag: "Visitor" }, now))) return { sent: false }
  const { chat, from } = yield* takingPart(caller, chatId, "send")
  yield* check(chat)
  const signal = make(from, now)
  if (!Throttle.claim(signals, sender, signal)) return { sent: false }
  yield* signals.send(caller.account, signal)
  return { sent: true }
})
