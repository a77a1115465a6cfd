import { type Cause, Effect, Layer, Queue, Stream } from "effect"
import type { Id, Signal } from "leadline"
import { Signals, type SignalsShape } from "leadline/ports"
import { frozen } from "./Frozen.ts"

/** What a follower may be behind. decision: more than a screen can show; of more, the latest matter. */
export const SIGNALS_KEPT = 64

type Followers = Set<Queue.Queue<Signal.Signal, Cause.Done>>

/** Signals between the consoles of one process. A chat that nobody follows costs nothing. */
export const make = (): SignalsShape => {
  const followed = new Map<Id.AccountId, Map<Id.ChatId, Followers>>()

  const join = (account: Id.AccountId, chatId: Id.ChatId, follower: Queue.Queue<Signal.Signal, Cause.Done>): void => {
    const chats = followed.get(account) ?? new Map<Id.ChatId, Followers>()
    followed.set(account, chats)
    chats.set(chatId, (chats.get(chatId) ?? new Set()).add(follower))
  }

  const leave = (account: Id.AccountId, chatId: Id.ChatId, follower: Queue.Queue<Signal.Signal, Cause.Done>): void => {
    const chats = followed.get(account)
    const followers = chats?.get(chatId)
    followers?.delete(follower)
    if (followers?.size === 0) chats?.delete(chatId)
    if (chats?.size === 0) followed.delete(account)
  }

  return {
    capabilities: { acrossHosts: false },
    send: (account, signal) =>
      Effect.sync(() => {
        const kept = frozen(signal)
        for (const follower of followed.get(account)?.get(signal.chatId) ?? []) Queue.offerUnsafe(follower, kept)
      }),
    follow: (account, chatId) =>
      Stream.callback<Signal.Signal>(
        (follower) =>
          Effect.acquireRelease(
            Effect.sync(() => join(account, chatId, follower)),
            () => Effect.sync(() => leave(account, chatId, follower))
          ),
        { bufferSize: SIGNALS_KEPT, strategy: "sliding" }
      )
  }
}

export const layer: Layer.Layer<Signals> = Layer.sync(Signals, () => Signals.of(make()))
