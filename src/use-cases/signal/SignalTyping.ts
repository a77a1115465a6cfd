import { Effect } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import * as Signal from "../../domain/chat/Signal.ts"
import type { Caller } from "../execution/Caller.ts"
import { sendSignal } from "./SendSignal.ts"

/** Who types where is the caller; this is the rest. */
export interface TypingInput {
  readonly chatId: ChatId
  /** `false`: the text was deleted. After a message nothing need be said. Default `true`. */
  readonly isTyping?: boolean
  /** `internal`: a note, of which the visitor learns nothing (D8). Default `public`; a visitor's is always public. */
  readonly visibility?: "public" | "internal"
}

/**
 * Tells the others in a chat that one types, or stopped. A console says it again while keys are pressed: one in
 * {@link Signal.TYPING_GAP_MILLIS} is passed on, and typing ends by itself {@link Signal.TYPING_MILLIS} after the last.
 *
 * Refusals: `ChatNotFound`, `ChatIsClosed`, `NotServing`, `AccessDenied`. Cost: one read and one signal, or nothing where
 * it is no news.
 */
export const signalTyping = Effect.fn("signalTyping")(function* (caller: Caller, input: TypingInput) {
  const { chatId, isTyping = true } = input
  const visibility = caller.actor._tag === "Agent" ? (input.visibility ?? "public") : "public"
  return yield* sendSignal(
    caller,
    chatId,
    (from, now) =>
      isTyping
        ? Signal.typing(chatId, from, visibility, now)
        : { _tag: "TypingEnded", chatId, from, visibility, at: now },
    () => Effect.void
  )
})
