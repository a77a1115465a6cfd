import * as Chance from "./Chance.ts"
import {
  type Action,
  type AgentSetup,
  type Fault,
  type History,
  type HostSetup,
  type Setup,
  type Step,
  struck,
  type VisitorSetup
} from "./History.ts"

/** decision: small worlds, many of them. What takes more people or hosts to go wrong goes wrong with fewer, too. */
const size = { hosts: [2, 3], agents: [3, 5], visitors: [4, 9], actions: [25, 45], faults: [3, 9] } as const

/** Makes a history of a seed: the same always. */
export const history = (seed: number): History => {
  const chance = Chance.make(seed)
  const among = ([least, most]: readonly [number, number]) => chance.between(least, most)
  const setup = setupOf(chance, among)
  const steps: Array<Step> = []
  let at = 0
  const add = (action: Action) => steps.push({ id: steps.length + 1, at, action })
  for (const agent of setup.agents.keys()) add({ _tag: "SignIn", agent: agent + 1, pick: 1 })
  const actions = among(size.actions)
  for (let n = 0; n < actions; n++) {
    at += pause(chance)
    add(actionOf(chance, setup))
  }
  const faults = among(size.faults)
  for (let n = 0; n < faults; n++) {
    steps.push({ id: steps.length + 1, at: chance.between(0, at), fault: faultOf(chance, setup) })
  }
  // those of one moment stay in the order they were thought of, a fault after the actions that it is to strike
  return { seed, setup, steps: steps.toSorted((a, b) => a.at - b.at) }
}

const setupOf = (chance: Chance.Chance, among: (range: readonly [number, number]) => number): Setup => {
  const hosts = Array.from({ length: among(size.hosts) }, (_, n): HostSetup => ({
    // decision: hosts are synchronised, but not well: up to 2 s
    skewMillis: n === 0 || chance.is(0.5) ? 0 : chance.between(-2_000, 2_000),
    wakesTwice: chance.is(0.2)
  }))
  const agents = Array.from({ length: among(size.agents) }, (): AgentSetup => ({
    departments: chance.weighted<ReadonlyArray<number>>([[2, [1]], [2, [1, 2]], [1, [2]]], []),
    limit: chance.is(0.3) ? chance.between(1, 3) : null
  }))
  const visitors = Array.from({ length: among(size.visitors) }, (_, n): VisitorSetup => ({
    email: chance.weighted<string | null>([[1, null], [4, `visitor-${n + 1}@home.example`], [2, "Family@Home.example"]], null),
    known: chance.weighted<VisitorSetup["known"]>([[3, "no"], [1, "lead"], [1, "person"]], "no")
  }))
  return {
    routing: chance.is(0.6) ? "assigned" : "broadcast",
    crm: chance.is(0.7) ? "own" : "foreign",
    chatLimit: chance.weighted<number | null>([[2, 1], [2, 2], [1, null]], null),
    hosts,
    agents,
    visitors
  }
}

/** Much at once, then little; now and then long enough for leases, offers and parked work to come due. */
const pause = (chance: Chance.Chance): number =>
  chance.weighted([[5, 0], [4, chance.between(50, 1_500)], [3, chance.between(2_000, 12_000)], [0.4, chance.between(30_000, 70_000)]], 0)

type Deed = readonly [weight: number, tag: Extract<Action, { readonly pick: number }>["_tag"]]

const visitorDeeds = [[7, "Ask"], [6, "Say"], [2, "Go"], [1, "LeavePage"], [1, "ReturnToPage"], [1, "Rate"], [1, "WantTranscript"]] as const satisfies ReadonlyArray<Deed>

const agentDeeds = [
  ...([[7, "Answer"], [3, "AnswerNext"], [1, "Decline"], [6, "Reply"], [1, "WriteInternal"], [2, "End"], [1, "Leave"]] as const),
  ...([[1, "TransferToAgent"], [1, "TransferToDepartment"], [1, "Invite"]] as const),
  ...([[4, "CreateLead"], [3, "NotifySales"], [2, "ChangePhone"]] as const),
  ...([[1, "SignIn"], [0.5, "SignOut"], [0.5, "ConsoleDies"]] as const),
  ...([[1, "GoOnline"], [0.5, "GoAway"], [0.4, "GoInvisible"], [0.5, "GoOffline"]] as const)
] as const satisfies ReadonlyArray<Deed>

const actionOf = (chance: Chance.Chance, { agents, visitors }: Setup): Action => {
  const visitor = chance.between(1, visitors.length)
  const agent = chance.between(1, agents.length)
  const pick = chance.between(0, 5)
  const roll = chance.next()
  if (roll < 0.38) return { _tag: chance.weighted(visitorDeeds, "Ask"), visitor, pick }
  if (roll < 0.96) return { _tag: chance.weighted(agentDeeds, "Answer"), agent, pick }
  if (roll < 0.98) return { _tag: chance.is(0.6) ? "Ban" : "Unban", visitor }
  return { _tag: chance.is(0.4) ? "CloseAccount" : "OpenAccount" }
}

const faultOf = (chance: Chance.Chance, { crm, hosts }: Setup): Fault => {
  const host = chance.between(1, hosts.length)
  const port = chance.weighted([[5, struck[0]], [4, struck[1]], [1, struck[2]], [1, struck[3]], [0.5, struck[4]]], "desk")
  const skip = chance.is(0.5) ? chance.between(0, 8) : chance.between(0, 60)
  const fault = chance.weighted<Fault["_tag"]>(
    [[2, "Slow"], [3, "Unavailable"], [4, "LostAnswer"], [1, "Twice"], [crm === "foreign" ? 2 : 0, "Stale"], [3, "Crash"], [1, "Reconnect"]],
    "Slow"
  )
  switch (fault) {
    case "Slow":
      return { _tag: fault, host, port, skip, millis: chance.between(100, 20_000) }
    case "Unavailable":
      return { _tag: fault, host, port, skip, calls: chance.between(1, 12) }
    case "LostAnswer":
    case "Twice":
      return { _tag: fault, host, port, skip: chance.between(0, 6) }
    case "Stale":
      return { _tag: fault, host, calls: chance.between(1, 8) }
    case "Crash":
      return { _tag: fault, host, skip, when: chance.is(0.5) ? "before" : "after", downMillis: chance.between(0, 15_000) }
    case "Reconnect":
      return { _tag: fault }
  }
}
