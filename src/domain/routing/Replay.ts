import type { AgentId, ChatId } from "../account/Id.ts"
import { fromMillis, type Instant, plusMillis } from "../account/Instant.ts"
import { hasSkills } from "../agent/Agent.ts"
import * as AgentStatus from "../agent/AgentStatus.ts"
import * as ChatLimit from "../agent/ChatLimit.ts"
import { cleared, exclude } from "../chat/Offer.ts"
import { Agenda, type Due } from "./Agenda.ts"
import type { Change, PastLog } from "./PastLog.ts"
import { MISS_WINDOW_MILLIS, shuffled } from "./Ranking.ts"
import { queuedOf, type Reach, type ReplayAgent, talkingOf, turnOf, type Visit, visitOf } from "./ReplayAgent.ts"
import { silence, skillsAsked } from "./Ringing.ts"
import * as Route from "./Route.ts"
import type { Decision } from "./RoutingDecision.ts"
import type { RoutingPolicy } from "./RoutingPolicy.ts"
import { Tally } from "./RoutingReport.ts"

/** An agent served a chat, in [from, until). */
export interface Served {
  readonly chatId: ChatId
  readonly agentId: AgentId
  readonly from: Instant
  readonly until: Instant
}

/** What a replay goes by. */
export interface Setting {
  readonly past: PastLog
  readonly policy: RoutingPolicy
  readonly agents: ReadonlyMap<AgentId, ReplayAgent>
  readonly seed: number
  /** The handling of a turn that nobody served. */
  readonly usualHandling: number
}

type What =
  | { readonly _tag: "Change"; readonly change: Change }
  | { readonly _tag: "Turn"; readonly visit: Visit }
  | { readonly _tag: "Done" | "Talk" | "Quiet" | "Leave"; readonly visit: Visit; readonly step: number }
  | { readonly _tag: "Accept" | "Miss"; readonly visit: Visit; readonly offer: NonNullable<Visit["offer"]> }
  | { readonly _tag: "Answer"; readonly agent: ReplayAgent; readonly reach: Reach }
  | { readonly _tag: "Return"; readonly agent: ReplayAgent; readonly since: Instant }
  | { readonly _tag: "Wake" }

interface Item extends Due {
  readonly what: What
}

/** At one instant: what ends, the house, who asks, who answers, who gives up. An answer at the last moment counts. */
const ranks: Readonly<Record<What["_tag"], number>> = {
  ...{ Done: 0, Talk: 1, Quiet: 2, Change: 3, Return: 4, Turn: 5 },
  ...{ Accept: 6, Answer: 6, Miss: 7, Leave: 8, Wake: 9 }
}

/** The simulation itself: see `ReplayRouting` for its model. */
export class Replay {
  readonly tally = new Tally()
  readonly servings: Array<Served> = []
  private readonly setting: Setting
  private readonly agenda = new Agenda<Item>()
  /** Who waits, lowest number first (C2). */
  private readonly queue: Array<Visit> = []
  /** Who is held out to somebody. */
  private readonly offered = new Set<Visit>()
  private isOpen = true
  private lastNumber = 0
  private wakeAt: Instant | null = null
  private now: Instant = fromMillis(0)

  constructor(setting: Setting) {
    this.setting = setting
    const { agents, past } = setting
    for (const agentId of past.present) if (agents.has(agentId)) this.tally.present(agentId)
    for (const change of past.changes) this.due(change.at, { _tag: "Change", change })
    for (const chat of past.chats) this.due(chat.requestedAt, { _tag: "Turn", visit: visitOf(chat) })
  }

  /** All that happens at one instant, then routing: it runs after every event that can free capacity (C7). */
  run(): void {
    for (let item = this.agenda.pop(); item !== null; item = this.agenda.pop()) {
      this.now = fromMillis(item.at)
      this.happen(item.what)
      if (this.agenda.nextAt !== item.at) this.route()
    }
  }

  private due(at: number, what: What, lot = 0): void {
    this.agenda.push({ at, rank: ranks[what._tag], lot, what })
  }

  /** What was due in an earlier step of a chat, or of an offer that has ended, is void. */
  private happen(what: What): void {
    switch (what._tag) {
      case "Change":
        this.change(what.change)
        break
      case "Turn":
        this.begin(what.visit)
        break
      case "Accept":
        if (what.offer === what.visit.offer) this.answer(what.visit, what.offer.to)
        break
      case "Miss":
        if (what.offer === what.visit.offer) this.miss(what.visit, what.offer.to)
        break
      case "Answer":
        this.answerByHand(what.agent, what.reach)
        break
      case "Return":
        if (what.since === what.agent.desk.statusSince) what.agent.become("online", "chosen", this.now)
        break
      case "Wake":
        break
      default:
        if (what.step === what.visit.step) this.goOn(what._tag, what.visit)
    }
  }

