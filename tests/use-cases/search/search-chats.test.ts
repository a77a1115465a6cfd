import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Id, Instant } from "leadline"
import { ChatSearch, type ChatSearchQuery, DeskStore } from "leadline/ports"
import {
  endChat,
  leaveOfflineMessage,
  rateChat,
  readTranscript,
  searchChats,
  sendMessage,
  writeInternalNote
} from "leadline/use-cases"
import { account, chatId, importer, saveUsers, user } from "../crm/World.ts"
import {
  agentAt,
  agentId,
  agentOf,
  chatted,
  chatting,
  hire,
  userAt,
  visitorAt,
  visitorId,
  world
} from "../panel/Chats.ts"

const me = agentAt("a1")
const ids = (page: { readonly chats: ReadonlyArray<{ readonly chatId: string }> }) =>
  page.chats.map(({ chatId: id }) => id)

/** `first` by a1, `second` by a2, an hour later, with a note; `third` missed; `fourth` an offline message. */
const past = Effect.gen(function* () {
  yield* hire(agentOf("a1"), agentOf("a2", { displayName: "Ben" }))
  yield* chatted("first", { visitorId: visitorId("v"), name: "Zoe", says: "Where is my blue bicycle?" })
  yield* TestClock.adjust("1 hour")
  yield* chatting("second", { visitorId: visitorId("w"), by: "a2", says: "A bicycle, please" })
  yield* sendMessage(agentAt("a2"), { chatId: chatId("second"), text: "Blue or red?" })
  yield* writeInternalNote(agentAt("a2"), { chatId: chatId("second"), text: "Smuggler of BLUE whales" })
  yield* endChat(agentAt("a2"), { chatId: chatId("second") })
  yield* TestClock.adjust("1 hour")
  yield* chatted("third", { visitorId: visitorId("v"), by: null, says: "Nobody there?" })
  yield* TestClock.adjust("1 hour")
  yield* leaveOfflineMessage(visitorAt("w"), {
    chatId: chatId("fourth"),
    visitorId: visitorId("w"),
    texts: ["Call me about the bicycle"]
  })
})

/** Remembers what the port is asked. */
const asked = Effect.gen(function* () {
  const search = yield* ChatSearch
  const queries: Array<ChatSearchQuery> = []
  const find: typeof search.find = (of, query) => {
    queries.push(query)
    return search.find(of, query)
  }
  return { queries, search: ChatSearch.of({ ...search, find }) }
})

