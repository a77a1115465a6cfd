import { Effect } from "effect"
import type { UserId } from "../../domain/account/Id.ts"
import { cycleWith, managersOf, type User } from "../../domain/record/User.ts"
import { CrmStore } from "../../ports/CrmStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { administer, type CrmTransaction, directoryOf } from "./CrmCommand.ts"

/**
 * Adds or changes a user. By CRM administrators (J3). A manager who reports to the user, directly or not, is refused:
 * `ReportingCycle` (F5). Refusals: that, and `AccessDenied`.
 */
export const saveUser = Effect.fn("saveUser")(function* (caller: Caller, input: User) {
  const store = yield* CrmStore
  return yield* administer(caller, "saveUser", input, (transaction) =>
    Effect.gen(function* () {
      const [user] = yield* transaction.get({ kind: "user", id: input.id })
      const directory = yield* withChainAbove(transaction, yield* store.users(caller.account), input.reportsTo)
      const cycle = cycleWith(directory, input.id, input.reportsTo)
      if (cycle !== null) return yield* Effect.fail(cycle)
      transaction.put(user, input)
      transaction.event(`user/${input.id}`, 0, { _tag: "UserChanged", userId: input.id, isActive: input.isActive })
      return { userId: input.id }
    })
  )
})

/**
 * All users, with the managers from `first` upward read and expected, as far as the chain goes by then: two changes at
 * once must not close a circle together.
 */
const withChainAbove = Effect.fnUntraced(function* (
  transaction: CrmTransaction,
  users: Iterable<User>,
  first: UserId | null
) {
  const directory = new Map(directoryOf(users))
  const expected = new Set<UserId>()
  while (first !== null) {
    const chain = [first, ...managersOf(directory, first).map(({ id }) => id)]
    const next = chain.filter((id) => !expected.has(id))
    if (next.length === 0) break
    const reads = yield* transaction.get(...next.map((id) => ({ kind: "user" as const, id })))
    for (const id of next) expected.add(id)
    for (const { value } of reads) if (value !== null) directory.set(value.id, value)
  }
  return directory
})
