import { Effect } from "effect"
import type { Agent } from "../../domain/agent/Agent.ts"
import * as ChatLimit from "../../domain/agent/ChatLimit.ts"
import * as Desk from "../../domain/agent/Desk.ts"
import * as Presence from "../../domain/agent/Presence.ts"
import type { Chat } from "../../domain/chat/Chat.ts"
import type { Ranked } from "../../domain/routing/Ranking.ts"
import type { Candidate } from "../../domain/routing/Ringing.ts"
import type { Settings } from "../../domain/settings/Settings.ts"
import type { RosterEntry } from "../../ports/DeskStore.ts"
import type { StoreError } from "../../ports/StoreError.ts"
import { chatKey, type DeskTransaction } from "./DeskCommand.ts"

/**
 * An agent as routing sees them, for a claim in this transaction: the served chats are read only where a limit binds
 * (B5). The desk is expected by the caller, so that no slot is taken twice (B6); the presence is not.
 */
export const candidateOf = (
  transaction: DeskTransaction,
  settings: Settings,
  agent: Agent,
  desk: Desk.Desk | null,
  presence: Presence.Presence | null
): Effect.Effect<Candidate, StoreError> => {
  const { now } = transaction
  const status = Presence.effective(desk, presence, settings.timeouts.graceMillis, now)
  const limit = ChatLimit.limitOf(agent.chatLimit, settings.chatLimit)
  if (limit === null || desk === null) return Effect.succeed({ agent, status, used: 0, limit })
  const held = desk.offer === null ? 0 : 1
  if (desk.serving.length === 0) return Effect.succeed({ agent, status, used: held, limit })
  return Effect.map(transaction.peek(...desk.serving.map(chatKey)), (reads) => ({
    agent,
    status,
    limit,
    used:
      held +
      ChatLimit.slotsInUse(
        servedBy(
          agent,
          reads.flatMap(({ value }) => value ?? [])
        ),
        now
      )
  }))
}

/** What an agent's slots in these chats depend on (B5). */
export const servedBy = (agent: Agent, chats: Iterable<Chat>): ReadonlyArray<ChatLimit.ServedChat> =>
  [...chats].flatMap(({ lastPublicAt, serving }) => {
    const mine = serving.find(({ agentId }) => agentId === agent.id)
    return mine === undefined ? [] : [{ joinedAt: mine.joinedAt, lastPublicAt }]
  })

/** As {@link candidateOf}, of the whole roster, for routing. */
export const rankedOf = (
  { agent, desk, presence, served }: RosterEntry,
  settings: Settings,
  now: DeskTransaction["now"]
): Ranked => {
  const at = desk.value ?? Desk.initial(agent.id)
  return {
    agent,
    status: Presence.effective(desk.value, presence, settings.timeouts.graceMillis, now),
    used: ChatLimit.slotsInUse(served, now) + (at.offer === null ? 0 : 1),
    limit: ChatLimit.limitOf(agent.chatLimit, settings.chatLimit),
    holdsOffer: at.offer !== null,
    lastMissAt: at.lastMissAt,
    freeSince: at.lastReleasedAt,
    isChatting: at.serving.length > 0
  }
}
