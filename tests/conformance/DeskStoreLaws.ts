import { Effect } from "effect"
import * as fc from "fast-check"
import { type Agent, type Chat, type ChatEvent, Desk, EmailKey, Id, Instant, Transcript } from "leadline"
import type { ClosedChatsQuery, DeskRecords, DeskStoreShape, Parked, Put } from "leadline/ports"
import { describe, expect, it } from "vitest"

const account = Id.AccountId.make("laws")
const at = (millis: number) => Instant.fromMillis(millis)
const agentId = (text: string) => Id.AgentId.make(text)

/** A chat in the queue. */
const waiting = (id: string, queueNumber: number | null = null): Chat.Chat => ({
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
  eventCount: 1
})

interface Past {
  readonly id: string
  readonly key: string | null
  readonly start: number
  readonly by: ReadonlyArray<string>
  readonly kind: Chat.Chat["kind"]
}

/** A chat that is over. */
const closed = ({ by, id, key, kind, start }: Past): Chat.Chat => {
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

const everything: ClosedChatsQuery = {
  keys: [],
  chatIds: [],
  after: null,
  from: null,
  until: null,
  servedByAny: null,
  includeMissed: true,
  includeOfflineMessages: true,
  limit: 100
}

const email = (text: string) => EmailKey.make(text) ?? EmailKey.EmailKey.make(text)

/** The laws of the chat side's own reads. */
export const deskStoreLaws = (
  name: string,
  withStore: <A, E>(use: (store: DeskStoreShape) => Effect.Effect<A, E>) => Effect.Effect<A, E>
): void => {
  const law = <A, E>(title: string, use: (store: DeskStoreShape) => Effect.Effect<A, E>) =>
    it(title, () => Effect.runPromise(withStore(use)))
  const write = (store: DeskStoreShape, ...puts: ReadonlyArray<Put<DeskRecords>>) =>
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
  const putChat = (chat: Chat.Chat): Put<DeskRecords> => ({
    key: { kind: "chat", id: chat.id },
    value: chat,
    contents: [],
    due: null
  })
  const closedIds = (store: DeskStoreShape, query: Partial<ClosedChatsQuery>) =>
    Effect.map(store.closedChats(account, { ...everything, ...query }), ({ chats }) => chats.map(({ id }) => id))

  describe(`${name}, the queue`, () => {
    law(
      "desk.waiting.fifo: a chat put in the queue without a number gets a higher one than all before it (C2)",
      (store) =>
        Effect.gen(function* () {
          for (const id of ["c", "a", "b"]) yield* write(store, putChat(waiting(id)))
          const queue = yield* store.waiting(account, 10)
          expect(queue.map(({ id }) => id)).toEqual(["c", "a", "b"])
          const numbers = queue.map(({ queueNumber }) => queueNumber ?? 0)
          expect(numbers.every((number, n) => number > (numbers[n - 1] ?? 0))).toBe(true)
          expect((yield* store.waiting(account, 2)).map(({ id }) => id)).toEqual(["c", "a"])
        })
    )

    law("desk.waiting.keepsNumber: a chat that waits again with its number has its old place (C2, B4)", (store) =>
      Effect.gen(function* () {
        for (const id of ["a", "b"]) yield* write(store, putChat(waiting(id)))
        const [first] = yield* store.waiting(account, 1)
        const served: Chat.Chat = {
          ...waiting("a", first?.queueNumber ?? null),
          state: { _tag: "Served", since: at(1) }
        }
        yield* write(store, putChat(served))
        expect((yield* store.waiting(account, 9)).map(({ id }) => id)).toEqual(["b"])
        yield* write(store, putChat({ ...served, state: { _tag: "Waiting", since: at(2) } }))
        expect((yield* store.waiting(account, 9)).map(({ id }) => id)).toEqual(["a", "b"])
        yield* write(store, putChat({ ...served, state: { _tag: "Waiting", since: at(3) }, queueNumber: null }))
        expect((yield* store.waiting(account, 9)).map(({ id }) => id)).toEqual(["b", "a"])
      })
    )
  })

  describe(`${name}, the past`, () => {
    const page = (store: DeskStoreShape, past: ReadonlyArray<Past>) =>
      write(store, ...past.map((one) => putChat(closed(one))))

    law(
      "desk.closedChats.keys: chats by closing key and by id, each once; open chats are not there (A7, E7, H8)",
      (store) =>
        Effect.gen(function* () {
          const by = ["1"]
          yield* page(store, [
            { id: "a", key: "ann@example.com", start: 1, by, kind: "chat" },
            { id: "b", key: "bob@example.com", start: 2, by, kind: "chat" },
            { id: "c", key: null, start: 3, by, kind: "chat" },
            { id: "d", key: "ann@example.com", start: 4, by, kind: "chat" }
          ])
          const open = waiting("e")
          yield* write(store, putChat({ ...open, visitor: { ...open.visitor, emailKey: email("ann@example.com") } }))
          const keys = [email("ann@example.com")]
          expect(yield* closedIds(store, { keys })).toEqual(["d", "a"])
          const chatIds = [Id.ChatId.make("a"), Id.ChatId.make("c"), Id.ChatId.make("e"), Id.ChatId.make("none")]
          expect(yield* closedIds(store, { keys, chatIds })).toEqual(["d", "c", "a"])
          expect(yield* closedIds(store, { keys: [...keys, ...keys], chatIds: [] })).toEqual(["d", "a"])
          expect(yield* closedIds(store, {})).toEqual([])
        })
    )

    it("desk.closedChats.order, desk.closedChats.after, desk.closedChats.filter: newest first, strictly after, as asked (H3, H4, D4)", () =>
      fc.assert(
        fc.asyncProperty(anyPast, anyQuery, (past, query) =>
          Effect.runPromise(
            withStore((store) =>
              Effect.gen(function* () {
                yield* page(store, past)
                expect(yield* closedIds(store, query)).toEqual(modelled(past, { ...everything, ...query }))
              })
            )
          )
        ),
        { numRuns: 100 }
      ))

    law(
      "desk.transcript.order, desk.transcript.range: messages after a number, in order, joined with their texts (D7)",
      (store) =>
        Effect.gen(function* () {
          const chatId = Id.ChatId.make("a")
          yield* say(store, chatId, 5)
          yield* say(store, Id.ChatId.make("b"), 2)
          const numbers = (after: number, limit: number) =>
            Effect.map(store.transcript(account, chatId, after, limit), (lines) =>
              lines.map(({ message }) => message.number)
            )
          expect(yield* numbers(0, 10)).toEqual([1, 2, 3, 4, 5])
          expect(yield* numbers(2, 2)).toEqual([3, 4])
          expect(yield* numbers(5, 2)).toEqual([])
          expect(yield* store.transcript(account, Id.ChatId.make("none"), 0, 5)).toEqual([])
          expect((yield* store.transcript(account, chatId, 0, 2)).map(({ text }) => text)).toEqual([
            "a says 1",
            "a says 2"
          ])
          yield* store.erase(account, { _tag: "Visitor", visitorId: Id.VisitorId.make("v-a") }, 99)
          expect((yield* store.transcript(account, chatId, 0, 2)).map(({ text }) => text)).toEqual([null, null])
        })
    )
  })

  describe(`${name}, people and parked work`, () => {
    law("desk.roster.all: every agent with their desk, or none where they were never at one (B1)", (store) =>
      Effect.gen(function* () {
        const desk = Desk.initial(agentId("2"))
        yield* write(
          store,
          { key: { kind: "agent", id: "1" }, value: agent("1"), contents: [], due: null },
          { key: { kind: "agent", id: "2" }, value: agent("2"), contents: [], due: null },
          { key: { kind: "desk", id: "2" }, value: desk, contents: [], due: null }
        )
        const roster = yield* store.roster(account)
        expect([...roster].sort((a, b) => (a.agent.id < b.agent.id ? -1 : 1))).toEqual([
          { agent: agent("1"), desk: null },
          { agent: agent("2"), desk }
        ])
      })
    )

    law("desk.givenUp.all: what was given up, of one bridge, in order of the log (G4)", (store) =>
      Effect.gen(function* () {
        const items = [
          parked("e3", 3, null),
          parked("e1", 1, null),
          parked("e2", 2, at(9)),
          parked("e4", 4, null, "other")
        ]
        yield* write(
          store,
          ...items.map(
            (value): Put<DeskRecords> => ({
              key: { kind: "parked", id: `${value.bridge}/${value.eventId}` },
              value,
              contents: [],
              due: value.nextTryAt
            })
          )
        )
        expect((yield* store.givenUp(account, "b", 9)).map(({ eventId }) => eventId)).toEqual(["e1", "e3"])
        expect((yield* store.givenUp(account, "b", 1)).map(({ eventId }) => eventId)).toEqual(["e1"])
      })
    )
  })
}

const agent = (id: string): Agent.Agent => ({
  id: agentId(id),
  displayName: `Agent ${id}`,
  email: `${id}@example.com`,
  userId: null,
  isEnabled: true,
  isChatAdministrator: false,
  departments: [],
  chatLimit: null
})

const parked = (eventId: string, position: number, nextTryAt: Instant.Instant | null, bridge = "b"): Parked => ({
  bridge,
  eventId,
  log: "crm",
  position,
  stream: "lead/1",
  tries: 1,
  nextTryAt,
  lastError: "no"
})

/** `n` messages of a visitor, each an event with its text. */
const say = (store: DeskStoreShape, chatId: Id.ChatId, n: number) =>
  Effect.forEach(
    Array.from({ length: n }, (_, i) => i + 1),
    (number) => {
      const ref = `${chatId}-${number}` as never
      const message: Transcript.Message = {
        number,
        at: at(number),
        visibility: "public",
        author: { _tag: "Visitor" },
        content: { ref, commitment: "0".repeat(64) as never }
      }
      const payload: ChatEvent.ChatEvent = { _tag: "MessageSent", message, digest: Transcript.emptyDigest }
      return store.commit(account, {
        expect: [],
        put: [],
        remove: [],
        remember: null,
        contents: [
          {
            ref,
            subject: { _tag: "Visitor", visitorId: Id.VisitorId.make(`v-${chatId}`) },
            salt: "0".repeat(32),
            value: `${chatId} says ${number}`
          }
        ],
        events: [
          {
            id: Id.EventId.make(`${chatId}-e${number}`),
            stream: `chat/${chatId}`,
            number,
            at: at(number),
            actor: { _tag: "System" },
            surface: "api",
            schemaVersion: 1,
            payload,
            contents: [ref]
          }
        ]
      })
    }
  )

const anyKey = fc.constantFrom("ann@example.com", "bob@example.com", null)

const anyPast: fc.Arbitrary<ReadonlyArray<Past>> = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom(..."abcdefghijklmnop"),
    key: anyKey,
    start: fc.nat({ max: 5 }),
    by: fc.subarray(["1", "2"]),
    kind: fc.constantFrom("chat" as const, "offlineMessage" as const)
  }),
  { selector: ({ id }) => id }
)

