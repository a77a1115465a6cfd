/**
 * What must be true of the CRM's side when a history is over: leads, notes and phones once (E5, G1, E6), turns (F2),
 * notices (G4), mails (D9), feeds and copies (H8, H2).
 *
 * @module
 */
import { Effect } from "effect"
import { isText } from "../../domain/account/Content.ts"
import * as Chat from "../../domain/chat/Chat.ts"
import { type MatchableRef, toKey } from "../../domain/record/RecordRef.ts"
import { Crm } from "../../ports/Crm.ts"
import type { CrmPayload } from "../../ports/CrmStore.ts"
import { type DeskPayload, DeskStore } from "../../ports/DeskStore.ts"
import type { LogEntry } from "../../ports/RecordStore.ts"
import { BRIDGE } from "../../use-cases/bridge/Bridge.ts"
import { readFeed } from "../../use-cases/feed/ReadFeed.ts"
import { DESK_BRIDGE } from "../../use-cases/foreign/RunRequest.ts"
import { account, type Fact, knownId, service } from "./Company.ts"
import type { Setup } from "./History.ts"
import type { Recorder } from "./Recorder.ts"
import type { Breach, Replayed } from "./Replayed.ts"

const everything = { _tag: "All" } as const

/** Every record that a history may have touched, once. */
export const recordsOf = Effect.fnUntraced(function* (setup: Setup, replayed: Replayed, facts: ReadonlyArray<Fact>) {
  const crm = yield* Crm
  const found = new Map<string, MatchableRef>()
  const add = (ref: MatchableRef) => found.set(toKey(ref), ref)
  for (const [n, { known }] of setup.visitors.entries()) if (known !== "no") add({ kind: known, id: knownId(n + 1) })
  for (const chat of replayed.chats.values()) {
    if (chat.lead !== null) add({ kind: "lead", id: chat.lead.id })
  }
  for (const fact of facts) if (fact._tag === "LeadMade") add({ kind: "lead", id: fact.lead })
  for (const email of yield* keysOf(replayed)) {
    for (const { ref } of (yield* crm.match(account, everything, { email, phone: null })).matched) add(ref)
  }
  return [...found.values()]
})

/** The keys that chats closed with, as stored: events hold none (J4). */
const keysOf = Effect.fnUntraced(function* (replayed: Replayed) {
  const keys = (yield* storedChats(replayed)).flatMap(({ visitor }) => visitor.emailKey ?? [])
  return new Set(keys)
})

const storedChats = Effect.fnUntraced(function* (replayed: Replayed) {
  const desk = yield* DeskStore
  const reads = yield* desk.get(
    account,
    [...replayed.chats.keys()].map((id) => ({ kind: "chat", id }) as const)
  )
  return reads.flatMap(({ value }) => value ?? [])
})

/** However many press the button, one lead comes out per address, and none where a record matched before (E3, E5). */
export const oneLeadPerAddress = Effect.fnUntraced(function* (replayed: Replayed, breach: Breach) {
  const crm = yield* Crm
  for (const email of yield* keysOf(replayed)) {
    const { matched } = yield* crm.match(account, everything, { email, phone: null })
    const made = matched.map(({ ref }) => toKey(ref)).filter((key) => !key.includes("/known-"))
    if (made.length > 1 || (made.length === 1 && matched.length > 1)) {
      breach("one lead per address (E5)", `${email}: ${matched.map(({ ref }) => toKey(ref)).join(", ")}`)
    }
  }
})

/** Each note and each phone once, and none that was acknowledged is missing (G1, G2, E6, K1). */
export const nothingWrittenTwice = Effect.fnUntraced(function* (
  records: ReadonlyArray<MatchableRef>,
  facts: ReadonlyArray<Fact>,
  breach: Breach
) {
  const crm = yield* Crm
  const written = new Map<string, Array<string>>()
  const query = { types: null, byAny: null, after: null, from: null, until: null, limit: 1_000 }
  for (const record of records) {
    const { activities } = yield* crm.activities(account, everything, { record, ...query })
    for (const activity of activities) {
      const text = activity._tag === "Note" ? activity.text : activity._tag === "PhoneChanged" ? activity.to : null
      if (text !== null && isText(text)) written.set(text, [...(written.get(text) ?? []), toKey(record)])
    }
  }
  for (const [text, where] of written) {
    if (where.length > 1) breach("nothing is written twice (K1)", `"${text}" on ${where.join(" and ")}`)
  }
  const missing = (text: string | null, record: string) => {
    if (text !== null && written.get(text)?.includes(record) !== true)
      breach("nothing acknowledged is lost (K2)", `"${text}" on ${record}`)
  }
  for (const fact of facts) {
    if (fact._tag === "Noted") missing(fact.text, toKey(fact.record))
    if (fact._tag === "PhoneSet") missing(fact.phone, toKey(fact.record))
    if (fact._tag === "LeadMade") missing(fact.note, `lead/${fact.lead}`)
  }
})

/** Both logs, as far as they matter here. */
export interface Logs {
  readonly desk: ReadonlyArray<LogEntry<DeskPayload>>
  readonly crm: ReadonlyArray<LogEntry<CrmPayload>>
}

/** Who died between the CRM's commit and the desk's leaves a lead that its chat does not know: the bridge tells it (E3, E7). */
export const everyChatKnowsItsLead = ({ crm, desk }: Logs, replayed: Replayed, breach: Breach): void => {
  for (const { event } of crm) {
    if (event.payload._tag !== "LeadAddedFromChat") continue
    const { chatId, lead } = event.payload
    if (replayed.chats.get(chatId)?.lead?.id !== lead) breach("a chat learns of its lead (E3)", `${chatId} of ${lead}`)
  }
  const outcomes = new Set(["LeadCreated", "LeadRefused"])
  const settled = new Set(desk.flatMap(({ event }) => (outcomes.has(event.payload._tag) ? [event.stream] : [])))
  for (const { event } of desk) {
    if (
      event.payload._tag === "LeadRequested" &&
      !settled.has(event.stream) &&
      !settled.has(`chat/${event.payload.chatId}`)
    )
      breach("every request of a foreign CRM has an outcome (E3)", event.stream)
  }
}

