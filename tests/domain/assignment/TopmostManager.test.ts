import { Result } from "effect"
import fc from "fast-check"
import { Id, TopmostManager, type User } from "leadline"
import { describe, expect, it } from "vitest"

const id = (name: string): Id.UserId => Id.UserId.make(name)

interface Person {
  readonly name: string
  readonly reportsTo?: string
  readonly isActive?: boolean
  readonly isAccountOwner?: boolean
}

const userOf = ({ name, reportsTo, isActive = true, isAccountOwner = false }: Person): User.User => ({
  id: id(name),
  name,
  email: `${name}@example.com`,
  isActive,
  reportsTo: reportsTo === undefined ? null : id(reportsTo),
  isAccountOwner,
  isCrmAdministrator: false,
  teams: [],
  groups: [],
  visibility: "all"
})

const directoryOf = (...people: ReadonlyArray<Person>): User.Directory =>
  new Map(people.map((person) => [id(person.name), userOf(person)]))

const found = (...people: ReadonlyArray<Person>) =>
  Result.map(TopmostManager.find(directoryOf(...people)), ({ user, among, passedOver }) => ({
    id: user.id,
    among,
    passedOver: passedOver.map((entry) => `${entry.userId} ${entry.reason}`)
  }))

/** Reporting lines of any shape: trees, missing managers, circles, people who report to themselves. */
const foreign = fc
  .array(
    fc.record({
      reportsTo: fc.option(fc.nat(9), { nil: undefined, freq: 3 }),
      isActive: fc.boolean(),
      isAccountOwner: fc.boolean()
    }),
    { maxLength: 8 }
  )
  .map((people) =>
    people.map(
      ({ reportsTo, ...person }, index): Person => ({
        ...person,
        name: `${index}`,
        ...(reportsTo === undefined ? {} : { reportsTo: `${reportsTo}` })
      })
    )
  )

/** Everybody above, the plain way: as many steps up as there are people. */
const above = (people: ReadonlyArray<Person>, person: Person): ReadonlyArray<Person> => {
  const chain: Array<Person> = []
  let next = people.find(({ name }) => name === person.reportsTo)
  for (const _ of people) {
    if (next === undefined || next.name === person.name) break
    chain.push(next)
    const { reportsTo } = next
    next = people.find(({ name }) => name === reportsTo)
  }
  return chain
}

