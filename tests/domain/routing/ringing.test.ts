import { Result } from "effect"
import fc from "fast-check"
import { Agent, AgentStatus, Id, Ringing } from "leadline"
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

describe("why a chat does not ring", () => {
  it.each([
    ["disabled", { agent: { ...ann.agent, isEnabled: false }, status: "away" }],
    ["status", { status: "away", agent: { ...ann.agent, departments: [] } }],
    ["status", { status: "constructor" as AgentStatus.AgentStatus }],
    ["department", { agent: { ...ann.agent, departments: [support] } }],
    ["skills", { used: 3 }],
    ["limit", { used: 3, agent: { ...ann.agent, skills: ["Tax"] } }],
    [null, { agent: { ...ann.agent, skills: ["Tax"] } }]
  ] as const)("is `%s`, the first reason there is (C1, B1, C6)", (why, changes) => {
    expect(Ringing.silence({ ...ann, ...changes }, { department: sales, skills: [Agent.skillKey("tax")] })).toBe(why)
  })
})

describe("in hybrid mode", () => {
  it("a hand may exceed the limit, above which nothing rings; it exceeds nothing else (C1, B6)", () => {
    const full = { ...ann, used: 3 }
    expect(Ringing.rings(full, { department: sales, skills: [] })).toBe(false)
    expect(Result.isSuccess(Ringing.mayAnswer(full, sales, "hybrid"))).toBe(true)
    for (const mode of ["broadcast", "assigned"] as const) {
      expect(Ringing.mayAnswer(full, sales, mode)).toEqual(Result.fail({ _tag: "AtLimit", used: 3, limit: 3 }))
    }
    always((candidate, department) => {
      const unlimited = { ...candidate, limit: null }
      expect(Ringing.mayAnswer(candidate, department, "hybrid")).toEqual(Ringing.mayAnswer(unlimited, department))
    })
  })
})

const statuses = [...AgentStatus.AgentStatus.literals, "busy" as AgentStatus.AgentStatus]
const mayHold = {
  routing: ["online"] as ReadonlyArray<string>,
  transfer: ["online", "away"] as ReadonlyArray<string>
}

describe.each(AgentStatus.OfferKind.literals)("an offer by %s", (kind) => {
  it.each(statuses)(
    "goes to `%s` if B1 says so and a slot is free, and its holder may answer it (B1, B6, C11)",
    (status) => {
      const refused = Result.fail({ _tag: "NotEligible", reason: "status", status })
      const isHere = mayHold[kind].includes(status)
      const there = { ...ann, status, agent: { ...ann.agent, departments: [support] } }
      expect(Ringing.mayReceive(there, kind)).toEqual(isHere ? Result.void : refused)
      expect(Ringing.mayAnswerOffer(there, kind)).toEqual(isHere ? Result.void : refused)
      // the offer holds its slot already: who is at the limit with it may answer it
      const full = { ...there, used: 3, limit: 3 }
      const atLimit = Result.fail({ _tag: "AtLimit", used: 3, limit: 3 })
      expect(Ringing.mayReceive(full, kind)).toEqual(isHere ? atLimit : refused)
      expect(Ringing.mayAnswerOffer(full, kind)).toEqual(isHere ? Result.void : refused)
      const gone = { ...there, agent: { ...there.agent, isEnabled: false } }
      const disabled = Result.fail({ _tag: "NotEligible", reason: "disabled", status })
      expect([Ringing.mayReceive(gone, kind), Ringing.mayAnswerOffer(gone, kind)]).toEqual([disabled, disabled])
    }
  )
})
