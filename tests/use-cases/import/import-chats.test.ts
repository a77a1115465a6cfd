import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { TestClock } from "effect/testing"
import { ActivityFilter, Actor, type Content, Instant, type PastChat } from "leadline"
import { CrmStore, DeskStore } from "leadline/ports"
import {
  answerChat,
  drainBridge,
  endChat,
  importChats,
  openTranscript,
  rateChat,
  readConsole,
  readFeed,
  requestChat,
  saveAgent,
  tagChat
} from "leadline/use-cases"
import {
  account,
  chatId,
  company,
  companyRef,
  importer,
  person,
  personRef,
  recordId,
  saveRecords
} from "../crm/World.ts"
import { cast, chatsIn } from "../feed/Feeds.ts"
import { agentAt, agentId, agentOf, chatting, settle, userAt, visitorAt, visitorId, world } from "../panel/Chats.ts"
import { inProcess, NEVER } from "../panel/Crash.ts"
import { chatAdministrator, deskLog, NOW, past, stored, unserved } from "./PastChats.ts"

const email = "ann@example.com"
const record = personRef("p")
const at = Instant.fromMillis
const c = { chatId: chatId("c") }

/** Ann is a person of a company; agents are online; all chats of the past are over. */
const peopled = Effect.gen(function* () {
  yield* cast
  yield* saveRecords(
    company("co", []),
    person("p", [email], { firstName: "Ann", lastName: "Lee", companyId: recordId("co") })
  )
  yield* TestClock.adjust(NOW)
})

const imported = (...ids: ReadonlyArray<string>) => ids.map((id) => ({ _tag: "Imported", chatId: id }))
const there = (...ids: ReadonlyArray<string>) => ids.map((id) => ({ _tag: "AlreadyThere", chatId: id }))

describe("an imported chat", () => {
  it.effect("is in the feeds of all that its email matches, as if it had been lived through (A7, H1, H2)", () =>
    world(
      Effect.gen(function* () {
        yield* peopled
        yield* settle({ chatUrl: "https://chat.example/{id}" })
        const messages: PastChat.PastChat["messages"] = [
          { at: at(11_000), visibility: "internal", author: { _tag: "Agent", agentId: agentId("a2") }, text: "Mine" },
          ...past("c").messages
        ]
        const rated = { rating: "good", comment: "Quick" } as const
        const more = { messages, servedBy: [agentId("a2"), agentId("a1")], tags: ["vip", "chairs"], rating: rated }
        expect(yield* importChats(importer, [past("c", more)])).toEqual(imported("c"))
        const { entries } = yield* readFeed(importer, { record })
        expect(entries).toEqual([
          {
            _tag: "Chat",
            id: "c",
            at: 10_000,
            endedAt: 70_000,
            outcome: "served",
            servedBy: ["a2", "a1"],
            agentNames: ["A2", "A1"],
            recordName: "Ann Lee",
            visitorName: "Annie",
            beginning: "Hello there",
            rating: "good",
            comment: "Quick",
            tags: ["vip", "chairs"],
            chatUrl: "https://chat.example/c"
          }
        ])
        expect(yield* chatsIn(companyRef("co"))).toEqual(["c"])
        const { lines, startedAt, endedAt } = yield* openTranscript(userAt("u2"), { ...c, record })
        expect([startedAt, endedAt]).toEqual([10_000, 70_000])
        expect(lines).toEqual([
          { number: 2, at: 11_000, from: { _tag: "Visitor" }, text: "Hello there" },
          { number: 3, at: 20_000, from: { _tag: "Agent", name: "A1" }, text: "Hi Annie" }
        ])
        const { chat, flaw } = yield* stored("c")
        expect(flaw).toBeNull()
        expect(chat).toMatchObject({
          state: { _tag: "Closed", at: 70_000, reason: "agent" },
          requestedAt: 10_000,
          answered: { by: "a2", at: 12_000 },
          messages: { total: 3, visitor: 1, agent: 1, internal: 1 },
          queueNumber: null,
          serving: [],
          wakeAt: null
        })
      })
    )
  )

  it.effect("takes its place among the others by its start (H4)", () =>
    world(
      Effect.gen(function* () {
        yield* peopled
        yield* importChats(importer, [
          past("b", { startedAt: at(20_000), answeredAt: null }),
          past("a", { startedAt: at(10_000), answeredAt: null }),
          past("c", { startedAt: at(30_000), answeredAt: null })
        ])
        expect(yield* chatsIn(record)).toEqual(["c", "b", "a"])
      })
    )
  )

  it.effect("is left out of feeds unless asked for, where it was missed or an offline message (D4)", () =>
    world(
      Effect.gen(function* () {
        yield* peopled
        yield* importChats(importer, [unserved("m", "missed"), unserved("o", "offlineMessage"), past("s")])
        expect(yield* chatsIn(record)).toEqual(["s"])
        const all = { ...ActivityFilter.all, includeMissed: true, includeOfflineMessages: true }
        expect(yield* chatsIn(record, { filter: { ...all, includeMissed: false } })).toEqual(["s", "o"])
        expect(yield* chatsIn(record, { filter: { ...all, includeOfflineMessages: false } })).toEqual(["s", "m"])
      })
    )
  )

  it.effect("matches by the phone's key too, read with the account's region (A2)", () =>
    world(
      Effect.gen(function* () {
        yield* peopled
        yield* settle({ defaultRegion: "FR" })
        const visitor = { id: visitorId("v"), name: " ", email: "", phone: "01 23 45 67 89" }
        yield* importChats(importer, [past("c", { visitor })])
        const { chat } = yield* stored("c")
        expect(chat?.visitor).toMatchObject({ name: null, email: null, emailKey: null, phoneKey: "+33123456789" })
      })
    )
  )
})

