import { Effect } from "effect"
import type { UserId } from "../../domain/account/Id.ts"
import { cycleWith, managersOf, type User } from "../../domain/record/User.ts"
import { CrmStore } from "../../ports/CrmStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { administer, directoryOf } from "./CrmCommand.ts"

/**
 * Adds or changes a user. By CRM administrators (J3). A manager who reports to the user, directly or not, is refused:
 * `ReportingCycle` (F5). Refusals: that, and `AccessDenied`.
 */
export const saveUser = Effect.fn("saveUser")(function* (caller: Caller, input: User) {
  const store = yield* CrmStore
  return yield* administer(caller, "saveUser", input, (transaction) =>
    Effect.gen(function* () {
      const directory = directoryOf(yield* store.users(caller.account))
      const cycle = cycleWith(directory, input.id, input.reportsTo)
      if (cycle !== null) return yield* Effect.fail(cycle)
      // The chain above is expected, too: two changes at once must not close a circle together.
      const above: ReadonlyArray<UserId> =
        input.reportsTo === null ? [] : [input.reportsTo, ...managersOf(directory, input.reportsTo).map(({ id }) => id)]
      const [user, ...managers] = yield* transaction.get(
        { kind: "user", id: input.id },
        ...above.map((id) => ({ kind: "user" as const, id }))
      )
      const read = new Map(directory)
      for (const { value } of managers) if (value !== null) read.set(value.id, value)
      const closed = cycleWith(read, input.id, input.reportsTo)
      if (closed !== null) return yield* Effect.fail(closed)
      transaction.put(user, input)
      transaction.event(`user/${input.id}`, 0, { _tag: "UserChanged", userId: input.id, isActive: input.isActive })
      return { userId: input.id }
    })
  )
})
