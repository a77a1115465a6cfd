/**
 * What a task may return: the time that counts, where it did more than that (tinybench's `FnReturnedObject`). Of a task that
 * measures memory: KiB.
 */
export interface Timed {
  readonly overriddenDuration: number
}

/** One side of a comparison. */
export interface Side {
  /** Does the work once. It fails where the work was not done. */
  readonly task: () => unknown
  /** Units of work that one call does; 1 */
  readonly units?: number
  /** Whether it is done when `task` returns. `false`: it returns a promise */
  readonly isSync?: boolean
  /** Of what size, where sizes are compared. */
  readonly size?: number
}

export interface Baseline extends Side {
  /** `hand`, `emmett`, `plain`, `small` … */
  readonly against: string
}

export interface Opened {
  readonly ours: Side
  readonly baselines: ReadonlyArray<Baseline>
  /** Whether all sides do the same work, found out before anything is measured; it fails where they do not. */
  readonly check?: () => Promise<void> | void
  readonly close?: () => Promise<void>
}

export interface Target {
  readonly against: string
  readonly atLeast?: number
  readonly atMost?: number
}

/**
 * A comparison. `speed`: the ratio says how many times as fast as the baseline we are. `growth`: `ours` is the large
 * size, the baseline the small one, and the ratio says how many times as much it costs; so it does of memory.
 */
export interface Case {
  readonly name: string
  readonly says: string
  readonly kind: "speed" | "growth"
  /** Of the numbers beside the ratio: units of work a second, or what a unit costs: milliseconds, memory. */
  readonly unit: "per second" | "ms" | "KiB"
  /** What is taken of a round's samples. `mean` */
  readonly takes?: "mean" | "p50"
  readonly targets: ReadonlyArray<Target>
  /** Each side runs for this long in a round, and at least once. 400 */
  readonly roundMillis?: number
  readonly open: (options: Options) => Promise<Opened>
}

export interface Options {
  readonly isQuick: boolean
  /** Whether the results are drawn: then growth is measured at sizes between, too. */
  readonly draws: boolean
}

/** What came of a case and a baseline: one line of `--json`. */
export interface Result {
  readonly case: string
  readonly against: string
  readonly ratio: number
  readonly unit: string
  readonly ours: number
  readonly baseline: number
  readonly rounds: number
  readonly min: number
  readonly max: number
}

/** Fails where two sides did not do the same work. */
export const same = (what: string, ours: unknown, theirs: unknown): void => {
  const [left, right] = [JSON.stringify(ours), JSON.stringify(theirs)]
  if (left !== right) throw new Error(`${what}: ${left} here, ${right} there`)
}
