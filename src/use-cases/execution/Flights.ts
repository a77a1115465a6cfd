import { type Context, Deferred, Effect, Exit, Option } from "effect"
import type { AccountId } from "../../domain/account/Id.ts"
import type { Commit, Committed, CommonRecords, Key, Read, RecordStore } from "../../ports/RecordStore.ts"
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

/** Those who go together next; `hot`: what they lost the last race for, of how many in a row. */
interface Line<Records, Payload> {
  readonly waiting: ReadonlyArray<Waiting<Records, Payload>>
  readonly hot: Key<Records> | null
  readonly races: number
}

/** Races lost before a turn is asked for. decision: a turn costs about as much as two. */
const PATIENCE = 2

/**
 * Turns in which nobody else had written a hot record before it is raced for again. decision: many, because a lost race
 * costs more than a turn; not for ever, because other processes may have gone.
 */
const CAUTION = 32

/** decision: more than are contested at any time; it only bounds what is kept. */
const MOST_HOT = 1024

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
  /** Records that other processes write all the time, and for how many commits more that is believed. */
  private readonly hot = new Map<string, number>()
  /** Who waits for a turn at a hot record: one turn for all. */
  private readonly lines = new Map<string, Array<Waiting<Records, Payload>>>()

  constructor(store: RecordStore<Records, Payload>) {
    this.store = store
  }

  /** Commits a member's change, alone or with others; fails as the store does, but for conflicts. */
  carry(member: Member<Records, Payload>, change: Commit<Records, Payload>): Effect.Effect<Landing, StoreError> {
    return Effect.suspend(() => {
      const before = this.inTheWayOf(member.account, change)
      if (before !== undefined) return this.wait(before.waiting, member)
      const hot = this.hotIn(member.account, change)
      if (hot !== undefined) return this.lineUp(member, hot)
      const flight = this.takeOff(member.account, change)
      return Effect.onExit(this.store.commit(member.account, change), (exit) =>
        Effect.sync(() => this.land(member.account, flight, change, exit))
      ).pipe(
        Effect.as<Landing>({ _tag: "Written" }),
        Effect.catchIf(isConflict, (conflict) => this.lost(member, conflict))
      )
    })
  }

  /** Who lost goes on with others that did: the race was for the same record. */
  private lost(member: Member<Records, Payload>, { keys }: Conflict): Effect.Effect<Landing, StoreError> {
    if (!member.mayLoseAgain()) return Effect.fail(contention)
    const [hot] = keys as ReadonlyArray<Key<Records>>
    const waiting: Array<Waiting<Records, Payload>> = []
    return Effect.suspend(() => {
      const landing = this.wait(waiting, member)
      Effect.runForkWith(member.context)(this.rounds(member.account, { waiting, hot: hot ?? null, races: 1 }))
      return landing
    })
  }

  private hotIn(account: AccountId, { expect }: Commit<Records, Payload>): Key<Records> | undefined {
    return this.hot.size === 0 ? undefined : expect.find(({ key }) => this.hot.has(nameIn(account, key)))?.key
  }

  /** Goes along with those who wait for a turn at this record, or asks for one. */
  private lineUp(member: Member<Records, Payload>, hot: Key<Records>): Effect.Effect<Landing, StoreError> {
    const name = nameIn(member.account, hot)
    const line = this.lines.get(name)
    if (line !== undefined) return this.wait(line, member)
    const waiting: Array<Waiting<Records, Payload>> = []
    this.lines.set(name, waiting)
    const landing = this.wait(waiting, member)
    Effect.runForkWith(member.context)(this.rounds(member.account, { waiting, hot, races: PATIENCE }))
    return landing
  }

  private inTheWayOf(account: AccountId, change: Commit<Records, Payload>): Flight<Records, Payload> | undefined {
    for (const { key } of change.expect) {
      const flight = this.underWay.get(nameIn(account, key))
      if (flight !== undefined) return flight
    }
    return undefined
  }

  private wait(line: Array<Waiting<Records, Payload>>, member: Member<Records, Payload>) {
    const one = { member, landed: Deferred.makeUnsafe<Landing, StoreError>(), isGone: false }
    line.push(one)
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
    if (first === undefined) return
    Effect.runForkWith(first.member.context)(this.rounds(account, { waiting: flight.waiting, hot: null, races: 0 }))
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

  /**
   * Decides and commits those who wait, together, until none is left. Runs for itself: nobody's interruption ends it. Who
   * keeps losing to other processes asks for a turn among them.
   */
  private rounds(account: AccountId, { hot, races, waiting }: Line<Records, Payload>): Effect.Effect<void> {
    const { inTurn } = this.store
    const taken =
      hot !== null && races >= PATIENCE && inTurn !== undefined
        ? inTurn(account, hot, this.roundInTurn(account, waiting, hot))
        : this.round(account, waiting)
    return Effect.flatMap(taken, (next) =>
      next.waiting.length === 0
        ? Effect.void
        : this.rounds(account, { ...next, races: next.hot === null ? 0 : races + 1 })
    )
  }

  /** As {@link round}, for all who are in line by now, on the record as it is now. Those who wait then, wait for a turn. */
  private readonly roundInTurn = Effect.fnUntraced(function* (
    this: Flights<Records, Payload>,
    account: AccountId,
    waiting: ReadonlyArray<Waiting<Records, Payload>>,
    hot: Key<Records>
  ) {
    const name = nameIn(account, hot)
    const known = this.hand.find(account, hot)?.read?.version
    // who cannot read it now will not read it in the round either, and says so
    const [read] = yield* Effect.orElseSucceed(this.store.get(account, [hot]), () => [])
    if (read !== undefined) this.hand.learn(account, read as Read<Records>)
    this.heed(name, read?.version === known)
    if (this.lines.get(name) === waiting) this.lines.delete(name)
    const next = yield* this.round(account, waiting)
    return this.hot.has(name) ? { ...next, hot } : next
  })

  /** A record that nobody else wrote since is less hot; one that somebody did is hot again. */
  private heed(name: string, isUnchanged: boolean): void {
    if (this.hot.size >= MOST_HOT) this.hot.clear()
    const left = isUnchanged ? (this.hot.get(name) ?? 0) - 1 : CAUTION
    if (left > 0) this.hot.set(name, left)
    else this.hot.delete(name)
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
      return { waiting: [], hot: null }
    }
    const { change } = group
    const flight = this.takeOff(account, change)
    const exit = yield* Effect.exit(this.store.commit(account, change))
    this.learnFrom(account, flight, change, exit)
    if (Exit.isSuccess(exit)) settle(aboard, { _tag: "Written" })
    const again = Exit.isSuccess(exit) ? [] : this.unlucky(aboard, exit)
    const conflict = Exit.isSuccess(exit) ? null : Option.getOrNull(Exit.findErrorOption(exit))
    const hot = isConflict(conflict) ? ((conflict.keys[0] as Key<Records> | undefined) ?? null) : null
    return { waiting: [...again, ...later, ...flight.waiting], hot }
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
