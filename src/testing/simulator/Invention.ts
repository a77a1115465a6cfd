import * as Chance from "./Chance.ts"
import {
  type Action,
  type AgentSetup,
  agentDeeds,
  type Fault,
  type History,
  type HostSetup,
  type Setup,
  type Step,
  type Struck,
  type VisitorSetup,
  visitorDeeds
} from "./History.ts"

/** decision: small worlds, many of them. What takes more people or hosts to go wrong goes wrong with fewer, too. */
const size = {
  hosts: [2, 3],
  agents: [3, 5],
  visitors: [5, 8],
  visits: [5, 8],
  whims: [4, 12],
  faults: [4, 12]
} as const

type Range = readonly [number, number]

/** Makes a history of a seed: the same always. */
export const history = (seed: number): History => {
  const chance = Chance.make(seed)
  const among = ([least, most]: Range) => chance.between(least, most)
  const setup = setupOf(chance, among)
  const steps: Array<Step> = []
  const add = (at: number, action: Action) => steps.push({ id: steps.length + 1, at, action })
  for (const agent of setup.agents.keys()) add(0, { _tag: "SignIn", agent: agent + 1, pick: 1 })
  let [begins, end] = [0, 0]
  const visits = among(size.visits)
  for (let n = 0; n < visits; n++) {
    begins += pause(chance)
    end = Math.max(end, visit(chance, setup, begins, add))
  }
  const whims = among(size.whims)
  for (let n = 0; n < whims; n++) add(chance.between(0, end), whim(chance, setup))
  const faults = among(size.faults)
  for (let n = 0; n < faults; n++) {
    steps.push({ id: steps.length + 1, at: momentOf(chance, steps), fault: faultOf(chance, setup) })
  }
  return { seed, setup, steps: steps.toSorted((a, b) => a.at - b.at) }
}

const setupOf = (chance: Chance.Chance, among: (range: Range) => number): Setup => {
  const hosts = Array.from(
    { length: among(size.hosts) },
    (_, n): HostSetup => ({
      // decision: hosts are synchronised, but not well: up to 2 s
      skewMillis: n === 0 || chance.is(0.5) ? 0 : chance.between(-2_000, 2_000),
      wakesTwice: chance.is(0.2)
    })
  )
  const agents = Array.from(
    { length: among(size.agents) },
    (): AgentSetup => ({
      departments: chance.weighted<ReadonlyArray<number>>(
        [
          [2, [1]],
          [2, [1, 2]],
          [1, [2]]
        ],
        []
      ),
      limit: chance.is(0.3) ? chance.between(1, 3) : null
    })
  )
  const visitors = Array.from(
    { length: among(size.visitors) },
    (_, n): VisitorSetup => ({
      email: chance.weighted<string | null>(
        [
          [1, null],
          [6, `visitor-${n + 1}@home.example`],
          [2, "Family@Home.example"]
        ],
        null
      ),
      known: chance.weighted<VisitorSetup["known"]>(
        [
          [5, "no"],
          [1, "lead"],
          [1, "person"]
        ],
        "no"
      )
    })
  )
  return {
    routing: chance.is(0.6) ? "assigned" : "broadcast",
    crm: chance.is(0.6) ? "own" : "foreign",
    chatLimit: chance.weighted<number | null>(
      [
        [1, 1],
        [2, 2],
        [2, 3],
        [1, null]
      ],
      null
    ),
    hosts,
    agents,
    visitors
  }
}

/** Faults come when something is going on. */
const momentOf = (chance: Chance.Chance, steps: ReadonlyArray<Step>): number =>
  steps[chance.between(0, steps.length - 1)]?.at ?? 0

/** Much at once, then little; now and then long enough for leases, offers and parked work to come due. */
const pause = (chance: Chance.Chance): number =>
  chance.weighted(
    [
      [5, 0],
      [4, chance.between(50, 1_500)],
      [3, chance.between(2_000, 12_000)],
      [0.2, chance.between(30_000, 70_000)]
    ],
    0
  )

