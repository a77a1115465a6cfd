import { type Context, Deferred, Effect, Exit, Option } from "effect"
import type { AccountId } from "../../domain/account/Id.ts"
import type { Commit, Committed, CommonRecords, Key, RecordStore } from "../../ports/RecordStore.ts"
import { type Conflict, StoreError } from "../../ports/StoreError.ts"
import { Group } from "./Group.ts"
import { Hand, nameIn, type View } from "./Hand.ts"

/** One attempt's end: a change to commit, or nothing to commit. */
export type Decided<Records, Payload> =
  | { readonly _tag: "Change"; readonly change: Commit<Records, Payload> }
  /** Answered or refused; `isFinal` unless something older than the command had a part in it. */
  | { readonly _tag: "Ended"; readonly isFinal: boolean }

/**
 * How it ended for one command: its change is written; it ended without one; it lost, and others' hands tell it what
 * to read again; something that it took instead of reading was too old, so that it reads everything.
 */
export type Landing = { readonly _tag: "Written" | "Ended" | "Lost" | "Outdated" }

/** A command under way. */
export interface Member<Records, Payload> {
  readonly account: AccountId
  /** What its caller's fiber had: its clock among others. */
  readonly context: Context.Context<never>
  /** Decides on what a view knows, and on reads; keeps its answer for the one who asked. */
  readonly decide: (view: View<Records>) => Effect.Effect<Decided<Records, Payload>>
  /** Counts a lost race; `false`: that was one too many. */
  readonly mayLoseAgain: () => boolean
}

interface Waiting<Records, Payload> {
  readonly member: Member<Records, Payload>
  readonly landed: Deferred.Deferred<Landing, StoreError>
  isGone: boolean
}

interface Flight<Records, Payload> {
  readonly names: ReadonlyArray<string>
  readonly waiting: Array<Waiting<Records, Payload>>
}

/**
 * The commits of one store that are on their way from this process, and the commands that wait for what they write: not
 * one after another, but together. A command whose records nobody writes goes at once. The others are decided one after
 * another as soon as the commit before them has landed, without reading what it left, and committed as one change.
 *
 * Among processes the versions rule: a change that loses is decided again, on what the winner left.
 */
export class Flights<Records extends CommonRecords, Payload> {
  readonly hand = new Hand<Records>()
  private readonly store: RecordStore<Records, Payload>
  private readonly underWay = new Map<string, Flight<Records, Payload>>()

  constructor(store: RecordStore<Records, Payload>) {
    this.store = store
  }

  /** Commits a member's change, alone or with others; fails as the store does, but for conflicts. */
  carry(member: Member<Records, Payload>, change: Commit<Records, Payload>): Effect.Effect<Landing, StoreError> {
    return Effect.suspend(() => {
      const before = this.inTheWayOf(member.account, change)
      if (before !== undefined) return this.wait(before, member)
      const flight = this.takeOff(member.account, change)
      return Effect.onExit(this.store.commit(member.account, change), (exit) =>
        Effect.sync(() => this.land(member.account, flight, change, exit))
      ).pipe(
        Effect.as<Landing>({ _tag: "Written" }),
        Effect.catchIf(isConflict, () => this.lost(member))
      )
    })
  }

  private lost(member: Member<Records, Payload>): Effect.Effect<Landing, StoreError> {
    return member.mayLoseAgain() ? Effect.succeed<Landing>({ _tag: "Lost" }) : Effect.fail(contention)
  }

  private inTheWayOf(account: AccountId, change: Commit<Records, Payload>): Flight<Records, Payload> | undefined {
    for (const { key } of change.expect) {
      const flight = this.underWay.get(nameIn(account, key))
      if (flight !== undefined) return flight
    }
    return undefined
  }

  private wait(flight: Flight<Records, Payload>, member: Member<Records, Payload>) {
    const one = { member, landed: Deferred.makeUnsafe<Landing, StoreError>(), isGone: false }
    flight.waiting.push(one)
    return Effect.onInterrupt(Deferred.await(one.landed), () =>
      Effect.sync(() => {
        one.isGone = true
      })
    )
  }

  private takeOff(account: AccountId, { put, remember, remove }: Commit<Records, Payload>): Flight<Records, Payload> {
    const written = [...put.map(({ key }) => key), ...remove].map((key) => nameIn(account, key))
    const names = remember === null ? written : [...written, `${account}/command/${remember.id}`]
    const flight = { names, waiting: [] }
    for (const name of names) this.underWay.set(name, flight)
    return flight
  }

