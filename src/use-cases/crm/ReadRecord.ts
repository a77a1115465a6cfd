import { Effect } from "effect"
import { can } from "../../domain/account/Access.ts"
import type { RecordRef } from "../../domain/record/RecordRef.ts"
import { Crm } from "../../ports/Crm.ts"
import type { Caller } from "../execution/Caller.ts"
import { rightsOf } from "../execution/Rights.ts"
import { viewing } from "../feed/ReadFeed.ts"

/**
 * A record, whatever its lifecycle, as far as the caller may see it (E2, J1). Refusals: `RecordNotFound`,
 * `RecordHidden`, `AccessDenied`.
 */
export const readRecord = Effect.fn("readRecord")(function* (caller: Caller, input: { readonly record: RecordRef }) {
  const { viewer } = yield* viewing(caller)
  const crm = yield* Crm
  return yield* crm.read(caller.account, viewer, input.record)
})

const asStaff = Effect.fnUntraced(function* (caller: Caller) {
  const denied = can(yield* rightsOf(caller), { action: "staff.read" })
  return denied === null ? yield* Crm : yield* Effect.fail(denied)
})

/** All users: whom a lead may be given to, who reports to whom. For any member of staff. Refusals: `AccessDenied`. */
export const readUsers = Effect.fn("readUsers")(function* (caller: Caller) {
  const crm = yield* asStaff(caller)
  return { users: yield* crm.users(caller.account) }
})

/** The pools to pick from (F1, F2). For any member of staff. Refusals: `AccessDenied`. */
export const readPools = Effect.fn("readPools")(function* (caller: Caller) {
  const crm = yield* asStaff(caller)
  return { pools: yield* crm.pools(caller.account) }
})

/** The account's own fields, deleted ones too (I2). For any member of staff. Refusals: `AccessDenied`. */
export const readFields = Effect.fn("readFields")(function* (caller: Caller) {
  const crm = yield* asStaff(caller)
  return { fields: yield* crm.fields(caller.account) }
})