/** Exactly one turn of the pool per lead made; a foreign CRM's refusal spends one, too (F2). */
export const oneTurnPerLead = ({ crm, desk }: Logs, { crm: kind }: Setup, breach: Breach): void => {
  const count = (log: ReadonlyArray<LogEntry<{ readonly _tag: string }>>, tag: string) =>
    log.filter(({ event }) => event.payload._tag === tag).length
  const [turns, leads] =
    kind === "own"
      ? [count(crm, "LeadDealt"), count(crm, "LeadAddedFromChat")]
      : [count(desk, "LeadDealt"), count(desk, "LeadRequested")]
  if (turns !== leads) breach("one turn of the pool per lead (F2)", `${turns} turns, ${leads} leads`)
}

/** Every notice is delivered, or visibly given up; none is due twice (G4, F6). */
export const everyNoticeIsDelivered = Effect.fnUntraced(function* (
  { crm, desk }: Logs,
  { crm: kind }: Setup,
  recorder: Recorder,
  breach: Breach
) {
  const store = yield* DeskStore
  const log: ReadonlyArray<LogEntry<CrmPayload | DeskPayload>> = kind === "own" ? crm : desk
  const bridge = kind === "own" ? BRIDGE : DESK_BRIDGE
  const givenUp = new Set((yield* store.givenUp(account, bridge, 1_000)).map(({ eventId }) => eventId))
  const about = new Set<string>()
  const due = new Set<string>()
  for (const { event } of log) {
    if (event.payload._tag !== "NoticeDue") continue
    const { notice } = event.payload
    due.add(notice.id)
    const what = `${toKey(notice.about)}, ${notice.reason}, ${notice.activityId ?? "no note"}`
    if (about.has(what)) breach("one notice of one thing (F6, G4)", what)
    about.add(what)
    if (!recorder.notices.has(notice.id) && !givenUp.has(event.id))
      breach("every notice is delivered or given up (G4)", what)
  }
  for (const id of recorder.notices) if (!due.has(id)) breach("only notices that are due are delivered (G4)", id)
})

/** A transcript that was asked for is mailed, once its chat has ended, under one id (D9). */
export const everyMailIsSent = (
  replayed: Replayed,
  facts: ReadonlyArray<Fact>,
  recorder: Recorder,
  breach: Breach
): void => {
  const sent = [...recorder.mails.values()]
  for (const chatId of new Set(facts.flatMap((fact) => (fact._tag === "MailWanted" ? [fact.chatId] : [])))) {
    if (!sent.includes(chatId)) breach("a transcript asked for is mailed (D9)", chatId)
  }
  for (const chatId of new Set(sent)) {
    const times = sent.filter((one) => one === chatId).length
    if (times > 1) breach("a transcript is mailed once (D9)", `${chatId}: ${times} times`)
    if (replayed.chats.get(chatId)?.state._tag !== "Closed") breach("a transcript is mailed at the end (D9)", chatId)
  }
}

const filter = { types: null, by: null, from: null, until: null, includeMissed: true, includeOfflineMessages: true }

/** Every closed chat is in the feed of each record that its key matches, or that was made from it, once (H8, A7, E7). */
export const feedsAreComplete = Effect.fnUntraced(function* (
  records: ReadonlyArray<MatchableRef>,
  replayed: Replayed,
  breach: Breach
) {
  const crm = yield* Crm
  const chats = (yield* storedChats(replayed)).filter(Chat.isClosed)
  for (const record of records) {
    const { keys } = yield* crm.feedScope(account, everything, record)
    const ought = chats.filter(
      ({ lead, visitor }) =>
        (visitor.emailKey !== null && keys.includes(visitor.emailKey)) ||
        (record.kind === "lead" && lead?.id === record.id)
    )
    const { entries } = yield* readFeed(service, { record, filter, pageSize: 200 })
    const shown = entries.flatMap((entry) => (entry._tag === "Chat" ? [entry.id as string] : [])).sort()
    const expected = ought.map(({ id }) => id as string).sort()
    if (shown.join() !== expected.join()) {
      breach("closed chats are in their feeds once (H8)", `${toKey(record)}: [${shown}] and not [${expected}]`)
    }
  }
})

/** A foreign CRM has one copy of a served chat on each record that was known before (H2). */
export const oneCopyEach = Effect.fnUntraced(function* (
  setup: Setup,
  records: ReadonlyArray<MatchableRef>,
  replayed: Replayed,
  recorder: Recorder,
  breach: Breach
) {
  if (setup.crm !== "foreign") return
  const crm = yield* Crm
  for (const [key, times] of recorder.copies) {
    if (times > 1) breach("a chat is copied once per record (H2)", `${key}: ${times} times`)
  }
  const chats = (yield* storedChats(replayed)).filter((chat) => Chat.outcomeOf(chat) === "served")
  for (const record of records.filter(({ id }) => id.startsWith("known-"))) {
    const { keys } = yield* crm.feedScope(account, everything, record)
    for (const { id, visitor } of chats) {
      const isTheirs = visitor.emailKey !== null && keys.includes(visitor.emailKey)
      if (isTheirs && !recorder.copies.has(`${toKey(record)}|${id}`))
        breach("a closed chat is copied to its records (H2)", `${id} to ${toKey(record)}`)
    }
  }
})
