/**
 * Routing: which waiting chat goes to whom, as one pure, total function of (snapshot, policy, now, seed) (C7).
 *
 * | mode | a waiting chat |
 * |---|---|
 * | `broadcast`, `hybrid` | rings at every agent whom status, department, skills and limit allow; nobody is chosen |
 * | `assigned` | is held out to one: eligible, not excluded, first by C3's order |
 *
 * The queue is walked oldest first, and who is chosen holds an offer from then on: no chat is offered while an older one
 * that the same agent could serve waits (C2). Costs queue × agents; {@link offers} stops where nobody is left.
 *
 * @module
 */
import type { AgentId, ChatId, DepartmentId } from "../account/Id.ts"
import type { Instant } from "../account/Instant.ts"
import { hasSkillKeys, servesDepartment } from "../agent/Agent.ts"
import * as AgentStatus from "../agent/AgentStatus.ts"
import { isAtLimit } from "../agent/ChatLimit.ts"
import { type Exclusion, offerableAt } from "../chat/Offer.ts"
import * as Ranking from "./Ranking.ts"
import { type Asked, silence, skillsAsked } from "./Ringing.ts"
import { type Decision, Grouped } from "./RoutingDecision.ts"
import type { RoutingPolicy } from "./RoutingPolicy.ts"

/** A chat of the queue as routing sees it. */
export interface Queued {
  readonly chatId: ChatId
  readonly department: DepartmentId | null
  readonly skills: ReadonlyArray<string>
  readonly queuedAt: Instant
  readonly exclusions: ReadonlyArray<Exclusion>
}

/** Everything routing goes by, as of one moment. */
export interface Snapshot {
  readonly agents: ReadonlyArray<Ranking.Ranked>
  /** Oldest number first (C2). */
  readonly queue: ReadonlyArray<Queued>
  /** Operating hours: closed, nothing rings and nothing is offered (B8). */
  readonly isOpen: boolean
}

/** The first entry of each agent and chat: nothing is held out twice, whatever a store lists (C4, C7). */
const distinct = ({ agents, isOpen, queue }: Snapshot): Snapshot => ({
  agents: firstOfEach(agents, ({ agent }) => agent.id),
  queue: firstOfEach(queue, ({ chatId }) => chatId),
  isOpen
})

const firstOfEach = <One>(all: ReadonlyArray<One>, idOf: (one: One) => string): ReadonlyArray<One> => {
  if (isAscending(all, idOf)) return all
  const seen = new Set<string>()
  return all.filter((one) => seen.size < seen.add(idOf(one)).size)
}

/** Lists in order of their ids, as stores give them, hold nothing twice: that is found out in a quarter of the time. */
const isAscending = <One>(all: ReadonlyArray<One>, idOf: (one: One) => string): boolean => {
  let last = ""
  for (const one of all) {
    const id = idOf(one)
    if (id <= last) return false
    last = id
  }
  return true
}

/** A decision for every chat of the queue, oldest first (C7). Total: any snapshot, any policy, any seed. */
export const route = (
  snapshot: Snapshot,
  policy: RoutingPolicy,
  now: Instant,
  seed: number
): ReadonlyArray<Decision> => {
  const taken = new Set<AgentId>()
  const once = distinct(snapshot)
  return once.queue.map((chat) => {
    const decision = decide(chat, once, policy, now, seed, taken)
    if (decision.chosen !== null) taken.add(decision.chosen.agentId)
    return decision
  })
}

/**
 * Of {@link route}'s decisions those that do something, at most `limit`: that choose somebody or clear exclusions. Looks
 * no further once nobody can take a chat.
 */
export const offers = (
  snapshot: Snapshot,
  policy: RoutingPolicy,
  now: Instant,
  seed: number,
  limit: number
): ReadonlyArray<Decision> => {
  if (policy.routing !== "assigned" || !snapshot.isOpen) return []
  const taken = new Set<AgentId>()
  const { agents, queue } = distinct(snapshot)
  const free = agents.filter((one) => refused(one, anything, taken) === null)
  const made: Array<Decision> = []
  for (const chat of queue) {
    if (made.length === limit || taken.size === free.length) break
    const asked = { department: chat.department, skills: skillsAsked(chat, policy.skillWaitMillis, now) }
    if (!free.some((one) => refused(one, asked, taken) === null)) continue
    const decision = decide(chat, { agents, queue, isOpen: true }, policy, now, seed, taken)
    if (decision.chosen !== null) taken.add(decision.chosen.agentId)
    if (decision.chosen !== null || decision.clearsExclusions) made.push(decision)
  }
  return made
}

