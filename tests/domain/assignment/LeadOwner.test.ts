import { Result } from "effect"
import fc from "fast-check"
import { type DistributionPool, Id, LeadOwner, OwnerChoice, PoolEvent, type User } from "leadline"
import { describe, expect, it } from "vitest"

const id = (name: string): Id.UserId => Id.UserId.make(name)
const poolId = (name: string): Id.PoolId => Id.PoolId.make(name)
const user = (name: string) => OwnerChoice.user(id(name))
const pool = (name: string) => OwnerChoice.pool(poolId(name))

const userOf = (name: string, isActive: boolean, reportsTo: string | null): User.User => ({
  id: id(name),
  name,
  email: `${name}@example.com`,
  isActive,
  reportsTo: reportsTo === null ? null : id(reportsTo),
  isAccountOwner: false,
  isCrmAdministrator: false,
  teams: [],
  groups: [],
  visibility: "all"
})

const poolOf = (
  name: string,
  members: ReadonlyArray<string>,
  changes: Partial<DistributionPool.DistributionPool> = {}
): DistributionPool.DistributionPool => ({
  id: poolId(name),
  name,
  recordKind: "lead",
  members: members.map(id),
  isDeleted: false,
  eventCount: 1,
  ...changes
})

/** ann, bob and cid report to top; ida and ian are inactive. Pools: two that deal, and one of each that is struck. */
const directory: User.Directory = new Map(
  [
    userOf("ann", true, "top"),
    userOf("bob", true, "top"),
    userOf("cid", true, "top"),
    userOf("ida", false, "top"),
    userOf("ian", false, null),
    userOf("top", true, null)
  ].map((one) => [one.id, one])
)
const pools: ReadonlyMap<Id.PoolId, DistributionPool.DistributionPool> = new Map(
  [
    poolOf("sales", ["ida", "nobody", "bob", "cid"]),
    poolOf("idle", ["ian", "ida"]),
    poolOf("void", []),
    poolOf("deleted", ["ann"], { isDeleted: true }),
    poolOf("contacts", ["ann"], { recordKind: "contact" })
  ].map((one) => [one.id, one])
)

const base: LeadOwner.Request = {
  anyOwnerAllowed: false,
  configured: [],
  access: "allAgents",
  picked: null,
  creator: null,
  directory,
  pools
}

const decided = (request: Partial<LeadOwner.Request>) => LeadOwner.decide({ ...base, ...request })
const decisionOf = (request: Partial<LeadOwner.Request>) => Result.getOrThrow(decided(request)).decision

const usable = [user("ann"), user("bob"), user("top"), pool("sales"), pool("idle"), pool("void")]
const unusable = [user("ida"), user("ian"), user("nobody"), pool("deleted"), pool("contacts"), pool("missing")]
const choice = fc.constantFrom(...usable, ...unusable)

const requests: fc.Arbitrary<LeadOwner.Request> = fc.record({
  anyOwnerAllowed: fc.boolean(),
  configured: fc.array(choice, { maxLength: 4 }),
  access: fc.constantFrom("allAgents", "crmUsersOnly"),
  picked: fc.option(choice),
  creator: fc.option(fc.constantFrom("ann", "ida", "nobody").map(id)),
  directory: fc.constant(directory),
  pools: fc.constant(pools)
})

/** F1's table, written again row by row: whom a choice leads to, in words. */
const outcomeOf = (choice: OwnerChoice.OwnerChoice, how: "Picked" | "OnlyChoice"): string => {
  if (choice._tag === "User") return `${choice.userId} ${how}`
  if (choice.poolId === "sales") return `bob Dealt sales ${how === "Picked"}`
  return `top TopmostManager after ${choice.poolId}`
}

