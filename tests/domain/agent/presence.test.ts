import fc from "fast-check"
import { type Agent, AgentStatus, Desk, Id, Instant, Presence } from "leadline"
import { describe, expect, it } from "vitest"

const agentId = Id.AgentId.make("ann")
const at = Instant.fromMillis
const GRACE = 30_000
const AFTER = 60_000

const device = (id: string) => Id.DeviceId.make(id)
const leaseOf = (id: string, until: number): Presence.Lease => ({
  deviceId: device(id),
  surface: "chat",
  until: at(until)
})
const held = (...leases: ReadonlyArray<Presence.Lease>): Presence.Presence => ({
  ...Presence.initial(agentId, at(0)),
  leases
})
const desk = (changes: Partial<Desk.Desk> = {}): Desk.Desk => ({
  ...Desk.initial(agentId),
  status: "online",
  statusSince: at(1_000),
  ...changes
})
const chatting = [Id.ChatId.make("c1")]

const agent = (idle?: Agent.Idle): Agent.Agent => ({
  id: agentId,
  displayName: "Ann",
  email: "ann@example.com",
  userId: null,
  isEnabled: true,
  isChatAdministrator: false,
  departments: [],
  chatLimit: null,
  ...(idle === undefined ? {} : { idle })
})
const idling = (ignoreIfChatting = false): Agent.Agent =>
  agent({ afterMillis: AFTER, becomes: "away", ignoreIfChatting })

describe("presence", () => {
  it("lasts until the latest lease and its grace are over, and not a millisecond longer (B4)", () => {
    const two = held(leaseOf("a", 5_000), leaseOf("b", 2_000))
    expect(Presence.goneAt(two, GRACE)).toBe(5_000 + GRACE)
    expect(Presence.isGone(two, GRACE, at(5_000 + GRACE - 1))).toBe(false)
    expect(Presence.isGone(two, GRACE, at(5_000 + GRACE))).toBe(true)
  })

  it("is as the status says for who never held a lease (B4)", () => {
    const none = Presence.initial(agentId, at(0))
    expect(Presence.goneAt(none, GRACE)).toBe(null)
    expect([Presence.isGone(none, GRACE, at(9e12)), Presence.isGone(null, GRACE, at(9e12))]).toEqual([false, false])
  })

  it("does not change when one of two consoles ends, nor which one it is (B4)", () => {
    const two = held(leaseOf("a", 5_000), leaseOf("b", 5_000))
    for (const id of ["a", "b"]) {
      const one = Presence.end(two, device(id), at(1_000))
      expect(one.leases.map(({ deviceId }) => deviceId)).toEqual([id === "a" ? "b" : "a"])
      expect(Presence.goneAt(one, GRACE)).toBe(Presence.goneAt(two, GRACE))
    }
  })

  it("lasts its grace from signing out the last console, not from where that lease would have ended (B2, B4)", () => {
    const out = Presence.end(held(leaseOf("a", 5_000)), device("a"), at(1_000))
    expect([out.leases, out.endedAt, Presence.goneAt(out, GRACE)]).toEqual([[], 1_000, 1_000 + GRACE])
    const late = Presence.end(held(leaseOf("a", 5_000)), device("a"), at(7_000))
    expect(late.endedAt).toBe(5_000)
  })

  it("is not touched by a console that is not there (B2)", () => {
    const one = held(leaseOf("a", 5_000))
    expect(Presence.end(one, device("b"), at(1_000))).toEqual(one)
  })

  it("keeps one lease for each console: its last (B4)", () => {
    const renewed = Presence.lease(held(leaseOf("a", 5_000), leaseOf("b", 6_000)), leaseOf("a", 9_000), at(1_000))
    expect(renewed.leases).toEqual([leaseOf("a", 9_000), leaseOf("b", 6_000)])
    expect(renewed.endedAt).toBe(null)
  })

  it("forgets leases that have ended, but not when they did (B4)", () => {
    const opened = Presence.lease(held(leaseOf("a", 5_000), leaseOf("b", 4_000)), leaseOf("c", 5_500), at(5_000))
    expect([opened.leases, opened.endedAt]).toEqual([[leaseOf("c", 5_500)], 5_000])
  })

  it("forgets them also when another console signs out (B4)", () => {
    const out = Presence.end(
      held(leaseOf("a", 5_000), leaseOf("b", 4_000), leaseOf("c", 9_000)),
      device("b"),
      at(5_000)
    )
    expect([out.leases, out.endedAt]).toEqual([[leaseOf("c", 9_000)], 5_000])
  })

  it("holds at most 20 consoles: whose lease ends first falls out, and presence is no shorter for it (B4)", () => {
    const twenty = Array.from({ length: 20 }, (_, index) => leaseOf(`d${index}`, 6_000 + index))
    const more = Presence.lease(held(...twenty), leaseOf("new", 7_000), at(1_000))
    expect(more.leases.length).toBe(20)
    expect(more.leases.map(({ deviceId }) => deviceId)).not.toContain("d0")
    expect([more.endedAt, Presence.goneAt(more, GRACE)]).toEqual([6_000, 7_000 + GRACE])
  })

  it("keeps the console just opened where all leases end at once (B4)", () => {
    const twenty = Array.from({ length: 20 }, (_, index) => leaseOf(`d${index}`, 6_000))
    const more = Presence.lease(held(...twenty), leaseOf("new", 6_000), at(1_000))
    expect(more.leases.map(({ deviceId }) => deviceId)).toContain("new")
  })

  it("is the latest end of all leases, in any interleaving of consoles that open, renew and sign out (B4)", () => {
    const step = fc.record({
      pause: fc.integer({ min: 0, max: 40_000 }),
      id: fc.constantFrom("a", "b", "c"),
      lease: fc.constantFrom(30_000, 45_000),
      signsOut: fc.boolean()
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), fc.nat(90_000), (steps, later) => {
        let presence = Presence.initial(agentId, at(0))
        const ends = new Map<string, number>()
        let [now, endedAt] = [0, Number.NEGATIVE_INFINITY]
        for (const { id, lease, pause, signsOut } of steps) {
          now += pause
          const end = ends.get(id)
          if (!signsOut) {
            presence = Presence.lease(presence, leaseOf(id, now + lease), at(now))
            if (end !== undefined && end <= now) endedAt = Math.max(endedAt, end)
            ends.set(id, now + lease)
          } else {
            presence = Presence.end(presence, device(id), at(now))
            if (end !== undefined) endedAt = Math.max(endedAt, Math.min(end, now))
            ends.delete(id)
          }
        }
        const last = Math.max(endedAt, ...ends.values())
        const gone = last === Number.NEGATIVE_INFINITY ? null : last + GRACE
        expect(Presence.goneAt(presence, GRACE)).toBe(gone)
        const moment = at(now + later)
        expect(Presence.isGone(presence, GRACE, moment)).toBe(gone !== null && gone <= moment)
        const expected = gone !== null && gone <= moment ? "offline" : "away"
        expect(Presence.effective(desk({ status: "away" }), presence, GRACE, moment)).toBe(expected)
      }),
      { numRuns: 500 }
    )
  })
})

