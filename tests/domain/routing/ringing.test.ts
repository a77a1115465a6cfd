import { Result } from "effect"
import fc from "fast-check"
import { AgentStatus, Id, Ringing } from "leadline"
import { describe, expect, it } from "vitest"

const [sales, support] = [Id.DepartmentId.make("sales"), Id.DepartmentId.make("support")]
const department = fc.constantFrom(null, sales, support)

const candidate: fc.Arbitrary<Ringing.Candidate> = fc.record({
  agent: fc.record({
    id: fc.constant(Id.AgentId.make("ann")),
    displayName: fc.constant("Ann"),
    email: fc.constant("ann@example.com"),
    userId: fc.constant(null),
    isEnabled: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    isChatAdministrator: fc.boolean(),
    departments: fc.subarray([sales, support]),
    chatLimit: fc.constant(null)
  }),
  status: fc.constantFrom(...AgentStatus.AgentStatus.literals, "busy" as AgentStatus.AgentStatus),
  used: fc.nat(4),
  limit: fc.option(fc.nat(4), { nil: null })
})

const always = (check: (candidate: Ringing.Candidate, department: Id.DepartmentId | null) => void): void =>
  fc.assert(fc.property(candidate, department, check), { numRuns: 500 })

const ann: Ringing.Candidate = {
  agent: {
    id: Id.AgentId.make("ann"),
    displayName: "Ann",
    email: "ann@example.com",
    userId: null,
    isEnabled: true,
    isChatAdministrator: false,
    departments: [sales],
    chatLimit: null
  },
  status: "online",
  used: 2,
  limit: 3
}

describe("a waiting chat, broadcast", () => {
  it("rings at an agent who is enabled, online, of its department, and under the limit (C1, B1, B5)", () => {
    always((candidate, department) => {
      const { agent, limit, status, used } = candidate
      const isTheirs = department === null || agent.departments.includes(department)
      const isFree = limit === null || used < limit
      expect(Ringing.rings(candidate, { department, skills: [] })).toBe(
        agent.isEnabled && status === "online" && isTheirs && isFree
      )
    })
  })

  it("may be answered by hand wherever it rings, and by who is away or invisible as well (C1, B1)", () => {
    always((candidate, department) => {
      const mayAnswer = Result.isSuccess(Ringing.mayAnswer(candidate, department))
      if (Ringing.rings(candidate, { department, skills: [] })) expect(mayAnswer).toBe(true)
      const asOnline: Ringing.Candidate = { ...candidate, status: "online" }
      const isHere = ["online", "away", "invisible"].includes(candidate.status)
      expect(mayAnswer).toBe(isHere && Ringing.rings(asOnline, { department, skills: [] }))
    })
  })

  it("rings for a free slot, down to the last one, and not beyond (B5, B6)", () => {
    expect(Ringing.rings({ ...ann, used: 2 }, { department: sales, skills: [] })).toBe(true)
    expect(Ringing.rings({ ...ann, used: 3 }, { department: sales, skills: [] })).toBe(false)
    expect(Ringing.rings({ ...ann, used: 0, limit: 0 }, { department: sales, skills: [] })).toBe(false)
    expect(Ringing.rings({ ...ann, used: 99, limit: null }, { department: sales, skills: [] })).toBe(true)
  })

  it("without a department is everybody's (C1)", () => {
    expect(Ringing.rings({ ...ann, agent: { ...ann.agent, departments: [] } }, { department: null, skills: [] })).toBe(
      true
    )
    expect(Ringing.rings(ann, { department: support, skills: [] })).toBe(false)
  })
})

describe("answering by hand", () => {
  it.each([
    ["a disabled agent", { agent: { ...ann.agent, isEnabled: false } }, sales, "disabled", "online"],
    ["an offline agent", { status: "offline" }, sales, "status", "offline"],
    ["a status of a newer release", { status: "busy" as AgentStatus.AgentStatus }, sales, "status", "busy"],
    ["an agent of another department", {}, support, "department", "online"]
  ] as const)("is refused to %s, with the reason (B1, C1)", (_, changes, department, reason, status) => {
    expect(Ringing.mayAnswer({ ...ann, ...changes }, department)).toEqual(
      Result.fail({ _tag: "NotEligible", reason, status })
    )
  })

  it("is refused at the limit, with both numbers; below, or without a limit, it is not (B6)", () => {
    expect(Ringing.mayAnswer({ ...ann, used: 3 }, sales)).toEqual(Result.fail({ _tag: "AtLimit", used: 3, limit: 3 }))
    expect(Ringing.mayAnswer({ ...ann, used: 4 }, sales)).toEqual(Result.fail({ _tag: "AtLimit", used: 4, limit: 3 }))
    expect(Result.isSuccess(Ringing.mayAnswer({ ...ann, used: 2 }, sales))).toBe(true)
    expect(Result.isSuccess(Ringing.mayAnswer({ ...ann, used: 99, limit: null }, sales))).toBe(true)
  })
})
