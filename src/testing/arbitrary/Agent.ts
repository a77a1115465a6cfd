/**
 * Who serves chats: agents, their desks and consoles, hours and limits. Desks and presences are made as they are in life,
 * by what happens at them, so that their fields agree.
 *
 * @module
 */
import fc from "fast-check"
import * as Id from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import * as Agent from "../../domain/agent/Agent.ts"
import * as AgentStatus from "../../domain/agent/AgentStatus.ts"
import * as ChatLimit from "../../domain/agent/ChatLimit.ts"
import * as Desk from "../../domain/agent/Desk.ts"
import * as HoursEvent from "../../domain/agent/HoursEvent.ts"
import * as OperatingHours from "../../domain/agent/OperatingHours.ts"
import * as Presence from "../../domain/agent/Presence.ts"
import * as TimeZone from "../../domain/agent/TimeZone.ts"
import * as Account from "./Account.ts"
import { deriving, type Known, structDeriving } from "./Derived.ts"
import * as Identity from "./Identity.ts"

/** Zones that find faults: half hours, no summer time, the southern summer, one that skipped a day (B8). */
export const timeZone: fc.Arbitrary<TimeZone.TimeZone> = fc.constantFrom(
  ...["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo"]
)

const DAY_MILLIS = 86_400_000

/** A day of 2000 to 2099; the 29th of February, too. */
export const localDate: fc.Arbitrary<OperatingHours.LocalDate> = fc
  .integer({ min: Date.UTC(2000) / DAY_MILLIS, max: Date.UTC(2100) / DAY_MILLIS - 1 })
  .map((day) => Instant.format(Instant.fromMillis(day * DAY_MILLIS)).slice(0, 10))

/** Labels in several cases and scripts; the first differ in case only (C6). */
export const skill: fc.Arbitrary<Agent.Skill> = fc.constantFrom(
  "billing",
  "Billing",
  "BILLING ",
  "größe",
  "GRÖSSE",
  "日本語"
)

/** What stands for the schemas of this feature wherever they occur in others. */
export const known: Known = [
  ...Account.known,
  [TimeZone.TimeZone, timeZone],
  [OperatingHours.LocalDate, localDate],
  [Agent.Skill, skill]
]
const of = deriving(known)
const struct = structDeriving(known)

export const agentStatus = of(AgentStatus.AgentStatus)
export const offerKind = of(AgentStatus.OfferKind)
export const idle = of(Agent.Idle)
export const chatLimit = of(ChatLimit.ChatLimit)
export const agentChanged = of(Agent.AgentChanged)
export const statusReason = of(Desk.StatusReason)
export const heldOffer = of(Desk.HeldOffer)
export const deskEvent = of(Desk.DeskEvent)
export const hoursEvent = of(HoursEvent.HoursEvent)
export const weeklyInterval = of(OperatingHours.WeeklyInterval)
export const operatingHours = of(OperatingHours.OperatingHours)
export const lease = of(Presence.Lease)
export const leaseEnded = of(Presence.LeaseEnded)

/** An agent: enabled more often than not, with or without a CRM licence, skills, an idle limit. */
export const agent: fc.Arbitrary<Agent.Agent> = struct(Agent.Agent, {
  displayName: Identity.name,
  email: Identity.email,
  isEnabled: fc.oneof(
    { withCrossShrink: true },
    { weight: 4, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) }
  ),
  departments: fc.uniqueArray(Account.departmentId, { maxLength: 3 })
})

/** More slots in use than a limit allows, or just as many (B6). */
export const atLimit: fc.Arbitrary<ChatLimit.AtLimit> = fc
  .tuple(fc.integer({ min: 0, max: Agent.MAX_CHAT_LIMIT }), fc.nat({ max: 2 }))
  .map(([limit, over]) => ({ _tag: "AtLimit", used: limit + over, limit }))

/** Something that is tried at a desk; it happens where it fits. */
const attempt = fc.record({
  what: fc.constantFrom("status", "status", "take", "take", "release", "offer", "end"),
  status: agentStatus,
  reason: statusReason,
  chatId: Account.chatId,
  kind: offerKind,
  how: fc.constantFrom("missed" as const, "declined" as const, "withdrawn" as const),
  pause: fc.nat({ max: 600_000 })
})
type Attempt = typeof attempt extends fc.Arbitrary<infer A> ? A : never

/** What an attempt makes happen; `null`: it does not fit (B7, C4). */
const happening = (desk: Desk.Desk, drawn: Attempt, now: Instant.Instant): Desk.DeskEvent | null => {
  const { agentId, offer, serving } = desk
  const { chatId, how, kind } = drawn
  switch (drawn.what) {
    case "take":
      return serving.includes(chatId) ? null : { _tag: "ChatTaken", agentId, chatId }
    case "release":
      return serving[0] === undefined ? null : { _tag: "ChatReleased", agentId, chatId: serving[0] }
    case "offer":
      if (offer !== null || serving.includes(chatId)) return null
      return { _tag: "OfferHeld", agentId, chatId, until: Instant.plusMillis(now, 30_000), kind }
    case "end":
      return offer === null ? null : { _tag: "OfferEnded", agentId, chatId: offer.chatId, how }
    default:
      return Desk.setStatus(desk, drawn.status, drawn.reason)[0] ?? null
  }
}

/** A desk as events made it: at most one offer (C4), no chat twice. Shrinks to that of somebody who was never here. */
export const desk: fc.Arbitrary<Desk.Desk> = fc
  .tuple(Account.agentId, Account.instant, fc.array(attempt, { maxLength: 12 }))
  .map(([agentId, start, attempts]) => {
    let [desk, now] = [Desk.initial(agentId), start]
    for (const drawn of attempts) {
      now = Instant.plusMillis(now, drawn.pause)
      const event = happening(desk, drawn, now)
      if (event !== null) desk = Desk.evolve(desk, event, now)
    }
    return desk
  })

const sign = fc.record({
  what: fc.constantFrom("lease", "lease", "end", "active"),
  deviceId: Account.deviceId,
  surface: Account.surface,
  pause: fc.nat({ max: 60_000 })
})

/** Consoles as they were opened, renewed and closed (B4). Shrinks to an agent without any. */
export const presence: fc.Arbitrary<Presence.Presence> = fc
  .tuple(Account.agentId, Account.instant, fc.array(sign, { maxLength: 8 }))
  .map(([agentId, start, signs]) => {
    let [presence, now] = [Presence.initial(agentId, start), start]
    for (const { deviceId, pause, surface, what } of signs) {
      now = Instant.plusMillis(now, pause)
      const until = Instant.plusMillis(now, 30_000)
      if (what === "lease") presence = Presence.lease(presence, { deviceId, surface, until }, now)
      else if (what === "end") presence = Presence.end(presence, deviceId, now)
      else presence = Presence.active(presence, now)
    }
    return presence
  })

/** Agents of one house: no two with one id, or with one user. Shrinks to few. */
export const agents = (
  options: { readonly minLength?: number; readonly maxLength?: number } = {}
): fc.Arbitrary<ReadonlyArray<Agent.Agent>> =>
  fc.array(agent, { minLength: options.minLength ?? 0, maxLength: options.maxLength ?? 6 }).map((drawn) =>
    drawn.map((one, at) => ({
      ...one,
      id: Id.AgentId.make(`agent-${at + 1}`),
      userId: one.userId === null ? null : Id.UserId.make(`user-${at + 1}`)
    }))
  )
