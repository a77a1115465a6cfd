/** What the laws of the chat side are written with: chats, agents, what is said. */
import { Effect } from "effect"
import type * as Content from "../../domain/account/Content.ts"
import * as Event from "../../domain/account/Event.ts"
import * as Id from "../../domain/account/Id.ts"
import type * as Agent from "../../domain/agent/Agent.ts"
import type * as Chat from "../../domain/chat/Chat.ts"
import * as ChatTimeouts from "../../domain/chat/ChatTimeouts.ts"
import * as Transcript from "../../domain/chat/Transcript.ts"
import * as EmailKey from "../../domain/identity/EmailKey.ts"
import * as PhoneKey from "../../domain/identity/PhoneKey.ts"
import { type DeskRecords, DeskStore, type DeskStoreShape, type Parked } from "../../ports/DeskStore.ts"
import type { Commit, Put } from "../../ports/RecordStore.ts"
import { lawsOn } from "./Law.ts"
import { at, ref } from "./StoreKit.ts"

export const law = lawsOn(DeskStore)

export const agentId = (text: string): Id.AgentId => Id.AgentId.make(text)
export const chatId = (text: string): Id.ChatId => Id.ChatId.make(text)
export const visitorId = (text: string): Id.VisitorId => Id.VisitorId.make(text)
export const emailKey = (text: string): EmailKey.EmailKey => EmailKey.EmailKey.make(text)
export const phoneKey = (text: string): PhoneKey.PhoneKey => PhoneKey.PhoneKey.make(text)
export const visitor = (id: string): Content.Subject => ({ _tag: "Visitor", visitorId: visitorId(id) })

/** A chat in the queue. */
export const waiting = (id: string, queueNumber: number | null = null): Chat.Chat => ({
  id: chatId(id),
  kind: "chat",
  visitor: { id: visitorId(`v-${id}`), name: null, email: null, phone: null, emailKey: null, phoneKey: null },
  department: null,
  state: { _tag: "Waiting", since: at(0) },
  requestedAt: at(0),
  queueNumber,
  serving: [],
  servedBy: [],
  answered: null,
  messages: { total: 0, visitor: 0, agent: 0, internal: 0 },
  lastMessageAt: null,
  lastPublicAt: null,
  beginning: null,
  digest: Transcript.emptyDigest,
  rating: null,
  tags: [],
  lead: null,
  previousDepartment: null,
  skills: [],
  queuedAt: at(0),
  offer: null,
  exclusions: [],
  observers: [],
  timeouts: ChatTimeouts.defaults,
  visitorActiveAt: at(0),
  isVisitorIdle: false,
  wakeAt: null,
  eventCount: 1
})

/** What matters of a chat that is over. */
export interface Past {
  readonly id: string
  readonly key: string | null
  readonly start: number
  readonly by: ReadonlyArray<string>
  readonly kind: Chat.Chat["kind"]
}

/** A chat that is over. */
export const closed = ({ by, id, key, kind, start }: Past): Chat.Chat => {
  const servedBy = by.map(agentId)
  const [first] = servedBy
  const chat = waiting(id)
  return {
    ...chat,
    kind,
    visitor: { ...chat.visitor, emailKey: key === null ? null : emailKey(key) },
    state: { _tag: "Closed", at: at(start + 1), reason: "agent" },
    requestedAt: at(start),
    servedBy,
    answered: first === undefined ? null : { by: first, at: at(start) }
  }
}

/** A chat that is over, served by agent 1, with a closing key. */
export const over = (id: string, key: string | null, start: number): Chat.Chat =>
  closed({ id, key, start, by: ["1"], kind: "chat" })

export const putChat = (value: Chat.Chat, contents: ReadonlyArray<Content.ContentRef> = []): Put<DeskRecords> => ({
  key: { kind: "chat", id: value.id },
  value,
  contents,
  due: null
})

export const agent = (id: string): Agent.Agent => ({
  id: agentId(id),
  displayName: `Agent ${id}`,
  email: `${id}@example.com`,
  userId: null,
  isEnabled: true,
  isChatAdministrator: false,
  departments: [],
  chatLimit: null
})

export const putAgent = (id: string): Put<DeskRecords> => ({
  key: { kind: "agent", id },
  value: agent(id),
  contents: [],
  due: null
})

export const putParked = (value: Parked): Put<DeskRecords> => ({
  key: { kind: "parked", id: `${value.bridge}/${value.eventId}` },
  value,
  contents: [],
  due: value.nextTryAt
})

/** An item that failed; `null`: given up. */
export const parked = (eventId: string, position: number, nextTryAt: number | null, bridge = "b"): Parked => ({
  bridge,
  eventId,
  log: "crm",
  position,
  stream: "lead/1",
  tries: 1,
  nextTryAt: nextTryAt === null ? null : at(nextTryAt),
  lastError: "no"
})

export const nothing: Commit<DeskRecords, never> = {
  expect: [],
  put: [],
  remove: [],
  contents: [],
  events: [],
  remember: null
}

/** Writes records as they come, reading what is there. */
export const write = (
  store: DeskStoreShape,
  account: Id.AccountId,
  puts: ReadonlyArray<Put<DeskRecords>>,
  contents: ReadonlyArray<Content.StoredContent> = []
) =>
  Effect.gen(function* () {
    const reads = yield* store.get(
      account,
      puts.map(({ key }) => key)
    )
    const expected = reads.map(({ key, version }) => ({ key, version }))
    return yield* store.commit(account, { ...nothing, expect: expected, put: puts, contents })
  })

/** Removes a record that is there. */
export const remove = (store: DeskStoreShape, account: Id.AccountId, key: Put<DeskRecords>["key"]) =>
  Effect.gen(function* () {
    const [read] = yield* store.get(account, [key])
    if (read === undefined) return
    const expected = [{ key, version: read.version }]
    yield* store.commit(account, { ...nothing, expect: expected, remove: [key] })
  })

/** Messages of a visitor, numbered on from `first`, each an event with its text, in one commit. */
export const say = (store: DeskStoreShape, account: Id.AccountId, chat: string, first: number, last: number) => {
  const numbers = Array.from({ length: last - first + 1 }, (_, n) => first + n)
  const refOf = (number: number) => ref(`${chat}-${number}`)
  return store.commit(account, {
    ...nothing,
    contents: numbers.map((number) => ({
      ...{ ref: refOf(number), subject: visitor(`v-${chat}`), salt: "0".repeat(32) },
      value: `${chat} says ${number}`
    })),
    events: numbers.map((number) => ({
      ...{ id: Id.EventId.make(`${chat}-e${number}`), stream: `chat/${chat}`, number, at: at(number) },
      ...{
        actor: { _tag: "System" as const },
        surface: "api" as const,
        schemaVersion: Event.SCHEMA_VERSION,
        contents: [refOf(number)]
      },
      payload: { _tag: "MessageSent" as const, message: message(refOf(number), number), digest: Transcript.emptyDigest }
    }))
  })
}

const message = (said: Content.ContentRef, number: number): Transcript.Message => ({
  number,
  at: at(number),
  visibility: "public",
  author: { _tag: "Visitor" },
  content: { ref: said, commitment: "0".repeat(64) as Content.Commitment }
})
