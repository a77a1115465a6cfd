/**
 * What if: a past desk log under another routing policy. A simulation by discrete events; whom a chat is offered to, and
 * where it rings, is decided by the very functions that route live chats (`Route`, `Ringing`, `ChatLimit`, `Desk`).
 *
 * What the model takes for granted, and why:
 *
 * | what | as | because |
 * |---|---|---|
 * | requests, departments, skills | in the log | no policy changes who asks |
 * | statuses, hours | in the log; a status taken for misses (C5) is the policy's: the old one's is left out, the new one's lasts 15 minutes (C3's window) | people plan their day, not by policy; when they would come back nobody knows |
 * | patience | who was never served leaves after as long as they stayed; who was, waits as long as they did or D5 closes an idle chat | nobody knows how long who was served would have waited |
 * | handling | as long as in the log, whoever serves; never served: the median, else {@link ASSUMED_HANDLING_MILLIS} | we know the chat's length, not who would have been quicker |
 * | quiet spells | in the log, from the answer on | they free slots (B5) |
 * | coming back (D3), transfers to a department (C11) | a turn of its own, as long after the turn before as in the log | they belong to the conversation |
 * | transfers to an agent, invitations, joining | not replayed: who answers has the chat to the turn's end | people chose there, not routing; so the past's loads count them, the replay's do not |
 * | reactions | an agent's own, measured: from the later of the chat's queueing (or the offer) and their becoming free; else the account's, else {@link ASSUMED_REACTION_MILLIS}. A missed offer took its whole deadline. Under broadcast only winners were seen, so slow agents look faster | no other trace of speed is in a log |
 * | declining | nobody does | no log says what they would have declined |
 * | an offer | is answered after the reaction, or missed if that is not before the deadline (C5) | |
 * | ringing | who is the fastest answers the oldest chat that rings at them (C8); equally fast: by lot; only `online` hands answer | away and invisible hands are rare, and nothing calls them |
 * | `hybrid` above the limit | by hand, once a chat has stood for `reassignAfter` | it is the account's own measure of too long (C5) |
 * | going offline | chats wait again with their old number and what is left of their handling (B4); the visitor is as patient again | |
 * | closing time | ends what waits (B8) | |
 * | the house | empty when the period begins; agents who are not given take no part | |
 *
 * So a replay of the policy that was in force comes close to the past, it does not repeat it. Total and deterministic:
 * the same log, policy, agents and seed give the same answer. Costs events × log(events), and for each instant at which
 * chats wait what routing costs: queue × agents.
 *
 * @module
 */
import { minutesToMilliseconds, secondsToMilliseconds } from "date-fns"
import type { AgentId } from "../account/Id.ts"
import type { Agent } from "../agent/Agent.ts"
import type { ChatLimit } from "../agent/ChatLimit.ts"
import * as PastLog from "./PastLog.ts"
import { Replay, type Served } from "./Replay.ts"
import { ReplayAgent } from "./ReplayAgent.ts"
import type { RoutingPolicy } from "./RoutingPolicy.ts"
import type { RoutingReport } from "./RoutingReport.ts"

/** How fast an agent answers of whom nothing is known. decision: five seconds to look and click. */
export const ASSUMED_REACTION_MILLIS = secondsToMilliseconds(5)

/** How long a chat takes where nobody ever served one. decision: five minutes, a usual chat. */
export const ASSUMED_HANDLING_MILLIS = minutesToMilliseconds(5)

/** The policy to try: routing's, and the account's chat limit (B5). */
export interface ReplayPolicy extends RoutingPolicy {
  readonly chatLimit: ChatLimit
}

/** What the log does not say. */
export interface House {
  /** With departments, skills and limits as they are to be tried. */
  readonly agents: ReadonlyArray<Agent>
  readonly seed: number
  /** Default `median`: agents always take the median of their times; `drawn`: one of their times, by lot. */
  readonly reactions?: "median" | "drawn"
}

export interface Comparison {
  /** What happened. */
  readonly past: RoutingReport
  /** What would have happened. */
  readonly replayed: RoutingReport
  /** Who would have served what, in order of its end. */
  readonly servings: ReadonlyArray<Served>
}

/** Runs a past desk log, in order, under another policy (C1–C7). */
export const replayRouting = (
  log: Iterable<PastLog.AnyEvent>,
  policy: ReplayPolicy,
  house: House & { readonly period?: PastLog.Period }
): Comparison => replayPast(PastLog.read(log, house.period), policy, house)

/** As {@link replayRouting}, of a log that was read: to try several policies. */
export const replayPast = (past: PastLog.PastLog, policy: ReplayPolicy, house: House): Comparison => {
  const handled = past.chats.flatMap(({ turns }) => turns.flatMap(({ handlingMillis }) => handlingMillis ?? []))
  const replay = new Replay({
    past,
    policy,
    agents: agentsOf(past, policy, house),
    seed: house.seed,
    usualHandling: handled.length === 0 ? ASSUMED_HANDLING_MILLIS : medianOf(handled)
  })
  replay.run()
  return { past: past.report, replayed: replay.tally.report, servings: replay.servings }
}

/** The agents as they were before the log: who is deactivated now was not then, if the log says when that changed. */
const agentsOf = (
  past: PastLog.PastLog,
  { chatLimit }: ReplayPolicy,
  { agents, reactions = "median" }: House
): ReadonlyMap<AgentId, ReplayAgent> => {
  const changed = new Set(past.changes.flatMap((change) => (change._tag === "Enabled" ? [change.agentId] : [])))
  const everybodys = [...past.reactions.values()].flat()
  return new Map(
    agents.map((agent) => {
      const own = past.reactions.get(agent.id) ?? everybodys
      const times = own.length === 0 ? [ASSUMED_REACTION_MILLIS] : reactions === "drawn" ? own : [medianOf(own)]
      const then = changed.has(agent.id) ? { ...agent, isEnabled: true } : agent
      return [agent.id, new ReplayAgent(then, chatLimit, times)]
    })
  )
}

/** By nearest rank: a time that was had. */
const medianOf = (times: ReadonlyArray<number>): number =>
  [...times].sort((a, b) => a - b)[Math.ceil(times.length / 2) - 1] ?? 0
