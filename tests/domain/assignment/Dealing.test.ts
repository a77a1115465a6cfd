import { Result } from "effect"
import fc from "fast-check"
import { Dealing, type DistributionPool, Id, PoolEvent, type User } from "leadline"
import { describe, expect, it } from "vitest"

const id = (name: string): Id.UserId => Id.UserId.make(name)
const ids = (...names: ReadonlyArray<string>): ReadonlyArray<Id.UserId> => names.map(id)
const numbered = (count: number, from = 0): ReadonlyArray<Id.UserId> =>
  Array.from({ length: count }, (_, index) => id(`u${from + index}`))
const poolId = Id.PoolId.make("p1")

const poolOf = (
  members: ReadonlyArray<Id.UserId>,
  changes: Partial<DistributionPool.DistributionPool> = {}
): DistributionPool.DistributionPool => ({
  id: poolId,
  name: "Sales",
  recordKind: "lead",
  members,
  isDeleted: false,
  eventCount: 7,
  ...changes
})

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

const directoryOf = (active: ReadonlyArray<Id.UserId>, inactive: ReadonlyArray<Id.UserId> = []): User.Directory =>
  new Map([
    ...active.map((userId) => [userId, userOf(userId, true)] as const),
    ...inactive.map((userId) => [userId, userOf(userId, false)] as const)
  ])

const applied = (pool: DistributionPool.DistributionPool, events: ReadonlyArray<PoolEvent.PoolEvent>) =>
  events.reduce<DistributionPool.DistributionPool>((state, event) => PoolEvent.evolve(state, event), pool)

/** Members, each of them active, deactivated or not in the directory at all. */
const manned = fc
  .uniqueArray(fc.nat(30), { maxLength: 12 })
  .chain((numbers) =>
    fc.tuple(
      fc.constant(numbers.map((number) => id(`u${number}`))),
      fc.array(fc.constantFrom("active", "inactive", "unknown"), {
        minLength: numbers.length,
        maxLength: numbers.length
      })
    )
  )
  .map(([members, states]) => ({
    members,
    directory: directoryOf(
      members.filter((_, index) => states[index] === "active"),
      members.filter((_, index) => states[index] === "inactive")
    ),
    states
  }))