describe("the status that counts", () => {
  it("is offline for who is gone, whatever the desk still says, and for who was never here (B4)", () => {
    const gone = held(leaseOf("a", 5_000))
    for (const status of AgentStatus.AgentStatus.literals) {
      expect(Presence.effective(desk({ status }), gone, GRACE, at(5_000 + GRACE))).toBe("offline")
      expect(Presence.effective(desk({ status }), gone, GRACE, at(5_000 + GRACE - 1))).toBe(status)
      expect(Presence.effective(desk({ status }), null, GRACE, at(9e12))).toBe(status)
    }
    expect(Presence.effective(null, null, GRACE, at(0))).toBe("offline")
  })
})

describe("a sign of the person", () => {
  it("moves their clock forward, never back (B3)", () => {
    const seen = Presence.active(held(), at(500))
    expect([seen.activeAt, Presence.active(seen, at(400)).activeAt]).toEqual([500, 500])
    expect(Presence.active(seen, at(600))).toEqual({ ...seen, activeAt: 600 })
  })
})

describe("idleness", () => {
  it.each([
    ["away", null],
    ["invisible", null],
    ["offline", null],
    ["busy", null],
    ["online", 1_000 + AFTER]
  ])("comes from `%s` at %s: only from `online` (B3)", (status, expected) => {
    expect(Presence.idleAt(idling(), desk({ status: status as AgentStatus.AgentStatus }), held())).toBe(expected)
  })

  it("never comes to who has no idle limit (B3)", () => {
    expect(Presence.idleAt(agent(), desk(), held())).toBe(null)
  })

  it("comes one limit after the last of: a status chosen, a sign of them (B3)", () => {
    const seen = (millis: number) => Presence.active(held(), at(millis))
    expect(Presence.idleAt(idling(), desk(), seen(5_000))).toBe(5_000 + AFTER)
    expect(Presence.idleAt(idling(), desk({ statusSince: at(7_000) }), seen(5_000))).toBe(7_000 + AFTER)
    expect(Presence.idleAt(idling(), desk({ statusSince: at(7_000) }), null)).toBe(7_000 + AFTER)
  })

  it("comes while they chat, unless that counts as being there (B3)", () => {
    expect(Presence.idleAt(idling(false), desk({ serving: chatting }), held())).toBe(1_000 + AFTER)
    expect(Presence.idleAt(idling(true), desk({ serving: chatting }), held())).toBe(null)
  })

  it("counts from the end of their last chat only where chatting counts (B3)", () => {
    const released = desk({ lastReleasedAt: at(8_000) })
    expect(Presence.idleAt(idling(true), released, held())).toBe(8_000 + AFTER)
    expect(Presence.idleAt(idling(true), desk(), held())).toBe(1_000 + AFTER)
    expect(Presence.idleAt(idling(false), released, held())).toBe(1_000 + AFTER)
  })
})

