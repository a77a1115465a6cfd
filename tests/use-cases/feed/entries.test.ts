import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { ActivityFilter } from "leadline"
import {
  answerChat,
  endChat,
  leaveChat,
  leaveOfflineMessage,
  logActivity,
  rateChat,
  readFeed,
  requestChat,
  saveAgent,
  sendMessage,
  tagChat,
  writeInternalNote
} from "leadline/use-cases"
import { chatId, importer, lead, leadRef, person, personRef, run, saveRecords } from "../crm/World.ts"
import { agentAt, agentOf, chatted, chatting, settle, visitorAt, visitorId, world } from "../panel/Chats.ts"
import { cast, chatsIn, wordOf } from "./Feeds.ts"

const email = "ann@example.com"
const c = { chatId: chatId("c") }

const feedOf = Effect.map(readFeed(importer, { record: personRef("p") }), ({ entries }) => entries)

describe("a chat's entry", () => {
  it.effect("says when, who, what, how it was rated and where to open it (H1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* settle({ chatUrl: "https://chat.example/{id}" })
        yield* saveRecords(person("p", [email], { firstName: "Ann", lastName: "Lee" }))
        yield* TestClock.adjust("10 seconds")
        yield* requestChat(visitorAt("v-c"), {
          ...c,
          visitorId: visitorId("v-c"),
          name: "Annie",
          email: "ANN@example.com"
        })
        yield* answerChat(agentAt("a2"), c)
        yield* writeInternalNote(agentAt("a2"), { ...c, text: "She is a regular" })
        yield* sendMessage(visitorAt("v-c"), { ...c, text: "Hello there" })
        yield* TestClock.adjust("1 minute")
        yield* leaveChat(agentAt("a2"), c)
        yield* sendMessage(visitorAt("v-c"), { ...c, text: "Anybody?" })
        yield* answerChat(agentAt("a1"), c)
        yield* rateChat(visitorAt("v-c"), { ...c, rating: "good", comment: "Quick" })
        yield* tagChat(agentAt("a1"), { ...c, tags: ["chairs", "vip"] })
        yield* endChat(visitorAt("v-c"), c)
        expect(yield* feedOf).toEqual([
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
            tags: ["chairs", "vip"],
            chatUrl: "https://chat.example/c"
          }
        ])
      })
    )
  )

  it.effect("is empty where nothing was said or given, and has no address without a template (H1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        yield* chatted("c", { email })
        expect(yield* feedOf).toMatchObject([
          { visitorName: null, beginning: null, rating: null, comment: null, tags: [], chatUrl: null }
        ])
      })
    )
  )

  it.effect("names agents as they are called now, also when they are gone (H1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        yield* chatted("c", { email })
        yield* saveAgent(importer, agentOf("a1", { displayName: "Ada", isEnabled: false }))
        expect(yield* feedOf).toMatchObject([{ agentNames: ["Ada"] }])
      })
    )
  )

  it("begins with the first 280 characters of the first public message, never half of one (H1)", () =>
    fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 250, maxLength: 320 }), (said) =>
        run(
          Effect.gen(function* () {
            const text = `x${said}`
            yield* cast
            yield* saveRecords(person("p", [email]))
            yield* chatted("c", { email, says: text })
            expect(yield* feedOf).toMatchObject([{ beginning: [...text].slice(0, 280).join("") }])
          })
        )
      ),
      { numRuns: 20 }
    ))

  it.effect(
    "is there from the moment of close, and not before; of a chat without a record nothing is lost (D2, H7, H8)",
    () =>
      world(
        Effect.gen(function* () {
          yield* cast
          yield* saveRecords(person("p", [email]))
          yield* chatting("c", { email })
          expect(yield* feedOf).toEqual([])
          yield* endChat(agentAt("a1"), c)
          expect((yield* feedOf).map(wordOf)).toEqual(["c"])
          yield* chatted("d", { email: "later@example.com" })
          yield* saveRecords(lead("l", ["later@example.com"]))
          expect(yield* chatsIn(leadRef("l"))).toEqual(["d"])
        })
      )
  )

  it.effect("stays one entry, and shows the last rating, comment and tags (D9, H7)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        yield* chatted("c", { email })
        yield* TestClock.adjust("1 day")
        const rate = (rating: "good" | "bad" | null, comment?: string) =>
          rateChat(visitorAt("v-c"), { ...c, rating, ...(comment === undefined ? {} : { comment }) })
        yield* rate("good", "Quick")
        expect(yield* feedOf).toMatchObject([{ id: "c", at: 0, endedAt: 0, rating: "good", comment: "Quick" }])
        yield* rate("bad")
        yield* tagChat(agentAt("a1"), { ...c, tags: ["later"] })
        expect(yield* feedOf).toMatchObject([{ id: "c", rating: "bad", comment: null, tags: ["later"] }])
        yield* rate(null)
        yield* tagChat(agentAt("a1"), { ...c, tags: [] })
        expect(yield* feedOf).toMatchObject([{ id: "c", rating: null, comment: null, tags: [] }])
      })
    )
  )
})

