import type { Effect, Layer } from "effect"
import type { layer as memory } from "leadline/memory"
import type { Crm } from "leadline/ports"

/** Everything a host provides. */
export type World = Layer.Success<ReturnType<typeof memory>> | Crm

/** Something somebody does. Refusals are part of the day; anything else ends it. */
export type Act = Effect.Effect<unknown, { readonly _tag: string }, World>

/** Notes what somebody will do, at a moment of the day. */
export type Plan = (at: number, act: Act) => void
