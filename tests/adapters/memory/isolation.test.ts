import { Effect } from "effect"
import {
  type Activity,
  Actor,
  type Agent,
  type Chat,
  Content,
  Desk,
  EmailKey,
  Id,
  Instant,
  type Notice,
  type Record,
  RecordRef,
  Transcript,
  type User
} from "leadline"
import * as Memory from "leadline/memory"
import { CrmStore, DeskStore, Notifier, type Put, type RecordStore } from "leadline/ports"
import { describe, expect, it } from "vitest"
import { plainChat } from "./PlainChat.ts"

const account = Id.AccountId.make("isolation")
const at = (millis: number) => Instant.fromMillis(millis)
const email = EmailKey.EmailKey.make("ann@example.com")
const recordId = RecordRef.RecordId.make("p")

/** Tries to change everything that is reachable, and to grow what has an end; collects what gave way. */
const spoil = (value: unknown, path: string, given: Array<string> = []): ReadonlyArray<string> => {
  if (typeof value !== "object" || value === null) return given
  for (const [name, part] of Object.entries(value)) {
    spoil(part, `${path}/${name}`, given)
    if (Reflect.set(value, name, "spoiled")) given.push(`${path}/${name}`)
  }
  if (Reflect.set(value, "grown", true)) given.push(`${path}/grown`)
  return given
}

/** What is stored cannot be changed through any of these; the outer list of an answer is the reader's own. */
const unspoiled = (answers: { readonly [name: string]: ReadonlyArray<unknown> }) => {
  for (const [name, items] of Object.entries(answers)) {
    expect([name, items.length > 0]).toEqual([name, true])
    expect(items.flatMap((item) => spoil(item, name))).toEqual([])
  }
}

const write = <Records, Payload>(store: RecordStore<Records, Payload>, put: ReadonlyArray<Put<Records>>) =>
  store.commit(account, {
    expect: put.map(({ key }) => ({ key, version: 0 })),
    put,
    remove: [],
    contents: [],
    events: [],
    remember: null
  })

const chat = (id: string, more: Partial<Chat.Chat>): Chat.Chat => {
  const agentId = Id.AgentId.make("a")
  const plain = plainChat(id, {
    serving: [{ agentId, joinedAt: at(0) }],
    answered: { by: agentId, at: at(0) },
    tags: ["a"]
  })
  return { ...plain, visitor: { ...plain.visitor, emailKey: email }, ...more }
}

const agent: Agent.Agent = {
  id: Id.AgentId.make("a"),
  displayName: "A",
  email: "a@example.com",
  userId: null,
  isEnabled: true,
  isChatAdministrator: false,
  departments: [],
  chatLimit: null
}

const user: User.User = {
  id: Id.UserId.make("u"),
  name: "U",
  email: "u@example.com",
  isActive: true,
  reportsTo: null,
  isAccountOwner: false,
  isCrmAdministrator: false,
  teams: [],
  groups: [],
  visibility: "all"
}

const person: Record.Person = {
  _tag: "Person",
  id: recordId,
  ownerId: user.id,
  emails: ["Ann@example.com"],
  phones: [],
  keys: { emails: [email], phones: [] },
  aliases: { emails: [], phones: [] },
  custom: { address: { city: "Kyiv" } },
  lifecycle: { _tag: "Live" },
  createdAt: at(0),
  updatedAt: at(0),
  eventCount: 1,
  firstName: null,
  lastName: "Ann",
  companyId: recordId
}

const ref = { kind: "person", id: recordId } as const

const note: Activity.Activity = {
  _tag: "Note",
  id: Id.ActivityId.make("n"),
  record: ref,
  at: at(0),
  by: Actor.system,
  text: "a note",
  chatId: null
}