const anyQuery: fc.Arbitrary<ClosedChatsQuery> = fc.record({
  keys: fc.subarray(["ann@example.com", "bob@example.com"].map(email)),
  chatIds: fc.subarray(["a", "b", "c"].map((id) => Id.ChatId.make(id))),
  after: fc.option(fc.record({ at: fc.nat({ max: 5 }).map(at), id: fc.constantFrom<string>("a", "h", "p") })),
  from: fc.option(fc.nat({ max: 5 }).map(at)),
  until: fc.option(fc.nat({ max: 6 }).map(at)),
  servedByAny: fc.option(fc.subarray(["1", "2", "3"].map(agentId))),
  includeMissed: fc.boolean(),
  includeOfflineMessages: fc.boolean(),
  limit: fc.integer({ min: 1, max: 6 })
})

/** The rule in plain words: filter, sort, cut. */
const modelled = (past: ReadonlyArray<Past>, query: ClosedChatsQuery): ReadonlyArray<string> =>
  past
    .filter(({ id, key }) => query.chatIds.some((one) => one === id) || query.keys.some((one) => one === key))
    .filter(
      ({ start }) => (query.from === null || start >= query.from) && (query.until === null || start < query.until)
    )
    .filter(({ by }) => query.servedByAny === null || by.some((one) => query.servedByAny?.some((id) => id === one)))
    .filter(({ by, kind }) =>
      kind === "offlineMessage" ? query.includeOfflineMessages : by.length > 0 || query.includeMissed
    )
    .sort((a, b) => b.start - a.start || (a.id < b.id ? 1 : -1))
    .filter(({ id, start }) => {
      const { after } = query
      return after === null || start < after.at || (start === after.at && id < after.id)
    })
    .slice(0, query.limit)
    .map(({ id }) => id)
