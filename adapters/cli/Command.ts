import type { Effect } from "effect"

/** What a command does with its arguments; gives the exit code: 0 good, 1 not as it should be, 2 asked wrongly. */
export type Command = (given: ReadonlyArray<string>) => Effect.Effect<number>
