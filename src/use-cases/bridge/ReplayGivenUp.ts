import { Effect } from "effect"
import { DeskStore } from "../../ports/DeskStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed, onDesk } from "../execution/DeskCommand.ts"
import { BRIDGE } from "./Bridge.ts"

/** What a bridge gave up, in order (G4); default: the CRM's. Refusals: `AccessDenied`. */
export const readGivenUp = Effect.fn("readGivenUp")(function* (caller: Caller, limit = 100, bridge = BRIDGE) {
  const store = yield* DeskStore
  const [agent] = yield* store.get(caller.account, [actingAgentKey(caller)])
  yield* allowed(caller, agent.value, { action: "account.operate" })
  return yield* store.givenUp(caller.account, bridge, limit)
})

/**
 * Has a bridge try a given-up item again, under the same notice id (G4); default: the CRM's. A given-up request to a
 * foreign CRM is an item of `DESK_BRIDGE`; its `eventId` is the request's id. Refusals: `AccessDenied`.
 */
export const replayGivenUp = Effect.fn("replayGivenUp")(function* (
  caller: Caller,
  input: { readonly eventId: string; readonly bridge?: string }
) {
  return yield* onDesk(caller, "replayGivenUp", input, (transaction) =>
    Effect.gen(function* () {
      const { bridge = BRIDGE, eventId } = input
      const [read, agent] = yield* transaction.get(
        { kind: "parked", id: `${bridge}/${eventId}` },
        actingAgentKey(caller)
      )
      yield* allowed(caller, agent.value, { action: "account.operate" })
      if (read.value === null || read.value.nextTryAt !== null) return { isReplayed: false }
      transaction.put(read, { ...read.value, tries: 0, nextTryAt: transaction.now }, [], transaction.now)
      transaction.event(`bridge/${bridge}`, 0, { _tag: "WorkReplayed", eventId })
      return { isReplayed: true }
    })
  )
})
