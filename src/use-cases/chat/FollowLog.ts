import { Effect, Option, Stream } from "effect"
import type { Texts } from "../../domain/account/Content.ts"
import type { AccountId } from "../../domain/account/Id.ts"
import { type DeskPayload, DeskStore, type DeskStoreShape } from "../../ports/DeskStore.ts"
import type { LogEntry, Position, RecordStore } from "../../ports/RecordStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed } from "../execution/DeskCommand.ts"

/** decision: large enough that catching up is not bound by round trips, small enough to hold in memory. */
export const LOG_PAGE = 500

/** An entry of a log, with the texts of its page. */
export interface Followed<Payload> extends LogEntry<Payload> {
  readonly texts: Texts
}

/**
 * The chat side's log from a position on, without end: first what is there, then what comes. A reader that starts
 * again after the last position it saw misses nothing and sees nothing twice (K2). Refusals: `AccessDenied`.
 */
export const followLog = (caller: Caller, after: Position) =>
  Stream.unwrap(
    Effect.gen(function* () {
      const store = yield* DeskStore
      const [agent] = yield* store.get(caller.account, [actingAgentKey(caller)])
      yield* allowed(caller, agent.value, { action: "account.operate" })
      return follow<DeskPayload>(store, caller, after)
    })
  )

/**
 * Where the log ends now: its last entry's position, found by asking for one entry beyond ever larger positions, then by
 * halving; at most two reads of one row per binary digit.
 */
export const endOfLog = Effect.fnUntraced(function* (store: Pick<DeskStoreShape, "log">, account: AccountId) {
  const beyond = (position: number) =>
    Effect.map(store.log(account, position, 1), ({ entries }) => entries[0]?.position ?? null)
  let last = 0
  let step = 1
  for (;;) {
    const found = yield* beyond(last + step - 1)
    if (found !== null) {
      last = found
      step *= 2
    } else if (step === 1) return last
    else step = Math.max(1, Math.floor(step / 4))
  }
})

/** Follows any log: reads to its end at each wake-up. */
export const follow = <Payload>(
  store: Pick<RecordStore<never, Payload>, "log" | "changes">,
  caller: Pick<Caller, "account">,
  after: Position
) => {
  let position = after
  const rest = Stream.paginate(null, () =>
    Effect.map(store.log(caller.account, position, LOG_PAGE), ({ entries, next, texts }) => {
      position = next
      const page = entries.map((entry): Followed<Payload> => ({ ...entry, texts }))
      return [page, entries.length === 0 ? Option.none() : Option.some(null)] as const
    })
  )
  return Stream.flatMap(store.changes(caller.account), () => rest)
}
