import { Effect } from "effect"
import { Chat, EmailKey, type Event, Id, Transcript } from "leadline"
import { CrmStore, DeskStore, type LogEntry } from "leadline/ports"
import { account, agentId, pool } from "./Company.ts"
import { emailOf, type Progress, type Step, stepsOf } from "./Script.ts"

/**
 * What must hold of the account after any crash, in whatever way it was written. Every check gives its flaws as
 * sentences; none: all is well.
 */
export type Flaws = ReadonlyArray<string>

const EVERYTHING = Number.MAX_SAFE_INTEGER

/** The whole account, as one reader finds it. */
export const read = Effect.fnUntraced(function* (agents: number) {
  const [desk, crm] = [yield* DeskStore, yield* CrmStore]
  const deskLog = (yield* desk.log(account, 0, EVERYTHING)).entries
  const crmLog = (yield* crm.log(account, 0, EVERYTHING)).entries
  const ids = [...new Set(deskLog.flatMap(({ event }) => idIn("chat/", event)))]
  const chats = (yield* desk.get(
    account,
    ids.map((id) => ({ kind: "chat", id }) as const)
  )).flatMap(({ value }) => (value === null ? [] : [value]))
  const desks = (yield* desk.get(
    account,
    Array.from({ length: agents }, (_, n) => ({ kind: "desk", id: agentId(n) }) as const)
  )).flatMap(({ value }) => (value === null ? [] : [value]))
  const open = yield* desk.get(
    account,
    [...new Set(chats.map(({ visitor }) => visitor.id))].map((id) => ({ kind: "openChat", id }) as const)
  )
  const lines = yield* Effect.forEach(
    chats,
    (chat) => Effect.map(desk.transcript(account, chat.id, 0, EVERYTHING), (found) => [chat.id, found] as const),
    { concurrency: 8 }
  )
  return { deskLog, crmLog, chats, desks, open, transcripts: new Map(lines) }
})

export type Account = Effect.Success<ReturnType<typeof read>>

const idIn = (prefix: string, { stream }: Pick<Event.Event<unknown>, "stream">): ReadonlyArray<string> =>
  stream.startsWith(prefix) ? [stream.slice(prefix.length)] : []

/** Positions grow, an event is there once, and each stream counts 1..n (K2). */
export const logFlaws = (entries: ReadonlyArray<LogEntry<unknown>>): Flaws => {
  const flaws: Array<string> = []
  const ids = new Set<string>()
  const numbers = new Map<string, number>()
  let last = 0
  for (const { event, position } of entries) {
    if (position <= last) flaws.push(`position ${position} after ${last}`)
    last = position
    if (ids.has(event.id)) flaws.push(`event ${event.id} twice`)
    ids.add(event.id)
    if (event.number === 0) continue
    const before = numbers.get(event.stream) ?? 0
    if (event.number !== before + 1) flaws.push(`${event.stream}: ${event.number} after ${before}`)
    numbers.set(event.stream, event.number)
  }
  return flaws
}

/** Chats, desks, open chats and transcripts agree with each other and with the log (D6, D7, C8, K2). */
export const stateFlaws = ({ chats, deskLog, desks, open, transcripts }: Account): Flaws => {
  const events = new Map<string, number>()
  for (const { event } of deskLog) events.set(event.stream, (events.get(event.stream) ?? 0) + 1)
  const byId = new Map<string, Chat.Chat>(chats.map((chat) => [chat.id, chat]))
  const chatFlaws = chats.flatMap((chat) => {
    const flaw = Transcript.verify(
      (transcripts.get(chat.id) ?? []).map(({ message }) => message),
      chat.digest
    )
    const count = events.get(`chat/${chat.id}`) ?? 0
    const servers = chat.serving.map((one) => one.agentId)
    const desksOf = desks.filter(({ serving }) => serving.includes(chat.id)).map((one) => one.agentId)
    return [
      ...(flaw === null ? [] : [`${chat.id}: its transcript has a ${flaw._tag}`]),
      ...(count === chat.eventCount ? [] : [`${chat.id} counts ${chat.eventCount} events, the log ${count}`]),
      ...(same(servers, desksOf) ? [] : [`${chat.id} is served by ${servers}, their desks say ${desksOf}`])
    ]
  })
  const deskFlaws = desks.flatMap((desk) =>
    desk.serving.flatMap((id) => {
      const chat = byId.get(id)
      return chat !== undefined && Chat.isServing(chat, desk.agentId) ? [] : [`${desk.agentId} serves ${id} alone`]
    })
  )
  const openFlaws = open.flatMap(({ key, value }) => {
    const now = chats.filter((chat) => chat.visitor.id === key.id && !Chat.isClosed(chat)).map(({ id }) => id)
    return same(now, value === null ? [] : [value.chatId]) ? [] : [`${key.id}: open ${now}, noted ${value?.chatId}`]
  })
  return [...chatFlaws, ...deskFlaws, ...openFlaws]
}

