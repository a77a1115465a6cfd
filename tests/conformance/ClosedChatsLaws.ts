import { Effect } from "effect"
import * as fc from "fast-check"
import { Content, EmailKey, Id } from "leadline"
import type { ClosedChatsQuery, DeskStoreShape } from "leadline/ports"
import { describe, expect, it } from "vitest"
import { account, agentId, at, closed, type Past, putChat, type WithDeskStore, waiting, write } from "./DeskLawKit.ts"

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

/** The laws of the past, which feeds are made of. */
export const closedChatsLaws = (name: string, withStore: WithDeskStore): void => {
  const law = <A, E>(title: string, use: (store: DeskStoreShape) => Effect.Effect<A, E>) =>
    it(title, () => Effect.runPromise(withStore(use)))
  const closedIds = (store: DeskStoreShape, query: Partial<ClosedChatsQuery>) =>
    Effect.map(store.closedChats(account, { ...everything, ...query }), ({ chats }) => chats.map(({ id }) => id))

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

    law(
      "desk.closedChats.keys: a chat that is put again is there once, as it is now; without its key no more (H7, J4)",
      (store) =>
        Effect.gen(function* () {
          const chat = closed({ id: "a", key: "ann@example.com", start: 1, by: ["1"], kind: "chat" })
          const keys = [email("ann@example.com"), email("bob@example.com")]
          yield* write(store, putChat(chat))
          yield* write(store, putChat({ ...chat, tags: ["vip"] }))
          const { chats } = yield* store.closedChats(account, { ...everything, keys })
          expect(chats).toEqual([{ ...chat, tags: ["vip"] }])
          yield* write(store, putChat({ ...chat, visitor: { ...chat.visitor, emailKey: email("bob@example.com") } }))
          expect(yield* closedIds(store, { keys: [email("ann@example.com")] })).toEqual([])
          expect(yield* closedIds(store, { keys })).toEqual(["a"])
          yield* write(store, putChat({ ...chat, visitor: { ...chat.visitor, emailKey: null } }))
          expect(yield* closedIds(store, { keys })).toEqual([])
          expect(yield* closedIds(store, { chatIds: [chat.id] })).toEqual(["a"])
        })
    )

    law(
      "desk.closedChats.keys: with the texts that the chats of the page refer to, but erased ones (H1, J4)",
      (store) =>
        Effect.gen(function* () {
          const past = ["a", "b"].map((id, start) => closed({ id, key: null, start, by: [], kind: "chat" }))
          const of = (id: string, what: string): Content.StoredContent => ({
            ref: Content.ContentRef.make(`${what}-${id}`),
            subject: { _tag: "Visitor", visitorId: Id.VisitorId.make(what) },
            salt: "0".repeat(32),
            value: `${what} of ${id}`
          })
          const texts = past.flatMap(({ id }) => [of(id, "name"), of(id, "comment")])
          yield* store.commit(account, {
            expect: past.map(({ id }) => ({ key: { kind: "chat", id }, version: 0 })),
            put: past.map((chat) => ({
              ...putChat(chat),
              contents: [of(chat.id, "name").ref, of(chat.id, "comment").ref]
            })),
            remove: [],
            contents: texts,
            events: [],
            remember: null
          })
          yield* store.erase(account, { _tag: "Visitor", visitorId: Id.VisitorId.make("comment") }, 9)
          const query = { ...everything, chatIds: past.map(({ id }) => id), limit: 1 }
          expect([...(yield* store.closedChats(account, query)).texts]).toEqual([["name-b", "name of b"]])
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
  })
}

const anyKey = fc.constantFrom("ann@example.com", "bob@example.com", null)

const anyPast: fc.Arbitrary<ReadonlyArray<Past>> = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom(..."abcdefghijklmnop"),
    key: anyKey,
    start: fc.nat({ max: 5 }),
    by: fc.subarray(["1", "2"]),
    kind: fc.constantFrom("chat" as const, "offlineMessage" as const)
  }),
  { selector: ({ id }) => id, minLength: 3, maxLength: 12, size: "max" }
)

const anyQuery: fc.Arbitrary<ClosedChatsQuery> = fc.record({
  keys: fc.subarray(["ann@example.com", "bob@example.com"].map(email), { minLength: 1 }),
  chatIds: fc.subarray(["a", "b", "c"].map((id) => Id.ChatId.make(id))),
  after: fc.option(fc.record({ at: fc.nat({ max: 5 }).map(at), id: fc.constantFrom<string>("a", "h", "p") }), {
    freq: 2
  }),
  from: fc.option(fc.nat({ max: 5 }).map(at), { freq: 2 }),
  until: fc.option(fc.nat({ max: 6 }).map(at), { freq: 2 }),
  servedByAny: fc.option(fc.subarray(["1", "2", "3"].map(agentId)), { freq: 2 }),
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
