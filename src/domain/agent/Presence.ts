import { Schema } from "effect"
import { Surface } from "../account/Actor.ts"
import { AgentId, DeviceId } from "../account/Id.ts"
import * as Instant from "../account/Instant.ts"
import type { Agent } from "./Agent.ts"
import type { AgentStatus } from "./AgentStatus.ts"
import type { Desk } from "./Desk.ts"

/** Most consoles that one agent has open; the one whose lease ends first falls out. decision: nobody has more. */
const MAX_CONSOLES = 20

/** A device lease: one open console, alive until then unless it says so again (B4). */
export const Lease = Schema.Struct({ deviceId: DeviceId, surface: Surface, until: Instant.Instant })
export type Lease = typeof Lease.Type

/**
 * Whether an agent is there at all: the maximum over their device leases, plus a grace period (B4). A record of its own,
 * so that heartbeats disturb no desk. An agent who never held a lease (a host without consoles) is there as long as
 * their status says so.
 */
export const Presence = Schema.Struct({
  agentId: AgentId,
  leases: Schema.Array(Lease),
  /** The latest end among leases that are gone from the list; `null`: none was. */
  endedAt: Schema.NullOr(Instant.Instant),
  /** The last sign of the person: input at a console, or a status chosen by hand (B3). */
  activeAt: Instant.Instant
})
export type Presence = typeof Presence.Type

/** No such lease: it has ended, the console signs in again (B4). */
export const LeaseEnded = Schema.TaggedStruct("LeaseEnded", { deviceId: DeviceId })
export type LeaseEnded = typeof LeaseEnded.Type

export const initial = (agentId: AgentId, now: Instant.Instant): Presence => ({
  agentId,
  leases: [],
  endedAt: null,
  activeAt: now
})

/**
 * Opens a lease, or renews it. Of consoles whose leases end at once, the one just opened stays; those within their grace
 * stay, too, and may still be renewed.
 */
export const lease = (presence: Presence, opened: Lease, now: Instant.Instant, graceMillis = 0): Presence => {
  const isKept = ({ deviceId, until }: Lease) => deviceId !== opened.deviceId && until + graceMillis > now
  const others = presence.leases.filter(isKept)
  const kept = [opened, ...others].sort((a, b) => b.until - a.until).slice(0, MAX_CONSOLES)
  return { ...presence, leases: kept, endedAt: latest(presence, kept) }
}

/** Signing out ends that console's lease only (B2). */
export const end = (presence: Presence, deviceId: DeviceId, now: Instant.Instant, graceMillis = 0): Presence => {
  const leases = presence.leases.map((one) =>
    one.deviceId === deviceId ? { ...one, until: Instant.fromMillis(Math.min(one.until, now)) } : one
  )
  const kept = leases.filter((one) => one.deviceId !== deviceId && one.until + graceMillis > now)
  return { ...presence, leases: kept, endedAt: latest({ ...presence, leases }, kept) }
}

/** The latest end of what is not kept: presence never shrinks by forgetting an ended lease. */
const latest = (presence: Presence, kept: ReadonlyArray<Lease>): Instant.Instant | null => {
  const ends = presence.leases.filter((one) => !kept.some(({ deviceId }) => deviceId === one.deviceId))
  return ends.reduce<Instant.Instant | null>(
    (end, { until }) => (end === null || until > end ? until : end),
    presence.endedAt
  )
}

/** A sign of the person (B3). */
export const active = (presence: Presence, now: Instant.Instant): Presence => ({
  ...presence,
  activeAt: Instant.max(presence.activeAt, now)
})

/** When the last lease and its grace are over; `null`: they hold none (B4). */
export const goneAt = ({ endedAt, leases }: Presence, graceMillis: number): Instant.Instant | null => {
  const ends = leases.map(({ until }) => until)
  if (endedAt !== null) ends.push(endedAt)
  return ends.length === 0 ? null : Instant.plusMillis(ends.reduce(Instant.max), graceMillis)
}

/** The last lease has expired (B4). */
export const isGone = (presence: Presence | null, graceMillis: number, now: Instant.Instant): boolean => {
  const at = presence === null ? null : goneAt(presence, graceMillis)
  return at !== null && at <= now
}

/** The status that counts: who is gone is offline, also before a timer has said so (B4). */
export const effective = (
  desk: Desk | null,
  presence: Presence | null,
  graceMillis: number,
  now: Instant.Instant
): AgentStatus => (desk === null || isGone(presence, graceMillis, now) ? "offline" : desk.status)

/**
 * When an online agent becomes idle if nothing happens (B3); `null`: never, or not while they chat. Never from another
 * status. A status chosen, a chat that ends under `ignoreIfChatting`, any sign of them starts the clock again.
 */
export const idleAt = (agent: Agent, desk: Desk, presence: Presence | null): Instant.Instant | null => {
  const { idle } = agent
  if (idle === undefined || desk.status !== "online") return null
  if (idle.ignoreIfChatting && desk.serving.length > 0) return null
  const signs = [desk.statusSince, presence?.activeAt ?? desk.statusSince]
  if (idle.ignoreIfChatting && desk.lastReleasedAt !== null) signs.push(desk.lastReleasedAt)
  return Instant.plusMillis(signs.reduce(Instant.max), idle.afterMillis)
}

/**
 * When to look at this agent again: early at most, never late. What could make them idle sooner than that writes the
 * presence; while they chat under `ignoreIfChatting` the clock cannot run out before one whole limit from now.
 */
export const nextCheck = (
  agent: Agent,
  desk: Desk,
  presence: Presence,
  graceMillis: number,
  now: Instant.Instant
): Instant.Instant | null => {
  const gone = desk.status === "offline" ? null : goneAt(presence, graceMillis)
  const isChatting = agent.idle?.ignoreIfChatting === true && desk.serving.length > 0
  const idle =
    isChatting && agent.idle !== undefined && desk.status === "online"
      ? Instant.plusMillis(now, agent.idle.afterMillis)
      : idleAt(agent, desk, presence)
  if (gone === null || idle === null) return gone ?? idle
  return Instant.fromMillis(Math.min(gone, idle))
}
