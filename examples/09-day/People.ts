import { Effect } from "effect"
import { type Agent, Id } from "leadline"
import {
  answerChat,
  declineOffer,
  endChat,
  heartbeat,
  inviteAgent,
  leaveChat,
  leavePage,
  rateChat,
  requestChat,
  returnToPage,
  sendMessage,
  setStatus,
  signIn,
  transferToAgent,
  transferToDepartment
} from "leadline/use-cases"
import type { Act, Plan } from "./Act.ts"
import type { Chance } from "./Chance.ts"
import { agentCaller, at, departmentsOf, emailOf, type Size, skillFor, visitorCaller } from "./Company.ts"

const seconds = (count: number) => count * 1_000
const minutes = (count: number) => count * 60_000

/** What the people of the day do, and how they react to what happens to them. */
export class People {
  private readonly size: Size
  private readonly agents: ReadonlyArray<Agent.Agent>
  private readonly chance: Chance
  private readonly plan: Plan
  private readonly served = new Set<Id.ChatId>()

  constructor(size: Size, agents: ReadonlyArray<Agent.Agent>, chance: Chance, plan: Plan) {
    this.size = size
    this.agents = agents
    this.chance = chance
    this.plan = plan
  }

  /** Notes every shift and every visitor of the day. */
  comeToWork(): void {
    for (const { id } of this.agents) this.shift(id)
    for (let chat = 0; chat < this.size.chats; chat++) this.visit(this.arrival())
  }

  /** Most visitors come before and after lunch; some before the account opens, some as it closes. */
  private arrival(): number {
    const { chance } = this
    const peak = chance.is(0.5) ? at(10, 30) : at(14, 30)
    const spread = (chance.next() + chance.next() + chance.next() - 1.5) * minutes(120)
    return chance.is(0.3) ? chance.between(at(8, 50), at(17, 5)) : Math.round(peak + spread)
  }

  private visit(now: number): void {
    const { chance, size } = this
    const visitor = chance.between(0, Math.max(1, Math.floor(size.chats * 0.9)) - 1)
    const visitorId = Id.VisitorId.make(`visitor-${visitor}`)
    const caller = visitorCaller(visitorId)
    const department = chance.is(0.05) ? null : chance.oneOf(departmentsOf(size))
    this.plan(now, requestChat(caller, { visitorId, department, skills: skillFor(chance), email: emailOf(visitor) }))
  }

  /** A visitor whom nobody answers waits so long, and goes. */
  waits(now: number, chatId: Id.ChatId, visitorId: Id.VisitorId): void {
    const patience = this.chance.is(0.8) ? minutes(this.chance.between(5, 20)) : seconds(this.chance.between(40, 240))
    const goes = endChat(visitorCaller(visitorId), { chatId })
    this.plan(
      now + patience,
      Effect.suspend((): Act => (this.served.has(chatId) ? Effect.void : goes))
    )
  }

  /** Signs in, stays awake, has lunch, goes home; a few consoles die, and their agents come back later. */
  private shift(agentId: Id.AgentId): void {
    const { chance } = this
    const caller = agentCaller(agentId)
    const [start, end] = [chance.between(at(8, 30), at(9, 30)), chance.between(at(16), at(17, 15))]
    const device = Id.DeviceId.make(`console-${agentId}`)
    const dies = chance.is(0.05) ? chance.between(at(11), at(15)) : Number.POSITIVE_INFINITY
    const back = dies + minutes(chance.between(15, 60))
    this.plan(start, signIn(caller, { deviceId: device }))
    for (let beat = start + minutes(8); beat < end; beat += minutes(8)) {
      if (beat >= dies && beat < back) continue
      this.plan(beat, heartbeat(caller, { deviceId: device, isActive: chance.is(0.7) }))
    }
    if (back < end) this.plan(back, signIn(caller, { deviceId: device }))
    const lunch = chance.between(at(11, 30), at(13, 30))
    this.plan(lunch, setStatus(caller, { status: chance.is(0.7) ? "away" : "invisible" }))
    this.plan(lunch + minutes(chance.between(20, 45)), setStatus(caller, { status: "online" }))
    this.plan(end, setStatus(caller, { status: "offline" }))
  }

  /** A chat is held out to an agent: most answer within the deadline, some decline, some do not see it. */
  offered(now: number, chatId: Id.ChatId, agentId: Id.AgentId): void {
    const { chance } = this
    const caller = agentCaller(agentId)
    const isSeen = chance.is(0.94)
    if (!isSeen) return
    const later = now + seconds(chance.between(2, 26))
    this.plan(later, chance.is(0.03) ? declineOffer(caller, { chatId }) : answerChat(caller, { chatId }))
  }

  /** Somebody serves: they talk, and one of them ends it. */
  answered(now: number, chatId: Id.ChatId, agentId: Id.AgentId, visitorId: Id.VisitorId): void {
    const { chance } = this
    const [agent, visitor] = [agentCaller(agentId), visitorCaller(visitorId)]
    this.served.add(chatId)
    let moment = now
    const turns = chance.between(2, 6)
    for (let turn = 0; turn < turns; turn++) {
      moment += seconds(chance.between(15, 150))
      this.plan(
        moment,
        sendMessage(turn % 2 === 0 ? visitor : agent, { chatId, text: `line ${turn + 1} of this chat` })
      )
    }
    const turned = this.detour(moment, chatId, agentId, visitorId)
    if (turned) return
    this.plan(moment + seconds(chance.between(5, 40)), endChat(chance.is(0.7) ? agent : visitor, { chatId }))
    if (chance.is(0.3)) {
      this.plan(moment + seconds(60), rateChat(visitor, { chatId, rating: chance.is(0.8) ? "good" : "bad" }))
    }
  }

  /** Now and then a chat takes another way; `true`: this agent does not end it. */
  private detour(now: number, chatId: Id.ChatId, agentId: Id.AgentId, visitorId: Id.VisitorId): boolean {
    const { chance } = this
    const [agent, visitor] = [agentCaller(agentId), visitorCaller(visitorId)]
    const way = chance.between(1, 100)
    if (way <= 3) this.plan(now, transferToAgent(agent, { chatId, to: chance.oneOf(this.agents).id }))
    else if (way <= 6)
      this.plan(now, transferToDepartment(agent, { chatId, department: chance.oneOf(departmentsOf(this.size)) }))
    else if (way <= 8) this.plan(now, leaveChat(agent, { chatId }))
    else if (way <= 11) this.plan(now, inviteAgent(agent, { chatId, agentId: chance.oneOf(this.agents).id }))
    else if (way <= 14) {
      this.plan(now, leavePage(visitor, { chatId }))
      if (chance.is(0.6)) this.plan(now + seconds(chance.between(5, 110)), returnToPage(visitor, { chatId }))
    }
    if (way === 7) this.plan(now + seconds(chance.between(10, 120)), sendMessage(visitor, { chatId, text: "anybody?" }))
    return way <= 8 || way === 12
  }

  /** Leadline took an agent for absent: they notice after a while. */
  awayWithoutWanting(now: number, agentId: Id.AgentId): void {
    if (now > at(16, 30)) return
    this.plan(now + minutes(this.chance.between(2, 15)), setStatus(agentCaller(agentId), { status: "online" }))
  }
}

/** What is not allowed just then is part of the day. */
export const ignoringRefusals = (act: Act): Act =>
  Effect.catchIf(
    act,
    ({ _tag }) => _tag !== "StoreError",
    () => Effect.void
  )
