import { Effect } from "effect"
import * as ActivityFilter from "../../domain/feed/ActivityFilter.ts"
import { Crm } from "../../ports/Crm.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import type { Caller } from "../execution/Caller.ts"

/** The people a filter names, as they are now (H3); nothing is read where it names nobody. */
export const peopleOf = Effect.fnUntraced(function* (caller: Caller, by: ActivityFilter.By | null) {
  if (by === null) return null
  const [desk, crm] = [yield* DeskStore, yield* Crm]
  const roster = yield* desk.roster(caller.account)
  const users = yield* crm.users(caller.account)
  return ActivityFilter.resolve(
    by,
    roster.map(({ agent }) => agent),
    new Map(users.map((user) => [user.id, user]))
  )
})
