import { Effect } from "effect"
import { type ChatId, DeviceId } from "../../domain/account/Id.ts"
import type { Chat } from "../../domain/chat/Chat.ts"
import { heartbeat, signOut } from "../../use-cases/agent/Heartbeat.ts"
import { readConsole } from "../../use-cases/agent/ReadConsole.ts"
import { setStatus } from "../../use-cases/agent/SetStatus.ts"
import { signIn } from "../../use-cases/agent/SignIn.ts"
import { answerChat } from "../../use-cases/chat/AnswerChat.ts"
import { answerNext } from "../../use-cases/chat/AnswerNext.ts"
import { banVisitor, unbanVisitor } from "../../use-cases/chat/BanVisitor.ts"
import { declineOffer } from "../../use-cases/chat/DeclineOffer.ts"
import { endChat } from "../../use-cases/chat/EndChat.ts"
import { inviteAgent } from "../../use-cases/chat/JoinChat.ts"
import { leaveChat } from "../../use-cases/chat/LeaveChat.ts"
import { rateChat } from "../../use-cases/chat/RateChat.ts"
import { requestChat } from "../../use-cases/chat/RequestChat.ts"
import { requestTranscript } from "../../use-cases/chat/RequestTranscript.ts"
import { sendMessage, writeInternalNote } from "../../use-cases/chat/SendMessage.ts"
import { leavePage, returnToPage } from "../../use-cases/chat/TellPresence.ts"
import { transferToAgent, transferToDepartment } from "../../use-cases/chat/TransferChat.ts"
import { changePhone } from "../../use-cases/panel/ChangePhone.ts"
import { createLead } from "../../use-cases/panel/CreateLead.ts"
import { notifySales } from "../../use-cases/panel/NotifySales.ts"
import { changeSettings } from "../../use-cases/settings/ChangeSettings.ts"
import type { Clients, Console } from "./Client.ts"
import * as Company from "./Company.ts"
import type { Action, Setup } from "./History.ts"
import type { Services } from "./Host.ts"

/** A command as a client sends it, again and again the same; and what its answer tells them. */
interface Command<A> {
  readonly does: Effect.Effect<A, unknown, Services>
  readonly learns?: (answer: A) => ReadonlyArray<Company.Fact>
}

type AgentDeed = Extract<Action, { readonly agent: number }>
type VisitorDeed = Extract<Action, { readonly visitor: number; readonly pick: number }>

/** Who does what under which key. Texts name the step that they come from: none is said by two. */
interface Doing {
  readonly clients: Clients
  readonly setup: Setup
  readonly id: number
}

/** Does what a step says, until it is answered. */
export const perform = Effect.fnUntraced(function* (doing: Doing, action: Action) {
  const { clients, id } = doing
  const what = `#${id} ${action._tag}`
  clients.waiting.add(what)
  if ("agent" in action) {
    const agents = whoActs(clients, action)
    const acts = agents.map((agent) => byAgent(doing, { ...action, agent }, what))
    yield* Effect.all(acts, { concurrency: "unbounded", discard: true })
  } else if ("pick" in action) yield* byVisitor(doing, action, what)
  else yield* byAdministrator(doing, action, what)
  clients.waiting.delete(what)
})

/** See `Action`: agent 0 is who it concerns. */
const whoActs = ({ consoles, facts }: Clients, { _tag, agent, pick }: AgentDeed): ReadonlyArray<number> => {
  if (agent !== 0) return [agent]
  if (_tag === "Answer") return [...new Set(consoles.map((console) => console.agent))]
  const answered = facts.flatMap((fact) => (fact._tag === "Answered" ? [fact.agent] : []))
  return answered.slice(-1 - (pick % 3)).slice(0, 1)
}

const send = Effect.fnUntraced(function* <A>(clients: Clients, what: string, { does, learns }: Command<A>) {
  const answer = yield* clients.reliably(what, does)
  if (answer !== null && learns !== undefined) clients.facts.push(...learns(answer))
  return answer
})

