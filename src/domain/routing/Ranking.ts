import { minutesToMilliseconds } from "date-fns"
import { Schema } from "effect"
import { AgentId } from "../account/Id.ts"
import type { Instant } from "../account/Instant.ts"
import type { Candidate } from "./Ringing.ts"

/** How long a miss counts against an agent. Source: C3. */
export const MISS_WINDOW_MILLIS = minutesToMilliseconds(15)

/** A candidate with what C3 orders by. */
export interface Ranked extends Candidate {
  /** They hold an open offer: at most one (C4). */
  readonly holdsOffer: boolean
  readonly lastMissAt: Instant | null
  /** Since when they have been without a chat; `null`: they never had one. Of no meaning while {@link isChatting}. */
  readonly freeSince: Instant | null
  readonly isChatting: boolean
}

/** What put one agent before another: C3's criteria, in its order; `onlyOne`: there was nobody else. */
export const Criterion = Schema.Literals(["slotsInUse", "recentMiss", "lastMiss", "timeWithoutChat", "shuffle"])
export type Criterion = typeof Criterion.Type

/** Who is chosen, and by what they came before the next best. */
export const Chosen = Schema.Struct({
  agentId: AgentId,
  by: Schema.Union([Criterion, Schema.Literal("onlyOne")])
})
export type Chosen = typeof Chosen.Type

interface Place {
  readonly agentId: AgentId
  /** Smaller comes first, criterion by criterion. */
  readonly keys: ReadonlyArray<number>
}

const criteria = Criterion.literals

/**
 * The best by C3: fewest slots in use; no miss in the last 15 minutes before those with one; the oldest last miss; the
 * longest without a chat; then a seeded shuffle. And of each other the criterion by which the best came before them.
 */
export const rank = (
  candidates: ReadonlyArray<Ranked>,
  now: Instant,
  seed: number,
  chatId: string
): {
  readonly chosen: Chosen | null
  readonly others: ReadonlyArray<{ readonly agentId: AgentId; readonly why: Criterion }>
} => {
  const places = candidates.map((candidate) => placeOf(candidate, now, seed, chatId))
  const [first, ...rest] = places
  if (first === undefined) return { chosen: null, others: [] }
  const best = rest.reduce((best, place) => (differ(place, best).sign < 0 ? place : best), first)
  let second: Place | null = null
  const others: Array<{ readonly agentId: AgentId; readonly why: Criterion }> = []
  for (const place of places) {
    if (place === best) continue
    others.push({ agentId: place.agentId, why: differ(best, place).by })
    if (second === null || differ(place, second).sign < 0) second = place
  }
  const by = second === null ? ("onlyOne" as const) : differ(best, second).by
  return { chosen: { agentId: best.agentId, by }, others }
}

const placeOf = (candidate: Ranked, now: Instant, seed: number, chatId: string): Place => {
  const { agent, freeSince, isChatting, lastMissAt, used } = candidate
  const missedRecently = lastMissAt !== null && now - lastMissAt < MISS_WINDOW_MILLIS
  return {
    agentId: agent.id,
    keys: [
      used,
      missedRecently ? 1 : 0,
      lastMissAt ?? Number.NEGATIVE_INFINITY,
      isChatting ? Number.POSITIVE_INFINITY : (freeSince ?? Number.NEGATIVE_INFINITY),
      shuffled(seed, `${chatId}/${agent.id}`)
    ]
  }
}

/** The first criterion that tells two apart. Two who draw the same lot are told apart by id: an order must be total. */
const differ = (a: Place, b: Place): { readonly by: Criterion; readonly sign: number } => {
  for (const [index, by] of criteria.entries()) {
    const [left = 0, right = 0] = [a.keys[index], b.keys[index]]
    if (left !== right) return { by, sign: left < right ? -1 : 1 }
  }
  return { by: "shuffle", sign: a.agentId < b.agentId ? -1 : 1 }
}

/** A lot from 0 to 2^32: FNV-1a over seed and text, mixed at the end so that close seeds are far apart. */
export const shuffled = (seed: number, text: string): number => {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
