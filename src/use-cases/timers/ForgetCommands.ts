import { Clock, Effect } from "effect"
import type { AccountId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import type { CommonRecords, Key, RecordStore } from "../../ports/RecordStore.ts"

/** How many answers one step forgets: a bounded commit. */
const BATCH = 200

/**
 * Forgets remembered answers whose time is over (K1), at most a batch. Another host may be at it, too: who comes second
 * forgets nothing.
 */
export const forgetCommands = Effect.fnUntraced(function* <Records extends CommonRecords, Payload>(
  store: RecordStore<Records, Payload>,
  account: AccountId
) {
  const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
  const due = yield* store.due(account, "command", now, BATCH)
  if (due.length === 0) return 0
  const forgotten = {
    expect: due.map(({ key, version }) => ({ key: key as Key<Records>, version })),
    put: [],
    remove: due.map(({ key }) => key as Key<Records>),
    contents: [],
    events: [],
    remember: null
  }
  return yield* Effect.as(store.commit(account, forgotten), due.length).pipe(
    Effect.catchTag("Conflict", () => Effect.succeed(0))
  )
})
