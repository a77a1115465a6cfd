/**
 * Laws of the ports, as data: what every implementation must do, with a check that needs only the port.
 *
 * A law never skips itself. Where it binds only implementations that declare a capability, or only those that do not,
 * `needs` or `forbids` says so, and the implementation is asked.
 *
 * @module
 */
import { Cause, Clock, Context, Data, Duration, Effect } from "effect"
import fc from "fast-check"
import * as Id from "../../domain/account/Id.ts"
import { Mismatch } from "./Expect.ts"
import * as Render from "./Render.ts"
import * as Script from "./Script.ts"

/**
 * `sequential`: one after another. `concurrent`: many at once. `model`: random commands compared with plain data, shrunk
 * to the shortest script that shows the difference.
 */
export type Group = "sequential" | "concurrent" | "model"

/** Something that an implementation may declare. */
export interface Capability<R> {
  readonly name: string
  readonly isDeclared: Effect.Effect<boolean, never, R>
}

/** One law. `R`: the port, and whatever else its check must ask (a search: the chats that it searches). */
export interface Law<R> {
  /** Port, member, what is said of it: `store.commit.conflict`. The port's documentation names it. */
  readonly id: string
  /** What holds; where it does not, it names the fault. */
  readonly sentence: string
  readonly group: Group
  /** The rules that it comes from. */
  readonly rules: ReadonlyArray<string>
  /** Binds only who declares it. `null`: does not matter. */
  readonly needs: Capability<R> | null
  /** Binds only who does not declare it. `null`: does not matter. */
  readonly forbids: Capability<R> | null
  /** In accounts of its own, so that all laws can be checked in one database, again and again. */
  readonly check: Effect.Effect<void, LawBroken, R | Trial>
}

/** Why a law does not hold: what was asked, what should have come, what came, and how to have it again. */
export class LawBroken extends Data.TaggedError("LawBroken")<{
  readonly law: string
  /** The shortest that was found. */
  readonly script: ReadonlyArray<string>
  readonly expected: string
  readonly got: string
  readonly seed: number
}> {}

/** What a check is given: see `Check`, which provides it. */
export class Trial extends Context.Service<
  Trial,
  {
    /** Of everything random. */
    readonly seed: number
    /** How many examples a law of many examples tries; `null`: as many as it thinks right. */
    readonly numRuns: number | null
    /** Accounts that nobody used before. */
    readonly accounts: () => Accounts
  }
>()("leadline/testing/Trial") {}

/** Two customers: whose the law is, and one who must not notice (J2). */
export interface Accounts {
  readonly account: Id.AccountId
  readonly other: Id.AccountId
}

/** What a law's body works in. */
export interface World extends Accounts {
  readonly seed: number
  /** For every example, in accounts of its own; of those that fail, the smallest is reported. */
  readonly forAll: <A, E>(
    arbitrary: fc.Arbitrary<A>,
    numRuns: number,
    use: (example: A, accounts: Accounts) => Effect.Effect<unknown, E>
  ) => Effect.Effect<void, LawBroken>
}

/** What is said of a law, before its check. */
export interface Said<Port> {
  readonly id: string
  readonly sentence: string
  readonly rules: ReadonlyArray<string>
  readonly group?: Group
  readonly needs?: Declared<Port>
  readonly forbids?: Declared<Port>
}

/** A capability, as a port declares it. */
export interface Declared<Port> {
  readonly name: string
  readonly isDeclared: (port: Port) => boolean
}

/** Makes the laws of a port: `law({ id, sentence, rules }, (port, { account }) => …)`. */
export type MakeLaw<R, Port> = (
  said: Said<Port>,
  use: (port: Port, world: World) => Effect.Effect<unknown, unknown, R>
) => Law<R>

