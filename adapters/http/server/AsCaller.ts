import { Effect } from "effect"
import type { Caller } from "leadline/use-cases"
import { CurrentCaller } from "../api/Authorization.ts"

/** Runs a use case as whoever is calling. */
export const asCaller = <A, E, R>(run: (caller: Caller) => Effect.Effect<A, E, R>) => Effect.flatMap(CurrentCaller, run)
