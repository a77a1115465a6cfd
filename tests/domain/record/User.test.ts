import fc from "fast-check"
import { Id, User } from "leadline"
import { WorldArbitrary } from "leadline/testing"
import { describe, expect, it } from "vitest"

const id = (name: string) => Id.UserId.make(name)
const team = (name: string) => Id.TeamId.make(name)

const user = (name: string, more: Partial<User.User> = {}): User.User => ({
  ...{ id: id(name), name, email: `${name}@x.de`, isActive: true, reportsTo: null, isAccountOwner: false },
  ...{ isCrmAdministrator: false, teams: [], groups: [], visibility: "team" },
  ...more
})
const directory = (...users: ReadonlyArray<User.User>): User.Directory => new Map(users.map((one) => [one.id, one]))

/** c reports to b, b to a; d to nobody. */
const [a, b, c, d] = [user("a"), user("b", { reportsTo: id("a") }), user("c", { reportsTo: id("b") }), user("d")]
const staff = directory(a, b, c, d)

describe("users who report to each other", () => {
  it("have their managers nearest first, as far as they are known (F5)", () => {
    const names = (of: User.Directory, name: string) => User.managersOf(of, id(name)).map((manager) => manager.name)
    expect(names(staff, "c")).toEqual(["b", "a"])
    expect(names(staff, "a")).toEqual([])
    expect(names(staff, "nobody")).toEqual([])
    expect(names(directory(user("x", { reportsTo: id("gone") })), "x")).toEqual([])
  })

  it("in a circle, which foreign data may hold, are each named once (F5)", () => {
    const circle = directory(user("x", { reportsTo: id("y") }), user("y", { reportsTo: id("x") }))
    expect(User.managersOf(circle, id("x")).map(({ name }) => name)).toEqual(["y"])
  })

  it("are refused where a circle would close, with the circle (F5)", () => {
    expect(User.cycleWith(staff, id("a"), id("c"))).toEqual({
      _tag: "ReportingCycle",
      userId: "a",
      path: ["c", "b", "a"]
    })
    expect(User.cycleWith(staff, id("b"), id("c"))).toEqual({ _tag: "ReportingCycle", userId: "b", path: ["c", "b"] })
    expect(User.cycleWith(staff, id("a"), id("a"))).toEqual({ _tag: "ReportingCycle", userId: "a", path: ["a"] })
    expect(User.cycleWith(staff, id("c"), id("d"))).toBeNull()
    expect(User.cycleWith(staff, id("c"), null)).toBeNull()
  })

  it("close no circle exactly where nobody among the new manager and theirs is the user (F5)", () => {
    fc.assert(
      fc.property(WorldArbitrary.world(), fc.nat(), fc.nat(), ({ directory: all }, one, other) => {
        const users = [...all.values()]
        const [from, to] = [users[one % users.length], users[other % users.length]]
        fc.pre(from !== undefined && to !== undefined)
        if (from === undefined || to === undefined) return
        const above = [to, ...User.managersOf(all, to.id)].map((manager) => manager.id)
        expect(User.cycleWith(all, from.id, to.id) === null).toBe(!above.includes(from.id))
      })
    )
  })
})

describe("what a user may see of the CRM (E2, J1)", () => {
  const sees = (viewer: User.User, owner: string, others: User.Directory = staff) =>
    User.maySeeRecordOf(others, viewer, id(owner))

  it("is their own, whatever their visibility, while they are active", () => {
    expect(sees(user("d", { visibility: "own" }), "d")).toBe(true)
    expect(sees(user("d", { isActive: false, visibility: "all" }), "d")).toBe(false)
  })

  it("is everything for those who see all, and for CRM administrators", () => {
    expect(sees(user("d", { visibility: "all" }), "a")).toBe(true)
    expect(sees(user("d", { visibility: "own", isCrmAdministrator: true }), "a")).toBe(true)
    expect(sees(user("d", { visibility: "own" }), "c")).toBe(false)
  })

  it("is what those below own, directly or not, and nobody above", () => {
    expect([sees(a, "c"), sees(b, "c"), sees(c, "a"), sees(d, "c")]).toEqual([true, true, false, false])
    expect(sees(user("a", { visibility: "own" }), "c")).toBe(false)
  })

  it("is what the own teams own: one team together is enough; without any there is none", () => {
    const members = directory(
      user("x", { teams: [team("north"), team("south")] }),
      user("y", { teams: [team("east")] })
    )
    const viewer = user("v", { teams: [team("south"), team("west")] })
    expect([sees(viewer, "x", members), sees(viewer, "y", members)]).toEqual([true, false])
    expect(sees(user("v"), "x", members)).toBe(false)
    expect(sees(viewer, "gone", members)).toBe(false)
  })
})