describe("an import", () => {
  it.effect("rings nowhere, waits nowhere, tells nobody, touches no desk and no open chat (C1, C2, D6, H8)", () =>
    world(
      Effect.gen(function* () {
        yield* peopled
        const open = yield* chatting("open", { by: null, visitorId: visitorId("v-m") })
        const store = yield* DeskStore
        const deskSide = Effect.all([
          store.get(account, [
            { kind: "desk", id: "a1" },
            { kind: "openChat", id: "v-m" },
            { kind: "routing", id: "all" },
            { kind: "chat", id: open }
          ]),
          store.waiting(account, 10),
          readConsole(agentAt("a1"))
        ])
        const before = yield* deskSide
        const { next } = yield* deskLog
        yield* importChats(importer, [past("s"), unserved("m", "missed"), unserved("o", "offlineMessage")])
        expect(yield* deskSide).toEqual(before)
        const { entries } = yield* store.log(account, next, 1_000)
        expect(entries.map(({ event }) => [event.stream, event.payload._tag].join(" "))).toEqual([
          "chat/s ChatImported",
          "chat/s MessageSent",
          "chat/s MessageSent",
          "chat/s ChatClosed",
          "chat/m ChatImported",
          "chat/m MessageSent",
          "chat/m ChatClosed",
          "chat/o ChatImported",
          "chat/o MessageSent",
          "chat/o ChatClosed"
        ])
        expect(entries.map(({ event }) => event.number)).toEqual([1, 2, 3, 4, 1, 2, 3, 1, 2, 3])
        expect(new Set(entries.map(({ event }) => `${event.at} ${Actor.toKey(event.actor)}`))).toEqual(
          new Set([`${NOW} service:import`])
        )
        const crm = yield* CrmStore
        const told = yield* crm.log(account, 0, 1_000)
        yield* drainBridge(account)
        expect(yield* crm.log(account, 0, 1_000)).toEqual(told)
        const asked = { visitorId: visitorId("v-m"), chatId: chatId("other") }
        expect(yield* requestChat(visitorAt("v-m"), asked)).toMatchObject({ chatId: "open", isNew: false })
      })
    )
  )

  it.effect("answers for each chat in its order; a refused one stops no other (K3)", () =>
    world(
      Effect.gen(function* () {
        yield* peopled
        const late = past("b", { endedAt: at(NOW + 1) })
        const unknown = past("c", { servedBy: [agentId("a1"), agentId("nobody")] })
        expect(yield* importChats(importer, [past("a"), late, unknown, past("d")])).toEqual([
          ...imported("a"),
          {
            _tag: "Refused",
            chatId: "b",
            refusal: { _tag: "TimeOutside", field: "endedAt", at: NOW + 1, from: 10_000, until: NOW }
          },
          { _tag: "Refused", chatId: "c", refusal: { _tag: "AgentNotFound", agentId: "nobody" } },
          ...imported("d")
        ])
        expect(yield* chatsIn(record)).toEqual(["d", "a"])
        expect((yield* stored("b")).chat).toBeNull()
        yield* saveAgent(importer, agentOf("nobody", { isEnabled: false }))
        expect(yield* importChats(importer, [unknown])).toEqual(imported("c"))
      })
    )
  )

  it.effect("changes nothing when repeated, whatever happened to the chat since, and whatever the key (K1, H7)", () =>
    world(
      Effect.gen(function* () {
        yield* peopled
        const batch = [past("c", { rating: { rating: "bad", comment: null } }), unserved("o", "offlineMessage")]
        yield* importChats({ ...importer, idempotencyKey: "k" }, batch)
        yield* rateChat(visitorAt("v-c"), { ...c, rating: "good", comment: "Thanks" })
        yield* tagChat(agentAt("a1"), { ...c, tags: ["vip"] })
        const before = yield* deskLog
        expect(yield* importChats({ ...importer, idempotencyKey: "k" }, batch)).toEqual(there("c", "o"))
        expect(yield* importChats(importer, [...batch].reverse())).toEqual(there("o", "c"))
        expect(yield* deskLog).toEqual(before)
        const { entries } = yield* readFeed(importer, { record })
        expect(entries).toMatchObject([{ id: "c", rating: "good", comment: "Thanks", tags: ["vip"] }])
      })
    )
  )

  it.effect("refuses another content under an id, imported or live (K3)", () =>
    world(
      Effect.gen(function* () {
        yield* peopled
        yield* importChats(importer, [past("c")])
        yield* chatting("live", { by: "a1" })
        yield* endChat(agentAt("a1"), { chatId: chatId("live") })
        const taken = (id: string) => ({
          _tag: "Refused",
          chatId: id,
          refusal: { _tag: "ChatIdTaken", chatId: id }
        })
        const [hello, ...rest] = past("c").messages
        if (hello === undefined) return
        const others: ReadonlyArray<Partial<PastChat.PastChat>> = [
          { messages: [{ ...hello, text: "Hello" }, ...rest] },
          { visitor: { ...past("c").visitor, phone: "1" } },
          { tags: ["vip"] },
          { answeredAt: null },
          { rating: { rating: "good", comment: null } }
        ]
        const before = yield* deskLog
        for (const other of others) expect(yield* importChats(importer, [past("c", other)])).toEqual([taken("c")])
        expect(yield* importChats(importer, [past("live")])).toEqual([taken("live")])
        expect(yield* deskLog).toEqual(before)
      })
    )
  )

  it.effect("takes each chat once, also when many import at once (K2)", () =>
    world(
      Effect.gen(function* () {
        yield* peopled
        const batch = ["a", "b", "c"].map((id) => past(id))
        const importing = importChats(importer, batch)
        const answers = yield* Effect.all([importing, importing, importing, importing], { concurrency: "unbounded" })
        for (const id of ["a", "b", "c"]) {
          const tags = answers.flat().flatMap((answer) => (answer.chatId === id ? [answer._tag] : []))
          expect(tags.sort()).toEqual(["AlreadyThere", "AlreadyThere", "AlreadyThere", "Imported"])
        }
        const { entries } = yield* deskLog
        expect(entries.filter(({ event }) => event.payload._tag === "ChatImported")).toHaveLength(3)
      })
    )
  )

  it.effect("is finished by its repetition, wherever the process died (K2, H8)", () =>
    Effect.gen(function* () {
      const batch = [past("a"), unserved("b", "missed"), past("c")]
      const counted = yield* world(
        Effect.gen(function* () {
          yield* peopled
          return yield* inProcess(importChats(importer, batch), NEVER)
        })
      )
      expect(counted.asked.length).toBeGreaterThan(6)
      for (let dies = 1; dies <= counted.asked.length; dies++) {
        yield* world(
          Effect.gen(function* () {
            yield* peopled
            const first = yield* inProcess(importChats(importer, batch), dies)
            expect(Exit.isFailure(first.exit)).toBe(true)
            const answers = yield* importChats(importer, batch)
            expect(answers.map(({ _tag }) => _tag)).not.toContain("Refused")
            expect(yield* chatsIn(record)).toEqual(["c", "a"])
            const { entries } = yield* deskLog
            const closes = entries.filter(({ event }) => event.payload._tag === "ChatClosed")
            expect(closes.map(({ event }) => event.stream)).toEqual(["chat/a", "chat/b", "chat/c"])
            for (const id of ["a", "b", "c"]) expect((yield* stored(id)).flaw).toBeNull()
          })
        )
      }
    })
  )

  it.effect("costs the settings, and for each chat one read and one commit (cost law)", () =>
    world(
      Effect.gen(function* () {
        yield* peopled
        const { asked } = yield* inProcess(importChats(importer, [past("a"), past("b")]), NEVER)
        expect(asked).toEqual(["settings.get", "desk.getWithTexts", "desk.commit", "desk.getWithTexts", "desk.commit"])
        const again = yield* inProcess(importChats(importer, [past("a")]), NEVER)
        expect(again.asked).toEqual(["settings.get", "desk.getWithTexts"])
      })
    )
  )

  it.effect("is for services and Leadline itself only (J1)", () =>
    world(
      Effect.gen(function* () {
        yield* peopled
        yield* saveAgent(importer, agentOf("boss", { isChatAdministrator: true }))
        for (const caller of [chatAdministrator, agentAt("a1"), userAt("u2"), visitorAt("v-c")]) {
          const refused = yield* Effect.flip(importChats(caller, [past("c")]))
          expect(refused).toEqual({ _tag: "AccessDenied", action: "account.operate", reason: "notYours" })
        }
        expect((yield* stored("c")).chat).toBeNull()
        expect(yield* importChats({ ...importer, actor: Actor.system }, [past("c")])).toEqual(imported("c"))
      })
    )
  )
})