describe("searching past chats", () => {
  it.effect("finds closed, missed and offline ones, newest first, with what a list shows (D2, D4, H1)", () =>
    world(
      Effect.gen(function* () {
        yield* past
        yield* chatting("open", { says: "a bicycle" })
        yield* chatted("long", { visitorId: visitorId("x"), says: `${"long ".repeat(80)}needle` })
        yield* rateChat(visitorAt("v"), { chatId: chatId("first"), rating: "good", comment: null })
        const page = yield* searchChats(me, {})
        expect(page).toMatchObject({ notesSearched: true, next: null })
        expect(ids(page)).toEqual(["long", "fourth", "third", "second", "first"])
        const [long, ...others] = page.chats
        expect(others.map(({ outcome }) => outcome)).toEqual(["offlineMessage", "missed", "served", "served"])
        expect(long?.beginning).toBe("long ".repeat(56))
        expect(others[3]).toEqual({
          chatId: "first",
          startedAt: 0,
          endedAt: 0,
          outcome: "served",
          visitorId: "v",
          visitorName: "Zoe",
          servedBy: ["a1"],
          agentNames: ["A1"],
          beginning: "Where is my blue bicycle?",
          tags: [],
          hit: null
        })
      })
    )
  )

  it.effect("by text, agent, visitor, period, and all of them together", () =>
    world(
      Effect.gen(function* () {
        yield* past
        const hour = (n: number) => Instant.fromMillis(n * 3_600_000)
        expect(ids(yield* searchChats(me, { text: "BICYCLE" }))).toEqual(["fourth", "second", "first"])
        expect(ids(yield* searchChats(me, { text: "bicycle blue" }))).toEqual(["first"])
        expect(ids(yield* searchChats(me, { text: "b.cycle" }))).toEqual([])
        expect(ids(yield* searchChats(me, { text: "%" }))).toEqual([])
        expect(ids(yield* searchChats(me, { agentId: agentId("a2") }))).toEqual(["second"])
        expect(ids(yield* searchChats(me, { visitorId: visitorId("v") }))).toEqual(["third", "first"])
        expect(ids(yield* searchChats(me, { from: hour(1), until: hour(3) }))).toEqual(["third", "second"])
        const all = {
          text: "bicycle",
          visitorId: visitorId("w"),
          agentId: agentId("a2"),
          from: hour(1),
          until: hour(2)
        }
        expect(ids(yield* searchChats(me, all))).toEqual(["second"])
        expect(ids(yield* searchChats(me, { ...all, agentId: agentId("a1") }))).toEqual([])
        const hit = (yield* searchChats(me, { text: "red" })).chats[0]?.hit
        expect(hit).toEqual({ number: 2, at: 3_600_000, visibility: "public", excerpt: "Blue or red?" })
      })
    )
  )

  it.effect("looks into internal notes for agents only (D8)", () =>
    world(
      Effect.gen(function* () {
        yield* past
        const page = yield* searchChats(me, { text: "smuggler" })
        expect(page.chats[0]?.hit).toMatchObject({
          number: 3,
          visibility: "internal",
          excerpt: "Smuggler of BLUE whales"
        })
        expect(yield* searchChats(importer, { text: "smuggler" })).toEqual({
          chats: [],
          notesSearched: false,
          next: null
        })
        expect(ids(yield* searchChats(importer, { text: "blue" }))).toEqual(["second", "first"])
        const { search } = yield* asked
        const blind = ChatSearch.of({ ...search, capabilities: { ...search.capabilities, notes: false } })
        const found = searchChats(me, { text: "smuggler" }).pipe(Effect.provideService(ChatSearch, blind))
        expect(yield* found).toEqual({ chats: [], notesSearched: false, next: null })
      })
    )
  )

  it.effect("is for agents as they are now; what it finds they may read (J1, J2)", () =>
    world(
      Effect.gen(function* () {
        yield* past
        yield* saveUsers(user("boss", { isCrmAdministrator: true }))
        for (const caller of [userAt("boss"), visitorAt("v"), agentAt("a9")]) {
          expect(yield* Effect.flip(searchChats(caller, { visitorId: visitorId("v") }))).toEqual({
            _tag: "AccessDenied",
            action: "chat.serve",
            reason: "notAnAgent"
          })
        }
        for (const { chatId: id } of (yield* searchChats(me, {})).chats) yield* readTranscript(me, { chatId: id })
        const elsewhere = { ...importer, account: Id.AccountId.make("elsewhere") }
        expect((yield* searchChats(elsewhere, {})).chats).toEqual([])
        yield* hire(agentOf("a2"))
        yield* Effect.ignore(hire(agentOf("a1", { isEnabled: false })))
        expect(yield* Effect.flip(searchChats(me, {}))).toMatchObject({ _tag: "AccessDenied" })
      })
    )
  )

  it.effect("finds nothing that was erased, and shows nothing of it (J4)", () =>
    world(
      Effect.gen(function* () {
        yield* past
        yield* (yield* DeskStore).erase(account, { _tag: "Visitor", visitorId: visitorId("v") }, 1_000)
        expect(ids(yield* searchChats(me, { text: "bicycle" }))).toEqual(["fourth", "second"])
        const page = yield* searchChats(me, { visitorId: visitorId("v") })
        expect(page.chats).toMatchObject([
          { chatId: "third", visitorName: null, beginning: null },
          { chatId: "first", visitorName: null, beginning: null }
        ])
      })
    )
  )
})