describe("what the stores in memory hand out", () => {
  it("cannot be changed: chats, agents, the log and the transcript", () =>
    Effect.gen(function* () {
      const store = yield* DeskStore
      const content = { ref: Content.ContentRef.make("t"), commitment: Content.Commitment.make("0".repeat(64)) }
      const parked = { bridge: "b", eventId: "e", log: "crm", position: 1, stream: "s", tries: 1 } as const
      yield* write(store, [
        { key: { kind: "chat", id: "c1" }, value: chat("c1", {}), contents: [], due: at(0) },
        {
          key: { kind: "chat", id: "c2" },
          value: chat("c2", { state: { _tag: "Closed", at: at(1), reason: "agent" } }),
          contents: [],
          due: null
        },
        { key: { kind: "agent", id: "a" }, value: agent, contents: [], due: null },
        { key: { kind: "desk", id: "a" }, value: Desk.initial(agent.id), contents: [], due: null },
        {
          key: { kind: "parked", id: "b/e" },
          value: { ...parked, nextTryAt: null, lastError: "no" },
          contents: [],
          due: null
        }
      ])
      yield* store.commit(account, {
        expect: [],
        put: [],
        remove: [],
        contents: [],
        events: [
          {
            id: Id.EventId.make("e"),
            stream: "chat/c1",
            number: 1,
            at: at(1),
            actor: Actor.system,
            surface: "api",
            schemaVersion: 1,
            payload: {
              _tag: "MessageSent",
              message: { number: 1, at: at(1), content, visibility: "public", author: { _tag: "System" } },
              digest: Transcript.emptyDigest
            },
            contents: [content.ref]
          }
        ],
        remember: null
      })
      const nothing = { after: null, from: null, until: null, servedByAny: null }
      const asked = { ...nothing, includeMissed: true, includeOfflineMessages: true, chatIds: [], limit: 9 }
      unspoiled({
        get: (yield* store.get(account, [{ kind: "chat", id: "c1" }])).map(({ value }) => value),
        due: (yield* store.due(account, "chat", at(0), 9)).map(({ value }) => value),
        log: (yield* store.log(account, 0, 9)).entries,
        waiting: yield* store.waiting(account, 9),
        roster: (yield* store.roster(account)).flatMap(({ agent: one, desk }) => [one, desk]),
        closedChats: (yield* store.closedChats(account, { ...asked, keys: [email] })).chats,
        transcript: (yield* store.transcript(account, Id.ChatId.make("c1"), 0, 9)).map(({ message }) => message),
        givenUp: yield* store.givenUp(account, "b", 9)
      })
    }).pipe(Effect.provide(Memory.layer()), Effect.runPromise))

  it("cannot be changed: records, users, pools and activities", () =>
    Effect.gen(function* () {
      const store = yield* CrmStore
      const pool = {
        id: Id.PoolId.make("p"),
        name: "P",
        recordKind: "lead",
        members: [user.id],
        eventCount: 1
      } as const
      yield* write(store, [
        { key: { kind: "person", id: recordId }, value: person, contents: [], due: null },
        { key: { kind: "user", id: user.id }, value: user, contents: [], due: null },
        { key: { kind: "pool", id: pool.id }, value: { ...pool, isDeleted: false }, contents: [], due: null },
        { key: { kind: "activity", id: note.id }, value: note, contents: [], due: null },
        { key: { kind: "identityKey", id: `email/${email}` }, value: { movedBy: ref }, contents: [], due: null }
      ])
      const keys = { emails: [email], phones: [] }
      const facts = { ...keys, chatId: Id.ChatId.make("c"), pools: [pool.id], commandId: null }
      const found = yield* store.leadFacts(account, facts)
      const nothing = { types: null, byAny: null, after: null, from: null, until: null }
      unspoiled({
        byKeys: yield* store.byKeys(account, keys),
        candidates: found.candidates,
        facts: [...found.identityKeys, ...found.pools, ...found.users].map(({ value }) => value),
        users: yield* store.users(account),
        pools: yield* store.pools(account),
        peopleOf: yield* store.peopleOf(account, [recordId]),
        activities: yield* store.activities(account, { ...nothing, records: [ref], limit: 9 })
      })
    }).pipe(Effect.provide(Memory.layer()), Effect.runPromise))

  it("cannot be changed: notices, neither by who tells them nor by who reads them (G4)", () =>
    Effect.gen(function* () {
      const notice: Notice.Notice = {
        id: Id.NoticeId.make("n"),
        to: user.id,
        about: ref,
        reason: "leadDealt",
        activityId: null,
        chatId: null,
        from: Actor.system
      }
      const notifier = yield* Notifier
      const notices = yield* Memory.MemoryNotices
      const mine = structuredClone(notice)
      yield* notifier.notify(account, mine)
      spoil(mine, "mine")
      unspoiled({ shown: yield* notices.shown(account) })
      expect(yield* notices.shown(account)).toEqual([notice])
    }).pipe(Effect.provide(Memory.layer()), Effect.runPromise))
})

describe("what the stores in memory take in", () => {
  it("is theirs: what the caller froze on the surface alone is copied, too", () =>
    Effect.gen(function* () {
      const store = yield* DeskStore
      const departments = [Id.DepartmentId.make("d1")]
      const mine = Object.freeze({ ...agent, departments })
      yield* write(store, [{ key: { kind: "agent", id: "a" }, value: mine, contents: [], due: null }])
      departments.push(Id.DepartmentId.make("d2"))
      const [read] = yield* store.get(account, [{ kind: "agent", id: "a" }])
      expect(read.value?.departments).toEqual(["d1"])
      expect(Object.isFrozen(departments)).toBe(false)
    }).pipe(Effect.provide(Memory.layer()), Effect.runPromise))
})

describe("a layer of the stores in memory", () => {
  const remains = Effect.gen(function* () {
    const store = yield* DeskStore
    const [read] = yield* store.get(account, [{ kind: "agent", id: "a" }])
    yield* write(store, [{ key: { kind: "agent", id: "a" }, value: agent, contents: [], due: null }])
    return read.value
  })

  it("starts empty each time it is built", async () => {
    const layer = Memory.layer()
    expect(await Effect.runPromise(Effect.provide(remains, layer))).toBeNull()
    expect(await Effect.runPromise(Effect.provide(remains, layer))).toBeNull()
  })
})
