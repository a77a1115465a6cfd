import { Result } from "effect"
import fc from "fast-check"
import { type Chat, type ChatEvent, ChatEvolve, Instant, PastChat, Transcript } from "leadline"
import { describe, expect, it } from "vitest"
import { NOW, past, sealed, unserved } from "../../use-cases/import/PastChats.ts"
import { agentId } from "../../use-cases/panel/Chats.ts"

const at = Instant.fromMillis
const decide = (of: PastChat.PastChat, now = NOW) => PastChat.decide(of, sealed(of), at(now))
const refusalOf = (of: PastChat.PastChat) => Result.getOrThrow(Result.flip(decide(of)))
const eventsOf = (of: PastChat.PastChat) => Result.getOrThrow(decide(of))
const tagsOf = (events: ReadonlyArray<ChatEvent.ChatEvent>) => events.map(({ _tag }) => _tag)

const chatOf = (events: ReadonlyArray<ChatEvent.ChatEvent>): Chat.Chat | null =>
  events.reduce<Chat.Chat | null>((chat, event) => ChatEvolve.evolve(chat, event, at(NOW)), null)

const said = (millis: number, text = "x"): PastChat.PastMessage => ({
  at: at(millis),
  visibility: "public",
  author: { _tag: "Visitor" },
  text
})

const long = (length: number) => "x".repeat(length)