describe("the topmost manager", () => {
  it("is the only active user with no active manager above them (F5)", () => {
    expect(found({ name: "3", reportsTo: "5" }, { name: "5" }, { name: "4", reportsTo: "3" })).toEqual(
      Result.succeed({ id: "5", among: "sole", passedOver: [] })
    )
  })

  it("has no active manager above at any level, not only the nearest (F5)", () => {
    expect(found({ name: "1", reportsTo: "2" }, { name: "2", reportsTo: "3", isActive: false }, { name: "3" })).toEqual(
      Result.succeed({ id: "3", among: "sole", passedOver: [] })
    )
  })

  it("may have managers who are all inactive or missing (F5)", () => {
    expect(found({ name: "1", reportsTo: "2" }, { name: "2", reportsTo: "gone", isActive: false })).toEqual(
      Result.succeed({ id: "1", among: "sole", passedOver: [] })
    )
  })

  it("is the account's owner if several are topmost and the owner is among them (F5)", () => {
    expect(found({ name: "1" }, { name: "2" }, { name: "3", isAccountOwner: true })).toEqual(
      Result.succeed({ id: "3", among: "accountOwner", passedOver: ["1 lowerRank", "2 lowerRank"] })
    )
  })

  it("is the lowest id if the account's owner is not among several, or is inactive (F5)", () => {
    const lowest = Result.succeed({ id: "2", among: "lowestId", passedOver: ["4 lowerRank"] })
    expect(found({ name: "4" }, { name: "2" }, { name: "1", reportsTo: "2", isAccountOwner: true })).toEqual(lowest)
    expect(found({ name: "4" }, { name: "2" }, { name: "1", isActive: false, isAccountOwner: true })).toEqual(lowest)
  })

  it("is the lowest id by value where ids are numbers, and those come before others (F5)", () => {
    expect(found({ name: "b" }, { name: "10" }, { name: "9" }, { name: "B" }, { name: "9a" })).toEqual(
      Result.succeed({
        id: "9",
        among: "lowestId",
        passedOver: ["10 lowerRank", "9a lowerRank", "B lowerRank", "b lowerRank"]
      })
    )
  })

  it("refuses only when nobody is active (F5)", () => {
    fc.assert(
      fc.property(foreign, (people) => {
        const result = found(...people)
        if (people.some((person) => person.isActive)) expect(Result.isSuccess(result)).toBe(true)
        else expect(result).toEqual(Result.fail({ _tag: "NoActiveUser" }))
      })
    )
  })

  it("is active, with nobody active above, in data of any shape but circles that leave no such user (F5)", () => {
    fc.assert(
      fc.property(foreign, (people) => {
        const active = people.filter((person) => person.isActive)
        const top = active.filter((person) => !above(people, person).some((manager) => manager.isActive))
        fc.pre(top.length > 0)
        const owners = top.filter((person) => person.isAccountOwner)
        const { id: user, among, passedOver } = Result.getOrThrow(found(...people))
        expect([user, ...passedOver.map((entry) => entry.split(" ")[0])].toSorted()).toEqual(
          top.map((person) => person.name).toSorted()
        )
        expect(user).toBe((owners[0] ?? top[0])?.name)
        expect(among).toBe(top.length === 1 ? "sole" : owners.length > 0 ? "accountOwner" : "lowestId")
      }),
      { numRuns: 500 }
    )
  })

  it("is somebody active on the circle where circles of foreign data leave nobody on top (F5)", () => {
    expect(
      found(
        { name: "1", reportsTo: "3" },
        { name: "2", reportsTo: "4", isActive: false },
        { name: "3", reportsTo: "5" },
        { name: "4", reportsTo: "3" },
        { name: "5", reportsTo: "2" }
      )
    ).toEqual(Result.succeed({ id: "3", among: "lowestId", passedOver: ["4 lowerRank", "5 lowerRank"] }))
  })

  it("is not under a circle while somebody else is on top (F5)", () => {
    expect(found({ name: "1", reportsTo: "2" }, { name: "2", reportsTo: "1" }, { name: "9" })).toEqual(
      Result.succeed({ id: "9", among: "sole", passedOver: [] })
    )
  })

  it("does not depend on the order of the directory (F5)", () => {
    fc.assert(
      fc.property(
        foreign.chain((people) =>
          fc.tuple(
            fc.constant(people),
            fc.shuffledSubarray([...people], { minLength: people.length, maxLength: people.length })
          )
        ),
        ([people, shuffled]) => {
          expect(found(...shuffled)).toEqual(found(...people))
        }
      )
    )
  })
})

describe("the order of ids", () => {
  const anyId = fc
    .oneof(fc.bigInt({ min: 0n, max: 10n ** 40n }).map(String), fc.stringMatching(/^[0-9a-c]{1,4}$/))
    .map(id)

  it("compares ids of digits by value, however long and with whatever zeros before them", () => {
    const digits = fc.bigInt({ min: 0n, max: 10n ** 40n })
    fc.assert(
      fc.property(digits, digits, fc.constantFrom("", "0", "00"), (a, b, zeros) => {
        fc.pre(a !== b)
        expect(TopmostManager.idOrder(id(`${zeros}${a}`), id(`${b}`))).toBe(a < b ? -1 : 1)
      })
    )
  })

  it("is total: different ids never tie, and it is transitive", () => {
    fc.assert(
      fc.property(anyId, anyId, anyId, (a, b, c) => {
        const order = TopmostManager.idOrder
        expect(order(a, b) === 0).toBe(a === b)
        expect(order(a, b) + order(b, a)).toBe(0)
        if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).toBeLessThanOrEqual(0)
      }),
      { numRuns: 1000 }
    )
  })
})

describe("the nearest active manager", () => {
  it("is the first active one going up, and nobody where there is none or a circle (F5, G3)", () => {
    fc.assert(
      fc.property(foreign, (people) => {
        const directory = directoryOf(...people)
        for (const person of people) {
          const nearest = above(people, person).find((manager) => manager.isActive)?.name ?? null
          expect(TopmostManager.nearestActive(directory, id(person.name))?.id ?? null).toBe(nearest)
        }
      })
    )
  })
})
