import { Effect } from "effect"
import fc from "fast-check"
import type * as Id from "../../domain/account/Id.ts"
import type { ClosedChatsQuery, DeskStore, DeskStoreShape } from "../../ports/DeskStore.ts"
import { agentId, chatId, closed, emailKey, law, over, type Past, putChat, visitor, waiting, write } from "./DeskKit.ts"
import * as Expect from "./Expect.ts"
import type { Law } from "./Law.ts"
import { at, erases, ref } from "./StoreKit.ts"

const [ANN, BOB] = ["ann@example.com", "bob@example.com"] as const

/** decision: about a thousand records written, a second on a server. */
const RUNS = 40

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

const find = (store: DeskStoreShape, account: Id.AccountId, query: Partial<ClosedChatsQuery>) =>
  Effect.map(store.closedChats(account, { ...everything, ...query }), ({ chats }) =>
    chats.map(({ id }) => id as string)
  )

const page = (store: DeskStoreShape, account: Id.AccountId, past: ReadonlyArray<Past>) =>
  write(
    store,
    account,
    past.map((one) => putChat(closed(one)))
  )

/** What feeds are made of. */
export const closedChatsLaws: ReadonlyArray<Law<DeskStore>> = [
  law(
    {
      id: "desk.closedChats.keys",
      sentence: "closed chats come by closing key and by id, each once; open chats, and other keys', do not",
      rules: ["A7", "E7", "H8"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const open = waiting("e")
        const chats = [over("a", ANN, 1), over("b", BOB, 2), over("c", null, 3), over("d", ANN, 4)]
        yield* write(
          store,
          account,
          [...chats, { ...open, visitor: { ...open.visitor, emailKey: emailKey(ANN) } }].map((chat) => putChat(chat))
        )
        const keys = [emailKey(ANN)]
        yield* Expect.same("by a key", yield* find(store, account, { keys }), ["d", "a"])
        const chatIds = ["a", "c", "e", "none"].map(chatId)
        yield* Expect.same("by a key and ids", yield* find(store, account, { keys, chatIds }), ["d", "c", "a"])
        yield* Expect.same("by a key twice", yield* find(store, account, { keys: [...keys, ...keys] }), ["d", "a"])
        const both = [...keys, emailKey(BOB)]
        yield* Expect.same("by two keys", yield* find(store, account, { keys: both }), ["d", "b", "a"])
        yield* Expect.same("by nothing", yield* find(store, account, {}), [])
      })
  ),

  law(
    {
      id: "desk.closedChats.now",
      sentence: "a chat that is put again is there once, as it is now, under the key that it has now",
      rules: ["H7", "J4"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const chat = over("a", ANN, 1)
        const keyed = (key: string | null) => ({
          ...chat,
          visitor: { ...chat.visitor, emailKey: key === null ? null : emailKey(key) }
        })
        const keys = [emailKey(ANN), emailKey(BOB)]
        yield* write(store, account, [putChat(chat)])
        const { chats: first } = yield* store.closedChats(account, { ...everything, keys })
        yield* Expect.same("put once", first, [chat])
        yield* write(store, account, [putChat({ ...chat, tags: ["vip"] })])
        const { chats } = yield* store.closedChats(account, { ...everything, keys })
        yield* Expect.same("put again with a tag", chats, [{ ...chat, tags: ["vip"] }])
        yield* write(store, account, [putChat(keyed(BOB))])
        yield* Expect.same("by the key it had", yield* find(store, account, { keys: [emailKey(ANN)] }), [])
        yield* Expect.same("by both keys", yield* find(store, account, { keys }), ["a"])
        yield* write(store, account, [putChat(keyed(null))])
        yield* Expect.same("by both keys, without any", yield* find(store, account, { keys }), [])
        yield* Expect.same("by its id", yield* find(store, account, { chatIds: [chat.id] }), ["a"])
      })
  ),

  law(
    {
      id: "desk.closedChats.texts",
      sentence: "the chats of a page come with the texts that they refer to, and no others",
      rules: ["H1", "J4"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        yield* writeWithTexts(store, account)
        const query = { ...everything, chatIds: ["a", "b"].map(chatId), limit: 1 }
        const texts = new Map(["name-b", "comment-b"].map((id) => [id, `text of ${id}`]))
        yield* Expect.same("texts", (yield* store.closedChats(account, query)).texts, texts)
      })
  ),

  law(
    {
      id: "desk.closedChats.erased",
      sentence: "an erased text comes with no chat any more; the chat stays",
      rules: ["J4"],
      needs: erases
    },
    (store, { account }) =>
      Effect.gen(function* () {
        yield* writeWithTexts(store, account)
        const query = { ...everything, keys: [emailKey(ANN)], chatIds: [chatId("b")] }
        yield* store.closedChats(account, query)
        yield* store.erase(account, visitor("comment"), 9)
        const { chats, texts } = yield* store.closedChats(account, query)
        const left = new Map(["name-a", "name-b"].map((id) => [id, `text of ${id}`]))
        yield* Expect.same("chats and texts", [chats.map(({ id }) => id), texts], [["b", "a"], left])
      })
  ),

  law(
    {
      id: "desk.closedChats.order",
      sentence: "newest first by start, then by id by code unit, however many there are",
      rules: ["H4"],
      group: "model"
    },
    (store, world) =>
      world.forAll(anyPast, RUNS / 2, (past, { account }) =>
        Effect.gen(function* () {
          yield* page(store, account, past)
          const query = { ...everything, keys: [ANN, BOB].map(emailKey), chatIds: past.map(({ id }) => chatId(id)) }
          yield* Expect.same(asked(query), yield* find(store, account, query), modelled(past, query))
        })
      )
  ),

  law(
    {
      id: "desk.closedChats.after",
      sentence: "pages, each strictly after the last chat of the one before, hold every chat once",
      rules: ["H4"],
      group: "model"
    },
    (store, world) =>
      world.forAll(fc.tuple(anyPast, fc.integer({ min: 1, max: 4 })), RUNS / 2, ([past, limit], { account }) =>
        Effect.gen(function* () {
          yield* page(store, account, past)
          const query = { ...everything, keys: [ANN, BOB].map(emailKey), chatIds: ["a", "b"].map(chatId) }
          const seen: Array<string> = []
          let after: ClosedChatsQuery["after"] = null
          for (let pages = 0; pages <= past.length; pages++) {
            const { chats }: Effect.Success<ReturnType<DeskStoreShape["closedChats"]>> = yield* store.closedChats(
              account,
              { ...query, after, limit }
            )
            const last = chats.at(-1)
            if (last === undefined) break
            seen.push(...chats.map(({ id }) => id))
            after = { at: last.requestedAt, id: last.id }
          }
          yield* Expect.same(`chats of pages of ${limit}`, seen, modelled(past, query))
        })
      )
  ),

  law(
    {
      id: "desk.closedChats.filter",
      sentence:
        "every filter holds, together with the others: period, who served, missed chats, offline messages, limit",
      rules: ["H3", "H4", "D4"],
      group: "model"
    },
    (store, world) =>
      world.forAll(fc.tuple(anyPast, anyQuery), RUNS, ([past, query], { account }) =>
        Effect.gen(function* () {
          yield* page(store, account, past)
          yield* Expect.same(asked(query), yield* find(store, account, query), modelled(past, query))
        })
      )
  )
]

