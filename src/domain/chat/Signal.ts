import { Schema } from "effect"
import { AgentId, ChatId } from "../account/Id.ts"
import { Instant, plusMillis } from "../account/Instant.ts"

/**
 * How long somebody is typing after they last said so. decision: consoles say it again every few seconds while keys are
 * pressed, so one lost signal does not show, and a console that dies stops typing soon.
 */
export const TYPING_MILLIS = 6_000

/** A console's next "typing" is passed on after this. decision: half of {@link TYPING_MILLIS}: one may get lost. */
export const TYPING_GAP_MILLIS = 3_000

/** Who sends a signal. */
export const Sender = Schema.Union([
  Schema.TaggedStruct("Visitor", {}),
  Schema.TaggedStruct("Agent", { agentId: AgentId })
])
export type Sender = typeof Sender.Type

const signalOf = <From extends Schema.Top>(from: From) =>
  [
    /** They type. It ends by itself at `until`, and with their next message. */
    Schema.TaggedStruct("Typing", {
      chatId: ChatId,
      from,
      visibility: Schema.Literals(["public", "internal"]),
      at: Instant,
      until: Instant
    }),
    /** They stopped, and sent nothing. */
    Schema.TaggedStruct("TypingEnded", {
      chatId: ChatId,
      from,
      visibility: Schema.Literals(["public", "internal"]),
      at: Instant
    }),
    /** They have seen every message up to this number. */
    Schema.TaggedStruct("Read", { chatId: ChatId, from, number: Schema.Int, at: Instant })
  ] as const

/** What a console shows for a moment: never stored, never part of a change, lost without harm. */
export const Signal = Schema.Union(signalOf(Sender))
export type Signal = typeof Signal.Type

/** An agent as a visitor may know them (D8). */
export const ShownSender = Schema.TaggedStruct("Agent", { name: Schema.String })
export type ShownSender = typeof ShownSender.Type

/** A signal as the visitor gets it: from agents, by the name they show (D8). */
export const ShownSignal = Schema.Union(signalOf(ShownSender))
export type ShownSignal = typeof ShownSignal.Type

/** Somebody types from now on. */
export const typing = (
  chatId: ChatId,
  from: Sender,
  visibility: "public" | "internal",
  now: Instant
): Extract<Signal, { readonly _tag: "Typing" }> => ({
  _tag: "Typing",
  chatId,
  from,
  visibility,
  at: now,
  until: plusMillis(now, TYPING_MILLIS)
})

/** Typing that is over says nothing any more; everything else still does. */
export const isLive = (signal: Signal, now: Instant): boolean => signal._tag !== "Typing" || now < signal.until

/** A signal as the visitor may see it (D8); `null`: their own, or of a note between agents. */
export const shown = (signal: Signal, agentName: string): ShownSignal | null => {
  if (signal.from._tag === "Visitor") return null
  if (signal._tag !== "Read" && signal.visibility === "internal") return null
  return { ...signal, from: { _tag: "Agent", name: agentName } }
}

/** A read mark for a message that is not there: 1 to `last` are. */
export const NoSuchMessage = Schema.TaggedStruct("NoSuchMessage", { number: Schema.Number, last: Schema.Int })
export type NoSuchMessage = typeof NoSuchMessage.Type
