import { Effect } from "effect"
import { type Agent, type Chat, type ChatEvent, Desk, Event, Id, type Instant, Presence, Transcript } from "leadline"
import type { DeskRecords, DeskStoreShape, Parked, Put } from "leadline/ports"
import { describe, expect, it } from "vitest"
import { closedChatsLaws } from "./ClosedChatsLaws.ts"
import { account, agentId, at, closed, putChat, type WithDeskStore, waiting, write } from "./DeskLawKit.ts"

/** The laws of the chat side's own reads. */
export const deskStoreLaws = (name: string, withStore: WithDeskStore): void => {
  const law = <A, E>(title: string, use: (store: DeskStoreShape) => Effect.Effect<A, E>) =>
    it(title, () => Effect.runPromise(withStore(use)))
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
          const [read] = yield* store.get(account, [{ kind: "chat", id: "a" }])
          expect(read.value?.queueNumber).toBe(numbers[1])
          yield* write(store, putChat(closed({ id: "d", key: null, start: 0, by: [], kind: "offlineMessage" })))
          const [never] = yield* store.get(account, [{ kind: "chat", id: "d" }])
          expect(never.value?.queueNumber).toBeNull()
          expect(yield* store.waiting(Id.AccountId.make("others"), 9)).toEqual([])
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

  closedChatsLaws(name, withStore)

  describe(`${name}, transcripts`, () => {
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

  describe(`${name}, a person's chats`, () => {
    const keyed = (id: string, visitor: string, email: string | null, phone: string | null = null): Chat.Chat => {
      const chat = waiting(id)
      const [emailKey, phoneKey] = [
        email as Chat.Chat["visitor"]["emailKey"],
        phone as Chat.Chat["visitor"]["phoneKey"]
      ]
      return { ...chat, visitor: { ...chat.visitor, id: Id.VisitorId.make(visitor), emailKey, phoneKey } }
    }
    const over = (chat: Chat.Chat): Chat.Chat => ({ ...chat, state: { _tag: "Closed", at: at(9), reason: "agent" } })
    const find = (store: DeskStoreShape, of: string, after: string | null = null, limit = 99, who = account) => {
      const query = {
        visitors: of.startsWith("v") ? [Id.VisitorId.make(of)] : [],
        emails: of.includes("@") ? ([of] as never) : [],
        phones: of.startsWith("+") ? ([of] as never) : []
      }
      const from = after === null ? null : Id.ChatId.make(after)
      return Effect.map(store.personChats(who, { ...query, after: from, limit }), (chats) => chats.map(({ id }) => id))
    }

    law(
      "desk.personChats.all: by visitor, email key or phone key, open and closed, as the keys are now (J4)",
      (store) =>
        Effect.gen(function* () {
          yield* write(
            store,
            ...[keyed("c", "v1", "a@b.c"), keyed("a", "v1", null, "+12125552368"), keyed("b", "v2", "a@b.c")].map(
              putChat
            )
          )
          yield* write(store, putChat(over(keyed("d", "v3", "a@b.c", "+12125552368"))))
          expect(yield* find(store, "v1")).toEqual(["a", "c"])
          expect(yield* find(store, "a@b.c")).toEqual(["b", "c", "d"])
          expect(yield* find(store, "+12125552368")).toEqual(["a", "d"])
          const [visitors, emails] = [[Id.VisitorId.make("v1")], ["a@b.c"] as never]
          const both = yield* store.personChats(account, { visitors, emails, phones: [], after: null, limit: 9 })
          expect(both.map(({ id }) => id)).toEqual(["a", "b", "c", "d"])
          expect(yield* find(store, "a@b.c", null, 9, Id.AccountId.make("others"))).toEqual([])
          yield* write(store, putChat(over(keyed("d", "v3", null))), putChat(over(keyed("c", "v1", null))))
          expect(yield* find(store, "a@b.c")).toEqual(["b"])
          expect(yield* find(store, "v1")).toEqual(["a", "c"])
          expect(yield* find(store, "v3")).toEqual(["d"])
        })
    )

    law("desk.personChats.after: pages by id hold each chat once (J4)", (store) =>
      Effect.gen(function* () {
        for (const id of ["e", "b", "d", "a", "c"]) yield* write(store, putChat(keyed(id, "v1", "a@b.c")))
        expect(yield* find(store, "v1", null, 2)).toEqual(["a", "b"])
        expect(yield* find(store, "v1", "b", 2)).toEqual(["c", "d"])
        expect(yield* find(store, "v1", "d", 2)).toEqual(["e"])
        expect(yield* find(store, "a@b.c", "bb", 2)).toEqual(["c", "d"])
        expect(yield* find(store, "v1", "e", 2)).toEqual([])
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
          {
            agent: agent("1"),
            desk: { key: { kind: "desk", id: "1" }, version: 0, value: null },
            presence: null,
            served: []
          },
          {
            agent: agent("2"),
            desk: (yield* store.get(account, [{ kind: "desk", id: "2" }]))[0],
            presence: null,
            served: []
          }
        ])
      })
    )

    law("desk.roster.served: with each desk what its slots depend on, and the agent's leases (B4, B5)", (store) =>
      Effect.gen(function* () {
        const [ann, bob] = [agentId("1"), agentId("2")]
        const talked = (id: string, lastPublicAt: number | null) => ({
          ...waiting(id),
          state: { _tag: "Served", since: at(1) } as const,
          serving: [
            { agentId: ann, joinedAt: at(1) },
            { agentId: bob, joinedAt: at(2) }
          ],
          lastPublicAt: lastPublicAt === null ? null : at(lastPublicAt)
        })
        const chats = [talked("c1", null), talked("c2", 7)]
        const presence = Presence.initial(ann, at(3))
        yield* write(
          store,
          { key: { kind: "agent", id: "1" }, value: agent("1"), contents: [], due: null },
          { key: { kind: "presence", id: "1" }, value: presence, contents: [], due: null },
          {
            key: { kind: "desk", id: "1" },
            value: { ...Desk.initial(ann), serving: [Id.ChatId.make("c2"), Id.ChatId.make("c1")] },
            contents: [],
            due: null
          },
          ...chats.map((value) => ({ key: { kind: "chat", id: value.id } as const, value, contents: [], due: null }))
        )
        const [entry] = yield* store.roster(account)
        expect(entry?.presence).toEqual(presence)
        expect([...(entry?.served ?? [])].sort((a, b) => (a.lastPublicAt ?? 0) - (b.lastPublicAt ?? 0))).toEqual([
          { joinedAt: at(1), lastPublicAt: null },
          { joinedAt: at(1), lastPublicAt: at(7) }
        ])
      })
    )

    law("desk.givenUp.all: what is tried again, or done, is given up no more (G4)", (store) =>
      Effect.gen(function* () {
        const put = (value: Parked): Put<DeskRecords> => ({
          key: { kind: "parked", id: `${value.bridge}/${value.eventId}` },
          value,
          contents: [],
          due: value.nextTryAt
        })
        yield* write(store, put(parked("e1", 1, null)), put(parked("e2", 2, null)), put(parked("e3", 3, null)))
        yield* write(store, put(parked("e1", 1, at(9))))
        const [e2] = yield* store.get(account, [{ kind: "parked", id: "b/e2" }])
        const nothing = { put: [], contents: [], events: [], remember: null }
        yield* store.commit(account, { ...nothing, expect: [e2], remove: [e2.key] })
        expect((yield* store.givenUp(account, "b", 9)).map(({ eventId }) => eventId)).toEqual(["e3"])
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
            schemaVersion: Event.SCHEMA_VERSION,
            payload,
            contents: [ref]
          }
        ]
      })
    }
  )
