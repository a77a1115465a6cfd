import { Effect } from "effect"
import type * as Id from "../../domain/account/Id.ts"
import * as Desk from "../../domain/agent/Desk.ts"
import * as Presence from "../../domain/agent/Presence.ts"
import type * as Chat from "../../domain/chat/Chat.ts"
import type { DeskStore, DeskStoreShape, PersonChatsQuery, RosterEntry } from "../../ports/DeskStore.ts"
import {
  agent,
  agentId,
  chatId,
  emailKey,
  law,
  over,
  parked,
  phoneKey,
  putAgent,
  putChat,
  putParked,
  remove,
  say,
  visitorId,
  waiting,
  write
} from "./DeskKit.ts"
import * as Expect from "./Expect.ts"
import type { Law } from "./Law.ts"
import { at } from "./StoreKit.ts"

const [EMAIL, PHONE] = ["a@b.c", "+12125552368"]

const keyed = (id: string, of: string, email: string | null, phone: string | null = null): Chat.Chat => {
  const chat = waiting(id)
  const keys = {
    emailKey: email === null ? null : emailKey(email),
    phoneKey: phone === null ? null : phoneKey(phone)
  }
  return { ...chat, visitor: { ...chat.visitor, id: visitorId(of), ...keys } }
}

const closedNow = (chat: Chat.Chat): Chat.Chat => ({ ...chat, state: { _tag: "Closed", at: at(9), reason: "agent" } })

/** By a visitor's id, an email key or a phone key, whichever it looks like. */
const asked = (of: string, after: string | null = null, limit = 99): PersonChatsQuery => ({
  visitors: of.startsWith("v") ? [visitorId(of)] : [],
  emails: of.includes("@") ? [emailKey(of)] : [],
  phones: of.startsWith("+") ? [phoneKey(of)] : [],
  after: after === null ? null : chatId(after),
  limit
})

const chatsOf = (store: DeskStoreShape, account: Id.AccountId, query: PersonChatsQuery) =>
  Effect.map(store.personChats(account, query), (chats) => chats.map(({ id }) => id))

const putDesk = (value: Desk.Desk) => ({
  key: { kind: "desk" as const, id: value.agentId },
  value,
  contents: [],
  due: null
})

const putPresence = (value: Presence.Presence) => ({
  key: { kind: "presence" as const, id: value.agentId },
  value,
  contents: [],
  due: null
})

const served = (id: string, by: string, lastPublicAt: number | null): Chat.Chat => ({
  ...waiting(id),
  state: { _tag: "Served", since: at(1) },
  serving: [
    { agentId: agentId(by), joinedAt: at(1) },
    { agentId: agentId("other"), joinedAt: at(2) }
  ],
  lastPublicAt: lastPublicAt === null ? null : at(lastPublicAt)
})

const byAgent = (roster: ReadonlyArray<RosterEntry>) => roster.toSorted((a, b) => (a.agent.id < b.agent.id ? -1 : 1))

