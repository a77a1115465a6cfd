import { Clock, Effect, Exit, Option } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import * as Idempotency from "../../domain/account/Idempotency.ts"
import * as Instant from "../../domain/account/Instant.ts"
import * as Commitment from "../../domain/chat/Commitment.ts"
import type { CommonRecords, RecordStore } from "../../ports/RecordStore.ts"
import type { StoreError } from "../../ports/StoreError.ts"
import { Ids } from "../Ids.ts"
import type { Caller } from "./Caller.ts"
import * as Flights from "./Flights.ts"
import { emptyHand, type View } from "./Hand.ts"
import { AnsweredBefore, Transaction } from "./Transaction.ts"

/**
 * How often a command is decided again after losing a race. decision: those of one process do not race each other
 * (`Flights`), so only other processes can make it lose again.
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
 * A command's road: load what is not in hand, decide, commit with the versions that were read; on a conflict load and
 * decide again, a bounded number of times; then `StoreError { reason: "contention" }`. With an idempotency key the answer
 * is stored in the same commit, and repeated from there (K1, K2).
 *
 * Whether a command answers, refuses or does nothing: it has seen nothing older than itself, or its commit has been
 * compared with what it saw.
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
  const id = idempotencyKey === undefined ? null : commandId(caller, idempotencyKey)
  const digest = id === null ? "" : Commitment.sha256Hex(`${id}|${command.name}|${stableJson(command.input)}`)

  return Effect.catchIf(carried(store, caller, command, id, digest), isAnsweredBefore, ({ remembered }) =>
    remembered.digest === digest
      ? Effect.succeed(remembered.answer as A)
      : Effect.fail<Idempotency.IdempotencyKeyReused>({ _tag: "IdempotencyKeyReused", key: idempotencyKey ?? "" })
  ) as Effect.Effect<A, Exclude<E, AnsweredBefore> | Idempotency.KeyRefusal | StoreError, R>
}

const carried = Effect.fnUntraced(function* <Records extends CommonRecords, Payload, A, E, R>(
  store: RecordStore<Records, Payload>,
  caller: Caller,
  command: Command<Records, Payload, A, E, R>,
  id: string | null,
  digest: string
) {
  const flights = Flights.of(store)
  const { hand } = flights
  const fresh = emptyHand(hand)
  const ids = yield* Ids
  const context = yield* Effect.context<R>()
  const facts = new Map()
  const since = hand.now
  let lost = 0
  let answer: Exit.Exit<A, E | AnsweredBefore | StoreError> = Exit.die("nothing was decided")

  const decide = (view: View<Records>) =>
    Effect.flatMap(Clock.currentTimeMillis, (millis) => {
      const now = Instant.fromMillis(millis)
      const transaction = new Transaction(store, caller, now, ids, id, { view, since, facts, now: () => hand.now })
      return Effect.map(Effect.exit(command.attempt(transaction)), (exit) => {
        answer = exit
        const until = Instant.plusMillis(now, command.rememberMillis)
        const change = Exit.isSuccess(exit)
          ? transaction.change(id === null ? null : { digest, answer: exit.value, until })
          : null
        if (change !== null) return { _tag: "Change" as const, change }
        const isSure = !transaction.usedOld && transaction.isSureToBeFirst
        const isFinal = view === fresh || isSure || Option.exists(Exit.findErrorOption(exit), isAnsweredBefore)
        return { _tag: "Ended" as const, isFinal }
      })
    })
  const member: Flights.Member<Records, Payload> = {
    account: caller.account,
    context,
    decide: (seen) => Effect.provideContext(decide(seen), context),
    mayLoseAgain: () => ++lost < MAX_ATTEMPTS
  }

  let view: View<Records> = hand
  for (;;) {
    const decided = yield* decide(view)
    const landing: Flights.Landing =
      decided._tag === "Change"
        ? yield* flights.carry(member, decided.change)
        : { _tag: decided.isFinal ? "Ended" : "Outdated" }
    if (landing._tag === "Written" || landing._tag === "Ended") return yield* answer
    view = landing._tag === "Lost" ? hand : fresh
    if (view === fresh) facts.clear()
  }
})

/** The scope of an idempotency key within its account (K1). */
export const commandId = (caller: Caller, key: string): string =>
  `${Actor.toKey(caller.actor)}/${encodeURIComponent(key.toWellFormed())}`

const isAnsweredBefore = (error: unknown): error is AnsweredBefore => error instanceof AnsweredBefore

/** JSON with sorted keys: the same input, however it was written, is the same command. */
export const stableJson = (input: unknown): string =>
  JSON.stringify(input, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value
  )