describe("what feeds leave out", () => {
  it.effect("missed chats and offline messages, unless asked; each for itself (D4, H3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        yield* chatted("served", { email })
        yield* chatted("missed", { by: null, email })
        yield* leaveOfflineMessage(visitorAt("v"), {
          visitorId: visitorId("v"),
          chatId: chatId("offline"),
          email,
          texts: ["Call me"]
        })
        const read = (more: Partial<ActivityFilter.ActivityFilter>) =>
          Effect.map(chatsIn(personRef("p"), { filter: { ...ActivityFilter.all, ...more } }), (ids) => ids.toSorted())
        expect(yield* read({})).toEqual(["served"])
        expect(yield* chatsIn(personRef("p"))).toEqual(["served"])
        expect(yield* read({ includeMissed: true })).toEqual(["missed", "served"])
        expect(yield* read({ includeOfflineMessages: true })).toEqual(["offline", "served"])
        const all = { ...ActivityFilter.all, includeMissed: true, includeOfflineMessages: true }
        const { completeness, entries } = yield* readFeed(importer, { record: personRef("p"), filter: all })
        const outcomes = entries.map((entry) => (entry._tag === "Chat" ? `${entry.id} ${entry.outcome}` : ""))
        expect(outcomes.toSorted()).toEqual(["missed missed", "offline offlineMessage", "served served"])
        expect(entries.find(({ id }) => id === "offline")).toMatchObject({ beginning: "Call me", agentNames: [] })
        expect(completeness).toEqual({ _tag: "Complete" })
      })
    )
  )

  it.effect("all chats while past chats are off; other entries stay, and nothing is deleted (H5, H6)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        yield* chatted("c", { email })
        yield* logActivity(importer, { record: personRef("p"), type: "Call", text: "Rang" })
        const words = Effect.map(feedOf, (entries) => entries.map(wordOf).toSorted())
        expect(yield* words).toEqual(["Call", "c"])
        yield* settle({ pastChatsInFeed: false })
        expect(yield* words).toEqual(["Call"])
        expect((yield* readFeed(importer, { record: personRef("p") })).completeness).toEqual({ _tag: "Complete" })
        yield* chatted("while-off", { email })
        expect(yield* words).toEqual(["Call"])
        yield* settle({ pastChatsInFeed: true })
        expect(yield* words).toEqual(["Call", "c", "while-off"])
      })
    )
  )

  it.effect("nothing because of the other two switches, for users (H6)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        yield* chatted("c", { email })
        yield* settle({ chatInsideCrm: false, crmInsideChat: false })
        expect((yield* feedOf).map(wordOf)).toEqual(["c"])
      })
    )
  )
})
