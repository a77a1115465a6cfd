import { Effect, Result, Schema } from "effect"
import { AgentId, ChatId, DepartmentId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import { servesDepartment } from "../../domain/agent/Agent.ts"
import * as Presence from "../../domain/agent/Presence.ts"
import type { Chat } from "../../domain/chat/Chat.ts"
import * as Ringing from "../../domain/routing/Ringing.ts"
import type { Settings } from "../../domain/settings/Settings.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
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

/** The agent holds another offer: at most one (C4, C11). */
export const HoldsOffer = Schema.TaggedStruct("HoldsOffer", { agentId: AgentId, chatId: ChatId })
export type HoldsOffer = typeof HoldsOffer.Type

/** No agent of that id. */
export const AgentNotFound = Schema.TaggedStruct("AgentNotFound", { agentId: AgentId })
export type AgentNotFound = typeof AgentNotFound.Type

/** To one's own department only if another agent there is online (C11). */
export const NobodyElseOnline = Schema.TaggedStruct("NobodyElseOnline", { department: Schema.NullOr(DepartmentId) })
export type NobodyElseOnline = typeof NobodyElseOnline.Type

/**
 * Transfers a served chat to another agent: an offer to them, in every mode; the transferring agent stops serving at once
 * and is excluded, the target's own exclusion is ignored (C11). Others who serve it go on. The target's slot is taken in
 * the same step (B6).
 *
 * Refusals: `NotServing`, `AgentNotFound`, `NotEligible` (invisible, offline, deactivated), `AtLimit`, `HoldsOffer`,
 * `OfferedToAnother`, `ChatNotWaiting`, `ChatIsClosed`, `ChatNotFound`, `AccessDenied`. Cost: one read, one of the
 * target's chats where a limit binds, one write.
 */
export const transferToAgent = Effect.fn("transferToAgent")(function* (
  caller: Caller,
  input: { readonly chatId: ChatId; readonly to: AgentId }
) {
  const by = yield* actingAgent(caller, "chat.serve")
  const settings = yield* currentSettings(caller)
  return yield* onDesk(caller, "transferToAgent", input, (transaction) =>
    Effect.gen(function* () {
      const { chatId, to } = input
      const { peeked, reads } = yield* transaction.getBeside(
        [chatKey(chatId), deskKey(by), agentKey(by), deskKey(to), agentKey(to)],
        [presenceKey(to)]
      )
      const [chat, desk, agent, targetDesk, target] = reads
      yield* allowed(caller, agent.value, { action: "chat.serve" })
      const until = Instant.plusMillis(transaction.now, settings.offers.reassignAfterMillis)
      const { events } = yield* decideChat(transaction, chat, { _tag: "TransferToAgent", chatId, by, to, until })
      if (events.length === 0) return { chatId, until: null }
      changeDesk(transaction, desk, by, [{ _tag: "ChatReleased", agentId: by, chatId }])
      if (events.every(({ _tag }) => _tag !== "ChatOffered")) return { chatId, until: null }
      if (target.value === null) return yield* Effect.fail<AgentNotFound>({ _tag: "AgentNotFound", agentId: to })
      const candidate = yield* candidateOf(transaction, settings, target.value, targetDesk.value, peeked[0].value)
      const held = targetDesk.value?.offer
      if (held != null) return yield* Effect.fail<HoldsOffer>({ _tag: "HoldsOffer", agentId: to, chatId: held.chatId })
      const eligible = Ringing.mayReceive(candidate, "transfer")
      if (Result.isFailure(eligible)) return yield* Effect.fail(eligible.failure)
      changeDesk(transaction, targetDesk, to, [{ _tag: "OfferHeld", agentId: to, chatId, until, kind: "transfer" }])
      return { chatId, until }
    })
  )
})

/**
 * Transfers a served chat to a department (`null`: to everybody's): queued there with a new number, the previous
 * department recorded; all who served it stop (C11, C2). To one's own only if another agent there is online.
 *
 * Refusals: `NotServing`, `NobodyElseOnline`, `ChatNotWaiting`, `ChatIsClosed`, `ChatNotFound`, `AccessDenied`.
 */
export const transferToDepartment = Effect.fn("transferToDepartment")(function* (
  caller: Caller,
  input: { readonly chatId: ChatId; readonly department: DepartmentId | null }
) {
  const by = yield* actingAgent(caller, "chat.serve")
  const settings = yield* currentSettings(caller)
  return yield* onDesk(caller, "transferToDepartment", input, (transaction) =>
    Effect.gen(function* () {
      const { chatId, department } = input
      const [chat, agent] = yield* transaction.get(chatKey(chatId), agentKey(by))
      yield* allowed(caller, agent.value, { action: "chat.serve" })
      const before = chat.value
      const command = { _tag: "TransferToDepartment", chatId, by, to: department } as const
      const { events } = yield* decideChat(transaction, chat, command)
      if (events.length === 0 || before === null || agent.value === null) return { chatId }
      if (servesDepartment(agent.value, department) && !(yield* someoneElse(transaction, settings, by, department))) {
        return yield* Effect.fail<NobodyElseOnline>({ _tag: "NobodyElseOnline", department })
      }
      yield* releaseFrom(transaction, before)
      return { chatId }
    })
  )
})

/** Whether another agent of the department is online (C11). */
const someoneElse = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  { timeouts: { graceMillis } }: Settings,
  by: AgentId,
  department: DepartmentId | null
) {
  const store = yield* DeskStore
  const roster = yield* store.roster(transaction.caller.account)
  return roster.some(
    ({ agent, desk, presence }) =>
      agent.id !== by &&
      agent.isEnabled &&
      servesDepartment(agent, department) &&
      Presence.effective(desk.value, presence, graceMillis, transaction.now) === "online"
  )
})

const releaseFrom = Effect.fnUntraced(function* (transaction: DeskTransaction, { id, serving }: Chat) {
  const desks = yield* transaction.get(...serving.map(({ agentId }) => deskKey(agentId)))
  for (const [at, { agentId }] of serving.entries()) {
    const desk = desks[at]
    if (desk !== undefined) {
      changeDesk(transaction, desk, agentId, [{ _tag: "ChatReleased", agentId, chatId: id }])
    }
  }
})
