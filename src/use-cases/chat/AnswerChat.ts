import { Effect, Result } from "effect"
import type { AgentId, ChatId } from "../../domain/account/Id.ts"
import type { Agent } from "../../domain/agent/Agent.ts"
import * as ChatLimit from "../../domain/agent/ChatLimit.ts"
import * as Desk from "../../domain/agent/Desk.ts"
import * as Ringing from "../../domain/routing/Ringing.ts"
import type { Settings } from "../../domain/settings/Settings.ts"
import type { StoreError } from "../../ports/StoreError.ts"
import type { Caller } from "../execution/Caller.ts"
import {
  actingAgent,
  agentKey,
  allowed,
  changeDesk,
  chatKey,
  type DeskTransaction,
  decideChat,
  deskKey,
  onDesk
} from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"

/**
 * Answers a waiting chat. Of n agents exactly one wins; the others get `ChatAlreadyAnswered { by, at }`; the winner
 * repeating it changes nothing (C8). An agent who left comes back the same way (D3). The slot is taken in the same
 * atomic step (B6).
 *
 * Refusals: `ChatNotFound`, `ChatAlreadyAnswered`, `ChatNotWaiting`, `ChatIsClosed`, `NotEligible`, `AtLimit`,
 * `AccessDenied`. Cost: one read, one of the served chats where a limit binds, one write.
 */
export const answerChat = Effect.fn("answerChat")(function* (caller: Caller, input: { readonly chatId: ChatId }) {
  const agentId = yield* actingAgent(caller, "chat.serve")
  const settings = yield* currentSettings(caller)
  return yield* onDesk(caller, "answerChat", input, (transaction) =>
    answerIn(transaction, settings, agentId, input.chatId)
  )
})

/** Answering, as a step of a transaction. */
export const answerIn = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  settings: Settings,
  agentId: AgentId,
  chatId: ChatId
) {
  const [chat, desk, agent] = yield* transaction.get(chatKey(chatId), deskKey(agentId), agentKey(agentId))
  yield* allowed(transaction.caller, agent.value, { action: "chat.serve" })
  const { events } = yield* decideChat(transaction, chat, { _tag: "AnswerChat", chatId, agentId })
  if (events.length === 0 || agent.value === null || chat.value === null) return { chatId }
  const candidate = yield* candidateOf(transaction, settings, agent.value, desk.value)
  const eligible = Ringing.mayAnswer(candidate, chat.value.department)
  if (Result.isFailure(eligible)) return yield* Effect.fail(eligible.failure)
  changeDesk(transaction, desk, agentId, [{ _tag: "ChatTaken", agentId, chatId }])
  return { chatId }
})

/** An agent as routing sees them: the served chats are read only where a limit binds (B5). */
export const candidateOf = (
  transaction: DeskTransaction,
  settings: Settings,
  agent: Agent,
  desk: Desk.Desk | null
): Effect.Effect<Ringing.Candidate, StoreError> => {
  const status = (desk ?? Desk.initial(agent.id)).status
  const limit = ChatLimit.limitOf(agent.chatLimit, settings.chatLimit)
  if (limit === null || desk === null || desk.serving.length === 0) {
    return Effect.succeed({ agent, status, used: 0, limit })
  }
  return Effect.map(transaction.peek(...desk.serving.map(chatKey)), (reads) => ({
    agent,
    status,
    limit,
    used: ChatLimit.slotsInUse(
      reads.flatMap(({ value }) => {
        const serving = value?.serving.find((served) => served.agentId === agent.id)
        return value === null || serving === undefined
          ? []
          : [{ joinedAt: serving.joinedAt, lastPublicAt: value.lastPublicAt }]
      }),
      transaction.now
    )
  }))
}
