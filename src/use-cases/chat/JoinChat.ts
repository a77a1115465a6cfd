import { Effect, Result, Schema } from "effect"
import type { AgentId, ChatId } from "../../domain/account/Id.ts"
import type { ChatCommand } from "../../domain/chat/ChatCommand.ts"
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
import { currentSettings } from "../execution/Rights.ts"
import type { AgentNotFound } from "./TransferChat.ts"

/** The account does not let agents join uninvited (C10). */
export const JoiningNotAllowed = Schema.TaggedStruct("JoiningNotAllowed", {})
export type JoiningNotAllowed = typeof JoiningNotAllowed.Type

/**
 * Brings another agent into a chat one serves: they serve at once, and their slot is taken in the same step (C10, B6).
 * Serving already: nothing happens. Refusals: `NotServing`, `AgentNotFound`, `NotEligible` (only `online` and `away`
 * agents are brought in), `AtLimit`, `ChatNotWaiting`, `ChatIsClosed`, `ChatNotFound`, `AccessDenied`.
 */
export const inviteAgent = Effect.fn("inviteAgent")(function* (
  caller: Caller,
  input: { readonly chatId: ChatId; readonly agentId: AgentId }
) {
  const by = yield* actingAgent(caller, "chat.serve")
  const settings = yield* currentSettings(caller)
  return yield* onDesk(caller, "inviteAgent", input, (transaction) =>
    Effect.gen(function* () {
      const [agent] = yield* transaction.get(agentKey(by))
      yield* allowed(caller, agent.value, { action: "chat.serve" })
      const { agentId, chatId } = input
      return yield* comeIn(transaction, settings, agentId, { _tag: "InviteAgent", chatId, by, agentId }, (candidate) =>
        Ringing.mayReceive(candidate, "transfer")
      )
    })
  )
})

/**
 * Comes into a chat that others serve, where the account lets agents (C10); the slot is taken in the same step (B6).
 * Serving already: nothing happens. Refusals: `JoiningNotAllowed`, `NotEligible`, `AtLimit`, `ChatNotWaiting`,
 * `ChatIsClosed`, `ChatNotFound`, `AccessDenied`.
 */
export const joinChat = Effect.fn("joinChat")(function* (caller: Caller, input: { readonly chatId: ChatId }) {
  const agentId = yield* actingAgent(caller, "chat.serve")
  const settings = yield* currentSettings(caller)
  if (!settings.agentsMayJoin) return yield* Effect.fail<JoiningNotAllowed>({ _tag: "JoiningNotAllowed" })
  return yield* onDesk(caller, "joinChat", input, (transaction) =>
    Effect.gen(function* () {
      const [agent] = yield* transaction.get(agentKey(agentId))
      yield* allowed(caller, agent.value, { action: "chat.serve" })
      const command = { _tag: "JoinChat", chatId: input.chatId, agentId } as const
      return yield* comeIn(transaction, settings, agentId, command, (candidate) => Ringing.mayAnswer(candidate, null))
    })
  )
})

const comeIn = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  settings: Settings,
  agentId: AgentId,
  command: Extract<ChatCommand, { readonly _tag: "InviteAgent" | "JoinChat" }>,
  mayCome: (candidate: Ringing.Candidate) => ReturnType<typeof Ringing.mayReceive>
) {
  const { chatId } = command
  const { peeked, reads } = yield* transaction.getBeside(
    [chatKey(chatId), deskKey(agentId), agentKey(agentId)],
    [presenceKey(agentId)]
  )
  const [chat, desk, agent] = reads
  const { events } = yield* decideChat(transaction, chat, command)
  if (events.length === 0) return { chatId }
  if (agent.value === null) return yield* Effect.fail<AgentNotFound>({ _tag: "AgentNotFound", agentId })
  const candidate = yield* candidateOf(transaction, settings, agent.value, desk.value, peeked[0].value)
  // an offer of this very chat holds the slot that they will use
  const held = desk.value?.offer?.chatId === chatId ? 1 : 0
  const eligible = mayCome({ ...candidate, used: candidate.used - held })
  if (Result.isFailure(eligible)) return yield* Effect.fail(eligible.failure)
  changeDesk(transaction, desk, agentId, [{ _tag: "ChatTaken", agentId, chatId }])
  return { chatId }
})
