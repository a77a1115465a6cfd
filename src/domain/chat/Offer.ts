import { Schema } from "effect"
import { AgentId } from "../account/Id.ts"
import * as Instant from "../account/Instant.ts"
import { OfferKind } from "../agent/AgentStatus.ts"

/** A chat held out to one agent, with a deadline (C1, C11): at `until` it is missed. */
export const Offer = Schema.Struct({ to: AgentId, until: Instant.Instant, kind: OfferKind })
export type Offer = typeof Offer.Type

/**
 * An agent to whom this chat is not offered again (C4, C11). When exclusions clear, `isExcluded` ends; `at` stays,
 * because nobody is offered the chat within `reassignAfter` of their own miss or decline.
 */
export const Exclusion = Schema.Struct({
  agentId: AgentId,
  at: Instant.Instant,
  why: Schema.Literals(["missed", "declined", "transferred"]),
  isExcluded: Schema.Boolean
})
export type Exclusion = typeof Exclusion.Type

/** Adds an exclusion; an agent has one, their last. */
export const exclude = (
  exclusions: ReadonlyArray<Exclusion>,
  agentId: AgentId,
  why: Exclusion["why"],
  at: Instant.Instant
): ReadonlyArray<Exclusion> => [
  ...exclusions.filter((one) => one.agentId !== agentId),
  { agentId, at, why, isExcluded: true }
]

/** Exclusions clear (C4). */
export const cleared = (exclusions: ReadonlyArray<Exclusion>): ReadonlyArray<Exclusion> =>
  exclusions.map((one) => ({ ...one, isExcluded: false }))

/** From when on an agent may be offered the chat again, if exclusions clear (C4); `null`: at once. */
export const offerableAt = (exclusion: Exclusion, reassignAfterMillis: number): Instant.Instant | null =>
  exclusion.why === "transferred" ? null : Instant.plusMillis(exclusion.at, reassignAfterMillis)
