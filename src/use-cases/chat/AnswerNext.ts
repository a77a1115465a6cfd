import { Effect, Result, Schema } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import * as OperatingHours from "../../domain/agent/OperatingHours.ts"
import * as Ringing from "../../domain/routing/Ringing.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { candidateOf } from "../execution/Candidates.ts"
import { actingAgent, agentKey, deskKey, onDesk, presenceKey } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { answerIn } from "./AnswerChat.ts"

/** Nothing rings at this agent (C8). */
export const NothingWaiting = Schema.TaggedStruct("NothingWaiting", {})
export type NothingWaiting = typeof NothingWaiting.Type

/** How far into the queue to look for a chat that rings here. decision: more wait only in a broken account. */
export const QUEUE_WINDOW = 1_000

/**
 * "Serve 1 request": answers the chat offered to the caller, else the oldest that rings here; if another agent is
 * faster, the next (C8). Closed by the hours, only an offer rings (B8). Refusals: `NothingWaiting`, `AccessDenied`, and those of `answerChat`.
 */
export const answerNext = Effect.fn("answerNext")(function* (caller: Caller) {
  const agentId = yield* actingAgent(caller, "chat.serve")
  const settings = yield* currentSettings(caller)
  const desks = yield* DeskStore
  return yield* onDesk(caller, "answerNext", {}, (transaction) =>
    Effect.gen(function* () {
      const { peeked, reads } = yield* transaction.getBeside(
        [deskKey(agentId), agentKey(agentId)],
        [presenceKey(agentId)]
      )
      const [desk, agent] = reads
      if (agent.value === null) return yield* Effect.fail<NothingWaiting>({ _tag: "NothingWaiting" })
      const candidate = yield* candidateOf(transaction, settings, agent.value, desk.value, peeked[0].value)
      const ringing: Array<ChatId> = desk.value?.offer == null ? [] : [desk.value.offer.chatId]
      if (settings.routing !== "assigned" && OperatingHours.isOpen(settings.hours, transaction.now)) {
        for (const chat of yield* desks.waiting(caller.account, QUEUE_WINDOW)) {
          const skills = Ringing.skillsAsked(chat, settings.skillWaitMillis, transaction.now)
          if (Ringing.rings(candidate, { department: chat.department, skills })) ringing.push(chat.id)
        }
      }
      for (const chatId of ringing) {
        const answered = yield* Effect.result(answerIn(transaction, settings, agentId, chatId))
        if (Result.isSuccess(answered)) return answered.success
        if (!lost.has(answered.failure._tag)) return yield* Effect.fail(answered.failure)
      }
      return yield* Effect.fail<NothingWaiting>({ _tag: "NothingWaiting" })
    })
  )
})

/** Another agent was faster, or the chat is over: try the next. */
const lost: ReadonlySet<string> = new Set([
  "ChatAlreadyAnswered",
  "ChatNotWaiting",
  "ChatIsClosed",
  "NotOffered",
  "OfferedToAnother"
])
