import { Id, Instant, Route, type RoutingPolicy } from "leadline"
import { type Case, same } from "../Case.ts"
import { agent } from "../Office.ts"
import { pick } from "./PlainPick.ts"

const now = Instant.fromMillis(1_700_000_000_000)
const sales = Id.DepartmentId.make("sales")

/**
 * A desk in the middle of a day: some offline, some full, some of another department, some who missed an offer; in order
 * of id, as PostgreSQL gives them.
 */
const snapshot = (agents: number): Route.Snapshot => ({
  isOpen: true,
  queue: [{ chatId: Id.ChatId.make("chat"), department: sales, skills: ["german"], queuedAt: now, exclusions: [] }],
  agents: Array.from({ length: agents }, (_, n) => ({
    agent: {
      ...agent(n),
      departments: n % 5 === 0 ? [] : [sales],
      skills: n % 7 === 0 ? ["english"] : ["english", "german"],
      isEnabled: n % 31 !== 0
    },
    status: n % 6 === 0 ? ("away" as const) : ("online" as const),
    used: n % 4,
    limit: n % 4 === 3 ? 3 : 5,
    holdsOffer: n % 11 === 0,
    lastMissAt: n % 13 === 0 ? Instant.fromMillis(now - 60_000 - n) : null,
    // all different, so that no lot is drawn, which the plain loop does not know
    freeSince: Instant.fromMillis(now - 1000 * (1 + ((n * 7919) % agents))),
    isChatting: n % 4 !== 0
  })).sort((one, other) => (one.agent.id < other.agent.id ? -1 : 1))
})

const policy: RoutingPolicy.RoutingPolicy = {
  routing: "assigned",
  offers: { reassignAfterMillis: 30_000, autoIdleAfterMisses: null, autoAccept: false },
  skillWaitMillis: 60_000
}

const explained = (desk: Route.Snapshot) => Route.route(desk, policy, now, 7)

const times = (size: number, work: () => unknown) => () => {
  for (let n = 0; n < size; n++) work()
}

export const cases: ReadonlyArray<Case> = [
  {
    name: "route.160",
    says: "an explained decision among 160 agents, against a loop that only picks",
    kind: "speed",
    unit: "per second",
    targets: [{ against: "plain", atLeast: 0.3 }],
    open: async () => {
      const desk = snapshot(160)
      return {
        ours: { task: times(500, () => explained(desk)), units: 500, isSync: true },
        baselines: [{ against: "plain", task: times(500, () => pick(desk, now)), units: 500, isSync: true }],
        check: () => same("chosen", explained(desk)[0]?.chosen?.agentId, pick(desk, now))
      }
    }
  },
  {
    name: "route.160",
    says: "10,000 agents over 160, per agent",
    kind: "growth",
    unit: "ms",
    targets: [{ against: "small", atMost: 1.5 }],
    open: async ({ isQuick }) => {
      const [large, small] = [snapshot(isQuick ? 2000 : 10_000), snapshot(160)]
      const units = (desk: Route.Snapshot, size: number) => desk.agents.length * size
      return {
        ours: { task: times(4, () => explained(large)), units: units(large, 4), isSync: true },
        baselines: [
          { against: "small", task: times(250, () => explained(small)), units: units(small, 250), isSync: true }
        ]
      }
    }
  }
]
