import { hash } from "node:crypto"
import { domainToASCII } from "node:url"
import type { Given, Outcome, Text } from "./Given.ts"

/**
 * The same flow in plain, mutable TypeScript, as a good engineer writes it without an event-sourced core: one object per
 * chat, changed in place, and a log that events are pushed to. Every check that the deciders make is made here, too, and
 * the transcript's digest chain is computed, with Node's own SHA-256.
 */
interface PlainEvent {
  readonly type: string
  readonly at: number
  readonly [more: string]: unknown
}

export interface PlainChat {
  id: string
  state: "waiting" | "served" | "closed"
  visitor: { id: string; name: Text | null; email: Text | null; emailKey: string | null }
  requestedAt: number
  queueNumber: number | null
  serving: Array<{ agentId: string; joinedAt: number }>
  servedBy: Array<string>
  answeredBy: string | null
  messages: { total: number; visitor: number; agent: number; internal: number }
  lastMessageAt: number | null
  beginning: Text | null
  digest: string
  lead: { id: string; owner: string } | null
  endedAt: number | null
  log: Array<PlainEvent>
}

export interface PlainDesks {
  pool: Array<string>
  readonly active: ReadonlySet<string>
  readonly agent: { id: string; status: string; limit: number; serving: Array<string> }
}

export const opened = (sellers: ReadonlyArray<string>): PlainDesks => ({
  pool: [...sellers],
  active: new Set(sellers),
  agent: { id: "agent-0", status: "online", limit: 5, serving: [] }
})

const fail = (why: string): never => {
  throw new Error(why)
}

const checkLength = (text: string, limit: number): void => {
  if (text.length > limit) fail("too long")
}

const emailKeyOf = (typed: string): string | null => {
  const text = typed.trim()
  const at = text.lastIndexOf("@")
  if (at <= 0) return null
  const local = text.slice(0, at).normalize("NFC").toLowerCase()
  const domain = domainToASCII(text.slice(at + 1).normalize("NFC"))
  if (domain === "" || /\s/.test(local)) return null
  return `${local}@${domain}`
}

export interface Ids {
  readonly chat: string
  readonly visitor: string
  readonly lead: string
}

const fixed: Ids = { chat: "chat", visitor: "visitor", lead: "lead" }

const request = (given: Given, ids: Ids, now: number): PlainChat => {
  checkLength(given.name.typed, 255)
  checkLength(given.email.typed, 254)
  return {
    id: ids.chat,
    state: "waiting",
    visitor: { id: ids.visitor, name: given.name, email: given.email, emailKey: emailKeyOf(given.email.typed) },
    requestedAt: now,
    queueNumber: 1,
    serving: [],
    servedBy: [],
    answeredBy: null,
    messages: { total: 0, visitor: 0, agent: 0, internal: 0 },
    lastMessageAt: null,
    beginning: null,
    digest: "0".repeat(64),
    lead: null,
    endedAt: null,
    log: [{ type: "ChatRequested", at: now, chatId: ids.chat, visitorId: ids.visitor }]
  }
}

const answer = (chat: PlainChat, desks: PlainDesks, now: number): void => {
  const { agent } = desks
  if (agent.status === "offline" || agent.serving.length >= agent.limit) fail("not eligible")
  if (chat.state !== "waiting") fail("answered already")
  chat.state = "served"
  chat.serving.push({ agentId: agent.id, joinedAt: now })
  if (!chat.servedBy.includes(agent.id)) chat.servedBy.push(agent.id)
  chat.answeredBy = agent.id
  agent.serving.push(chat.id)
  chat.log.push({ type: "ChatAnswered", at: now, agentId: agent.id })
}

const send = (chat: PlainChat, author: "Visitor" | "Agent", agentId: string, text: Text, at: number): void => {
  if (chat.state === "closed") fail("closed")
  if (author === "Agent" && !chat.serving.some((serving) => serving.agentId === agentId)) fail("not serving")
  if (text.typed.trim() === "") fail("blank")
  checkLength(text.typed, 16_000)
  const now = Math.max(at, chat.lastMessageAt ?? chat.requestedAt)
  const number = ++chat.messages.total
  if (author === "Visitor") chat.messages.visitor++
  else chat.messages.agent++
  chat.lastMessageAt = now
  chat.beginning ??= text
  chat.digest = hash("sha256", `${chat.digest}|${number}|${now}|${author}|public|${text.commitment}`)
  chat.log.push({ type: "MessageSent", at: now, number, author, text: text.ref, digest: chat.digest })
}

const lead = (chat: PlainChat, given: Given, desks: PlainDesks, id: string, now: number) => {
  if (chat.visitor.emailKey === null) fail("no email")
  const words = given.name.typed.split(/\s+/).filter((word) => word !== "")
  const turn = desks.pool.findIndex((seller) => desks.active.has(seller))
  const owner = desks.pool[turn] ?? fail("nobody is active")
  desks.pool = [...desks.pool.slice(turn + 1), ...desks.pool.slice(0, turn + 1)]
  chat.lead = { id, owner }
  chat.log.push({ type: "LeadCreated", at: now, lead: id, owner })
  return { owner, lastName: words.at(-1) ?? "" }
}

const end = (chat: PlainChat, desks: PlainDesks, now: number): void => {
  if (!chat.serving.some(({ agentId }) => agentId === desks.agent.id)) fail("not serving")
  chat.state = "closed"
  chat.endedAt = Math.max(now, chat.lastMessageAt ?? chat.requestedAt)
  chat.serving = []
  desks.agent.serving.splice(desks.agent.serving.indexOf(chat.id), 1)
  chat.log.push({ type: "ChatClosed", at: chat.endedAt, digest: chat.digest, messages: chat.messages.total })
}

const PAGE = 10

const feed = (chat: PlainChat, given: Given) => {
  const entry = {
    id: chat.id,
    at: chat.requestedAt,
    beginning: [...(chat.beginning?.typed ?? "")].slice(0, 280).join("")
  }
  const page: Array<{ readonly id: string; readonly at: number }> = [entry, ...given.earlier]
  page.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
  return { beginning: entry.beginning, ids: page.slice(0, PAGE).map(({ id }) => id), hasMore: page.length > PAGE }
}

export const flow = (
  given: Given,
  desks: PlainDesks,
  ids: Ids = fixed,
  keep: (chat: PlainChat) => void = () => {}
): Outcome => {
  const chat = request(given, ids, given.from)
  keep(chat)
  answer(chat, desks, given.from)
  let now = given.from
  for (const [n, text] of given.messages.entries()) {
    now = given.from + n * 1000
    send(chat, n % 2 === 0 ? "Visitor" : "Agent", desks.agent.id, text, now)
  }
  const { lastName, owner } = lead(chat, given, desks, ids.lead, now)
  end(chat, desks, now)
  const shown = feed(chat, given)
  return {
    emailKey: chat.visitor.emailKey,
    lastName,
    digest: chat.digest,
    messages: chat.messages,
    servedBy: chat.servedBy,
    owner,
    next: desks.pool[0] ?? null,
    serving: desks.agent.serving.length,
    events: chat.log.length,
    beginning: shown.beginning,
    feed: shown.ids,
    hasMore: shown.hasMore
  }
}