const byVisitor = Effect.fnUntraced(function* ({ clients, id, setup }: Doing, action: VisitorDeed, what: string) {
  const { visitor } = action
  const caller = Company.visitorCaller(visitor, `key-${id}`)
  if (action._tag === "Ask") {
    const department = action.pick < 3 ? null : Company.departmentId(1 + (action.pick % 2))
    const { email } = setup.visitors[visitor - 1] ?? { email: null }
    const request = { visitorId: Company.visitorId(visitor), department, email }
    return void (yield* send(clients, what, {
      does: requestChat(caller, request),
      learns: ({ chatId }) => {
        clients.chats.set(visitor, chatId)
        return [{ _tag: "Asked", chatId, visitor }]
      }
    }))
  }
  const chatId = clients.chats.get(visitor)
  if (chatId === undefined) return
  switch (action._tag) {
    case "Say":
      return void (yield* send(
        clients,
        what,
        saying(chatId, id, (text) => sendMessage(caller, { chatId, text }))
      ))
    case "Go":
      return void (yield* send(clients, what, ending(chatId, endChat(caller, { chatId }))))
    case "LeavePage":
      return void (yield* send(clients, what, { does: leavePage(caller, { chatId }) }))
    case "ReturnToPage":
      return void (yield* send(clients, what, { does: returnToPage(caller, { chatId }) }))
    case "Rate":
      return void (yield* send(clients, what, { does: rateChat(caller, { chatId, rating: "good" }) }))
    case "WantTranscript":
      return void (yield* send(clients, what, {
        does: requestTranscript(caller, { chatId }),
        learns: () => [{ _tag: "MailWanted", chatId }]
      }))
  }
})

const saying = <A>(chatId: ChatId, id: number, does: (text: string) => Command<A>["does"]): Command<A> => ({
  does: does(`line ${id}`),
  learns: () => [{ _tag: "Said", chatId, text: `line ${id}` }]
})

const ending = <A>(chatId: ChatId, does: Command<A>["does"]): Command<A> => ({
  does,
  learns: () => [{ _tag: "Ended", chatId }]
})

const byAdministrator = Effect.fnUntraced(function* (
  { clients, id }: Doing,
  action: Exclude<Action, AgentDeed | VisitorDeed>,
  what: string
) {
  const caller = Company.administrator(`key-${id}`)
  switch (action._tag) {
    case "Ban": {
      const { visitor } = action
      const does = banVisitor(caller, { visitorId: Company.visitorId(visitor) })
      return void (yield* send(clients, what, { does, learns: () => [{ _tag: "Banned", visitor }] }))
    }
    case "Unban":
      return void (yield* send(clients, what, {
        does: unbanVisitor(caller, { visitorId: Company.visitorId(action.visitor) })
      }))
    case "CloseAccount":
      return void (yield* send(clients, what, { does: changeSettings(caller, { hours: Company.closedHours }) }))
    case "OpenAccount":
      return void (yield* send(clients, what, { does: changeSettings(caller, { hours: null }) }))
  }
})

const statuses = { GoOnline: "online", GoAway: "away", GoInvisible: "invisible", GoOffline: "offline" } as const

const byAgent = Effect.fnUntraced(function* (doing: Doing, action: AgentDeed, what: string) {
  const { clients, id } = doing
  const { agent } = action
  const caller = Company.agentCaller(agent, `key-${id}`)
  switch (action._tag) {
    case "SignIn":
      return yield* openConsole(clients, agent, what)
    case "SignOut":
    case "ConsoleDies":
      return yield* closeConsole(clients, action, what)
    case "GoOnline":
    case "GoAway":
    case "GoInvisible":
    case "GoOffline":
      return void (yield* send(clients, what, { does: setStatus(caller, { status: statuses[action._tag] }) }))
    case "AnswerNext":
      return void (yield* send(clients, what, {
        does: answerNext(caller),
        learns: ({ chatId }) => [{ _tag: "Answered", chatId, agent }]
      }))
    default:
      return yield* withChat(doing, action, what)
  }
})

