import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import {
  answerChat,
  changeVisitorDetails,
  createLead,
  endChat,
  openTranscript,
  requestChat,
  sendMessage,
  writeInternalNote
} from "leadline/use-cases"
import {
  chatId,
  company,
  companyRef,
  importer,
  leadRef,
  person,
  personRef,
  recordId,
  saveRecords
} from "../crm/World.ts"
import { agentAt, chatted, chatting, settle, userAt, visitorAt, visitorId, world } from "../panel/Chats.ts"
import { cast } from "./Feeds.ts"

const email = "ann@example.com"
const c = { chatId: chatId("c") }
const record = personRef("p")

/** A chat of ann's, with an internal note between its lines. */
const talked = Effect.gen(function* () {
  yield* cast
  yield* settle({ chatUrl: "https://chat.example/{id}" })
  yield* saveRecords(person("p", [email], { firstName: "Ann", lastName: "Lee" }))
  yield* TestClock.adjust("10 seconds")
  yield* requestChat(visitorAt("v-c"), { ...c, visitorId: visitorId("v-c"), name: "Annie", email })
  yield* answerChat(agentAt("a1"), c)
  yield* sendMessage(visitorAt("v-c"), { ...c, text: "Hello" })
  yield* writeInternalNote(agentAt("a1"), { ...c, text: "Secret" })
  yield* TestClock.adjust("5 seconds")
  yield* sendMessage(agentAt("a1"), { ...c, text: "Hi Ann" })
  yield* endChat(visitorAt("v-c"), c)
})

describe("a transcript in a feed", () => {
  it.effect("shows everything public, the times, the names, the way back to Chat; nothing internal (D8, H1, J1)", () =>
    world(
      Effect.gen(function* () {
        yield* talked
        const read = yield* openTranscript(userAt("u2"), { ...c, record })
        expect(read).toEqual({
          chatId: "c",
          startedAt: 10_000,
          endedAt: 15_000,
          visitorName: "Annie",
          agentNames: ["A1"],
          lines: [
            { number: 1, at: 10_000, from: { _tag: "Visitor" }, text: "Hello" },
            { number: 3, at: 15_000, from: { _tag: "Agent", name: "A1" }, text: "Hi Ann" }
          ],
          next: null,
          recordName: "Ann Lee",
          chatUrl: "https://chat.example/c"
        })
        expect(JSON.stringify(read)).not.toContain("acme.example")
      })
    )
  )

  it.effect("is read page by page, without a line twice or left out (H1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        yield* chatting("c", { email })
        for (let n = 1; n <= 7; n++) yield* sendMessage(visitorAt("v-c"), { ...c, text: `line ${n}` })
        yield* endChat(visitorAt("v-c"), c)
        const lines: Array<unknown> = []
        let after: number | null = 0
        while (after !== null) {
          const page: Effect.Success<ReturnType<typeof openTranscript>> = yield* openTranscript(importer, {
            ...c,
            record,
            after,
            limit: 3
          })
          lines.push(...page.lines.map(({ text }) => text))
          after = page.next
        }
        expect(lines).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => `line ${n}`))
      })
    )
  )

  it.effect("opens from every feed that shows the chat, and from no other (A7, H2)", () =>
    world(
      Effect.gen(function* () {
        yield* talked
        yield* saveRecords(
          company("o", []),
          person("p", [email], { companyId: recordId("o") }),
          person("other", ["other@x.example"])
        )
        yield* openTranscript(importer, { ...c, record: companyRef("o") })
        const refused = { _tag: "ChatNotFound", chatId: "c" }
        expect(yield* Effect.flip(openTranscript(importer, { ...c, record: personRef("other") }))).toEqual(refused)
        yield* saveRecords(person("p", ["new@x.example"], { companyId: recordId("o") }))
        expect(yield* Effect.flip(openTranscript(importer, { ...c, record }))).toEqual(refused)
        expect(yield* Effect.flip(openTranscript(importer, { ...c, record: companyRef("o") }))).toEqual(refused)
      })
    )
  )

  it.effect("opens from the lead the chat made, whatever email it closed with (E7)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email })
        const { lead } = yield* createLead(agentAt("a1"), c)
        yield* changeVisitorDetails(visitorAt("v-c"), { ...c, email: null })
        yield* endChat(visitorAt("v-c"), c)
        expect(yield* openTranscript(importer, { ...c, record: leadRef(lead) })).toMatchObject({ chatId: "c" })
      })
    )
  )

  it.effect("of an open chat, or one that is not there, or while past chats are off, is not found (H6, H7)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        yield* chatting("open", { email })
        yield* chatted("c", { email })
        const open = (id: string) => openTranscript(importer, { record, chatId: chatId(id) })
        for (const id of ["open", "none"]) {
          expect(yield* Effect.flip(open(id))).toEqual({ _tag: "ChatNotFound", chatId: id })
        }
        yield* open("c")
        yield* settle({ pastChatsInFeed: false })
        expect(yield* Effect.flip(open("c"))).toEqual({ _tag: "ChatNotFound", chatId: "c" })
        yield* settle({ pastChatsInFeed: true })
        yield* open("c")
      })
    )
  )

  it.effect("says nothing of chats without an email to whoever looks under a record without one (A7)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", []))
        yield* chatted("c", {})
        expect(yield* Effect.flip(openTranscript(importer, { ...c, record }))).toMatchObject({ _tag: "ChatNotFound" })
      })
    )
  )
})