describe("dealing", () => {
  it("moves heads to the tail one by one until it has moved an active one, who gets the lead (F2)", () => {
    fc.assert(
      fc.property(manned, ({ members, directory }) => {
        const isActive = (userId: Id.UserId) => directory.get(userId)?.isActive === true
        fc.pre(members.some(isActive))
        const queue = [...members]
        const moved: Array<Id.UserId> = []
        for (;;) {
          const head = queue.shift()
          if (head === undefined) break
          queue.push(head)
          moved.push(head)
          if (isActive(head)) break
        }
        const turn = Dealing.turn(poolOf(members), directory)
        expect(turn.owner).toBe(moved.at(-1))
        expect(turn.passedOver.map((entry) => entry.userId)).toEqual(moved.slice(0, -1))
        expect(applied(poolOf(members), turn.events).members).toEqual(queue)
      })
    )
  })

  it("takes exactly one turn per record: one event, which names the owner and the skipped (F2)", () => {
    fc.assert(
      fc.property(manned, ({ members, directory }) => {
        const pool = poolOf(members)
        const turn = Dealing.turn(pool, directory)
        fc.pre(turn.owner !== null)
        const skipped = turn.passedOver.map((entry) => entry.userId)
        expect(turn.events).toEqual([{ _tag: "LeadDealt", poolId, to: turn.owner, skipped }])
        expect(applied(pool, turn.events).eventCount).toBe(pool.eventCount + 1)
      })
    )
  })

  it("changes nothing when nobody is active, and passes over everybody (F2)", () => {
    fc.assert(
      fc.property(manned, ({ members, directory }) => {
        const nobody: User.Directory = new Map(
          [...directory].map(([userId, user]) => [userId, { ...user, isActive: false }])
        )
        const turn = Dealing.turn(poolOf(members), nobody)
        expect(turn.events).toEqual([])
        expect(turn.owner).toBeNull()
        expect(turn.passedOver.map((entry) => entry.userId)).toEqual(members)
      })
    )
  })

  it("says of each one passed over whether they are inactive or unknown (F4)", () => {
    fc.assert(
      fc.property(manned, ({ members, directory, states }) => {
        for (const { userId, reason } of Dealing.turn(poolOf(members), directory).passedOver) {
          expect(reason).toBe(states[members.indexOf(userId)])
        }
      })
    )
  })

  it("looks up only the members it moves, however large the pool (F2)", () => {
    const asked: Array<Id.UserId> = []
    const members = numbered(200)
    const directory = new (class extends Map<Id.UserId, User.User> {
      override get(userId: Id.UserId) {
        asked.push(userId)
        return super.get(userId)
      }
    })(directoryOf(members.slice(2), members.slice(0, 2)))
    Dealing.turn(poolOf(members), directory)
    expect(asked).toEqual(members.slice(0, 3))
  })

  it("deals only records of the pool's own type (F2)", () => {
    for (const deals of ["lead", "contact", "deal"] as const) {
      for (const asked of ["lead", "contact", "deal"] as const) {
        const pool = poolOf(ids("a"), { recordKind: deals })
        const directory = directoryOf(ids("a"))
        expect(Dealing.deal(pool, asked, directory)).toEqual(
          deals === asked
            ? Result.succeed(Dealing.turn(pool, directory))
            : Result.fail({ _tag: "OtherRecordKind", poolId, deals, asked })
        )
      }
    }
  })

  it("takes a turn for a record that is dealt again (F2)", () => {
    const directory = directoryOf(ids("a", "b"))
    const first = Dealing.turn(poolOf(ids("a", "b")), directory)
    const again = Dealing.turn(applied(poolOf(ids("a", "b")), first.events), directory)
    expect([first.owner, again.owner]).toEqual(["a", "b"])
  })
})

describe("membership", () => {
  it("joins and rejoins at the tail (F2)", () => {
    const pool = poolOf(ids("a", "b", "c"))
    const joined = applied(pool, Result.getOrThrow(Dealing.join(pool, id("d"))))
    expect(joined.members).toEqual(["a", "b", "c", "d"])
    const left = applied(joined, Dealing.leave(joined, id("a")))
    expect(applied(left, Result.getOrThrow(Dealing.join(left, id("a")))).members).toEqual(["b", "c", "d", "a"])
  })

  it("stays quiet when a member joins or a stranger leaves", () => {
    const pool = poolOf(numbered(200))
    expect(Dealing.join(pool, id("u0"))).toEqual(Result.succeed([]))
    expect(Dealing.leave(pool, id("stranger"))).toEqual([])
  })

  it("keeps the others' order when one leaves (F2)", () => {
    fc.assert(
      fc.property(manned, fc.nat(30), ({ members }, number) => {
        const pool = poolOf(members)
        const leaver = id(`u${number}`)
        const left = applied(pool, Dealing.leave(pool, leaver))
        expect(left.members).toEqual(members.filter((member) => member !== leaver))
      })
    )
  })

  it("has room for 200 members and refuses the 201st (F2)", () => {
    const full = poolOf(numbered(199))
    const [joined] = Result.getOrThrow(Dealing.join(full, id("u199")))
    expect(joined).toEqual({ _tag: "MemberJoined", poolId, userId: "u199" })
    const tooMany = Result.fail({ _tag: "TooMany", field: "members", limit: 200, size: 201 })
    expect(Dealing.join(poolOf(numbered(200)), id("u200"))).toEqual(tooMany)
    expect(Dealing.setMembers(full, numbered(201))).toEqual(tooMany)
    expect(Dealing.create(poolId, "Sales", "lead", numbered(201))).toEqual(tooMany)
  })

  it("replaces 200 members by 200 others, and counts nobody twice (F2)", () => {
    const pool = poolOf(numbered(200))
    const wanted = numbered(200, 200)
    const events = Result.getOrThrow(Dealing.setMembers(pool, [...wanted, ...wanted]))
    expect(applied(pool, events).members).toEqual(wanted)
  })

  it("sets members as leaves and joins: who stays keeps their place, who comes goes to the tail (F2)", () => {
    const names = fc.uniqueArray(fc.nat(15).map((number) => id(`u${number}`)))
    fc.assert(
      fc.property(names, names, (members, wanted) => {
        const pool = poolOf(members)
        const events = Result.getOrThrow(Dealing.setMembers(pool, wanted))
        expect(applied(pool, events).members).toEqual([
          ...members.filter((member) => wanted.includes(member)),
          ...wanted.filter((member) => !members.includes(member))
        ])
        expect(events).toHaveLength(
          members.filter((member) => !wanted.includes(member)).length +
            wanted.filter((member) => !members.includes(member)).length
        )
      })
    )
  })
})

