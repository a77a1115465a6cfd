/**
 * A clock and a scheduler of one's own: what decides who goes on next is the seed, not the machine.
 *
 * Fibers that are run on a stage go on until each waits: at a gate, for the clock, or for another fiber. Then one of
 * those at a gate is picked by chance and goes on alone, until all wait again. Time stands still meanwhile; it moves when
 * whoever plays moves it.
 *
 * A call that is under way outside (a real database) is waited for before the next is let through: between two gates
 * there is one call, so that a history is the same whatever the adapter.
 *
 * @module
 */
import { Clock, Context, Duration, Effect, type Fiber, Random, type Scheduler } from "effect"
import type { Chance } from "./Chance.ts"

/** decision: a history of a hundred actions passes some ten thousand gates; ten times that is a live-lock. */
const MOST_PICKS = 200_000

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

/** Runs tasks when it is told to, in the order they came. Fibers have no other way to go on. */
class HandScheduler implements Scheduler.Scheduler {
  readonly executionMode = "sync" as const
  private tasks: Array<() => void> = []

  shouldYield(): boolean {
    return false
  }

  makeDispatcher(): Scheduler.SchedulerDispatcher {
    return { scheduleTask: (task) => void this.tasks.push(task), flush: () => this.runAll() }
  }

  runAll(): void {
    while (this.tasks.length > 0) {
      const now = this.tasks
      this.tasks = []
      for (const task of now) task()
    }
  }
}

export class Stage {
  now: number
  picks = 0
  /** Calls under way below the gates. */
  underWay = 0
  private readonly chance: Chance
  private readonly scheduler = new HandScheduler()
  private readonly gates: Array<() => void> = []
  private sleepers: Array<Sleeper> = []

  constructor(chance: Chance, now: number) {
    this.chance = chance
    this.now = now
  }

  /** Waits until the seed picks whoever waits here. */
  readonly gate: Effect.Effect<void> = Effect.callback<void>((resume) => {
    const open = () => resume(Effect.void)
    this.gates.push(open)
    return Effect.sync(() => {
      const at = this.gates.indexOf(open)
      if (at >= 0) this.gates.splice(at, 1)
    })
  })

  sleep(millis: number): Effect.Effect<void> {
    return Effect.callback<void>((resume) => {
      const sleeper: Sleeper = { at: this.now + Math.max(0, millis), wake: () => resume(Effect.void) }
      this.sleepers.push(sleeper)
      return Effect.sync(() => {
        this.sleepers = this.sleepers.filter((one) => one !== sleeper)
      })
    })
  }

  /** The clock of a host that is so much ahead, or behind. It sleeps by the stage's time, as quartz does. */
  clock(skewMillis: number): Clock.Clock {
    const nanos = (millis: number): bigint => BigInt(millis) * 1_000_000n
    const skewed = () => this.now + skewMillis
    return {
      currentTimeMillisUnsafe: skewed,
      currentTimeMillis: Effect.sync(skewed),
      currentTimeNanosUnsafe: () => nanos(skewed()),
      currentTimeNanos: Effect.sync(() => nanos(skewed())),
      monotonicTimeNanosUnsafe: () => nanos(this.now),
      monotonicTimeNanos: Effect.sync(() => nanos(this.now)),
      sleep: (duration) => this.sleep(Duration.toMillis(duration))
    }
  }

  /** Starts a fiber on the stage. It runs when the stage settles. */
  run<A, E, R>(context: Context.Context<R>, effect: Effect.Effect<A, E, R>, seed: string): Fiber.Fiber<A, E> {
    const given = Context.merge(Context.make(Clock.Clock, this.clock(0)), context) as Context.Context<R>
    return Effect.runForkWith(given)(Random.withSeed(effect, seed), { scheduler: this.scheduler })
  }

  /** Lets everybody go on, one at a time, until all wait for the clock or for nothing; `false`: they never do. */
  readonly settle: Effect.Effect<boolean> = Effect.suspend(() => {
    this.scheduler.runAll()
    return this.isQuiet() ? Effect.succeed(true) : this.goOn
  })

  /** Moves the clock, and lets who is due go on. */
  moveTo(at: number): Effect.Effect<boolean> {
    return Effect.suspend(() => {
      this.now = Math.max(this.now, at)
      const due = this.sleepers.filter((one) => one.at <= this.now).sort((a, b) => a.at - b.at)
      this.sleepers = this.sleepers.filter((one) => one.at > this.now)
      for (const { wake } of due) wake()
      return this.settle
    })
  }

  private isQuiet(): boolean {
    return this.gates.length === 0 && this.underWay === 0
  }

  private readonly goOn: Effect.Effect<boolean> = Effect.gen({ self: this }, function* () {
    while (!this.isQuiet()) {
      if (++this.picks > MOST_PICKS) return false
      if (this.underWay > 0) yield* Effect.yieldNow
      else {
        const [open] = this.gates.splice(this.chance.between(0, this.gates.length - 1), 1)
        open?.()
      }
      this.scheduler.runAll()
    }
    return true
  })
}
