import { Context, type Effect, type Stream } from "effect"
import type { AccountId, ChatId } from "../domain/account/Id.ts"
import type { Signal } from "../domain/chat/Signal.ts"
import type { StoreError } from "./StoreError.ts"

/**
 * Typing and read marks, from those who take part in a chat to the others: beside the log, not in it. Never stored, never
 * part of a commit; a lost signal does no harm, because typing ends by itself and the next mark says more.
 *
 * Rights are checked before this port is asked. Two accounts never see each other (J2: law `signals.follow.account`).
 */
export interface SignalsShape {
  /** `acrossHosts`: followers in other processes get the signals, too. */
  readonly capabilities: { readonly acrossHosts: boolean }

  /**
   * Passes a signal on to those who follow its chat now, and forgets it. Returns without waiting for any of them; with
   * no followers nothing happens.
   *
   * - Repetition: it is passed on again.
   * - Laws: `signals.send.forgotten`, `signals.send.unhindered`.
   */
  readonly send: (account: AccountId, signal: Signal) => Effect.Effect<void, StoreError>

  /**
   * The signals of a chat from now on: one sender's in the order they were sent, some perhaps missing, none twice. A
   * follower that is slow gets the latest of what it missed, of a bounded number. Ends only with its scope.
   *
   * - Laws: `signals.follow.each`, `signals.follow.chat`, `signals.follow.order`, `signals.follow.latest`.
   */
  readonly follow: (account: AccountId, chatId: ChatId) => Stream.Stream<Signal, StoreError>
}

/** Port: see {@link SignalsShape}. */
export class Signals extends Context.Service<Signals, SignalsShape>()("leadline/Signals") {}