describe("a chat of the past", () => {
  it("happens as its import, its messages, rating, tags and close (D2, D9)", () => {
    const full = past("c", { rating: { rating: "good", comment: "Quick" }, tags: ["a", "b", "a"] })
    const events = eventsOf(full)
    expect(tagsOf(events)).toEqual([
      "ChatImported",
      "MessageSent",
      "MessageSent",
      "ChatRated",
      "ChatTagged",
      "ChatClosed"
    ])
    expect(events.at(-2)).toMatchObject({ tags: ["a", "b"] })
    expect(tagsOf(eventsOf(past("c")))).not.toContain("ChatTagged")
    expect(chatOf(events)).toMatchObject({ tags: ["a", "b"], rating: { rating: "good" }, eventCount: 6 })
  })

  it("neither waits nor is served at any moment of its import (C1, B5)", () => {
    for (const of of [past("c"), unserved("c", "missed"), unserved("c", "offlineMessage")]) {
      let chat: Chat.Chat | null = null
      for (const event of eventsOf(of)) {
        chat = ChatEvolve.evolve(chat, event, at(NOW))
        expect(["Left", "Closed"]).toContain(chat?.state._tag)
        expect([chat?.serving, chat?.queueNumber, chat?.offer]).toEqual([[], null, null])
      }
      expect(chat?.state._tag).toBe("Closed")
    }
  })

  it("was answered by the first who served, at the start where it is not known when (C8, H1)", () => {
    const two = [agentId("a2"), agentId("a1"), agentId("a2")]
    expect(chatOf(eventsOf(past("c", { servedBy: two, answeredAt: null })))).toMatchObject({
      servedBy: ["a2", "a1"],
      answered: { by: "a2", at: 10_000 }
    })
    expect(chatOf(eventsOf(unserved("c", "missed")))).toMatchObject({ answered: null, kind: "chat" })
    expect(chatOf(eventsOf(unserved("c", "offlineMessage")))).toMatchObject({ answered: null, kind: "offlineMessage" })
  })

  it("has numbers without gaps, times that never go back, an end after all, a digest that verifies (D7)", () => {
    const times = fc.array(fc.integer({ min: 0, max: NOW }), { maxLength: 12 })
    const span = fc.tuple(fc.integer({ min: 0, max: NOW }), fc.integer({ min: 0, max: NOW }))
    fc.assert(
      fc.property(times, span, (times, [a, b]) => {
        const [startedAt, endedAt] = [at(Math.min(a, b)), at(Math.max(a, b))]
        const of = unserved("c", "missed", { startedAt, endedAt, messages: times.map((time) => said(time)) })
        const events = eventsOf(of)
        const lines = events.flatMap((event) => (event._tag === "MessageSent" ? [event.message] : []))
        const chat = chatOf(events)
        if (chat === null || chat.state._tag !== "Closed") throw new Error("not closed")
        expect(Transcript.verify(lines, chat.digest)).toBeNull()
        expect(lines.map(({ number }) => number)).toEqual(times.map((_, index) => index + 1))
        const expected = times.map((_, index) => Math.max(startedAt, ...times.slice(0, index + 1)))
        expect(lines.map((line) => line.at)).toEqual(expected)
        expect(chat.state.at).toBe(Math.max(endedAt, ...expected))
        expect(chat.messages.total).toBe(times.length)
        expect(events.at(-1)).toMatchObject({ digest: chat.digest, messages: times.length })
      })
    )
  })

  it("is refused above each limit, naming the field, and taken at the limit (D11)", () => {
    const visitor = past("c").visitor
    const cases: ReadonlyArray<readonly [string, number, (text: string) => Partial<PastChat.PastChat>]> = [
      ["visitor.name", 255, (name) => ({ visitor: { ...visitor, name } })],
      ["visitor.email", 254, (email) => ({ visitor: { ...visitor, email } })],
      ["visitor.phone", 64, (phone) => ({ visitor: { ...visitor, phone } })],
      ["messages.1.text", 16_000, (text) => ({ messages: [said(11_000), said(12_000, text)] })],
      ["rating.comment", 16_000, (comment) => ({ rating: { rating: "bad", comment } })],
      ["tag", 80, (tag) => ({ tags: [tag] })]
    ]
    for (const [field, limit, with_] of cases) {
      expect(Result.isSuccess(decide(past("c", with_(long(limit)))))).toBe(true)
      expect(refusalOf(past("c", with_(long(limit + 1))))).toEqual({ _tag: "TooLong", field, limit, size: limit + 1 })
    }
    const tags = Array.from({ length: 51 }, (_, index) => `t${index}`)
    expect(refusalOf(past("c", { tags }))).toEqual({ _tag: "TooMany", field: "tags", limit: 50, size: 51 })
    expect(Result.isSuccess(decide(past("c", { tags: tags.slice(1) })))).toBe(true)
    expect(refusalOf(past("c", { tags: ["a b"] }))).toEqual({ _tag: "BadTag", tag: "a b" })
    expect(refusalOf(past("c", { messages: [said(11_000, " ")] }))).toEqual({
      _tag: "Blank",
      field: "messages.0.text"
    })
  })

  it("is refused with a time that cannot be: before its start, still to come (D7)", () => {
    const outside = (field: string, time: number, from: number | null, until: number) => ({
      _tag: "TimeOutside",
      field,
      at: time,
      from,
      until
    })
    expect(refusalOf(past("c", { startedAt: at(NOW + 1) }))).toEqual(outside("startedAt", NOW + 1, null, NOW))
    expect(refusalOf(past("c", { endedAt: at(9_999) }))).toEqual(outside("endedAt", 9_999, 10_000, NOW))
    expect(refusalOf(past("c", { endedAt: at(NOW + 1) }))).toEqual(outside("endedAt", NOW + 1, 10_000, NOW))
    expect(refusalOf(past("c", { answeredAt: at(9_999) }))).toEqual(outside("answeredAt", 9_999, 10_000, 70_000))
    expect(refusalOf(past("c", { answeredAt: at(70_001) }))).toEqual(outside("answeredAt", 70_001, 10_000, 70_000))
    expect(refusalOf(past("c", { messages: [said(1), said(NOW + 1)] }))).toEqual(
      outside("messages.1.at", NOW + 1, null, NOW)
    )
    const instant = { startedAt: at(NOW), endedAt: at(NOW), answeredAt: at(NOW), messages: [said(NOW)] }
    expect(Result.isSuccess(decide(past("c", instant)))).toBe(true)
  })

  it("is refused where its fields contradict its outcome (D4, C10)", () => {
    const contradiction = (field: string, outcome: string) => ({ _tag: "Contradiction", field, outcome })
    expect(refusalOf(past("c", { servedBy: [] }))).toEqual(contradiction("servedBy", "served"))
    for (const outcome of ["missed", "offlineMessage"] as const) {
      const servedBy = [agentId("a1")]
      expect(refusalOf(unserved("c", outcome, { servedBy }))).toEqual(contradiction("servedBy", outcome))
      expect(refusalOf(unserved("c", outcome, { answeredAt: at(10_000) }))).toEqual(
        contradiction("answeredAt", outcome)
      )
    }
    expect(refusalOf(unserved("c", "offlineMessage", { messages: [] }))).toEqual({ _tag: "Blank", field: "messages" })
    expect(Result.isSuccess(decide(unserved("c", "missed", { messages: [] })))).toBe(true)
    expect(refusalOf(past("c", { servedBy: [agentId("a2")] }))).toEqual({
      _tag: "AuthorNotServing",
      field: "messages.1.author",
      agentId: "a1"
    })
  })
})