/** A person's chats, agents, work that was given up; and who must not see any of it. */
export const deskPeopleLaws: ReadonlyArray<Law<DeskStore>> = [
  law(
    {
      id: "desk.personChats.all",
      sentence:
        "a person's chats are found by visitor, email key and phone key, open and closed, each once, as the keys are now",
      rules: ["J4"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const chats = [keyed("c", "v1", EMAIL), keyed("a", "v1", null, PHONE), keyed("b", "v2", EMAIL)]
        yield* write(
          store,
          account,
          [...chats, closedNow(keyed("d", "v3", EMAIL, PHONE))].map((chat) => putChat(chat))
        )
        const of = (what: string) => chatsOf(store, account, asked(what))
        yield* Expect.same("by visitor", yield* of("v1"), ["a", "c"])
        yield* Expect.same("by email key", yield* of(EMAIL), ["b", "c", "d"])
        yield* Expect.same("by phone key", yield* of(PHONE), ["a", "d"])
        const both = { ...asked("v1"), emails: [emailKey(EMAIL)], phones: [phoneKey(PHONE)] }
        yield* Expect.same("by all of them", yield* chatsOf(store, account, both), ["a", "b", "c", "d"])
        yield* Expect.same("of nobody", yield* of("vnobody"), [])
        yield* write(store, account, [putChat(closedNow(keyed("d", "v3", null))), putChat(keyed("c", "v1", null))])
        yield* Expect.same("by an email key that two have no more", yield* of(EMAIL), ["b"])
        yield* Expect.same("by visitor, without keys", [yield* of("v1"), yield* of("v3")], [["a", "c"], ["d"]])
        yield* remove(store, account, { kind: "chat", id: "a" })
        yield* Expect.same("by visitor, one removed", yield* of("v1"), ["c"])
      })
  ),

  law(
    {
      id: "desk.personChats.after",
      sentence: "pages by id, compared by code unit, hold each chat once",
      rules: ["J4"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const ids = ["e", "b", "D", "a", "c"]
        yield* write(
          store,
          account,
          ids.map((id) => putChat(keyed(id, "v1", EMAIL)))
        )
        const page = (of: string, after: string | null) => chatsOf(store, account, asked(of, after, 2))
        yield* Expect.same("the first page", yield* page("v1", null), ["D", "a"])
        yield* Expect.same("after a", yield* page("v1", "a"), ["b", "c"])
        yield* Expect.same("after c", yield* page("v1", "c"), ["e"])
        yield* Expect.same("after e", yield* page("v1", "e"), [])
        yield* Expect.same("after an id that is not there", yield* page(EMAIL, "aa"), ["b", "c"])
        const both = { ...asked("v1", "D", 3), emails: [emailKey(EMAIL)] }
        yield* Expect.same("by visitor and key, after D", yield* chatsOf(store, account, both), ["a", "b", "c"])
      })
  ),

  law(
    {
      id: "desk.roster.all",
      sentence: "every agent is there with their desk and version, or none where they never were at one",
      rules: ["B1"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        yield* write(store, account, [...["1", "2", "3"].map(putAgent), putDesk(Desk.initial(agentId("2")))])
        yield* remove(store, account, { kind: "agent", id: "3" })
        const [desk] = yield* store.get(account, [{ kind: "desk", id: "2" }])
        const missing = { key: { kind: "desk", id: "1" }, version: 0, value: null }
        yield* Expect.same("roster", byAgent(yield* store.roster(account)), [
          { agent: agent("1"), desk: missing, presence: null, served: [] },
          { agent: agent("2"), desk, presence: null, served: [] }
        ])
      })
  ),

  law(
    {
      id: "desk.roster.served",
      sentence: "with each agent come their leases and what the slots of their chats depend on, as they are now",
      rules: ["B4", "B5"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const ann = agentId("1")
        const atDesk = { ...Desk.initial(ann), serving: [chatId("c2"), chatId("c1")] }
        const presence = Presence.initial(ann, at(3))
        yield* write(store, account, [
          putAgent("1"),
          putPresence(presence),
          putDesk(atDesk),
          putChat(served("c1", "1", null)),
          putChat(served("c2", "1", 7))
        ])
        const slots = Effect.map(store.roster(account), ([entry]) =>
          (entry?.served ?? []).toSorted((a, b) => (a.lastPublicAt ?? 0) - (b.lastPublicAt ?? 0))
        )
        const [entry] = yield* store.roster(account)
        yield* Expect.same("presence", entry?.presence, presence)
        const joined = { joinedAt: at(1) }
        const two = [
          { ...joined, lastPublicAt: null },
          { ...joined, lastPublicAt: at(7) }
        ]
        yield* Expect.same("served", yield* slots, two)
        yield* write(store, account, [putChat(served("c1", "1", 9))])
        const later = [...two.slice(1), { ...joined, lastPublicAt: at(9) }]
        yield* Expect.same("served, after a message", yield* slots, later)
        yield* write(store, account, [putDesk({ ...atDesk, serving: [chatId("c1")] })])
        yield* Expect.same("served, after one was ended", yield* slots, later.slice(1))
      })
  ),

  law(
    {
      id: "desk.givenUp.all",
      sentence: "what a bridge gave up, and nothing of another bridge, in order of the log, at most its limit",
      rules: ["G4"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const items = [
          parked("e3", 30, null),
          parked("e1", 4, null),
          parked("e2", 2, 9),
          parked("e4", 3, null, "other")
        ]
        yield* write(store, account, items.map(putParked))
        const found = yield* store.givenUp(account, "b", 9)
        yield* Expect.same("givenUp", found, [items[1], items[0]])
        const first = yield* store.givenUp(account, "b", 1)
        yield* Expect.same("givenUp, at most 1", first, [items[1]])
      })
  ),

  law(
    {
      id: "desk.givenUp.now",
      sentence: "what is tried again, or was removed, is given up no more",
      rules: ["G4"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        yield* write(
          store,
          account,
          ["e1", "e2", "e3"].map((id, n) => putParked(parked(id, n, null)))
        )
        yield* write(store, account, [putParked(parked("e1", 0, 9))])
        yield* remove(store, account, { kind: "parked", id: "b/e2" })
        const left = yield* store.givenUp(account, "b", 9)
        yield* Expect.same(
          "givenUp",
          left.map(({ eventId }) => eventId),
          ["e3"]
        )
      })
  ),

  law(
    {
      id: "desk.parked.all",
      sentence:
        "what a bridge will try again, due or not, and nothing of another bridge, in order of the log, at most its limit",
      rules: ["G4"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const items = [parked("e3", 30, 1), parked("e1", 4, 99_999), parked("e2", 2, null), parked("e4", 3, 1, "other")]
        yield* write(store, account, items.map(putParked))
        yield* Expect.same("parked", yield* store.parked(account, "b", 9), [items[1], items[0]])
        yield* Expect.same("parked, at most 1", yield* store.parked(account, "b", 1), [items[1]])
      })
  ),

  law(
    {
      id: "desk.parked.now",
      sentence: "what was put off is parked as it is now; what is given up, or was removed, is parked no more",
      rules: ["G4"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        yield* write(
          store,
          account,
          ["e1", "e2", "e3"].map((id, n) => putParked(parked(id, n, 9)))
        )
        yield* write(store, account, [putParked(parked("e1", 0, null)), putParked(parked("e3", 2, 20))])
        yield* remove(store, account, { kind: "parked", id: "b/e2" })
        yield* Expect.same("parked", yield* store.parked(account, "b", 9), [parked("e3", 2, 20)])
      })
  ),

  law(
    {
      id: "desk.account.separate",
      sentence: "no list shows an account another one's chats, agents, messages or parked work",
      rules: ["J2"]
    },
    (store, { account, other }) =>
      Effect.gen(function* () {
        const closing = over("b", EMAIL, 1)
        yield* write(store, account, [
          putChat(keyed("a", "v1", EMAIL, PHONE)),
          putChat({ ...closing, visitor: { ...closing.visitor, id: visitorId("v1") } }),
          putAgent("1"),
          putParked(parked("e1", 1, null)),
          putParked(parked("e2", 1, 9))
        ])
        yield* say(store, account, "a", 1, 2)
        const query = {
          ...{ keys: [emailKey(EMAIL)], chatIds: [chatId("b")], after: null, from: null, until: null },
          ...{ servedByAny: null, includeMissed: true, includeOfflineMessages: true, limit: 9 }
        }
        const everybody = { ...asked("v1"), emails: [emailKey(EMAIL)], phones: [phoneKey(PHONE)] }
        const none = { chats: [], texts: new Map() }
        yield* Expect.same("waiting of another account", yield* store.waiting(other, 9), [])
        yield* Expect.same("roster of another account", yield* store.roster(other), [])
        yield* Expect.same("closedChats of another account", yield* store.closedChats(other, query), none)
        const lines = yield* store.transcript(other, chatId("a"), 0, 9)
        yield* Expect.same("transcript of another account", lines, [])
        yield* Expect.same("personChats of another account", yield* store.personChats(other, everybody), [])
        yield* Expect.same("givenUp of another account", yield* store.givenUp(other, "b", 9), [])
        yield* Expect.same("parked of another account", yield* store.parked(other, "b", 9), [])
        // the same ids there: each sees its own
        yield* write(store, other, [
          putChat(keyed("z", "v9", null)),
          putAgent("1"),
          putDesk(Desk.initial(agentId("1")))
        ])
        const [entry] = yield* store.roster(account)
        yield* Expect.same("roster, when another account has the same agent", entry?.desk.version, 0)
        const queue = yield* store.waiting(account, 9)
        yield* Expect.same(
          "waiting",
          queue.map(({ id }) => id),
          ["a"]
        )
      })
  )
]
