import {
  type Activity,
  type Agent,
  type Chat,
  type Content,
  Desk,
  type DistributionPool,
  EmailKey,
  Event,
  Id,
  Instant,
  Merging,
  type Record,
  RecordRef,
  Transcript,
  type User
} from "leadline"
import type { Commit, CrmPayload, CrmRecords, DeskPayload, DeskRecords, Put } from "leadline/ports"
import { plainChat } from "../memory/PlainChat.ts"

const at = Instant.fromMillis

/** Ids that look like SQL, patterns and paths; their schemas allow all of it. */
const odd = {
  chat: "c'%_$1;--",
  visitor: 'v"\\:schema',
  agent: "a%'",
  user: "u{}$2",
  lead: "l\\'\"",
  pool: "p%",
  past: "c%"
}

const chatId = Id.ChatId.make(odd.chat)
const pastId = Id.ChatId.make(odd.past)
const visitorId = Id.VisitorId.make(odd.visitor)
const agentId = Id.AgentId.make(odd.agent)
const userId = Id.UserId.make(odd.user)
const leadId = RecordRef.RecordId.make(odd.lead)
const poolId = Id.PoolId.make(odd.pool)
const lead = { kind: "lead", id: leadId } as const

/** What the records are found by again. */
export const ids = { chatId, pastId, visitorId, agentId, userId, leadId, poolId, lead }

/** The key of a text that has one; of the others, one that is an attack by itself. */
export const emailKey = (text: string): EmailKey.EmailKey =>
  EmailKey.make(`${text}@shop.example`) ?? (EmailKey.make("o'%_$1@shop.example") as EmailKey.EmailKey)

const ref = (name: string) => `ref'${name}` as Content.ContentRef
export const refs = [ref("message"), ref("name")]
export const subject: Content.Subject = { _tag: "Visitor", visitorId }
const commitment = "0".repeat(64) as Content.Content["commitment"]

/** The chat side of an account, with one text in every place that takes a text. */
export const desk = (text: string): Commit<DeskRecords, DeskPayload> => {
  const served: Chat.Chat = {
    ...plainChat(chatId),
    visitor: {
      id: visitorId,
      name: { ref: ref("name"), commitment },
      email: null,
      phone: null,
      emailKey: emailKey(text),
      phoneKey: null
    },
    skills: [text],
    tags: [text],
    state: { _tag: "Served", since: at(1) },
    serving: [{ agentId, joinedAt: at(1) }],
    servedBy: [agentId]
  }
  const past: Chat.Chat = {
    ...served,
    id: pastId,
    serving: [],
    answered: { by: agentId, at: at(1) },
    state: { _tag: "Closed", at: at(2), reason: "agent" }
  }
  const agent: Agent.Agent = {
    id: agentId,
    displayName: text,
    email: text,
    userId,
    isEnabled: true,
    isChatAdministrator: false,
    departments: [],
    chatLimit: null
  }
  const ofDesk = { ...Desk.initial(agentId), serving: [chatId] }
  const message: Transcript.Message = {
    number: 1,
    at: at(1),
    author: { _tag: "Visitor" },
    visibility: "public",
    content: { ref: ref("message"), commitment }
  }
  return change<DeskRecords, DeskPayload>(
    [
      { key: { kind: "chat", id: chatId }, value: served, contents: [ref("name")], due: at(5) },
      { key: { kind: "chat", id: pastId }, value: past, contents: [ref("name")], due: null },
      { key: { kind: "agent", id: agentId }, value: agent, contents: [], due: null },
      { key: { kind: "desk", id: agentId }, value: ofDesk, contents: [], due: null },
      {
        key: { kind: "parked", id: "mail/e" },
        value: {
          bridge: "mail",
          eventId: "e",
          log: "desk",
          position: 1,
          stream: text,
          tries: 1,
          nextTryAt: null,
          lastError: text
        },
        contents: [],
        due: null
      }
    ],
    [text, text].map((value, n) => ({ ref: refs[n] ?? ref("x"), subject, salt: "00".repeat(16), value })),
    [{ _tag: "MessageSent", message, digest: Transcript.emptyDigest }],
    `chat/${chatId}`,
    text
  )
}

/** A CRM of our own, likewise. */
export const crm = (text: string): Commit<CrmRecords, CrmPayload> => {
  const aliases = { emails: [], phones: [] }
  const made: Record.Lead = {
    _tag: "Lead",
    id: leadId,
    ownerId: userId,
    emails: [text],
    phones: [text],
    keys: { ...Merging.keysFor([], [], aliases, null), emails: [emailKey(text)] },
    aliases,
    custom: { [text]: text, list: [text] },
    lifecycle: { _tag: "Live" },
    createdAt: at(0),
    updatedAt: at(0),
    eventCount: 1,
    firstName: text,
    lastName: text,
    organisation: text,
    status: text,
    source: text,
    addedFrom: { _tag: "Manual" },
    assignment: null
  }
  const user: User.User = {
    id: userId,
    name: text,
    email: text,
    isActive: true,
    reportsTo: null,
    isAccountOwner: false,
    isCrmAdministrator: false,
    teams: [],
    groups: [],
    visibility: "all"
  }
  const pool: DistributionPool.DistributionPool = {
    id: poolId,
    name: text,
    recordKind: "lead",
    members: [userId],
    isDeleted: false,
    eventCount: 1
  }
  const note: Activity.Activity = {
    _tag: "Note",
    id: Id.ActivityId.make("n'"),
    record: lead,
    at: at(1),
    by: { _tag: "User", userId },
    text,
    chatId: null
  }
  return change<CrmRecords, CrmPayload>(
    [
      { key: { kind: "lead", id: leadId }, value: made, contents: [], due: null },
      { key: { kind: "user", id: userId }, value: user, contents: [], due: null },
      { key: { kind: "pool", id: poolId }, value: pool, contents: [], due: null },
      { key: { kind: "activity", id: note.id }, value: note, contents: [], due: null },
      { key: { kind: "identityKey", id: `email/${emailKey(text)}` }, value: { movedBy: lead }, contents: [], due: null }
    ],
    [],
    [{ _tag: "UserChanged", userId, isActive: true }],
    "user/1",
    text
  )
}

/** A first commit: all is absent. */
const change = <Records, Payload>(
  put: ReadonlyArray<Put<Records>>,
  contents: Commit<Records, Payload>["contents"],
  payloads: ReadonlyArray<Payload>,
  stream: string,
  text: string
): Commit<Records, Payload> => ({
  expect: [
    ...put.map(({ key }) => ({ key, version: 0 })),
    { key: { kind: "command", id: commandId } as never, version: 0 }
  ],
  put,
  remove: [],
  contents,
  events: payloads.map((payload, n) => ({
    id: Id.EventId.make(`e${n}`),
    stream,
    number: n + 1,
    at: at(1),
    actor: { _tag: "System" },
    surface: "api",
    schemaVersion: Event.SCHEMA_VERSION,
    payload,
    contents: contents.map((content) => content.ref)
  })),
  remember: { id: commandId, digest: text, answer: { text, list: [text] }, until: at(9) }
})

/** As `Transact.ts` makes them: of the actor, and of the caller's key in percent signs. */
export const commandId = `agent:${odd.agent}/${encodeURIComponent("%_'$1\"")}`