describe("the pages of a search (H4)", () => {
  it.effect("hold each chat once, whatever closes meanwhile; a cursor fits its own search only", () =>
    world(
      Effect.gen(function* () {
        yield* past
        const first = yield* searchChats(me, { text: "bicycle", limit: 2 })
        expect(ids(first)).toEqual(["fourth", "second"])
        yield* chatted("later", { says: "bicycle" })
        const cursor = first.next ?? ""
        expect(cursor).not.toContain("bicycle")
        expect(Buffer.from(cursor, "base64url").toString()).not.toContain("bicycle")
        expect(ids(yield* searchChats(me, { text: "BICYCLE ", limit: 9, cursor }))).toEqual(["first"])
        const ofImporter = (yield* searchChats(importer, { text: "bicycle", limit: 1 })).next ?? ""
        const others = [
          searchChats(me, { text: "blue", cursor }),
          searchChats(me, { cursor }),
          searchChats(me, { text: "bicycle", agentId: agentId("a1"), cursor }),
          searchChats(me, { text: "bicycle", visitorId: visitorId("v"), cursor }),
          searchChats(me, { text: "bicycle", from: Instant.fromMillis(0), cursor }),
          searchChats(me, { text: "bicycle", until: Instant.fromMillis(1e12), cursor }),
          searchChats(importer, { text: "bicycle", cursor }),
          searchChats({ ...importer, account: Id.AccountId.make("b") }, { text: "bicycle", cursor: ofImporter })
        ]
        for (const other of others) {
          expect(yield* Effect.flip(other)).toEqual({ _tag: "BadCursor", reason: "otherSearch" })
        }
        expect(yield* Effect.flip(searchChats(me, { cursor: "?" }))).toEqual({
          _tag: "BadCursor",
          reason: "unreadable"
        })
      })
    )
  )

  it.effect("are of a size within limits, whatever is asked for", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        const { queries, search } = yield* asked
        for (const limit of [undefined, 0, -1, Number.NaN, 7.9, 1e9]) {
          const query = limit === undefined ? {} : { limit }
          yield* searchChats(me, query).pipe(Effect.provideService(ChatSearch, search))
        }
        expect(queries.map(({ limit }) => limit)).toEqual([25, 1, 1, 1, 7, 100])
      })
    )
  )
})

describe("a search that cannot be done", () => {
  it.effect("is refused, naming all that is missing, before anything is asked (K3)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        const { queries, search } = yield* asked
        const none = { text: false, agent: false, visitor: false, period: false, notes: false, stalenessMillis: 0 }
        const poor = ChatSearch.of({ ...search, capabilities: none })
        const refused = (query: Parameters<typeof searchChats>[1]) =>
          Effect.flip(searchChats(me, query).pipe(Effect.provideService(ChatSearch, poor)))
        const at = Instant.fromMillis(0)
        expect(yield* refused({ text: "a" })).toEqual({ _tag: "CannotSearchBy", criteria: ["text"] })
        expect(yield* refused({ agentId: agentId("a1") })).toEqual({ _tag: "CannotSearchBy", criteria: ["agent"] })
        expect(yield* refused({ visitorId: visitorId("v") })).toEqual({ _tag: "CannotSearchBy", criteria: ["visitor"] })
        expect(yield* refused({ from: at })).toEqual({ _tag: "CannotSearchBy", criteria: ["period"] })
        expect(yield* refused({ until: at, text: "a" })).toEqual({
          _tag: "CannotSearchBy",
          criteria: ["text", "period"]
        })
        expect(queries).toEqual([])
        const bare = { text: null, agentId: null, visitorId: null, from: null, until: null, cursor: null }
        expect((yield* searchChats(me, bare).pipe(Effect.provideService(ChatSearch, poor))).chats).toEqual([])
      })
    )
  )

  it.effect("is refused without words, and with too many (D11)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        expect(yield* Effect.flip(searchChats(me, { text: " " }))).toEqual({ _tag: "Blank", field: "text" })
        expect(yield* Effect.flip(searchChats(me, { text: "x".repeat(256) }))).toEqual({
          _tag: "TooLong",
          field: "text",
          limit: 255,
          size: 256
        })
      })
    )
  )
})
