import { Clock, Effect } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import * as Idempotency from "../../domain/account/Idempotency.ts"
import * as Instant from "../../domain/account/Instant.ts"
import * as Commitment from "../../domain/chat/Commitment.ts"
import type { CommonRecords, RecordStore } from "../../ports/RecordStore.ts"
import { type Conflict, StoreError } from "../../ports/StoreError.ts"
import { Ids } from "../Ids.ts"
import type { Caller } from "./Caller.ts"
import { inLane } from "./Lanes.ts"
import { AnsweredBefore, Transaction } from "./Transaction.ts"

/**
 * How often a command is decided again after losing a race. decision: the first retry already waits in line with the
 * other losers of this process, so only other processes can make it lose again.
 */
export const MAX_ATTEMPTS = 32

/** A command: its name and input (what its idempotency key stands for, K1), and one attempt at it. */
export interface Command<Records extends CommonRecords, Payload, A, E, R> {
  readonly name: string
  readonly input: unknown
  /** How long the answer is remembered, in milliseconds (K1). */
  readonly rememberMillis: number
  /** Loads, decides, and grows the transaction's change; fails with a refusal, which is not remembered. */
  readonly attempt: (transaction: Transaction<Records, Payload>) => Effect.Effect<A, E | AnsweredBefore, R>
}

/**
 * A command's road: load, decide, commit with the versions that were read; on a conflict load and decide again, a
 * bounded number of times; then `StoreError { reason: "contention" }`. With an idempotency key the answer is stored in
 * the same commit, and repeated from there (K1, K2).
 */
export const transact = <Records extends CommonRecords, Payload, A, E, R>(
  store: RecordStore<Records, Payload>,
  caller: Caller,
  command: Command<Records, Payload, A, E, R>
): Effect.Effect<A, Exclude<E, AnsweredBefore> | Idempotency.KeyRefusal | StoreError, R> => {
  const { idempotencyKey } = caller
  if (idempotencyKey !== undefined && !Idempotency.isUsable(idempotencyKey)) {
    const { MAX_KEY_LENGTH: limit } = Idempotency
    return Effect.fail<Idempotency.KeyRefusal>({ _tag: "BadIdempotencyKey", limit, size: idempotencyKey.length })
  }
  const id = caller.idempotencyKey === undefined ? null : commandId(caller, caller.idempotencyKey)
  const digest = id === null ? "" : Commitment.sha256Hex(`${id}|${command.name}|${stableJson(command.input)}`)

  const once = Effect.gen(function* () {
    const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
    const transaction = new Transaction(store, caller, now, yield* Ids, id)
    const answer = yield* command.attempt(transaction)
    const change = transaction.change(
      id === null ? null : { digest, answer, until: Instant.plusMillis(now, command.rememberMillis) }
    )
    if (change !== null) yield* store.commit(caller.account, change)
    return answer
  })

  const retried = (attempt: number): Effect.Effect<A, E | AnsweredBefore | StoreError, R> =>
    Effect.catchIf(once, isConflict, () =>
      attempt < MAX_ATTEMPTS ? retried(attempt + 1) : Effect.fail(exhausted(command.name))
    )

  const queued = Effect.catchIf(once, isConflict, (conflict) =>
    inLane(store, `${caller.account}/${hottest(conflict)}`, retried(2))
  )

  return Effect.catchIf(queued, isAnsweredBefore, ({ remembered }) =>
    remembered.digest === digest
      ? Effect.succeed(remembered.answer as A)
      : Effect.fail<Idempotency.IdempotencyKeyReused>({
          _tag: "IdempotencyKeyReused",
          key: caller.idempotencyKey ?? ""
        })
  ) as Effect.Effect<A, Exclude<E, AnsweredBefore> | Idempotency.KeyRefusal | StoreError, R>
}

/** The scope of an idempotency key within its account (K1). */
export const commandId = (caller: Caller, key: string): string =>
  `${Actor.toKey(caller.actor)}/${encodeURIComponent(key.toWellFormed())}`

const isConflict = (error: unknown): error is Conflict =>
  typeof error === "object" && error !== null && "_tag" in error && error._tag === "Conflict"

const isAnsweredBefore = (error: unknown): error is AnsweredBefore => error instanceof AnsweredBefore

const hottest = (conflict: Conflict): string => {
  const first = conflict.keys[0]
  return first === undefined ? "" : `${first.kind}/${first.id}`
}

const exhausted = (operation: string): StoreError =>
  new StoreError({ reason: "contention", isRetryable: true, operation })

/** JSON with sorted keys: the same input, however it was written, is the same command. */
export const stableJson = (input: unknown): string =>
  JSON.stringify(input, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value
  )