describe("the next look at an agent", () => {
  const now = at(4_000)
  const look = (who: Agent.Agent, changes: Partial<Desk.Desk>, presence: Presence.Presence) =>
    Presence.nextCheck(who, desk(changes), presence, GRACE, now)

  it("is when they may be gone or idle, whatever comes first (B3, B4)", () => {
    const [soon, late] = [held(leaseOf("a", 5_000)), held(leaseOf("a", 90_000))]
    expect(look(idling(), {}, soon)).toBe(5_000 + GRACE)
    expect(look(idling(), {}, late)).toBe(1_000 + AFTER)
    expect(look(agent(), {}, late)).toBe(90_000 + GRACE)
    expect(look(idling(), {}, held())).toBe(1_000 + AFTER)
    expect(look(agent(), {}, held())).toBe(null)
  })

  it("is never for who is offline: they can neither go nor idle (B3, B4)", () => {
    expect(look(idling(true), { status: "offline", serving: chatting }, held(leaseOf("a", 5_000)))).toBe(null)
  })

  it("is one limit from now while chatting keeps them from being idle (B3)", () => {
    expect(look(idling(true), { serving: chatting }, held())).toBe(now + AFTER)
    expect(look(idling(false), { serving: chatting }, held())).toBe(1_000 + AFTER)
    expect(look(idling(true), { serving: chatting, status: "away" }, held())).toBe(null)
    expect(look(agent(), { serving: chatting }, held())).toBe(null)
  })

  it("is never later than what becomes due, also when their chats end meanwhile (B3, B4)", () => {
    const moment = fc.integer({ min: 0, max: 200_000 }).map(at)
    const drawn = fc.record({
      status: fc.constantFrom(...AgentStatus.AgentStatus.literals),
      statusSince: moment,
      isChatting: fc.boolean(),
      ignores: fc.boolean(),
      hasIdle: fc.boolean(),
      leases: fc.array(moment, { maxLength: 2 }),
      activeAt: moment,
      now: moment,
      releasedAfter: fc.nat(100_000)
    })
    fc.assert(
      fc.property(drawn, (drawn) => {
        const { activeAt, hasIdle, ignores, isChatting, leases, now, releasedAfter, status, statusSince } = drawn
        const who = hasIdle ? idling(ignores) : agent()
        const presence = { ...held(...leases.map((until, index) => leaseOf(`d${index}`, until))), activeAt }
        const before = desk({ status, statusSince, serving: isChatting ? chatting : [] })
        const after = isChatting ? { ...before, serving: [], lastReleasedAt: at(now + releasedAfter) } : before
        const gone = status === "offline" ? null : Presence.goneAt(presence, GRACE)
        const idles = [Presence.idleAt(who, before, presence), Presence.idleAt(who, after, presence)]
        const next = Presence.nextCheck(who, before, presence, GRACE, now) ?? Number.POSITIVE_INFINITY
        for (const due of [gone, ...idles]) if (due !== null) expect(next).toBeLessThanOrEqual(due)
      }),
      { numRuns: 500 }
    )
  })
})