const same = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean =>
  [...a].sort().join() === [...b].sort().join()

/** One turn of the pool per lead, and turns that are fair (F2, F3). */
export const poolFlaws = ({ crmLog }: Account, leads: number): Flaws => {
  const turns = crmLog.flatMap(({ event: { payload, stream } }) =>
    stream === `pool/${pool}` && payload._tag === "LeadDealt" ? [payload.to] : []
  )
  const counts = [...Map.groupBy(turns, (to) => to).values()].map(({ length }) => length)
  return [
    ...(turns.length === leads ? [] : [`${turns.length} turns for ${leads} leads`]),
    ...(Math.max(0, ...counts) - Math.min(...counts, Number.POSITIVE_INFINITY) <= 1 ? [] : [`turns ${counts}`])
  ]
}

/** Each notice that is due was told, under one id, however often (G4). */
export const noticeFlaws = ({ crmLog }: Account, told: ReadonlyArray<{ readonly id: string }>, due: number): Flaws => {
  const ids = crmLog.flatMap(({ event: { payload } }) => (payload._tag === "NoticeDue" ? [payload.notice.id] : []))
  const [once, heard] = [new Set<string>(ids), new Set(told.map(({ id }) => id))]
  return [
    ...(ids.length === once.size && once.size === due ? [] : [`${ids.length} notices, ${once.size} ids, ${due} due`]),
    ...(same([...once], [...heard]) ? [] : [`told ${heard.size} of ${once.size} notices`])
  ]
}

/** The chats that were played are there exactly as their scripts say: nothing is missing, nothing doubled (K1, H8). */
export const scriptFlaws = Effect.fnUntraced(function* (
  { chats, transcripts }: Account,
  seed: number,
  lanes: ReadonlyArray<readonly [lane: number, from: Progress]>
) {
  const scripts = lanes.flatMap(([lane, { chat: until }]) =>
    Array.from({ length: until }, (_, chat) => ({ email: emailOf(lane, chat), steps: stepsOf(seed, lane, chat) }))
  )
  const flaws = yield* Effect.forEach(
    scripts,
    ({ email, steps }) => {
      const id = steps[0]?.chatId ?? Id.ChatId.make("none")
      const said = (transcripts.get(id) ?? []).map(({ text }) => text)
      const chat = chats.find((one) => one.id === id)
      const own = [
        ...(chat !== undefined && Chat.isClosed(chat) ? [] : [`${id} is ${chat?.state._tag}`]),
        ...(said.join("|") === textsOf(steps, "Say").join("|") ? [] : [`${id} says ${said.join("|")}`])
      ]
      return Effect.map(crmFlaws(id, email, textsOf(steps, "Note", "Lead")), (others) => [...own, ...others])
    },
    { concurrency: 8 }
  )
  const strangers = chats.length - scripts.length
  return [...flaws.flat(), ...(strangers === 0 ? [] : [`${strangers} chats that nobody asked for`])]
})

const textsOf = (steps: ReadonlyArray<Step>, ...tags: ReadonlyArray<Step["what"]["_tag"]>): ReadonlyArray<string> =>
  steps.flatMap(({ what }) => {
    if (!tags.includes(what._tag)) return []
    if (what._tag === "Lead") return what.note === null ? [] : [what.note]
    return "text" in what ? [what.text] : []
  })

/** One lead with its notes; the chat once in its feed. */
const crmFlaws = Effect.fnUntraced(function* (id: Id.ChatId, email: string, notes: ReadonlyArray<string>) {
  const [desk, crm] = [yield* DeskStore, yield* CrmStore]
  const keys = [EmailKey.make(email)].flatMap((key) => (key === null ? [] : [key]))
  const all = { after: null, from: null, until: null, limit: 100 }
  const leads = yield* crm.byKeys(account, { emails: keys, phones: [] })
  const feed = yield* desk.closedChats(account, {
    ...all,
    keys,
    chatIds: [id],
    servedByAny: null,
    includeMissed: true,
    includeOfflineMessages: true
  })
  const records = leads.map((lead) => ({ kind: "lead", id: lead.id }) as const)
  const activities = yield* crm.activities(account, { ...all, records, types: null, byAny: null })
  const noted = activities.flatMap((one) => (one._tag === "Note" && typeof one.text === "string" ? [one.text] : []))
  return [
    ...(leads.length === 1 ? [] : [`${id} made ${leads.length} leads`]),
    ...(same(
      feed.chats.map((chat) => chat.id),
      [id]
    )
      ? []
      : [`${id} is ${feed.chats.length} times in its feed`]),
    ...(same(noted, notes) ? [] : [`${id}: notes ${noted.join("|")}`])
  ]
})