describe("personal values of an imported chat", () => {
  const mark = "s3cret"
  const marked = past("c", {
    visitor: { id: visitorId("v-c"), name: mark, email: `${mark}@example.com`, phone: mark },
    messages: [{ at: at(11_000), visibility: "public", author: { _tag: "Visitor" }, text: mark }],
    rating: { rating: "bad", comment: mark }
  })

  it.effect("are detached: no event holds one, erasing them leaves a transcript that verifies (J4, D7)", () =>
    world(
      Effect.gen(function* () {
        yield* peopled
        yield* importChats(importer, [marked])
        const { entries } = yield* deskLog
        expect(JSON.stringify(entries)).not.toContain(mark)
        const store = yield* DeskStore
        const subject: Content.Subject = { _tag: "Visitor", visitorId: visitorId("v-c") }
        expect(yield* store.erase(account, subject, 100)).toEqual({ erased: 6, isDone: true })
        const { flaw, lines } = yield* stored("c")
        expect([flaw, lines.map(({ text }) => text)]).toEqual([null, [null]])
      })
    )
  )

  it.effect("do not come back after their erasure: the chat is there already (J4)", () =>
    world(
      Effect.gen(function* () {
        yield* peopled
        yield* importChats(importer, [marked])
        const store = yield* DeskStore
        yield* store.erase(account, { _tag: "Visitor", visitorId: visitorId("v-c") }, 100)
        expect(yield* importChats(importer, [marked])).toEqual(there("c"))
        expect((yield* stored("c")).lines.map(({ text }) => text)).toEqual([null])
      })
    )
  )
})

describe("a chat of the past", () => {
  it.effect("stays over: nobody answers it (D1)", () =>
    world(
      Effect.gen(function* () {
        yield* peopled
        yield* importChats(importer, [unserved("c", "missed")])
        expect(yield* Effect.flip(answerChat(agentAt("a1"), c))).toMatchObject({ _tag: "ChatIsClosed", at: 70_000 })
      })
    )
  )
})