describe("a pool's life", () => {
  it("creates a pool in the order given, each member once", () => {
    const [created] = Result.getOrThrow(Dealing.create(poolId, "Sales", "contact", ids("b", "a", "b")))
    if (created === undefined) throw new Error("no event")
    expect(PoolEvent.evolve(null, created)).toEqual(poolOf(ids("b", "a"), { recordKind: "contact", eventCount: 1 }))
  })

  it("refuses a pool whose name is blank or above 255 characters (D11)", () => {
    expect(Dealing.create(poolId, " ", "lead", [])).toEqual(Result.fail({ _tag: "Blank", field: "name" }))
    expect(Dealing.create(poolId, "x".repeat(256), "lead", [])).toEqual(
      Result.fail({ _tag: "TooLong", field: "name", limit: 255, size: 256 })
    )
  })

  it("deals and admits nobody once it is deleted, which happens once (F1)", () => {
    const pool = poolOf(ids("a", "b"))
    const gone = applied(pool, Dealing.remove(pool))
    expect(gone).toEqual({ ...pool, isDeleted: true, eventCount: pool.eventCount + 1 })
    const refused = Result.fail({ _tag: "DeletedPool", poolId })
    expect(Dealing.deal(gone, "lead", directoryOf(ids("a")))).toEqual(refused)
    expect(Dealing.join(gone, id("c"))).toEqual(refused)
    expect(Dealing.setMembers(gone, ids("c"))).toEqual(refused)
    expect(Dealing.remove(gone)).toEqual([])
  })

  it("leaves the queue as it is for events that do not fit (K4)", () => {
    const pool = poolOf(ids("a", "b"))
    const misfits: ReadonlyArray<PoolEvent.PoolEvent> = [
      { _tag: "MemberJoined", poolId, userId: id("a") },
      { _tag: "MemberLeft", poolId, userId: id("x") },
      { _tag: "LeadDealt", poolId, to: id("x"), skipped: ids("a") },
      { _tag: "PoolCreated", poolId, name: "Other", recordKind: "deal", members: ids("x") },
      { _tag: "PoolDeleted", poolId: Id.PoolId.make("other") }
    ]
    for (const event of misfits) {
      const { eventCount: _, ...rest } = PoolEvent.evolve(pool, event)
      expect(pool).toMatchObject(rest)
      if (event._tag !== "PoolCreated") expect(PoolEvent.evolve(null, event)).toBeNull()
    }
  })

  it("numbers its events 1..n without gaps, those of other pools not (K2)", () => {
    const events: ReadonlyArray<PoolEvent.PoolEvent> = [
      { _tag: "MemberJoined", poolId, userId: id("c") },
      { _tag: "MemberLeft", poolId, userId: id("a") },
      { _tag: "LeadDealt", poolId, to: id("b"), skipped: [] },
      { _tag: "PoolDeleted", poolId: Id.PoolId.make("other") },
      { _tag: "PoolDeleted", poolId }
    ]
    expect(applied(poolOf(ids("a", "b"), { eventCount: 1 }), events).eventCount).toBe(5)
  })
})
