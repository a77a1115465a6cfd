import { Effect, Result, Schema } from "effect"
import * as Ringing from "../../domain/routing/Ringing.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgent, agentKey, deskKey, onDesk } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { answerIn, candidateOf } from "./AnswerChat.ts"

/** Nothing rings at this agent (C8). */
export const NothingWaiting = Schema.TaggedStruct("NothingWaiting", {})
export type NothingWaiting = typeof NothingWaiting.Type

/** How far into the queue to look for a chat that rings here. decision: more wait only in a broken account. */
export const QUEUE_WINDOW = 1_000

/**
 * "Serve 1 request": answers the oldest chat that rings at the caller; if another agent is faster, the next (C8).
 * Refusals: `NothingWaiting`, `AccessDenied`, and those of `answerChat`.
 */
export const answerNext = Effect.fn("answerNext")(function* (caller: Caller) {
  const agentId = yield* actingAgent(caller, "chat.serve")
  const settings = yield* currentSettings(caller)
  const desks = yield* DeskStore
  return yield* onDesk(caller, "answerNext", {}, (transaction) =>
    Effect.gen(function* () {
      const [desk, agent] = yield* transaction.get(deskKey(agentId), agentKey(agentId))
      if (agent.value === null) return yield* Effect.fail<NothingWaiting>({ _tag: "NothingWaiting" })
      const candidate = yield* candidateOf(transaction, settings, agent.value, desk.value)
      const waiting = yield* desks.waiting(caller.account, QUEUE_WINDOW)
      for (const chat of waiting) {
        if (!Ringing.rings(candidate, chat.department)) continue
        const answered = yield* Effect.result(answerIn(transaction, settings, agentId, chat.id))
        if (Result.isSuccess(answered)) return answered.success
        if (!isLost(answered.failure)) return yield* Effect.fail(answered.failure)
      }
      return yield* Effect.fail<NothingWaiting>({ _tag: "NothingWaiting" })
    })
  )
})

/** Another agent was faster, or the chat is over: try the next. */
const isLost = (refusal: { readonly _tag: string }): boolean =>
  refusal._tag === "ChatAlreadyAnswered" || refusal._tag === "ChatNotWaiting" || refusal._tag === "ChatIsClosed"
