import { Effect } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import type * as Erasure from "../../domain/account/Erasure.ts"
import type { AccountId, ErasureId, VisitorId } from "../../domain/account/Id.ts"
import type { DeskRecords } from "../../ports/DeskStore.ts"
import type { Key, Read } from "../../ports/RecordStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { type DeskTransaction, onDesk } from "../execution/DeskCommand.ts"

/** On whose behalf an erasure goes on. */
export const eraser = (account: AccountId): Caller => ({ account, actor: Actor.system, surface: "api" })

export const erasureKey = (id: ErasureId): Key<DeskRecords, "erasure"> => ({ kind: "erasure", id })
export const erasuresKey: Key<DeskRecords, "erasures"> = { kind: "erasures", id: "all" }
export const visitorErasureKey = (id: VisitorId): Key<DeskRecords, "visitorErasure"> => ({ kind: "visitorErasure", id })

/** The steps that a host works on. */
export type StepTag = Exclude<Erasure.Step["_tag"], "ended">

/** An erasure at a step of this kind. */
export type At<Tag extends StepTag> = Erasure.Erasure & {
  readonly step: Extract<Erasure.Step, { readonly _tag: Tag }>
  readonly wanted: Erasure.Wanted
}

/** Moves an erasure on, if it still is at that kind of step: another host may have been faster, then nothing happens. */
export const onStep = <Tag extends StepTag, A, E, R>(
  account: AccountId,
  id: ErasureId,
  tag: Tag,
  move: (transaction: DeskTransaction, read: Read<DeskRecords, "erasure">, erasure: At<Tag>) => Effect.Effect<A, E, R>
) =>
  onDesk(eraser(account), `erasure.${tag}`, { id }, (transaction) =>
    Effect.gen(function* () {
      const [read] = yield* transaction.get(erasureKey(id))
      const erasure = read.value
      if (erasure === null || erasure.step._tag !== tag || erasure.wanted === null) return null
      return yield* move(transaction, read, erasure as At<Tag>)
    })
  )

/** Puts an erasure, its trouble over: due at once, or never again once it has ended. */
export const putErasure = (
  transaction: DeskTransaction,
  read: Read<DeskRecords, "erasure">,
  erasure: Erasure.Erasure
): void =>
  transaction.put(read, { ...erasure, trouble: null }, [], erasure.step._tag === "ended" ? null : transaction.now)

/** Ends an erasure: the keys it looked for are gone, too (J4). */
export const end = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  read: Read<DeskRecords, "erasure">,
  erasure: Erasure.Erasure
) {
  const { counts, id, records, visitors } = erasure
  const [all] = yield* transaction.get(erasuresKey)
  transaction.put(all, { open: (all.value?.open ?? []).filter((other) => other !== id) })
  transaction.event(`erasure/${id}`, 0, { _tag: "PersonErased", erasureId: id, visitors, records, counts })
  putErasure(transaction, read, { ...erasure, wanted: null, step: { _tag: "ended", at: transaction.now } })
})
