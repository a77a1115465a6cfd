import * as Signal from "../../domain/chat/Signal.ts"

/**
 * Senders remembered per `Signals`. decision: more than one process serves at once; the longest silent are forgotten, and
 * may then send one signal more than others.
 */
const SENDERS_KEPT = 10_000

interface Sent {
  /** When they last said they type. */
  readonly typingAt: number
  /** Of which they have not yet said that they stopped. */
  readonly isTyping: boolean
  /** The highest number they marked as read. */
  readonly read: number
}

const nothing: Sent = { typingAt: Number.NEGATIVE_INFINITY, isTyping: false, read: 0 }

const sentBy = new WeakMap<object, Map<string, Sent>>()

/**
 * Whether a signal says anything new. A sender's typing passes once in {@link Signal.TYPING_GAP_MILLIS}, its end once after
 * each typing, a read mark when it is higher than the last: so nobody floods a chat, whatever their console does.
 */
export const isNews = (signals: object, sender: string, signal: Signal.Signal): boolean => {
  const sent = sentBy.get(signals)?.get(sender) ?? nothing
  switch (signal._tag) {
    case "Typing":
      // a clock that was set back must not silence anybody
      return Math.abs(signal.at - sent.typingAt) >= Signal.TYPING_GAP_MILLIS
    case "TypingEnded":
      return sent.isTyping
    case "Read":
      // what is no number at all is for the check that follows to refuse
      return !(signal.number <= sent.read)
  }
}

/** Remembers that a signal is sent; `false`: another one was faster, and this one is no news any more. */
export const claim = (signals: object, sender: string, signal: Signal.Signal): boolean => {
  if (!isNews(signals, sender, signal)) return false
  const senders = sentBy.get(signals) ?? new Map<string, Sent>()
  sentBy.set(signals, senders)
  const before = senders.get(sender) ?? nothing
  senders.delete(sender)
  senders.set(sender, after(before, signal))
  const [oldest] = senders.keys()
  if (senders.size > SENDERS_KEPT && oldest !== undefined) senders.delete(oldest)
  return true
}

const after = (before: Sent, signal: Signal.Signal): Sent => {
  switch (signal._tag) {
    case "Typing":
      return { ...before, typingAt: signal.at, isTyping: true }
    case "TypingEnded":
      return { ...before, isTyping: false }
    case "Read":
      return { ...before, read: signal.number }
  }
}