  /** Learns how a commit ended, and lets those go on who waited for it. */
  private land(
    account: AccountId,
    flight: Flight<Records, Payload>,
    change: Commit<Records, Payload>,
    exit: Exit.Exit<Committed, Conflict | StoreError>
  ): void {
    this.learnFrom(account, flight, change, exit)
    const [first] = flight.waiting
    if (first !== undefined) Effect.runForkWith(first.member.context)(this.rounds(account, flight.waiting))
  }

  private learnFrom(
    account: AccountId,
    flight: Flight<Records, Payload>,
    change: Commit<Records, Payload>,
    exit: Exit.Exit<Committed, Conflict | StoreError>
  ): void {
    for (const name of flight.names) if (this.underWay.get(name) === flight) this.underWay.delete(name)
    if (Exit.isSuccess(exit)) this.hand.landed(account, change, exit.value)
    else {
      const failure = Exit.findErrorOption(exit)
      const outdated =
        failure._tag === "Some" && isConflict(failure.value) ? failure.value.keys : change.expect.map(({ key }) => key)
      for (const key of outdated) this.hand.lose(account, key as Key<Records>)
    }
  }

  /** Decides and commits those who wait, together, until none is left. Runs for itself: nobody's interruption ends it. */
  private rounds(account: AccountId, waiting: ReadonlyArray<Waiting<Records, Payload>>): Effect.Effect<void> {
    return Effect.flatMap(this.round(account, waiting), (left) =>
      left.length === 0 ? Effect.void : this.rounds(account, left)
    )
  }

  private readonly round = Effect.fnUntraced(function* (
    this: Flights<Records, Payload>,
    account: AccountId,
    waiting: ReadonlyArray<Waiting<Records, Payload>>
  ) {
    const group = new Group<Records, Payload>(account, this.hand)
    const aboard: Array<Waiting<Records, Payload>> = []
    const later: Array<Waiting<Records, Payload>> = []
    for (const one of waiting) {
      if (one.isGone) continue
      const decided = yield* one.member.decide(group)
      if (decided._tag === "Ended") settle([one], { _tag: decided.isFinal ? "Ended" : "Outdated" })
      else {
        const before = this.inTheWayOf(account, decided.change)
        if (before !== undefined) before.waiting.push(one)
        else if (group.takes(decided.change)) aboard.push(one)
        else later.push(one)
      }
    }
    if (aboard.length === 0) {
      settle(later, { _tag: "Outdated" })
      return []
    }
    const { change } = group
    const flight = this.takeOff(account, change)
    const exit = yield* Effect.exit(this.store.commit(account, change))
    this.learnFrom(account, flight, change, exit)
    if (Exit.isSuccess(exit)) settle(aboard, { _tag: "Written" })
    const again = Exit.isSuccess(exit) ? [] : this.unlucky(aboard, exit)
    return [...again, ...later, ...flight.waiting]
  })

  /** Who goes on after a commit that was not: losers of a race, together; those whose company may be to blame, alone. */
  private unlucky(
    aboard: ReadonlyArray<Waiting<Records, Payload>>,
    exit: Exit.Failure<Committed, Conflict | StoreError>
  ): ReadonlyArray<Waiting<Records, Payload>> {
    const failure = Option.getOrNull(Exit.findErrorOption(exit))
    if (isConflict(failure)) {
      const going = aboard.filter(({ member }) => member.mayLoseAgain())
      fail(
        aboard.filter((one) => !going.includes(one)),
        Exit.fail(contention)
      )
      return going
    }
    if (aboard.length > 1 && failure?.reason === "unsupported") settle(aboard, { _tag: "Lost" })
    else fail(aboard, failure === null ? Exit.die(exit.cause) : Exit.fail(failure))
    return []
  }
}

const settle = <Records, Payload>(ones: ReadonlyArray<Waiting<Records, Payload>>, landing: Landing): void => {
  for (const { landed } of ones) Deferred.doneUnsafe(landed, Exit.succeed(landing))
}

const fail = <Records, Payload>(
  ones: ReadonlyArray<Waiting<Records, Payload>>,
  exit: Exit.Exit<never, StoreError>
): void => {
  for (const { landed } of ones) Deferred.doneUnsafe(landed, exit)
}

export const isConflict = (error: unknown): error is Conflict =>
  typeof error === "object" && error !== null && "_tag" in error && error._tag === "Conflict"

const contention = new StoreError({ reason: "contention", isRetryable: true, operation: "commit" })

/** One per store of this process. */
const flights = new WeakMap<object, unknown>()

export const of = <Records extends CommonRecords, Payload>(
  store: RecordStore<Records, Payload>
): Flights<Records, Payload> => {
  const known = flights.get(store) as Flights<Records, Payload> | undefined
  if (known !== undefined) return known
  const made = new Flights(store)
  flights.set(store, made)
  return made
}
