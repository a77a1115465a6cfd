import type { AgentId, ChatId } from "../account/Id.ts"
import { fromMillis, type Instant, plusMillis } from "../account/Instant.ts"
import type { Agent } from "../agent/Agent.ts"
import type { AgentStatus } from "../agent/AgentStatus.ts"
import * as ChatLimit from "../agent/ChatLimit.ts"
import * as Desk from "../agent/Desk.ts"
import type { Exclusion } from "../chat/Offer.ts"
import type { PastChat, PastTurn } from "./PastChat.ts"
import { type Ranked, shuffled } from "./Ranking.ts"
import type { Queued } from "./Route.ts"

/** A chat in a replay. */
export interface Visit {
  readonly past: PastChat
  /** Which of its turns it is in. */
  turnAt: number
  /** Moves with every stay and every serving: what was due in an earlier one is void. */
  step: number
  number: number
  queuedAt: Instant
  /** Since when it stands in the queue this time. */
  since: Instant
  exclusions: ReadonlyArray<Exclusion>
  offer: { readonly to: ReplayAgent; readonly until: Instant } | null
  /** How much of the turn's handling was done before this serving. */
  handled: number
  serving: { readonly by: ReplayAgent; readonly since: Instant } | null
  lastServedBy: AgentId | null
  isAnswered: boolean
}

/** A chat that is still to come. */
export const visitOf = (past: PastChat): Visit => ({
  past,
  turnAt: 0,
  step: 0,
  number: 0,
  queuedAt: past.requestedAt,
  since: past.requestedAt,
  exclusions: [],
  offer: null,
  handled: 0,
  serving: null,
  lastServedBy: null,
  isAnswered: false
})

/** Nothing is asked of a visit without a turn; there is none. */
const noTurn: PastTurn = {
  begins: "request",
  afterMillis: 0,
  department: null,
  skills: [],
  patienceMillis: 0,
  handlingMillis: 0,
  spells: []
}

export const turnOf = ({ past, turnAt }: Visit): PastTurn => past.turns[turnAt] ?? noTurn

/** A visit as routing sees it. */
export const queuedOf = (visit: Visit): Queued => {
  const { department, skills } = turnOf(visit)
  return { chatId: visit.past.chatId, department, skills, queuedAt: visit.queuedAt, exclusions: visit.exclusions }
}

/** The chat an agent reaches for, and when they would have it. */
export interface Reach {
  readonly visit: Visit
  readonly at: Instant
}

/** An agent in a replay: their desk is `Desk`'s, their slots are `ChatLimit`'s. */
export class ReplayAgent {
  agent: Agent
  readonly limit: ChatLimit.ChatLimit
  desk: Desk.Desk
  /** Since when they could answer: they came online, took a chat, or got a slot back. */
  freeSince: Instant = fromMillis(Number.MIN_SAFE_INTEGER)
  reach: Reach | null = null
  readonly served = new Map<Visit, ChatLimit.ServedChat>()
  private readonly reactions: ReadonlyArray<number>

  constructor(agent: Agent, accountLimit: ChatLimit.ChatLimit, reactions: ReadonlyArray<number>) {
    this.agent = agent
    this.limit = ChatLimit.limitOf(agent.chatLimit, accountLimit)
    this.desk = Desk.initial(agent.id)
    this.reactions = reactions
  }

  get id(): AgentId {
    return this.agent.id
  }

  happen(event: Desk.DeskEvent, at: Instant): void {
    this.desk = Desk.evolve(this.desk, event, at)
  }

  /** B7: the status they have changes nothing. */
  become(status: AgentStatus, reason: Desk.StatusReason, at: Instant): void {
    for (const event of Desk.setStatus(this.desk, status, reason)) this.happen(event, at)
    if (status === "online") this.freeSince = at
  }

  /** A slot came free: they may answer again if it was the last one. */
  slotFreed(now: Instant): void {
    if (ChatLimit.isAtLimit(this.used(now) + 1, this.limit)) this.freeSince = now
  }

  /** As routing sees them. */
  candidate(now: Instant): Ranked {
    const { lastMissAt, lastReleasedAt, offer, status } = this.desk
    return {
      agent: this.agent,
      status,
      used: this.used(now),
      limit: this.limit,
      holdsOffer: offer !== null,
      lastMissAt,
      freeSince: lastReleasedAt,
      isChatting: this.served.size > 0
    }
  }

  /** How long they take to answer this chat: one of their own times, drawn by lot. */
  reaction(chatId: ChatId, seed: number): number {
    const drawn = shuffled(seed, `${this.id}/reaction/${chatId}`) % Math.max(1, this.reactions.length)
    return this.reactions[drawn] ?? 0
  }

  private used(now: Instant): number {
    return ChatLimit.slotsInUse(this.served.values(), now) + (this.desk.offer === null ? 0 : 1)
  }
}

/**
 * What a visit's slot depends on from now on, and when its next spell begins (`null`: none does). A spell counts as one
 * long message: within it no silence is long enough to free the slot (B5).
 */
export const talkingOf = (
  visit: Visit,
  since: Instant,
  now: Instant
): { readonly chat: ChatLimit.ServedChat; readonly nextAt: Instant | null } => {
  const place = visit.handled + (now - since)
  const { spells } = turnOf(visit)
  const current = spells.findLast(({ from }) => from <= place)
  const next = spells.find(({ from }) => from > place)
  const isTalking = current !== undefined && current.until >= place
  return {
    chat: { joinedAt: since, lastPublicAt: isTalking ? plusMillis(now, current.until - place) : null },
    nextAt: next === undefined ? null : plusMillis(now, next.from - place)
  }
}
