import { type Context, Effect, Option } from "effect"
import type { Content } from "leadline"
import { StoreError } from "leadline/ports"
import type { Caller } from "leadline/use-cases"
import { CallerIdentity, CurrentCaller } from "../api/Authorization.ts"
import type { NoChatYet } from "../api/VisitorApi.ts"

/** Runs a use case as whoever is calling. */
export const asCaller = <A, E, R>(run: (caller: Caller) => Effect.Effect<A, E, R>) => Effect.flatMap(CurrentCaller, run)

/** As {@link asCaller}, for a use case whose answer has nothing that the caller does not know. */
export const done = <A, E, R>(run: (caller: Caller) => Effect.Effect<A, E, R>) => Effect.asVoid(asCaller(run))

/**
 * Runs what needs a port that a host may lack: a foreign CRM has no store, a small host no search. Where it is missing
 * the answer is `unsupported`.
 */
export const having = <Self, Shape, A, E, R>(
  port: Context.Key<Self, Shape>,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E | StoreError, Exclude<R, Self>> =>
  Effect.flatMap(
    Effect.serviceOption(port),
    (found): Effect.Effect<A, E | StoreError, Exclude<R, Self>> =>
      Option.isSome(found)
        ? Effect.provideService(effect, port, found.value)
        : Effect.fail(new StoreError({ reason: "unsupported", isRetryable: false, operation: port.key }))
  )

/** Texts as they travel: by reference. */
export const texts = (found: Content.Texts): Record<string, string> => Object.fromEntries(found)

/** The chat that the visitor's token opens: the only one they can name. */
export const chatOfToken = Effect.flatMap(CallerIdentity, ({ chatId }) =>
  chatId === undefined || chatId === null ? Effect.fail<NoChatYet>({ _tag: "NoChatYet" }) : Effect.succeed(chatId)
)
