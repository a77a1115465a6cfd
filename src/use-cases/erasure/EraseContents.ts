import { Effect } from "effect"
import type { Subject } from "../../domain/account/Content.ts"
import type { Erasure } from "../../domain/account/Erasure.ts"
import type { AccountId, ErasureId } from "../../domain/account/Id.ts"
import { Crm } from "../../ports/Crm.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import type { DeskTransaction } from "../execution/DeskCommand.ts"
import { type At, end, onStep, putErasure, visitorErasureKey } from "./ErasureRecord.ts"

/** decision: a second's work for a database, a few pages of a chat. */
const BATCH = 500

/** Under whom a person's texts lie: visitors first. */
export const subjectsOf = ({ records, visitors }: Pick<Erasure, "records" | "visitors">): ReadonlyArray<Subject> => [
  ...visitors.map((visitorId): Subject => ({ _tag: "Visitor", visitorId })),
  ...records.map(({ id, kind }): Subject => ({ _tag: "Record", kind, id }))
]

/**
 * Deletes texts and salts of the next subject, a batch; with the last of a visitor's goes their ban (J4). They could not
 * be in one commit with it: the count was taken before, and deleting again deletes nothing more. A store that cannot
 * erase is passed over; the certificate says so.
 */
export const eraseContents = Effect.fnUntraced(function* (account: AccountId, id: ErasureId, erasure: Erasure) {
  const store = yield* DeskStore
  const { step } = erasure
  const subject = step._tag === "contents" ? subjectsOf(erasure)[step.next] : undefined
  if (subject !== undefined && store.capabilities.erase) {
    const { isDone } = yield* store.erase(account, subject, BATCH)
    if (!isDone) return
  }
  const { capabilities } = yield* Crm
  yield* onStep(account, id, "contents", (transaction, read, current) =>
    Effect.gen(function* () {
      // another host has moved it on
      if (step._tag !== "contents" || current.step.next !== step.next) return
      if (subject === undefined) {
        yield* unmark(transaction, current)
        const crm = { ...current, step: { _tag: "crm", batch: 0, after: null } as const }
        if (capabilities.erase) return putErasure(transaction, read, crm)
        return yield* end(transaction, read, { ...crm, counts: { ...crm.counts, crm: null } })
      }
      const bans = current.counts.bans + (yield* liftBan(transaction, subject))
      const next = { _tag: "contents", next: step.next + 1 } as const
      putErasure(transaction, read, { ...current, step: next, counts: { ...current.counts, bans } })
    })
  )
})

/** A ban is remembered by the visitor it is of. */
const liftBan = Effect.fnUntraced(function* (transaction: DeskTransaction, subject: Subject) {
  if (subject._tag !== "Visitor") return 0
  const { visitorId } = subject
  const [ban] = yield* transaction.get({ kind: "visitorBan", id: visitorId })
  if (ban.value === null) return 0
  transaction.remove(ban)
  transaction.event(`visitor/${visitorId}`, 0, { _tag: "VisitorUnbanned", visitorId })
  return 1
})

/** The chat side is done: who begins a chat now is somebody new. Another erasure of the same visitor keeps its mark. */
const unmark = Effect.fnUntraced(function* (transaction: DeskTransaction, { id, visitors }: At<"contents">) {
  for (const marker of yield* transaction.get(...visitors.map(visitorErasureKey))) {
    if (marker.value?.erasureId === id) transaction.remove(marker)
  }
})