  private goOn(what: "Done" | "Talk" | "Quiet" | "Leave", visit: Visit): void {
    if (what === "Done") this.done(visit)
    else if (what === "Talk") this.talk(visit)
    else if (what === "Quiet") visit.serving?.by.slotFreed(this.now)
    else this.endStay(visit)
  }

  // --- the house

  private change(change: Change): void {
    if (change._tag === "Hours") {
      this.isOpen = change.isOpen
      if (!this.isOpen) for (const visit of [...this.queue, ...this.offered]) this.endStay(visit)
      return
    }
    const agent = this.setting.agents.get(change.agentId)
    if (agent === undefined) return
    if (change._tag === "Enabled") agent.agent = { ...agent.agent, isEnabled: change.isEnabled }
    this.setStatus(agent, change._tag === "Status" ? change.status : change.isEnabled ? agent.desk.status : "offline")
  }

  /** With what follows: an offer they may not answer is withdrawn (C4), who is gone serves nobody (B4). */
  private setStatus(agent: ReplayAgent, status: AgentStatus.AgentStatus): void {
    agent.become(status, "chosen", this.now)
    const { offer } = agent.desk
    if (offer !== null && !AgentStatus.mayHold(status, offer.kind)) {
      for (const visit of this.offered) if (visit.offer?.to === agent) this.takeBack(visit, agent, "withdrawn")
    }
    if (status !== "offline") return
    for (const visit of [...agent.served.keys()]) {
      visit.handled += this.release(visit)
      if (this.isOpen) this.stay(visit)
    }
  }

  // --- the queue

  private begin(visit: Visit): void {
    const turn = turnOf(visit)
    if (visit.turnAt === 0) this.tally.asked++
    if (!this.isOpen) return
    visit.number = ++this.lastNumber
    visit.queuedAt = this.now
    visit.handled = 0
    this.stay(visit)
    // whoever gave it away is not offered it (C11)
    const by = visit.lastServedBy
    if (turn.begins === "transfer" && by !== null) {
      visit.exclusions = exclude(visit.exclusions, by, "transferred", this.now)
    }
  }

  private stay(visit: Visit): void {
    visit.since = this.now
    visit.step++
    this.tally.queued()
    this.putBack(visit)
    this.due(this.now + turnOf(visit).patienceMillis, { _tag: "Leave", visit, step: visit.step })
  }

  /** In its number's place (C2). */
  private putBack(visit: Visit): void {
    const at = this.queue.findLastIndex(({ number }) => number < visit.number)
    this.queue.splice(at + 1, 0, visit)
  }

  private takeOut(visit: Visit): void {
    const at = this.queue.indexOf(visit)
    if (at >= 0) this.queue.splice(at, 1)
    this.offered.delete(visit)
  }

  /** It waits no more, and comes no more: the visitor left, or the account closed. */
  private endStay(visit: Visit): void {
    if (visit.offer !== null) this.takeBack(visit, visit.offer.to, "withdrawn")
    this.takeOut(visit)
    visit.step++
    this.tally.waited(visit.since, this.now)
  }

  // --- serving

  private answer(visit: Visit, by: ReplayAgent): void {
    const { now } = this
    this.takeOut(visit)
    this.tally.waited(visit.since, now)
    this.tally.took(by.id, now)
    if (!visit.isAnswered) this.tally.served++
    by.happen({ _tag: "ChatTaken", agentId: by.id, chatId: visit.past.chatId }, now)
    by.freeSince = now
    Object.assign(visit, { isAnswered: true, offer: null, serving: { by, since: now }, lastServedBy: by.id })
    visit.step++
    const handling = turnOf(visit).handlingMillis ?? this.setting.usualHandling
    this.due(now + Math.max(0, handling - visit.handled), { _tag: "Done", visit, step: visit.step })
    this.talk(visit)
  }

  private talk(visit: Visit): void {
    const { serving, step } = visit
    if (serving === null) return
    const { chat, nextAt } = talkingOf(visit, serving.since, this.now)
    serving.by.served.set(visit, chat)
    if (nextAt !== null) this.due(nextAt, { _tag: "Talk", visit, step })
    if (serving.by.limit !== null) this.due(ChatLimit.slotEndsAt(chat), { _tag: "Quiet", visit, step })
  }

  private done(visit: Visit): void {
    this.release(visit)
    visit.turnAt++
    const next = visit.past.turns[visit.turnAt]
    if (next !== undefined) this.due(this.now + next.afterMillis, { _tag: "Turn", visit })
  }

  /** How long it was served. */
  private release(visit: Visit): number {
    const { serving } = visit
    if (serving === null) return 0
    const { now } = this
    const { by, since } = serving
    by.served.delete(visit)
    by.happen({ _tag: "ChatReleased", agentId: by.id, chatId: visit.past.chatId }, now)
    by.slotFreed(now)
    this.tally.released(by.id, now)
    this.servings.push({ chatId: visit.past.chatId, agentId: by.id, from: since, until: now })
    visit.serving = null
    visit.step++
    return now - since
  }

  // --- routing

