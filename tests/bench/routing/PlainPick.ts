import type { Ranking, Route } from "leadline"

const WINDOW = 15 * 60_000

/** A loop that only picks: filters and compares in one pass over the agents, explains nothing. */
export const pick = ({ agents, queue }: Route.Snapshot, now: number): string | null => {
  const [chat] = queue
  if (chat === undefined) return null
  // without case, as the rule says; what is asked for is folded once
  const skills = chat.skills.map((skill) => skill.toLowerCase())
  let best: Ranking.Ranked | null = null
  for (const one of agents) {
    if (!one.agent.isEnabled || one.status !== "online" || one.holdsOffer) continue
    if (chat.department !== null && !one.agent.departments.includes(chat.department)) continue
    if (!skills.every((skill) => one.agent.skills?.some((own) => own.toLowerCase() === skill))) continue
    if (one.limit !== null && one.used >= one.limit) continue
    if (best === null || isBefore(one, best, now)) best = one
  }
  return best?.agent.id ?? null
}

const isBefore = (a: Ranking.Ranked, b: Ranking.Ranked, now: number): boolean => {
  if (a.used !== b.used) return a.used < b.used
  const [missedA, missedB] = [missed(a, now), missed(b, now)]
  if (missedA !== missedB) return missedB
  const [lastA, lastB] = [a.lastMissAt ?? -Infinity, b.lastMissAt ?? -Infinity]
  if (lastA !== lastB) return lastA < lastB
  const [freeA, freeB] = [
    a.isChatting ? Infinity : (a.freeSince ?? -Infinity),
    b.isChatting ? Infinity : (b.freeSince ?? -Infinity)
  ]
  return freeA < freeB
}

const missed = ({ lastMissAt }: Ranking.Ranked, now: number): boolean =>
  lastMissAt !== null && now - lastMissAt < WINDOW
