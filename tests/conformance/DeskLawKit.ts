import { Effect } from "effect"
import { type Chat, ChatTimeouts, EmailKey, Id, Instant, Transcript } from "leadline"
import type { DeskRecords, DeskStoreShape, Put } from "leadline/ports"

/** Runs a law on a fresh desk store. */
export type WithDeskStore = <A, E>(use: (store: DeskStoreShape) => Effect.Effect<A, E>) => Effect.Effect<A, E>

export const account = Id.AccountId.make("laws")
export const at = (millis: number) => Instant.fromMillis(millis)
export const agentId = (text: string) => Id.AgentId.make(text)

/** A chat in the queue. */
export const waiting = (id: string, queueNumber: number | null = null): Chat.Chat => ({
  id: Id.ChatId.make(id),
  kind: "chat",
  visitor: { id: Id.VisitorId.make(`v-${id}`), name: null, email: null, phone: null, emailKey: null, phoneKey: null },
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
    visitor: { ...chat.visitor, emailKey: key === null ? null : EmailKey.make(key) },
    state: { _tag: "Closed", at: at(start + 1), reason: "agent" },
    requestedAt: at(start),
    servedBy,
    answered: first === undefined ? null : { by: first, at: at(start) }
  }
}

/** Writes records as they come, reading what is there. */
export const write = (store: DeskStoreShape, ...puts: ReadonlyArray<Put<DeskRecords>>) =>
  Effect.gen(function* () {
    const reads = yield* store.get(
      account,
      puts.map(({ key }) => key)
    )
    const expected = reads.map(({ key, version }) => ({ key, version }))
    yield* store.commit(account, {
      expect: expected,
      put: puts,
      remove: [],
      contents: [],
      events: [],
      remember: null
    })
  })

export const putChat = (chat: Chat.Chat): Put<DeskRecords> => ({
  key: { kind: "chat", id: chat.id },
  value: chat,
  contents: [],
  due: null
})
