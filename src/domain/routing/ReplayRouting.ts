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
import type { AgentId, ChatId } from "../account/Id.ts"
import { fromMillis, type Instant, plusMillis } from "../account/Instant.ts"
import { type Agent, hasSkills } from "../agent/Agent.ts"
import * as AgentStatus from "../agent/AgentStatus.ts"
import * as ChatLimit from "../agent/ChatLimit.ts"
import { cleared, exclude } from "../chat/Offer.ts"
import { Agenda, type Due } from "./Agenda.ts"
import * as PastLog from "./PastLog.ts"
import { MISS_WINDOW_MILLIS, shuffled } from "./Ranking.ts"
import { queuedOf, type Reach, ReplayAgent, talkingOf, turnOf, type Visit } from "./ReplayAgent.ts"
import { silence, skillsAsked } from "./Ringing.ts"
import * as Route from "./Route.ts"
import type { RoutingPolicy } from "./RoutingPolicy.ts"
import { type RoutingReport, Tally } from "./RoutingReport.ts"

/** How fast an agent answers of whom nothing is known. decision: five seconds to look and click. */
export const ASSUMED_REACTION_MILLIS = secondsToMilliseconds(5)

/** How long a chat takes where nobody ever served one. decision: five minutes, a usual chat. */
export const ASSUMED_HANDLING_MILLIS = minutesToMilliseconds(5)

/** The policy to try: routing's, and the account's chat limit (B5). */
export interface ReplayPolicy extends RoutingPolicy {
  readonly chatLimit: ChatLimit.ChatLimit
}

/** What the log does not say. */
export interface House {
  /** With departments, skills and limits as they are to be tried. */
  readonly agents: ReadonlyArray<Agent>
  readonly seed: number
  /** Default `median`: agents always take the median of their times; `drawn`: one of their times, by lot. */
  readonly reactions?: "median" | "drawn"
}

/** An agent served a chat, in [from, until). */
export interface Served {
  readonly chatId: ChatId
  readonly agentId: AgentId
  readonly from: Instant
  readonly until: Instant
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
  const replay = new Replay(past, policy, house)
  replay.run()
  return { past: past.report, replayed: replay.tally.report, servings: replay.servings }
}

type Item = Due &
  (
    | { readonly _tag: "Change"; readonly change: PastLog.Change }
    | { readonly _tag: "Turn"; readonly visit: Visit }
    | { readonly _tag: "Done" | "Talk" | "Quiet" | "Leave"; readonly visit: Visit; readonly step: number }
    | { readonly _tag: "Accept" | "Miss"; readonly visit: Visit; readonly offer: Visit["offer"] }
    | { readonly _tag: "Answer"; readonly agent: ReplayAgent; readonly reach: Reach }
    | { readonly _tag: "Return"; readonly agent: ReplayAgent; readonly since: Instant }
    | { readonly _tag: "Wake" }
  )

/** At one instant: what ends, then the house, then who asks, then who answers, then who gives up (C8: an answer in time counts). */
const ranks: Readonly<Record<Item["_tag"], number>> = {
  ...{ Done: 0, Talk: 1, Quiet: 2, Change: 3, Return: 4, Turn: 5 },
  ...{ Accept: 6, Answer: 6, Miss: 7, Leave: 8, Wake: 9 }
}

class Replay {
  readonly tally = new Tally()
  readonly servings: Array<Served> = []
  private readonly agents = new Map<AgentId, ReplayAgent>()
  /** Who waits, lowest number first (C2). */
  private readonly queue: Array<Visit> = []
  private readonly agenda = new Agenda<Item>()
  private readonly policy: ReplayPolicy
  private readonly seed: number
  private readonly medianHandling: number
  private isOpen = true
  private lastNumber = 0
  private wakeAt: Instant | null = null
  private now: Instant = fromMillis(0)

  constructor(past: PastLog.PastLog, policy: ReplayPolicy, { agents, reactions = "median", seed }: House) {
    this.policy = policy
    this.seed = seed
    const everybodys = [...past.reactions.values()].flat().sort((a, b) => a - b)
    const isKnown = new Set(past.changes.flatMap((change) => (change._tag === "Enabled" ? [change.agentId] : [])))
    for (const agent of agents) {
      const own = past.reactions.get(agent.id) ?? everybodys
      const times = own.length === 0 ? [ASSUMED_REACTION_MILLIS] : reactions === "drawn" ? own : [medianOf(own)]
      const then = isKnown.has(agent.id) ? { ...agent, isEnabled: true } : agent
      this.agents.set(agent.id, new ReplayAgent(then, policy.chatLimit, times))
      if (past.present.has(agent.id)) this.tally.present(agent.id)
    }
    const handled = past.chats.flatMap(({ turns }) => turns.flatMap(({ handlingMillis }) => handlingMillis ?? []))
    this.medianHandling = handled.length === 0 ? ASSUMED_HANDLING_MILLIS : medianOf(handled.sort((a, b) => a - b))
    for (const change of past.changes) this.due({ _tag: "Change", change }, change.at)
    for (const chat of past.chats) this.due({ _tag: "Turn", visit: visitOf(chat) }, chat.requestedAt)
  }

  /** All that happens at one instant, then routing: it runs after every event that can free capacity (C7). */
  run(): void {
    for (let item = this.agenda.pop(); item !== null; item = this.agenda.pop()) {
      this.now = fromMillis(item.at)
      this.happen(item)
      if (this.agenda.nextAt !== item.at) this.route()
    }
  }

  private due(item: DistributiveOmit<Item, keyof Due>, at: number, lot = 0): void {
    this.agenda.push({ ...item, at, rank: ranks[item._tag], lot })
  }

  private happen(item: Item): void {
    switch (item._tag) {
      case "Change":
        return this.change(item.change)
      case "Turn":
        return this.begin(item.visit)
      case "Accept":
        return item.offer === item.visit.offer && item.offer !== null ? this.answer(item.visit, item.offer.to) : undefined
      case "Miss":
        return item.offer === item.visit.offer ? this.miss(item.visit) : undefined
      case "Answer":
        return this.answerByHand(item.agent, item.reach)
      case "Return":
        return item.since === item.agent.desk.statusSince ? item.agent.become("online", "chosen", this.now) : undefined
      case "Wake":
        return
      default:
        return item.step === item.visit.step ? this.goOn(item._tag, item.visit) : undefined
    }
  }

  private goOn(what: "Done" | "Talk" | "Quiet" | "Leave", visit: Visit): void {
    switch (what) {
      case "Done":
        return this.done(visit)
      case "Talk":
        return this.talk(visit)
      case "Leave":
        return this.leave(visit)
      case "Quiet": {
        const { limit } = visit.serving?.by ?? { limit: null }
        if (visit.serving !== null && limit !== null) visit.serving.by.freeSince = this.now
      }
    }
  }
}

type DistributiveOmit<A, Keys extends PropertyKey> = A extends unknown ? Omit<A, Keys> : never

const medianOf = (sorted: ReadonlyArray<number>): number => sorted[Math.ceil(sorted.length / 2) - 1] ?? 0
