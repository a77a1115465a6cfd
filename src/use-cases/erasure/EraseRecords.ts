import { Effect } from "effect"
import type { Erasure } from "../../domain/account/Erasure.ts"
import type { AccountId, ErasureId } from "../../domain/account/Id.ts"
import { Crm } from "../../ports/Crm.ts"
import { end, onStep, putErasure } from "./ErasureRecord.ts"

/** decision: a bounded commit: a record and a screenful or two of its history. */
const BATCH = 100

/**
 * Has the CRM erase a batch (J4). Its number is the write's key: who dies before the answer is written down gets the
 * same answer again, so that nothing is counted twice. A CRM that says `unsupported` after all is taken at its word.
 */
export const eraseRecords = Effect.fnUntraced(function* (account: AccountId, id: ErasureId, erasure: Erasure) {
  const { records, step, wanted } = erasure
  if (step._tag !== "crm" || wanted === null) return
  const crm = yield* Crm
  const { emails, phones } = wanted
  const batch = { person: { records, emails, phones }, after: step.after, limit: BATCH }
  const done = yield* crm.erase(account, batch, `${id}.${step.batch}`).pipe(
    Effect.catchIf(
      (error) => error._tag === "StoreError" && error.reason === "unsupported",
      () => Effect.succeed(null)
    )
  )
  yield* onStep(account, id, "crm", (transaction, read, current) =>
    Effect.gen(function* () {
      // another host has moved it on
      if (current.step.batch !== step.batch) return
      const crm = done === null ? null : (current.counts.crm ?? 0) + done.erased
      const next = { ...current, counts: { ...current.counts, crm } }
      if (done === null || done.next === null) return yield* end(transaction, read, next)
      putErasure(transaction, read, { ...next, step: { _tag: "crm", batch: step.batch + 1, after: done.next } })
    })
  )
})