const asked = (query: ClosedChatsQuery): string => `closedChats(${JSON.stringify(query)})`

/** Two chats, each with a text of `name` and one of `comment`. */
const writeWithTexts = (store: DeskStoreShape, account: Id.AccountId) => {
  const names = ["name", "comment"]
  const ids = ["a", "b"]
  const chats = ids.map((id, start) =>
    putChat(
      over(id, ANN, start),
      names.map((name) => ref(`${name}-${id}`))
    )
  )
  const texts = ids.flatMap((id) =>
    names.map((name) => ({
      ...{ ref: ref(`${name}-${id}`), subject: visitor(name), salt: "0".repeat(32) },
      value: `text of ${name}-${id}`
    }))
  )
  return write(store, account, chats, texts)
}

const anyPast: fc.Arbitrary<ReadonlyArray<Past>> = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom(..."abcdefghABCD_-"),
    key: fc.constantFrom(ANN, BOB, null),
    start: fc.nat({ max: 5 }),
    by: fc.subarray(["1", "2"]),
    kind: fc.constantFrom("chat" as const, "offlineMessage" as const)
  }),
  { selector: ({ id }) => id, minLength: 3, maxLength: 12, size: "max" }
)

const anyQuery: fc.Arbitrary<ClosedChatsQuery> = fc.record({
  keys: fc.subarray([ANN, BOB].map(emailKey), { minLength: 1 }),
  chatIds: fc.subarray(["a", "b", "c"].map(chatId)),
  after: fc.option(fc.record({ at: fc.nat({ max: 5 }).map(at), id: fc.constantFrom<string>("a", "e", "B") }), {
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
    .toSorted((a, b) => b.start - a.start || (a.id < b.id ? 1 : -1))
    .filter(({ id, start }) => {
      const { after } = query
      return after === null || start < after.at || (start === after.at && id < after.id)
    })
    .slice(0, query.limit)
    .map(({ id }) => id)
