import { Effect } from "effect"
import { DeskStore } from "../../ports/DeskStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed, onDesk } from "../execution/DeskCommand.ts"
import { BRIDGE } from "./Bridge.ts"

/** What the bridge gave up, in order (G4). Refusals: `AccessDenied`. */
export const readGivenUp = Effect.fn("readGivenUp")(function* (caller: Caller, limit = 100) {
  const store = yield* DeskStore
  const [agent] = yield* store.get(caller.account, [actingAgentKey(caller)])
  yield* allowed(caller, agent.value, { action: "account.operate" })
  return yield* store.givenUp(caller.account, BRIDGE, limit)
})

/** Has the bridge try a given-up item again, under the same notice id (G4). Refusals: `AccessDenied`. */
export const replayGivenUp = Effect.fn("replayGivenUp")(function* (
  caller: Caller,
  input: { readonly eventId: string }
) {
  return yield* onDesk(caller, "replayGivenUp", input, (transaction) =>
    Effect.gen(function* () {
      const { eventId } = input
      const [read, agent] = yield* transaction.get(
        { kind: "parked", id: `${BRIDGE}/${eventId}` },
        actingAgentKey(caller)
      )
      yield* allowed(caller, agent.value, { action: "account.operate" })
      if (read.value === null || read.value.nextTryAt !== null) return { isReplayed: false }
      transaction.put(read, { ...read.value, tries: 0, nextTryAt: transaction.now }, [], transaction.now)
      transaction.event(`bridge/${BRIDGE}`, 0, { _tag: "WorkReplayed", eventId })
      return { isReplayed: true }
    })
  )
})
