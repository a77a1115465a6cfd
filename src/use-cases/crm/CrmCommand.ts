import { Effect } from "effect"
import { type AccessDenied, can } from "../../domain/account/Access.ts"
import * as Actor from "../../domain/account/Actor.ts"
import type { AccountId, UserId } from "../../domain/account/Id.ts"
import type { Notice } from "../../domain/record/Notice.ts"
import type { Directory, User } from "../../domain/record/User.ts"
import * as Settings from "../../domain/settings/Settings.ts"
import type { Viewer } from "../../ports/Crm.ts"
import { type CrmPayload, type CrmRecords, CrmStore, type CrmStoreShape } from "../../ports/CrmStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { recentSettings, rightsOf } from "../execution/Rights.ts"
import { transact } from "../execution/Transact.ts"
import type { AnsweredBefore, Transaction } from "../execution/Transaction.ts"

/** A transaction on a CRM of our own. */
export type CrmTransaction = Transaction<CrmRecords, CrmPayload>

/** Runs a write of the `Crm` port under its idempotency key. The port knows no settings: remembers for the default (K1). */
export const onCrm = <A, E>(
  store: CrmStoreShape,
  account: AccountId,
  actor: Actor.Actor,
  write: { readonly name: string; readonly input: unknown; readonly idempotencyKey: string },
  attempt: (transaction: CrmTransaction) => Effect.Effect<A, E | AnsweredBefore>
) =>
  transact<CrmRecords, CrmPayload, A, E, never>(
    store,
    { account, actor, surface: "api", idempotencyKey: write.idempotencyKey },
    { name: write.name, input: write.input, rememberMillis: Settings.defaults.rememberMillis, attempt }
  )

/** Runs a command of a CRM administrator, a service or Leadline itself (J3). */
export const administer = Effect.fnUntraced(function* <A, E>(
  caller: Caller,
  name: string,
  input: unknown,
  attempt: (transaction: CrmTransaction) => Effect.Effect<A, E | AnsweredBefore>
) {
  const store = yield* CrmStore
  const denied: AccessDenied | null = can(yield* rightsOf(caller), { action: "crm.administer" })
  if (denied !== null) return yield* Effect.fail(denied)
  const rememberMillis = caller.idempotencyKey === undefined ? 0 : (yield* recentSettings(caller)).rememberMillis
  return yield* transact<CrmRecords, CrmPayload, A, E, never>(store, caller, { name, input, rememberMillis, attempt })
})

export const directoryOf = (users: Iterable<User>): Directory =>
  new Map([...users].map((user): [UserId, User] => [user.id, user]))

/** Whether a viewer may see what `owner` owns (E2, J1). */
export const sees = (viewer: Viewer, directory: Directory, owner: UserId): boolean =>
  viewer._tag === "All" ||
  can(
    { actor: Actor.user(viewer.userId), agent: null, user: directory.get(viewer.userId) ?? null },
    { action: "record.read", owner, viewAs: "user", directory }
  ) === null

/** That somebody is to be told; `null` where nobody is. The notice keeps its id on every try of its delivery (G4). */
export const noticeFor = (
  transaction: CrmTransaction,
  to: UserId | null,
  notice: Omit<Notice, "id" | "to">
): Extract<CrmPayload, { readonly _tag: "NoticeDue" }> | null =>
  to === null ? null : { _tag: "NoticeDue", notice: { id: transaction.ids.next() as Notice["id"], to, ...notice } }
