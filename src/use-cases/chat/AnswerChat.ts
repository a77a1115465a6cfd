import { Effect, Result } from "effect"
import type { AgentId, ChatId } from "../../domain/account/Id.ts"
import type { Chat } from "../../domain/chat/Chat.ts"
import * as Ringing from "../../domain/routing/Ringing.ts"
import type { Settings } from "../../domain/settings/Settings.ts"
import type { Caller } from "../execution/Caller.ts"
import { candidateOf } from "../execution/Candidates.ts"
import {
  actingAgent,
  agentKey,
  allowed,
  changeDesk,
  chatKey,
  type DeskTransaction,
  decideChat,
  deskKey,
  onDesk,
  presenceKey
} from "../execution/DeskCommand.ts"
import { recentSettings } from "../execution/Rights.ts"

/**
 * Answers a chat that rings: one that waits, by hand (broadcast, hybrid), or one that is offered to the caller. Of n
 * agents exactly one wins; the others get `ChatAlreadyAnswered { by, at }`; the winner repeating it changes nothing
 * (C8). An agent who left comes back the same way (D3). The slot is taken in the same atomic step (B6).
 *
 * Refusals: `ChatNotFound`, `ChatAlreadyAnswered`, `ChatNotWaiting`, `ChatIsClosed`, `NotOffered`, `OfferedToAnother`,
 * `NotEligible`, `AtLimit`, `AccessDenied`. Cost: one read, one of the served chats where a limit binds, one write.
 */
export const answerChat = Effect.fn("answerChat")(function* (caller: Caller, input: { readonly chatId: ChatId }) {
  const agentId = yield* actingAgent(caller, "chat.serve")
  const settings = yield* recentSettings(caller)
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
  const { peeked, reads } = yield* transaction.getBeside(
    [chatKey(chatId), deskKey(agentId), agentKey(agentId)],
    [presenceKey(agentId)]
  )
  const [chat, desk, agent] = reads
  yield* allowed(transaction.caller, agent.value, { action: "chat.serve" })
  const isAssigned = settings.routing === "assigned"
  const { events } = yield* decideChat(transaction, chat, { _tag: "AnswerChat", chatId, agentId, isAssigned })
  if (events.length === 0 || agent.value === null || chat.value === null) return { chatId }
  const candidate = yield* candidateOf(transaction, settings, agent.value, desk.value, peeked[0].value)
  const eligible = mayTake(candidate, chat.value, settings)
  if (Result.isFailure(eligible)) return yield* Effect.fail(eligible.failure)
  changeDesk(transaction, desk, agentId, [{ _tag: "ChatTaken", agentId, chatId }])
  return { chatId }
})

/** An offer holds its slot already; a hand takes one (B5, B6). */
const mayTake = (candidate: Ringing.Candidate, { department, offer }: Chat, { routing }: Settings) =>
  offer?.to === candidate.agent.id
    ? Ringing.mayAnswerOffer(candidate, offer.kind)
    : Ringing.mayAnswer(candidate, department, routing)