/** A visit as it mostly goes: they ask, somebody answers, both talk, something is done in the panel, and it ends. */
const visit = (
  chance: Chance.Chance,
  setup: Setup,
  begins: number,
  add: (at: number, action: Action) => void
): number => {
  let at = begins
  const visitor = chance.between(1, setup.visitors.length)
  const pick = () => chance.between(0, 5)
  const byVisitor = (_tag: (typeof visitorDeeds)[number]) => add(at, { _tag, visitor, pick: pick() })
  const byServing = (_tag: (typeof agentDeeds)[number], late = 0) => add(at, { _tag, agent: 0, pick: late })
  byVisitor("Ask")
  if (chance.is(0.1)) byVisitor("Ask")
  at += pause(chance) + 200
  byServing("Answer")
  if (chance.is(0.4)) add(at, { _tag: "AnswerNext", agent: chance.between(1, setup.agents.length), pick: 0 })
  if (chance.is(0.2)) byVisitor("WantTranscript")
  const turns = chance.between(1, 4)
  for (let turn = 0; turn < turns; turn++) {
    at += pause(chance)
    if (chance.is(0.5)) byVisitor("Say")
    else byServing(chance.is(0.9) ? "Reply" : "WriteInternal", chance.between(0, 2))
  }
  if (chance.is(0.3)) byServing("Invite")
  at += pause(chance)
  // pressed twice at once: by the same agent, or by two who serve
  if (chance.is(0.6)) for (let n = chance.between(1, 3); n > 0; n--) byServing("CreateLead", n - 1)
  at += pause(chance)
  if (chance.is(0.5)) byServing("NotifySales")
  if (chance.is(0.4)) byServing("ChangePhone")
  at += pause(chance)
  if (chance.is(0.4)) byServing("End")
  else if (chance.is(0.6)) byVisitor("Go")
  if (chance.is(0.2)) byVisitor("Rate")
  return at
}

type Whim = readonly [weight: number, tag: Action["_tag"]]

/** What comes in between. */
const whims: ReadonlyArray<Whim> = [
  ...([
    [2, "Ask"],
    [1, "Say"],
    [1, "Go"],
    [1, "LeavePage"],
    [1, "ReturnToPage"]
  ] as const),
  ...([
    [3, "Answer"],
    [2, "Decline"],
    [1, "Leave"],
    [2, "TransferToAgent"],
    [1, "TransferToDepartment"],
    [1, "Invite"]
  ] as const),
  ...([
    [2, "SignIn"],
    [1, "SignOut"],
    [1, "ConsoleDies"],
    [2, "GoOnline"],
    [1, "GoAway"],
    [0.5, "GoInvisible"],
    [1, "GoOffline"]
  ] as const),
  ...([
    [1, "CreateLead"],
    [1, "NotifySales"],
    [0.4, "Ban"],
    [0.3, "Unban"],
    [0.3, "CloseAccount"],
    [0.5, "OpenAccount"]
  ] as const)
]

const whim = (chance: Chance.Chance, { agents, visitors }: Setup): Action => {
  const [visitor, agent, pick] = [
    chance.between(1, visitors.length),
    chance.between(1, agents.length),
    chance.between(0, 5)
  ]
  const _tag = chance.weighted(whims, "Ask")
  if (isOneOf(visitorDeeds, _tag)) return { _tag, visitor, pick }
  if (isOneOf(agentDeeds, _tag)) return { _tag, agent: chance.is(0.3) ? 0 : agent, pick }
  return _tag === "Ban" || _tag === "Unban" ? { _tag, visitor } : { _tag }
}

const isOneOf = <Tag extends string>(tags: ReadonlyArray<Tag>, tag: string): tag is Tag =>
  tags.some((one) => one === tag)

const faultOf = (chance: Chance.Chance, { crm, hosts }: Setup): Fault => {
  const host = chance.between(1, hosts.length)
  const port = chance.weighted<Struck>(
    [
      [5, "desk"],
      [4, "crm"],
      [1, "settings"],
      [2, "notifier"],
      [1, "mail"]
    ],
    "desk"
  )
  // notices and mails are few: the next one is struck
  const isRare = port === "notifier" || port === "mail"
  const skip = isRare ? 0 : chance.is(0.5) ? chance.between(0, 8) : chance.between(0, 60)
  const fault = chance.weighted<Fault["_tag"]>(
    [
      [2, "Slow"],
      [3, "Unavailable"],
      [4, "LostAnswer"],
      [1, "Twice"],
      [crm === "foreign" ? 2 : 0, "Stale"],
      [3, "Crash"],
      [1, "Reconnect"]
    ],
    "Slow"
  )
  switch (fault) {
    case "Slow":
      return { _tag: fault, host, port, skip, millis: chance.between(100, 20_000) }
    case "Unavailable":
      return { _tag: fault, host, port, skip, calls: chance.between(1, 12) }
    case "LostAnswer":
    case "Twice":
      return { _tag: fault, host, port, skip: isRare ? 0 : chance.between(0, 6) }
    case "Stale":
      return { _tag: fault, host, calls: chance.between(1, 8) }
    case "Crash":
      return {
        _tag: fault,
        host,
        skip,
        when: chance.is(0.5) ? "before" : "after",
        downMillis: chance.between(0, 15_000)
      }
    case "Reconnect":
      return { _tag: fault }
  }
}