const table = (request: LeadOwner.Request): string => {
  const { anyOwnerAllowed, configured, access, picked, creator } = request
  const named = (choices: ReadonlyArray<OwnerChoice.OwnerChoice>) => choices.map(OwnerChoice.toKey).join(" ")
  const isUsable = (one: OwnerChoice.OwnerChoice) => usable.some((other) => OwnerChoice.equals(one, other))
  const keys = new Set<string>()
  const rest = configured.filter((one) => {
    const isNew = !keys.has(OwnerChoice.toKey(one))
    keys.add(OwnerChoice.toKey(one))
    return isNew && isUsable(one)
  })
  const without =
    access === "crmUsersOnly" && creator === "ann"
      ? { choice: user("ann"), outcome: "ann Creator" }
      : { choice: user("top"), outcome: "top TopmostManager" }
  const rows: ReadonlyArray<readonly [boolean, () => string]> = [
    [anyOwnerAllowed && picked !== null && isUsable(picked), () => (picked ? outcomeOf(picked, "Picked") : "")],
    [anyOwnerAllowed && picked !== null, () => `OwnerNotAllowed any`],
    [rest.length >= 2 && picked === null, () => `OwnerRequired ${named(rest)}`],
    [
      rest.length >= 2,
      () => {
        const onList = rest.find((one) => picked !== null && OwnerChoice.equals(one, picked))
        return onList ? outcomeOf(onList, "Picked") : `OwnerNotAllowed ${named(rest)}`
      }
    ],
    [
      rest.length === 1,
      () => {
        const [only] = rest
        if (only === undefined) return ""
        if (picked !== null && !OwnerChoice.equals(only, picked)) return `OwnerNotAllowed ${named(rest)}`
        return outcomeOf(only, "OnlyChoice")
      }
    ],
    [
      picked !== null && !OwnerChoice.equals(picked, without.choice),
      () => `OwnerNotAllowed ${named([without.choice])}`
    ],
    [true, () => without.outcome]
  ]
  return rows.find(([applies]) => applies)?.[1]() ?? "no row"
}

const inWords = (result: ReturnType<typeof LeadOwner.decide>): string => {
  if (Result.isFailure(result)) {
    const refused = result.failure
    if (refused._tag === "NoActiveUser") return refused._tag
    return `${refused._tag} ${refused.allowed === null ? "any" : refused.allowed.map(OwnerChoice.toKey).join(" ")}`
  }
  const { owner, reason } = result.success.decision
  if (reason._tag === "Dealt") return `${owner} Dealt ${reason.poolId} ${reason.picked}`
  if (reason._tag === "TopmostManager" && reason.emptyPool !== null)
    return `${owner} TopmostManager after ${reason.emptyPool}`
  return `${owner} ${reason._tag}`
}

