import { Effect } from "effect"
import type { Decision } from "../../domain/routing/RoutingDecision.ts"
import type { DeskTransaction } from "../execution/DeskCommand.ts"

/** Most decisions kept of one chat. decision: a chat that many agents let pass is explained by the last ones. */
const MOST_DECISIONS = 50

/** Keeps what routing decided, with the reasons, beside each chat: what `explainRouting` answers from (C7). */
export const keepDecisions = Effect.fnUntraced(function* (transaction: DeskTransaction, made: ReadonlyArray<Decision>) {
  if (made.length === 0) return
  const histories = yield* transaction.get(
    ...made.map(({ chatId }) => ({ kind: "routingHistory", id: chatId }) as const)
  )
  for (const [at, decision] of made.entries()) {
    const history = histories[at]
    if (history === undefined) continue
    const before = history.value?.decisions ?? []
    transaction.put(history, { decisions: [...before, decision].slice(-MOST_DECISIONS) })
  }
})