const anything: Asked = { department: null, skills: [] }

const decide = (
  chat: Queued,
  snapshot: Snapshot,
  policy: RoutingPolicy,
  now: Instant,
  seed: number,
  taken: ReadonlySet<AgentId>
): Decision => {
  const { agents, isOpen } = snapshot
  const grouped = new Grouped()
  const nobody = { chatId: chat.chatId, at: now, mode: policy.routing, ringsAt: [], chosen: null } as const
  if (!isOpen) {
    for (const { agent } of agents) grouped.add("closed", agent.id)
    return { ...nobody, clearsExclusions: false, others: grouped.all }
  }
  const asked = { department: chat.department, skills: skillsAsked(chat, policy.skillWaitMillis, now) }
  if (policy.routing !== "assigned") {
    const ringsAt: Array<AgentId> = []
    for (const candidate of agents) {
      const why = silence(candidate, asked)
      if (why === null) ringsAt.push(candidate.agent.id)
      else grouped.add(why, candidate.agent.id)
    }
    return { ...nobody, ringsAt, clearsExclusions: false, others: grouped.all }
  }
  const eligible: Array<Ranking.Ranked> = []
  for (const candidate of agents) {
    const why = refused(candidate, asked, taken)
    if (why === null) eligible.push(candidate)
    else grouped.add(why, candidate.agent.id)
  }
  const { allowed, clears } = notExcluded(chat, eligible, policy, now, grouped)
  const chosen = Ranking.choose(allowed, now, seed, chat.chatId, (why, agentId) => grouped.add(why, agentId))
  return { ...nobody, chosen, clearsExclusions: clears, others: grouped.all }
}

/** Why an agent is not eligible for any offer of such a chat (B1, B5, C4, C6); `null`: they are. An allow-list. */
const refused = (candidate: Ranking.Ranked, asked: Asked, taken: ReadonlySet<AgentId>) => {
  const { agent, holdsOffer, limit, status, used } = candidate
  if (!agent.isEnabled) return "disabled"
  if (!AgentStatus.mayHold(status, "routing")) return "status"
  if (!servesDepartment(agent, asked.department)) return "department"
  if (!hasSkillKeys(agent, asked.skills)) return "skills"
  if (holdsOffer || (taken.size > 0 && taken.has(agent.id))) return "holdsOffer"
  return isAtLimit(used, limit) ? "limit" : null
}

/**
 * Who missed or declined is not asked again; when that is everybody eligible, exclusions clear, but nobody is asked within
 * `reassignAfter` of their own miss or decline (C4).
 */
const notExcluded = (
  { exclusions }: Queued,
  eligible: ReadonlyArray<Ranking.Ranked>,
  policy: RoutingPolicy,
  now: Instant,
  grouped: Grouped
): { readonly allowed: ReadonlyArray<Ranking.Ranked>; readonly clears: boolean } => {
  if (exclusions.length === 0) return { allowed: eligible, clears: false }
  const byAgent = new Map(exclusions.map((one) => [one.agentId, one]))
  const clears = eligible.length > 0 && eligible.every(({ agent }) => byAgent.get(agent.id)?.isExcluded === true)
  const allowed = eligible.filter(({ agent }) => {
    const exclusion = byAgent.get(agent.id)
    if (exclusion === undefined) return true
    if (exclusion.isExcluded && !clears) {
      grouped.add("excluded", agent.id)
      return false
    }
    const from = offerableAt(exclusion, policy.offers.reassignAfterMillis)
    if (from === null || from <= now) return true
    grouped.add("tooSoon", agent.id)
    return false
  })
  return { allowed, clears }
}

/**
 * When time alone may change a decision: a skill wait ends (C6), an exclusion's pause ends (C4). `null`: never. Slots
 * that free themselves (B5) are the caller's to add, who knows the chats.
 */
export const nextChange = (queue: ReadonlyArray<Queued>, policy: RoutingPolicy, now: Instant): Instant | null => {
  let next: number | null = null
  const consider = (at: number | null) => {
    if (at !== null && at > now && (next === null || at < next)) next = at
  }
  for (const { exclusions, queuedAt, skills } of queue) {
    if (skills.length > 0) consider(queuedAt + policy.skillWaitMillis)
    for (const exclusion of exclusions) consider(offerableAt(exclusion, policy.offers.reassignAfterMillis))
  }
  return next as Instant | null
}