describe("the owner of a new lead", () => {
  it("is what the table says, in every combination (F1)", () => {
    fc.assert(
      fc.property(requests, (request) => {
        expect(inWords(LeadOwner.decide(request))).toBe(table(request))
      }),
      { numRuns: 3000 }
    )
  })

  it("is always an active user, never a pool, and never somebody passed over (F7, F4)", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const result = LeadOwner.decide(request)
        if (Result.isFailure(result)) return
        const { owner, passedOver } = result.success.decision
        expect(directory.get(owner)?.isActive).toBe(true)
        const names = passedOver.map((entry) => entry.userId)
        expect(names).not.toContain(owner)
        expect(new Set(names).size).toBe(names.length)
        for (const { userId, reason } of passedOver) {
          if (reason === "unknown") expect(directory.has(userId)).toBe(false)
          else expect(directory.get(userId)?.isActive).toBe(reason === "lowerRank")
        }
      })
    )
  })

  it("is any active user or lead pool that the agent picks, where any owner is allowed (F1)", () => {
    const anyOwnerAllowed = true
    expect(decisionOf({ anyOwnerAllowed, picked: user("cid"), configured: [user("ann"), user("bob")] })).toEqual({
      owner: "cid",
      reason: { _tag: "Picked" },
      passedOver: []
    })
    expect(decisionOf({ anyOwnerAllowed, picked: pool("sales") }).reason).toEqual({
      _tag: "Dealt",
      poolId: "sales",
      picked: true
    })
    for (const picked of unusable) {
      const refused = { _tag: "OwnerNotAllowed", picked, allowed: null }
      expect(decided({ anyOwnerAllowed, picked, configured: [picked] })).toEqual(Result.fail(refused))
    }
  })

  it("must be picked from a list of two or more, without those struck (F1)", () => {
    const configured = [user("ann"), user("ida"), pool("contacts"), pool("sales"), user("ann")]
    const allowed = [user("ann"), pool("sales")]
    expect(decided({ configured })).toEqual(Result.fail({ _tag: "OwnerRequired", allowed }))
    expect(decided({ configured, anyOwnerAllowed: true })).toEqual(Result.fail({ _tag: "OwnerRequired", allowed }))
    for (const picked of [user("cid"), user("ida"), pool("contacts")]) {
      expect(decided({ configured, picked })).toEqual(Result.fail({ _tag: "OwnerNotAllowed", picked, allowed }))
    }
    expect(decisionOf({ configured, picked: user("ann") })).toEqual({
      owner: "ann",
      reason: { _tag: "Picked" },
      passedOver: []
    })
  })

  it("is the only one left without asking; a pick may only repeat it (F1)", () => {
    const configured = [user("ida"), user("ann"), user("nobody"), pool("deleted")]
    const only = {
      owner: "ann",
      reason: { _tag: "OnlyChoice" },
      passedOver: [
        { userId: "ida", reason: "inactive" },
        { userId: "nobody", reason: "unknown" }
      ]
    }
    expect(decisionOf({ configured })).toEqual(only)
    expect(decisionOf({ configured, picked: user("ann") })).toEqual(only)
    const refused = { _tag: "OwnerNotAllowed", picked: user("bob"), allowed: [user("ann")] }
    expect(decided({ configured, picked: user("bob") })).toEqual(Result.fail(refused))
  })

  it("is the next of the only pool left, whose turn is to be committed with the lead (F1, F2, F4)", () => {
    const { decision, pool: asked } = Result.getOrThrow(decided({ configured: [pool("sales")] }))
    const [event] = asked?.events ?? []
    if (asked === null || event === undefined) throw new Error("no turn")
    expect(decision).toEqual({
      owner: "bob",
      reason: { _tag: "Dealt", poolId: "sales", picked: false },
      passedOver: [
        { userId: "ida", reason: "inactive" },
        { userId: "nobody", reason: "unknown" }
      ]
    })
    expect(asked.before).toBe(pools.get(poolId("sales")))
    expect(asked.events).toHaveLength(1)
    expect(PoolEvent.evolve(asked.before, event).members).toEqual(["cid", "ida", "nobody", "bob"])
  })

  it("is the topmost manager where nobody in the pool is active; nothing moves, all are passed over (F2, F5)", () => {
    const { decision, pool: asked } = Result.getOrThrow(decided({ configured: [user("ida"), pool("idle")] }))
    expect(decision).toEqual({
      owner: "top",
      reason: { _tag: "TopmostManager", among: "sole", emptyPool: "idle" },
      passedOver: [
        { userId: "ida", reason: "inactive" },
        { userId: "ian", reason: "inactive" }
      ]
    })
    expect(asked).toEqual({ before: pools.get(poolId("idle")), events: [] })
  })

  it("is the creator where none is left and only CRM users have access (F1)", () => {
    expect(decided({ access: "crmUsersOnly", creator: id("ann"), configured: [user("ida")] })).toEqual(
      Result.succeed({
        decision: {
          owner: "ann",
          reason: { _tag: "Creator" },
          passedOver: [{ userId: "ida", reason: "inactive" }]
        },
        pool: null
      })
    )
  })

  it("is the topmost manager where none is left and all agents have access, or the creator cannot own (F1, F5)", () => {
    const topmost = { _tag: "TopmostManager", among: "sole", emptyPool: null }
    const byAgent = decisionOf({ access: "allAgents", creator: id("ann") })
    expect(byAgent).toEqual({ owner: "top", reason: topmost, passedOver: [] })
    const byInactive = decisionOf({ access: "crmUsersOnly", creator: id("ida"), configured: [user("ian")] })
    expect(byInactive).toEqual({
      owner: "top",
      reason: topmost,
      passedOver: [
        { userId: "ian", reason: "inactive" },
        { userId: "ida", reason: "inactive" }
      ]
    })
  })

  it("names the other topmost managers who came after (F4, F5)", () => {
    const flat: User.Directory = new Map(["3", "20", "1"].map((name) => [id(name), userOf(name, true, null)]))
    expect(decisionOf({ directory: flat })).toEqual({
      owner: "1",
      reason: { _tag: "TopmostManager", among: "lowestId", emptyPool: null },
      passedOver: [
        { userId: "3", reason: "lowerRank" },
        { userId: "20", reason: "lowerRank" }
      ]
    })
  })

  it("is refused where nobody is active (F5)", () => {
    const nobody: User.Directory = new Map([...directory].map(([key, one]) => [key, { ...one, isActive: false }]))
    const refused = Result.fail({ _tag: "NoActiveUser" })
    expect(decided({ directory: nobody })).toEqual(refused)
    expect(decided({ directory: nobody, picked: user("ann") })).toEqual(refused)
    expect(decided({ directory: nobody, configured: [pool("sales")] })).toEqual(refused)
    expect(decided({ directory: nobody, access: "crmUsersOnly", creator: id("ann") })).toEqual(refused)
  })

  it("takes a turn exactly when the lead was dealt, of that pool alone (F2)", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const result = LeadOwner.decide(request)
        if (Result.isFailure(result)) return
        const { decision, pool: asked } = result.success
        const { owner, reason } = decision
        if (reason._tag === "Dealt") {
          expect(asked?.events).toMatchObject([{ _tag: "LeadDealt", poolId: reason.poolId, to: owner }])
        } else {
          expect(asked?.events ?? []).toEqual([])
          expect(asked?.before.id ?? null).toBe(reason._tag === "TopmostManager" ? reason.emptyPool : null)
        }
      })
    )
  })
})
