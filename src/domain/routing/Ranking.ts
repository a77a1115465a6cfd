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

const criteria = Criterion.literals

/**
 * The best by C3: fewest slots in use; no miss in the last 15 minutes before those with one; the oldest last miss; the
 * longest without a chat; then a seeded shuffle. `tell` hears of each other the criterion by which the best came before
 * them. `null`: there was nobody.
 */
export const choose = (
  candidates: ReadonlyArray<Ranked>,
  now: Instant,
  seed: number,
  chatId: string,
  tell: (why: Criterion, agentId: AgentId) => void
): Chosen | null => {
  const order = orderAt(now, seed, chatId)
  let best: Ranked | null = null
  for (const one of candidates) if (best === null || order(one, best) < 0) best = one
  if (best === null) return null
  // the next best is who is told from the best by the latest criterion
  let latest = 0
  for (const one of candidates) {
    if (one === best) continue
    const by = order(one, best)
    tell(criterionOf(by), one.agent.id)
    if (by > latest) latest = by
  }
  return { agentId: best.agent.id, by: latest === 0 ? "onlyOne" : criterionOf(latest) }
}

/** As {@link choose}, with what is told as a list. */
export const rank = (
  candidates: ReadonlyArray<Ranked>,
  now: Instant,
  seed: number,
  chatId: string
): {
  readonly chosen: Chosen | null
  readonly others: ReadonlyArray<{ readonly agentId: AgentId; readonly why: Criterion }>
} => {
  const others: Array<{ readonly agentId: AgentId; readonly why: Criterion }> = []
  const chosen = choose(candidates, now, seed, chatId, (why, agentId) => others.push({ agentId, why }))
  return { chosen, others }
}

/**
 * Two in C3's order: below zero, `a` comes first. The size says by which criterion, counted from one. Two who draw the
 * same lot are told apart by id: an order must be total.
 */
const orderAt =
  (now: Instant, seed: number, chatId: string) =>
  (a: Ranked, b: Ranked): number => {
    if (a.used !== b.used) return a.used < b.used ? -1 : 1
    const [missedA, missedB] = [missedRecently(a, now), missedRecently(b, now)]
    if (missedA !== missedB) return missedB ? -2 : 2
    const [missA, missB] = [a.lastMissAt ?? Number.NEGATIVE_INFINITY, b.lastMissAt ?? Number.NEGATIVE_INFINITY]
    if (missA !== missB) return missA < missB ? -3 : 3
    const [freeA, freeB] = [freeSince(a), freeSince(b)]
    if (freeA !== freeB) return freeA < freeB ? -4 : 4
    const [lotA, lotB] = [shuffled(seed, `${chatId}/${a.agent.id}`), shuffled(seed, `${chatId}/${b.agent.id}`)]
    return lotA < lotB || (lotA === lotB && a.agent.id < b.agent.id) ? -5 : 5
  }

const criterionOf = (order: number): Criterion => criteria[order - 1] ?? "shuffle"

const missedRecently = ({ lastMissAt }: Ranked, now: Instant): boolean =>
  lastMissAt !== null && now - lastMissAt < MISS_WINDOW_MILLIS

const freeSince = ({ freeSince, isChatting }: Ranked): number =>
  isChatting ? Number.POSITIVE_INFINITY : (freeSince ?? Number.NEGATIVE_INFINITY)

/** A lot from 0 to 2^32: FNV-1a over seed and text, mixed at the end so that close seeds are far apart. */
export const shuffled = (seed: number, text: string): number => {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
