import { Effect } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import type { NoSuchMessage } from "../../domain/chat/Signal.ts"
import type { Caller } from "../execution/Caller.ts"
import { sendSignal } from "./SendSignal.ts"

/**
 * Tells the others in a chat up to which message one has read. Only a higher number than the last is passed on, so that
 * there are no more marks than messages.
 *
 * Refusals: `NoSuchMessage`, `ChatNotFound`, `ChatIsClosed`, `NotServing`, `AccessDenied`. Cost: as `signalTyping`.
 */
export const signalRead = Effect.fn("signalRead")(function* (
  caller: Caller,
  input: { readonly chatId: ChatId; readonly number: number }
) {
  const { chatId, number } = input
  return yield* sendSignal(
    caller,
    chatId,
    (from, now) => ({ _tag: "Read", chatId, from, number, at: now }),
    ({ messages: { total } }) =>
      Number.isInteger(number) && number >= 1 && number <= total
        ? Effect.void
        : Effect.fail<NoSuchMessage>({ _tag: "NoSuchMessage", number, last: total })
  )
})
