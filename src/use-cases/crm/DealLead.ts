import { Effect, Result } from "effect"
import type { ChatId, PoolId } from "../../domain/account/Id.ts"
import * as LeadOwner from "../../domain/assignment/LeadOwner.ts"
import * as NoticeRecipient from "../../domain/assignment/NoticeRecipient.ts"
import { isLive, type Lead } from "../../domain/record/Record.ts"
import type { RecordId } from "../../domain/record/RecordRef.ts"
import { CrmStore } from "../../ports/CrmStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { administer, directoryOf, noticeFor } from "./CrmCommand.ts"
import { changePool, type PoolNotFound } from "./ManagePool.ts"
import { recordKey, writeRecord } from "./RecordWriting.ts"

/** Of the facts of a new lead only its pool and the users are asked for: no keys, and a chat that never is. */
const noKeys = { emails: [], phones: [], chatId: "-" as ChatId }

/**
 * Deals an existing lead from a pool; again takes a turn (F2). The decision is kept with the lead (F4), its new owner
 * is told (F6). By CRM administrators (J3). Refusals: `RecordNotFound`, `PoolNotFound`, `OwnerNotAllowed` (a deleted
 * pool, or one of another type), `NoActiveUser`, `AccessDenied`.
 */
export const dealLead = Effect.fn("dealLead")(function* (
  caller: Caller,
  input: { readonly lead: RecordId; readonly poolId: PoolId }
) {
  const store = yield* CrmStore
  return yield* administer(caller, "dealLead", input, (transaction) =>
    Effect.gen(function* () {
      const ref = { kind: "lead", id: input.lead } as const
      const [read] = yield* transaction.get(recordKey(ref))
      const lead = read.value as Lead | null
      if (lead === null || !isLive(lead)) return yield* Effect.fail({ _tag: "RecordNotFound" as const, record: ref })
      const load = store.leadFacts(caller.account, { ...noKeys, pools: [input.poolId], commandId: null })
      const { found, since } = yield* transaction.facts("leadFacts", load, () => false)
      const pools = yield* transaction.current(found.pools, since)
      const users = yield* transaction.current(found.users, since)
      const [pool] = pools
      if (pool === undefined || pool.value === null) {
        return yield* Effect.fail<PoolNotFound>({ _tag: "PoolNotFound", poolId: input.poolId })
      }
      const assigned = LeadOwner.decide({
        anyOwnerAllowed: true,
        configured: [],
        access: "allAgents",
        picked: { _tag: "Pool", poolId: input.poolId },
        creator: null,
        directory: directoryOf(users.flatMap(({ value }) => (value === null ? [] : [value]))),
        pools: new Map([[input.poolId, pool.value]])
      })
      if (Result.isFailure(assigned)) return yield* Effect.fail(assigned.failure)
      const { decision, pool: asked } = assigned.success
      changePool(transaction, pool, asked?.events ?? [])
      transaction.expect(...users.filter(({ value }) => value?.id === decision.owner))
      const creator = caller.actor._tag === "User" ? caller.actor.userId : null
      const told = NoticeRecipient.forNewLead({ owner: decision.owner, creator })
      const notice = noticeFor(transaction, told.told, {
        about: ref,
        reason: "leadDealt",
        activityId: null,
        chatId: null,
        from: caller.actor
      })
      const earlierAssignments = [
        ...(lead.earlierAssignments ?? []),
        ...(lead.assignment === null ? [] : [lead.assignment])
      ]
      const dealt: Lead = {
        ...lead,
        ownerId: decision.owner,
        assignment: decision,
        earlierAssignments,
        updatedAt: transaction.now
      }
      const changed = { _tag: "RecordChanged", record: ref } as const
      yield* writeRecord(transaction, read, dealt, notice === null ? [changed] : [changed, notice])
      return { lead: input.lead, owner: decision.owner, decision, told }
    })
  )
})