/** What is done with one of the chats that the agent's console shows: answering with those that ring, the rest with those served. */
const withChat = Effect.fnUntraced(function* (doing: Doing, action: AgentDeed, what: string) {
  const { clients, id, setup } = doing
  const { _tag: deed, agent, pick } = action
  const caller = Company.agentCaller(agent, `key-${id}`)
  const shown = yield* clients.reliably(what, readConsole(Company.agentCaller(agent)))
  if (shown === null) return
  const isTaking = deed === "Answer" || deed === "Decline"
  const chat = picked(isTaking ? shown.ringing : shown.serving, pick)
  if (chat === undefined) return
  const chatId = chat.id
  const colleague = Company.agentId(1 + ((agent + pick) % setup.agents.length))
  switch (deed) {
    case "Answer":
      return void (yield* send(clients, what, {
        does: answerChat(caller, { chatId }),
        learns: () => [{ _tag: "Answered", chatId, agent }]
      }))
    case "Decline":
      return void (yield* send(clients, what, { does: declineOffer(caller, { chatId }) }))
    case "Reply":
      return void (yield* send(
        clients,
        what,
        saying(chatId, id, (text) => sendMessage(caller, { chatId, text }))
      ))
    case "WriteInternal":
      return void (yield* send(
        clients,
        what,
        saying(chatId, id, (text) => writeInternalNote(caller, { chatId, text }))
      ))
    case "End":
      return void (yield* send(clients, what, ending(chatId, endChat(caller, { chatId }))))
    case "Leave":
      return void (yield* send(clients, what, { does: leaveChat(caller, { chatId }) }))
    case "TransferToAgent":
      return void (yield* send(clients, what, { does: transferToAgent(caller, { chatId, to: colleague }) }))
    case "TransferToDepartment": {
      const department = Company.departmentId(1 + (pick % 2))
      return void (yield* send(clients, what, { does: transferToDepartment(caller, { chatId, department }) }))
    }
    case "Invite":
      return void (yield* send(clients, what, { does: inviteAgent(caller, { chatId, agentId: colleague }) }))
    default:
      return yield* besideChat(doing, action, what, chatId)
  }
})

const picked = (chats: ReadonlyArray<Chat>, pick: number): Chat | undefined => chats[pick % Math.max(1, chats.length)]

/** What is done in the panel. */
const besideChat = Effect.fnUntraced(function* (
  { clients, id }: Doing,
  { _tag: deed, agent, pick }: AgentDeed,
  what: string,
  chatId: ChatId
) {
  const caller = Company.agentCaller(agent, `key-${id}`)
  switch (deed) {
    case "CreateLead": {
      const note = pick % 2 === 0 ? null : `note ${id}`
      return void (yield* send(clients, what, {
        does: createLead(caller, { chatId, note }),
        learns: ({ lead, noteStored }) => [{ _tag: "LeadMade", chatId, lead, note: noteStored ? note : null }]
      }))
    }
    case "NotifySales": {
      const text = `note ${id}`
      return void (yield* send(clients, what, {
        does: notifySales(caller, { chatId, text }),
        learns: ({ record }) => [{ _tag: "Noted", record, text }]
      }))
    }
    case "ChangePhone": {
      const phone = `+1 202 555 ${String(id).padStart(4, "0")}`
      return void (yield* send(clients, what, {
        does: changePhone(caller, { chatId, phone }),
        learns: ({ isChanged, lead }) =>
          isChanged ? [{ _tag: "PhoneSet", record: { kind: "lead", id: lead }, phone }] : []
      }))
    }
    default:
      return
  }
})

const openConsole = Effect.fnUntraced(function* (clients: Clients, agent: number, what: string) {
  const device = `device-${++clients.devices}`
  const console: Console = { agent, device, beatAt: clients.stage.now }
  clients.consoles.push(console)
  yield* clients.reliably(what, signIn(Company.agentCaller(agent), { deviceId: DeviceId.make(device) }))
})

/** Signing out tells; a console that dies does not, and its lease ends by itself (B4). */
const closeConsole = Effect.fnUntraced(function* (clients: Clients, { _tag, agent }: AgentDeed, what: string) {
  const at = clients.consoles.findIndex((one) => one.agent === agent)
  const [console] = at < 0 ? [] : clients.consoles.splice(at, 1)
  if (console === undefined || _tag === "ConsoleDies") return
  yield* clients.reliably(what, signOut(Company.agentCaller(agent), { deviceId: DeviceId.make(console.device) }))
})

/** A console's sign of life; one that came too late signs in again (B4). */
export const beat = Effect.fnUntraced(function* (clients: Clients, console: Console) {
  const deviceId = DeviceId.make(console.device)
  const caller = Company.agentCaller(console.agent)
  const renewed = yield* clients.reliably("a heartbeat", heartbeat(caller, { deviceId, isActive: true }))
  if (renewed === null && clients.consoles.includes(console)) {
    yield* clients.reliably("signing in again", signIn(caller, { deviceId }))
  }
})
