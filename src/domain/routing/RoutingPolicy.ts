import { Schema } from "effect"

/** How waiting chats find agents (C1). */
export const RoutingMode = Schema.Literals(["broadcast", "hybrid", "assigned"])
export type RoutingMode = typeof RoutingMode.Type

/** How chats are held out (C5). */
export const OfferPolicy = Schema.Struct({
  /** How long an agent may think: the offer's deadline. decision: 5 s to an hour; below, nobody can answer. */
  reassignAfterMillis: Schema.Int.check(Schema.isBetween({ minimum: 5_000, maximum: 3_600_000 })),
  /** An agent who misses so many in a row becomes idle; `null`: never. */
  autoIdleAfterMisses: Schema.NullOr(Schema.Int.check(Schema.isGreaterThan(0))),
  /** An offer is answered as it is made. */
  autoAccept: Schema.Boolean
})
export type OfferPolicy = typeof OfferPolicy.Type

/** All that routing goes by; the account's settings hold it. */
export interface RoutingPolicy {
  readonly routing: RoutingMode
  readonly offers: OfferPolicy
  /** How long a chat asks for its skills (C6). */
  readonly skillWaitMillis: number
}