/** What makes laws of a port, or of several in one object. Whatever the body fails with breaks the law. */
export const lawsOn =
  <Port extends object, R>(port: Effect.Effect<Port, never, R>): MakeLaw<R, Port> =>
  (said, use) => ({
    id: said.id,
    sentence: said.sentence,
    group: said.group ?? "sequential",
    rules: said.rules,
    needs: capability(port, said.needs),
    forbids: capability(port, said.forbids),
    check: Effect.gen(function* () {
      const { accounts, numRuns, seed } = yield* Trial
      const script = Script.make((said.group ?? "sequential") === "sequential" ? "all" : "writes")
      const recorded = Script.recorded(yield* port, script)
      const broken = breaks(said.id, script, seed)
      const world: World = { ...accounts(), seed, forAll: forAll({ accounts, numRuns, seed }, script, broken) }
      yield* Effect.catchCause(Effect.asVoid(use(recorded, world)), broken)
    })
  })

const capability = <Port, R>(
  port: Effect.Effect<Port, never, R>,
  declared: Declared<Port> | undefined
): Capability<R> | null =>
  declared === undefined ? null : { name: declared.name, isDeclared: Effect.map(port, declared.isDeclared) }

type Breaks = (cause: Cause.Cause<unknown>) => Effect.Effect<never, LawBroken>

/** Any end but success, as the breach of a law. A law that is interrupted is not judged. */
const breaks =
  (law: string, script: Script.Script, seed: number): Breaks =>
  (cause) => {
    const error = Cause.squash(cause)
    if (error instanceof LawBroken) return Effect.fail(error)
    if (Cause.hasInterruptsOnly(cause)) return Effect.interrupt
    const [expected, got] =
      error instanceof Mismatch ? [`${error.what}: ${error.expected}`, error.got] : ["an answer", Render.value(error)]
    return Effect.fail(new LawBroken({ law, script: script.lines, expected, got, seed }))
  }

const forAll =
  (trial: Trial["Service"], script: Script.Script, broken: Breaks): World["forAll"] =>
  (arbitrary, numRuns, use) =>
    Effect.gen(function* () {
      const run = Effect.runPromiseWith(yield* Effect.context<never>())
      const tried = yield* Effect.promise((signal) => {
        const property = fc.asyncProperty(arbitrary, (example) => {
          script.clear()
          return run(Effect.catchCause(Effect.asVoid(use(example, trial.accounts())), broken), { signal })
        })
        return fc.check(property, { seed: trial.seed, numRuns: trial.numRuns ?? numRuns })
      })
      if (!tried.failed) return
      return yield* tried.errorInstance instanceof LawBroken
        ? Effect.fail(tried.errorInstance)
        : Effect.die(tried.errorInstance)
    })

/**
 * Waits by the true clock, whatever clock a test provides, and not longer than this. decision: what a wake-up or a signal
 * takes is below it by far, also on a busy machine.
 */
export const PATIENCE = Duration.seconds(3)

/** The effect, or a mismatch where it takes longer than {@link PATIENCE}. */
export const soon = <A, E, R>(
  what: string,
  expected: string,
  soFar: () => unknown,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E | Mismatch, R> => {
  const late = Effect.flatMap(trueSleep(PATIENCE), () =>
    Effect.fail(
      new Mismatch({ what, expected, got: `after ${Duration.toSeconds(PATIENCE)} s: ${Render.value(soFar())}` })
    )
  )
  return Effect.raceFirst(effect, late)
}

/** Sleeps by the true clock. */
export const trueSleep = (time: Duration.Duration): Effect.Effect<void> =>
  Effect.provideService(Effect.sleep(time), Clock.Clock, Clock.Clock.defaultValue())

/** Accounts with names that no other run has: `unique` says which run it is. */
export const accountsOf = (unique: string): (() => Accounts) => {
  let runs = 0
  return () => {
    runs++
    const name = (whose: string) => Id.AccountId.make(`laws-${unique}-${runs}-${whose}`)
    return { account: name("ours"), other: name("theirs") }
  }
}
