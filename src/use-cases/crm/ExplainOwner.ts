import { Effect } from "effect"
import type { PoolId, UserId } from "../../domain/account/Id.ts"
import * as OwnerExplanation from "../../domain/assignment/OwnerExplanation.ts"
import type { RecordNotFound } from "../../domain/record/CrmRefusal.ts"
import type { RecordId } from "../../domain/record/RecordRef.ts"
import { Crm } from "../../ports/Crm.ts"
import type { Caller } from "../execution/Caller.ts"
import { viewing } from "../feed/ReadFeed.ts"

/**
 * "Why this owner, and why not that one": for any lead, from what was decided at the time and kept with it (F4), also
 * where it was dealt again. Names are those of now. Who may read the lead may ask (J1); a lead that was merged or
 * converted answers too. `OwnerExplanation.sentence` says it in English.
 *
 * Refusals: `RecordNotFound`, `RecordHidden`, `AccessDenied`. Cost: the lead, the users, the pools.
 */
export const explainOwner = Effect.fn("explainOwner")(function* (caller: Caller, input: { readonly lead: RecordId }) {
  const { viewer } = yield* viewing(caller)
  const crm = yield* Crm
  const ref = { kind: "lead", id: input.lead } as const
  const lead = yield* crm.read(caller.account, viewer, ref)
  if (lead._tag !== "Lead") return yield* Effect.fail<RecordNotFound>({ _tag: "RecordNotFound", record: ref })
  const [users, pools] = yield* Effect.all([crm.users(caller.account), crm.pools(caller.account)])
  return OwnerExplanation.explain(lead, {
    users: new Map(users.map(({ id, name }): [UserId, string] => [id, name])),
    pools: new Map(pools.map(({ id, name }): [PoolId, string] => [id, name]))
  })
})
