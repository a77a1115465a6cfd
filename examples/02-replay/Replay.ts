import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Actor, Chat, Id, type RecordRef } from "leadline"
import { Crm, CrmStore, DeskStore } from "leadline/ports"
import {
  answerChat,
  type Caller,
  changePhone,
  createLead,
  drainBridge,
  endChat,
  leaveOfflineMessage,
  notifySales,
  rateChat,
  readFeed,
  readPanel,
  requestChat,
  sendMessage
} from "leadline/use-cases"
import type { ExportedChat } from "./ChatLog.ts"
import * as Report from "./Report.ts"
import type { Step } from "./Timeline.ts"

/** A step that Leadline refused: the log asks for what the rules forbid. */
export interface Refused {
  readonly chatId: string
  readonly step: string
  readonly refusal: unknown
}

/** The replay's account. */
export const account = Id.AccountId.make("replay")

const as = (actor: Actor.Actor): Caller => ({ account, actor, surface: "chat" })
const agent = (id: Id.AgentId) => as(Actor.agent(id))

const given = ({ visitor }: ExportedChat) => ({
  visitorId: visitor.id,
  name: visitor.name ?? null,
  email: visitor.email ?? null,
  phone: visitor.phone ?? null
})

/** Does one step at its time; counts what the agent saw and did. */
export const play = Effect.fnUntraced(function* (step: Step, report: Report.Report) {
  const { chat } = step
  yield* TestClock.setTime(step.at)
  const chatId = chat.id
  const visitor = as(Actor.visitor(chat.visitor.id))
  switch (step._tag) {
    case "Request":
      return yield* requestChat(visitor, { ...given(chat), chatId })
    case "OfflineMessage":
      return yield* leaveOfflineMessage(visitor, { ...given(chat), chatId, texts: step.texts })
    case "Answer":
      yield* answerChat(agent(step.agentId), { chatId })
      return yield* workPanel(agent(step.agentId), chatId, chat, report)
    case "VisitorMessage":
      return yield* sendMessage(visitor, { chatId, text: step.text })
    case "AgentMessage":
      return yield* sendMessage(agent(step.agentId), { chatId, text: step.text })
    case "Rating":
      return yield* rateChat(visitor, { chatId, rating: step.rating, comment: chat.comment ?? null })
    case "End":
      return yield* endChat(step.agentId === null ? visitor : agent(step.agentId), { chatId })
  }
})

/** The agent looks at the panel, and does what the chat's tags say. */
const workPanel = Effect.fnUntraced(function* (
  caller: Caller,
  chatId: Id.ChatId,
  chat: ExportedChat,
  report: Report.Report
) {
  const { panel } = yield* readPanel(caller, { chatId })
  Report.count(report.panels, Report.panelKey(panel))
  const text = `Please follow up on chat ${chat.id}.`
  if (panel._tag === "CanCreateLead") {
    yield* createLead(caller, { chatId, note: chat.tags.includes("note") ? text : null })
  } else if (panel._tag === "Record" && chat.tags.includes("note")) {
    yield* notifySales(caller, { chatId, text })
  }
  const phone = chat.visitor.phone ?? ""
  if (chat.tags.includes("phone") && panel._tag === "Record" && panel.record.kind === "lead" && phone.trim() !== "") {
    yield* changePhone(caller, { chatId, phone })
  }
})

/** Reads what is stored when all is done: chats, leads, notes, notices, and the feeds of all records. */
export const conclude = Effect.fnUntraced(function* (report: Report.Report, chatIds: ReadonlyArray<string>) {
  yield* drainBridge(account)
  yield* countChats(report, chatIds)
  yield* countLog(report)
  const crm = yield* CrmStore
  for (const kind of ["lead", "person", "company", "deal"] as const) {
    let after: RecordRef.RecordId | null = null
    for (;;) {
      const refs: ReadonlyArray<RecordRef.RecordRef> = yield* crm.list(account, kind, after, 500)
      for (const ref of refs) report.chatEntriesInFeeds[kind] += yield* chatsInFeed(ref)
      const last = refs.at(-1)
      if (last === undefined) break
      after = last.id
    }
  }
})

const countChats = Effect.fnUntraced(function* (report: Report.Report, chatIds: ReadonlyArray<string>) {
  const desk = yield* DeskStore
  for (const id of chatIds) {
    const [{ value: chat }] = yield* desk.get(account, [{ kind: "chat", id }])
    if (chat === null) continue
    report.chats++
    const outcome = Chat.outcomeOf(chat)
    if (outcome === "served") {
      report.served++
      report.messages += chat.messages.total
    } else if (outcome === "missed") report.missed++
    else report.offlineMessages++
  }
})

/** Leads, notes, notices and phones, from the CRM's log. */
const countLog = Effect.fnUntraced(function* (report: Report.Report) {
  const store = yield* CrmStore
  const crm = yield* Crm
  let position = 0
  for (;;) {
    const { entries, next } = yield* store.log(account, position, 500)
    if (entries.length === 0) return
    position = next
    for (const { event } of entries) {
      const { payload } = event
      switch (payload._tag) {
        case "LeadAddedFromChat":
          report.leadsCreated++
          Report.count(report.leadsByOwner, payload.owner)
          break
        case "NoteAdded": {
          const record = yield* crm.read(account, { _tag: "All" }, payload.record)
          Report.count(report.notesByOwner, record.ownerId)
          break
        }
        case "NoticeDue":
          if (payload.notice.reason !== "leadDealt") Report.count(report.noteNotificationsByOwner, payload.notice.to)
          break
        case "LeadPhoneChanged":
          report.phoneEdits++
          break
      }
    }
  }
})

const service = as(Actor.service("replay"))

const chatsInFeed = Effect.fnUntraced(function* (record: RecordRef.RecordRef) {
  let cursor: string | null = null
  let chats = 0
  do {
    const page: Effect.Success<ReturnType<typeof readFeed>> = yield* readFeed(service, {
      record,
      cursor,
      pageSize: 200
    })
    chats += page.entries.filter(({ _tag }) => _tag === "Chat").length
    cursor = page.next
  } while (cursor !== null)
  return chats
})
