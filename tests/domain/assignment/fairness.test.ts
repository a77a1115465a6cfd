import { Result } from "effect"
import fc from "fast-check"
import { Dealing, type DistributionPool, Id, PoolEvent, type User } from "leadline"
import { describe, expect, it } from "vitest"

type Step =
  | { readonly does: "deal" }
  | { readonly does: "join" | "leave" | "activate" | "deactivate"; readonly who: Id.UserId }

/** What is seen from outside after a step: who may be dealt to now, and who was. */
interface Seen {
  readonly step: Step
  readonly actives: ReadonlySet<Id.UserId>
  readonly dealtTo: Id.UserId | null
}

const everybody = ["a", "b", "c", "d", "e"].map((name) => Id.UserId.make(name))
const poolId = Id.PoolId.make("p1")

const userOf = (userId: Id.UserId, isActive: boolean): User.User => ({
  id: userId,
  name: userId,
  email: `${userId}@example.com`,
  isActive,
  reportsTo: null,
  isAccountOwner: false,
  isCrmAdministrator: false,
  teams: [],
  groups: [],
  visibility: "all"
})

const steps: fc.Arbitrary<ReadonlyArray<Step>> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Step>({ does: "deal" }) },
    {
      weight: 2,
      arbitrary: fc.record({
        does: fc.constantFrom("join", "leave", "activate", "deactivate"),
        who: fc.constantFrom(...everybody)
      })
    }
  ),
  { maxLength: 80 }
)

const play = (script: ReadonlyArray<Step>): ReadonlyArray<Seen> => {
  const directory = new Map(everybody.map((userId) => [userId, userOf(userId, true)]))
  let pool: DistributionPool.DistributionPool = {
    id: poolId,
    name: "Sales",
    recordKind: "lead",
    members: everybody.slice(0, 4),
    isDeleted: false,
    eventCount: 1
  }
  const apply = (events: ReadonlyArray<PoolEvent.PoolEvent>) => {
    for (const event of events) pool = PoolEvent.evolve(pool, event)
  }
  return script.map((step) => {
    let dealtTo: Id.UserId | null = null
    if (step.does === "deal") {
      const turn = Result.getOrThrow(Dealing.deal(pool, "lead", directory))
      dealtTo = turn.owner
      apply(turn.events)
    } else if (step.does === "join") apply(Result.getOrThrow(Dealing.join(pool, step.who)))
    else if (step.does === "leave") apply(Dealing.leave(pool, step.who))
    else directory.set(step.who, userOf(step.who, step.does === "activate"))
    const actives = new Set(pool.members.filter((member) => directory.get(member)?.isActive))
    return { step, actives, dealtTo }
  })
}

const pairs = everybody.flatMap((a) => everybody.filter((b) => a < b).map((b) => [a, b] as const))

describe("a pool is fair whatever happens in between (F3)", () => {
  it("deals two members numbers that differ by at most 1 over any interval in which both stay active members", () => {
    fc.assert(
      fc.property(steps, (script) => {
        const seen = play(script)
        for (const [a, b] of pairs) {
          let [lead, least, most] = [0, 0, 0]
          for (const { actives, dealtTo } of seen) {
            if (!actives.has(a) || !actives.has(b)) {
              lead = least = most = 0
              continue
            }
            if (dealtTo === a) lead++
            if (dealtTo === b) lead--
            least = Math.min(least, lead)
            most = Math.max(most, lead)
            // The difference over an interval is `lead` at its end less `lead` at its start.
            expect(most - least).toBeLessThanOrEqual(1)
          }
        }
      }),
      { numRuns: 500 }
    )
  })

  it("deals each of n constant active members exactly k of k·n records, wherever it starts and whoever is inactive", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 4 }), (script, k) => {
        const n = play(script).at(-1)?.actives.size ?? 4
        const dealing = Array.from({ length: k * n }, (): Step => ({ does: "deal" }))
        const dealt = play([...script, ...dealing]).slice(script.length)
        const shares = new Map<Id.UserId | null, number>()
        for (const { dealtTo } of dealt) shares.set(dealtTo, (shares.get(dealtTo) ?? 0) + 1)
        expect(shares.size).toBe(n)
        expect([...shares.values()].every((share) => share === k)).toBe(true)
      })
    )
  })

  it("lets nobody catch up: who joins waits until each active member has had one turn, and no more", () => {
    fc.assert(
      fc.property(steps, (script) => {
        const seen = play(script)
        for (const [at, { step, actives }] of seen.entries()) {
          const before = seen[at - 1]?.actives ?? new Set(everybody.slice(0, 4))
          if (step.does !== "join" || before.has(step.who) || !actives.has(step.who)) continue
          const until = seen.findIndex(({ dealtTo }, index) => index > at && dealtTo === step.who)
          if (until < 0) continue
          const waiting = seen.slice(at, until + 1)
          const constant = [...actives].filter(
            (member) => member !== step.who && waiting.every((moment) => moment.actives.has(member))
          )
          if (!waiting.every((moment) => moment.actives.has(step.who))) continue
          for (const member of constant) {
            expect(waiting.filter(({ dealtTo }) => dealtTo === member)).toHaveLength(1)
          }
        }
      }),
      { numRuns: 500 }
    )
  })

  it("lets nobody catch up: nobody is dealt two records in a row past a member who was active all along", () => {
    fc.assert(
      fc.property(steps, (script) => {
        const seen = play(script)
        let last = -1
        for (const [at, { dealtTo }] of seen.entries()) {
          if (dealtTo === null) continue
          if (last >= 0 && seen[last]?.dealtTo === dealtTo) {
            const between = seen.slice(last, at + 1)
            const others = everybody.filter(
              (other) => other !== dealtTo && between.every(({ actives }) => actives.has(other))
            )
            expect(others).toEqual([])
          }
          last = at
        }
      }),
      { numRuns: 500 }
    )
  })

  it("gives no skipped turn back: a reactivated member whose turn was skipped waits for a whole round", () => {
    const [a, b, c] = everybody
    if (a === undefined || b === undefined || c === undefined) throw new Error("no users")
    const deal: Step = { does: "deal" }
    const seen = play([
      { does: "deactivate", who: a },
      deal, // skips a, deals to b
      { does: "activate", who: a },
      ...Array.from({ length: 5 }, () => deal)
    ])
    expect(seen.flatMap(({ dealtTo }) => dealtTo ?? [])).toEqual(["b", "c", "d", "a", "b", "c"])
  })

  it("deals to an active member whenever there is one, and to nobody else", () => {
    fc.assert(
      fc.property(steps, (script) => {
        for (const { step, actives, dealtTo } of play(script)) {
          if (step.does !== "deal") continue
          if (actives.size === 0) expect(dealtTo).toBeNull()
          else expect([...actives]).toContain(dealtTo)
        }
      })
    )
  })
})
