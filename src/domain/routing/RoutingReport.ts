/**
 * How well routing worked over a period, in numbers that compare: the same counting for what happened and for what would
 * have happened. All times are milliseconds.
 *
 * @module
 */
import { Schema } from "effect"
import { AgentId } from "../account/Id.ts"
import type { Instant } from "../account/Instant.ts"

const count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const millis = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))

/**
 * The waits, one for each stay in the queue, also those that ended without an answer: to leave them out would flatter
 * whoever lets visitors go. Percentiles by nearest rank: always a wait that somebody had. No wait: all 0.
 */
export const Waits = Schema.Struct({ median: millis, p90: millis, longest: millis, mean: millis })
export type Waits = typeof Waits.Type

/** What one agent did. */
export const Load = Schema.Struct({
  agentId: AgentId,
  /** How often they took a chat. */
  chats: count,
  /** How long they served at least one. */
  busyMillis: millis
})
export type Load = typeof Load.Type

/** How evenly the work fell on those who took part. One who was there and did nothing counts. */
export const Fairness = Schema.Struct({
  /** Jain's index of the chats: 1 is even, 1/n is all on one of n. */
  chats: millis,
  /** Jain's index of the busy times. */
  busy: millis,
  /** The most chats of one agent less the fewest. */
  spread: count
})
export type Fairness = typeof Fairness.Type

export const RoutingReport = Schema.Struct({
  /** `asked` is `served` and `missed`; missed: over without ever being served (D4). */
  chats: Schema.Struct({ asked: count, served: count, missed: count }),
  waits: Waits,
  /** Routing's own, in assigned mode (C1); no transfers. */
  offers: Schema.Struct({ made: count, missed: count, declined: count }),
  /** Who was online at some time of the period, or served; by id. */
  agents: Schema.Array(Load),
  fairness: Fairness,
  /** The most chats that stood in the queue at once, those held out to somebody among them. */
  longestQueue: count
})
export type RoutingReport = typeof RoutingReport.Type

/**
 * Jain's index of fairness, (Σx)² / (n·Σx²). Source: Jain, Chiu, Hawe, "A Quantitative Measure of Fairness", DEC TR-301,
 * 1984. Nothing to share is shared evenly: 1.
 */
export const jain = (shares: ReadonlyArray<number>): number => {
  const sum = shares.reduce((all, share) => all + share, 0)
  const squares = shares.reduce((all, share) => all + share * share, 0)
  return squares === 0 ? 1 : (sum * sum) / (shares.length * squares)
}

/** The waits' numbers. */
export const waitsOf = (waits: ReadonlyArray<number>): Waits => {
  const sorted = [...waits].sort((a, b) => a - b)
  const ranked = (percent: number) => sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? 0
  const mean = sorted.length === 0 ? 0 : sorted.reduce((all, wait) => all + wait, 0) / sorted.length
  return { median: ranked(50), p90: ranked(90), longest: sorted.at(-1) ?? 0, mean }
}

export const fairnessOf = (loads: ReadonlyArray<Load>): Fairness => {
  const chats = loads.map((load) => load.chats)
  const spread =
    chats.length === 0 ? 0 : chats.reduce((a, b) => Math.max(a, b)) - chats.reduce((a, b) => Math.min(a, b))
  return { chats: jain(chats), busy: jain(loads.map(({ busyMillis }) => busyMillis)), spread }
}

interface Work {
  chats: number
  busyMillis: number
  serving: number
  busySince: number
}

/** Counts as things happen. Times that go backwards (two hosts, two clocks) count as no time. */
export class Tally {
  asked = 0
  served = 0
  readonly offers = { made: 0, missed: 0, declined: 0 }
  private readonly waits: Array<number> = []
  private readonly works = new Map<AgentId, Work>()
  private inQueue = 0
  private longestQueue = 0

  private workOf(agentId: AgentId): Work {
    const known = this.works.get(agentId)
    if (known !== undefined) return known
    const work = { chats: 0, busyMillis: 0, serving: 0, busySince: 0 }
    this.works.set(agentId, work)
    return work
  }

  /** They were there. */
  present(agentId: AgentId): void {
    this.workOf(agentId)
  }

  /** A stay in the queue begins. */
  queued(): void {
    this.inQueue++
  }

  /** A stay in the queue ends: the queue was longest just before. */
  waited(since: Instant, until: Instant): void {
    this.longestQueue = Math.max(this.longestQueue, this.inQueue--)
    this.waits.push(Math.max(0, until - since))
  }

  /** It was no stay after all: an offline message (B8). */
  dismissed(): void {
    this.asked--
    this.inQueue--
  }

  took(agentId: AgentId, at: Instant): void {
    const work = this.workOf(agentId)
    work.chats++
    if (work.serving++ === 0) work.busySince = at
  }

  released(agentId: AgentId, at: Instant): void {
    const work = this.workOf(agentId)
    if (--work.serving === 0) work.busyMillis += Math.max(0, at - work.busySince)
  }

  get report(): RoutingReport {
    const agents = [...this.works]
      .map(([agentId, { busyMillis, chats }]): Load => ({ agentId, chats, busyMillis }))
      .sort((a, b) => (a.agentId < b.agentId ? -1 : 1))
    return {
      chats: { asked: this.asked, served: this.served, missed: this.asked - this.served },
      waits: waitsOf(this.waits),
      offers: { ...this.offers },
      agents,
      fairness: fairnessOf(agents),
      longestQueue: this.longestQueue
    }
  }
}
