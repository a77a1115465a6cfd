import { describe, expect, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { Id, RecordRef } from "leadline"
import { readConversation, sendMessage } from "leadline/use-cases"
import { chatId } from "../crm/World.ts"
import { agentOf, chatting, hire, visitorAt, world } from "../panel/Chats.ts"

describe("limits on what is asked for", () => {
  it.effect.each([
    [2, 2],
    [0, 1],
    [-5, 1],
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 3]
  ] as const)("a transcript page of %s holds what a page may hold (D11)", ([limit, lines]) =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        yield* chatting("c", { by: null })
        const visitor = visitorAt("v-c")
        for (const text of ["one", "two", "three"]) yield* sendMessage(visitor, { chatId: chatId("c"), text })
        expect((yield* readConversation(visitor, { chatId: chatId("c"), limit })).lines).toHaveLength(lines)
      })
    )
  )

  it.each([".", "..", "", "a b", "a/b", "a\u0000", "x".repeat(129)])("no id is %j", (text) => {
    expect(Schema.is(Id.ChatId)(text)).toBe(false)
    expect(Schema.is(RecordRef.RecordId)(text)).toBe(false)
  })

  it.each(["2603.7.000000", "...", "é", "x".repeat(128)])("%j may be an id", (text) => {
    expect(Schema.is(Id.ChatId)(text)).toBe(true)
    expect(Schema.is(RecordRef.RecordId)(text)).toBe(true)
  })
})
