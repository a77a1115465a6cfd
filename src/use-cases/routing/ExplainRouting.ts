import { Clock, Effect } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import type { Chat } from "../../domain/chat/Chat.ts"
import * as Route from "../../domain/routing/Route.ts"
import type { Decision } from "../../domain/routing/RoutingDecision.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed, chatKey } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { queuedOf, snapshotOf } from "./RouteQueue.ts"

/** Why a chat went where it went (C7). */
export interface RoutingExplanation {
  readonly chatId: ChatId
  /** What routing decided at the time, oldest first: whom it chose, by what, and why each other was not. */
  readonly decisions: ReadonlyArray<Decision>
  /** Who answered first, and when; by hand where no decision chose them. */
  readonly answered: Chat["answered"]
  /** While it waits: what routing would decide of it now; else `null`. */
  readonly now: Decision | null
}

/**
 * "Why this agent, why not that one": for any chat, from what was stored at the time (C7). For a waiting chat also what
 * keeps it waiting now. Refusals: `ChatNotFound`, `AccessDenied`.
 */
export const explainRouting = Effect.fn("explainRouting")(function* (
  caller: Caller,
  input: { readonly chatId: ChatId }
) {
  const store = yield* DeskStore
  const { chatId } = input
  const [chat, history, agent] = yield* store.get(caller.account, [
    chatKey(chatId),
    { kind: "routingHistory", id: chatId },
    actingAgentKey(caller)
  ])
  yield* allowed(caller, agent.value, { action: "chat.serve" })
  if (chat.value === null) return yield* Effect.fail({ _tag: "ChatNotFound" as const, chatId })
  const explanation: RoutingExplanation = {
    chatId,
    decisions: history.value?.decisions ?? [],
    answered: chat.value.answered,
    now: chat.value.state._tag === "Waiting" ? yield* decideNow(caller, chat.value) : null
  }
  return explanation
})

/** What routing would decide of this one chat, were it first in the queue. */
const decideNow = Effect.fnUntraced(function* (caller: Caller, chat: Chat) {
  const store = yield* DeskStore
  const settings = yield* currentSettings(caller)
  const roster = yield* store.roster(caller.account)
  const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
  const snapshot = { ...snapshotOf([], roster, settings, now), queue: [queuedOf(chat)] }
  return Route.route(snapshot, settings, now, 0)[0] ?? null
})