  private route(): void {
    if (!this.isOpen || this.queue.length === 0) return
    const { agents, policy, seed } = this.setting
    if (policy.routing !== "assigned") {
      for (const agent of agents.values()) this.reachOut(agent)
    } else {
      let hasMore = true
      while (hasMore) {
        const snapshot = {
          agents: [...agents.values()].map((agent) => agent.candidate(this.now)),
          queue: this.queue.map(queuedOf),
          isOpen: true
        }
        const made = Route.offers(snapshot, policy, this.now, seed, Number.POSITIVE_INFINITY)
        for (const decision of made) this.offer(decision)
        hasMore = policy.offers.autoAccept && made.some(({ chosen }) => chosen !== null)
      }
    }
    const next = Route.nextChange(this.queue.map(queuedOf), policy, this.now)
    if (next !== null && next !== this.wakeAt) this.due(next, { _tag: "Wake" })
    this.wakeAt = next
  }

  private offer({ chatId, chosen, clearsExclusions }: Decision): void {
    const { agents, policy, seed } = this.setting
    const visit = this.queue.find(({ past }) => past.chatId === chatId)
    if (visit === undefined) return
    if (clearsExclusions) visit.exclusions = cleared(visit.exclusions)
    const to = chosen === null ? undefined : agents.get(chosen.agentId)
    if (to === undefined) return
    this.takeOut(visit)
    this.tally.offers.made++
    const { autoAccept, reassignAfterMillis } = policy.offers
    if (autoAccept) {
      this.answer(visit, to)
      return
    }
    const offer = { to, until: plusMillis(this.now, reassignAfterMillis) }
    visit.offer = offer
    this.offered.add(visit)
    to.happen({ _tag: "OfferHeld", agentId: to.id, chatId, until: offer.until, kind: "routing" }, this.now)
    const reaction = to.reaction(chatId, seed)
    if (reaction < reassignAfterMillis) this.due(this.now + reaction, { _tag: "Accept", visit, offer })
    else this.due(offer.until, { _tag: "Miss", visit, offer })
  }

  private takeBack(visit: Visit, from: ReplayAgent, how: "missed" | "withdrawn"): void {
    from.happen({ _tag: "OfferEnded", agentId: from.id, chatId: visit.past.chatId, how }, this.now)
    visit.offer = null
    this.offered.delete(visit)
    this.putBack(visit)
  }

  /** Who misses N in a row becomes idle (C5). */
  private miss(visit: Visit, by: ReplayAgent): void {
    this.takeBack(visit, by, "missed")
    visit.exclusions = exclude(visit.exclusions, by.id, "missed", this.now)
    this.tally.offers.missed++
    const { autoIdleAfterMisses } = this.setting.policy.offers
    const { missesInARow, status } = by.desk
    if (autoIdleAfterMisses === null || status !== "online" || missesInARow < autoIdleAfterMisses) return
    by.become(by.agent.idle?.becomes ?? "away", "missedOffers", this.now)
    this.due(this.now + MISS_WINDOW_MILLIS, { _tag: "Return", agent: by, since: this.now })
  }

  // --- hands

  /** What the agent reaches for now: the oldest chat that rings at them (C8), in `hybrid` at the limit the oldest at all. */
  private reachOf(agent: ReplayAgent): Reach | null {
    const { policy, seed } = this.setting
    const candidate = agent.candidate(this.now)
    for (const visit of this.queue) {
      const { department, skills } = turnOf(visit)
      const asked = {
        department,
        skills: skillsAsked({ skills, queuedAt: visit.queuedAt }, policy.skillWaitMillis, this.now)
      }
      const why = silence(candidate, asked)
      if (why === "disabled" || why === "status") return null
      if (why !== null && !(why === "limit" && policy.routing === "hybrid")) continue
      const rang = hasSkills(agent.agent, skills) ? visit.since : visit.queuedAt + policy.skillWaitMillis
      const from = Math.max(visit.since, rang) + (why === null ? 0 : policy.offers.reassignAfterMillis)
      const at = Math.max(from, agent.freeSince) + agent.reaction(visit.past.chatId, seed)
      return { visit, at: fromMillis(Math.max(this.now, at)) }
    }
    return null
  }

  private reachOut(agent: ReplayAgent): void {
    const reach = this.reachOf(agent)
    if (reach?.visit === agent.reach?.visit && reach?.at === agent.reach?.at) return
    agent.reach = reach
    if (reach === null) return
    const lot = shuffled(this.setting.seed, `${reach.visit.past.chatId}/${agent.id}`)
    this.due(reach.at, { _tag: "Answer", agent, reach }, lot)
  }

  /** Somebody else may have been faster, or they may not any more: then they look anew. */
  private answerByHand(agent: ReplayAgent, reach: Reach): void {
    if (agent.reach !== reach) return
    agent.reach = null
    const now = this.isOpen ? this.reachOf(agent) : null
    if (now?.visit === reach.visit && now.at <= this.now) this.answer(reach.visit, agent)
  }
}
