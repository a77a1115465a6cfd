import { Schema } from "effect"
import fc from "fast-check"
import { ActivityEntry, Actor, Id, Instant } from "leadline"
import { describe, expect, it } from "vitest"

const { beginningOf, order } = ActivityEntry

/** Few instants and few ids, so that entries meet in one, in the other and in both. */
const placed: fc.Arbitrary<ActivityEntry.Placed> = fc.record({
  _tag: fc.constantFrom("Chat", "Activity"),
  at: fc.integer({ min: 0, max: 2 }).map(Instant.fromMillis),
  id: fc.constantFrom("1", "10", "2", "a", "B")
})

const textOf = (...characters: ReadonlyArray<string>): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...characters), { minLength: 135, maxLength: 400 }).map((parts) => parts.join(""))

/** Texts around the limit, some of whose characters are two code units. */
const whole = textOf("a", "é", "😀", "👩‍👧", "\n")

describe("an entry's place", () => {
  it("is newest first by start, then id as a string, then the chat before the activity (H4)", () => {
    const entries = [
      ["Chat", 1, "z"],
      ["Activity", 2, "10"],
      ["Chat", 2, "10"],
      ["Activity", 2, "9"],
      ["Chat", 2, "a"],
      ["Chat", 2, "B"]
    ] as const
    const sorted = entries.map(([_tag, at, id]) => ({ _tag, at: Instant.fromMillis(at), id })).sort(order)
    expect(sorted.map(({ _tag, at, id }) => `${at} ${id} ${_tag}`)).toEqual([
      "2 a Chat",
      "2 B Chat",
      "2 9 Activity",
      "2 10 Chat",
      "2 10 Activity",
      "1 z Chat"
    ])
  })

  it("is no other entry's place, and either before or after it (H4)", () => {
    fc.assert(
      fc.property(placed, placed, (a, b) => {
        const isSame = a._tag === b._tag && a.at === b.at && a.id === b.id
        expect(order(a, b) === 0).toBe(isSame)
        expect(order(a, b) + order(b, a)).toBe(0)
      })
    )
  })
})

describe("the beginning of a chat", () => {
  it("is the first 280 characters, counted as code points (H1)", () => {
    fc.assert(
      fc.property(fc.oneof(whole, textOf("a", "😀", "\ud83d", "\ude00")), (typed) => {
        expect([...beginningOf(typed)]).toEqual([...typed].slice(0, 280))
      })
    )
  })

  it("is all of a text of 280 characters, even if they take 560 code units (H1)", () => {
    expect(beginningOf("😀".repeat(280))).toBe("😀".repeat(280))
    expect(beginningOf("😀".repeat(281))).toBe("😀".repeat(280))
    expect(beginningOf("a".repeat(281))).toBe("a".repeat(280))
    expect(beginningOf("")).toBe("")
  })

  it("ends with a whole character if the text is made of whole ones (H1)", () => {
    fc.assert(
      fc.property(whole, (typed) => {
        expect(beginningOf(typed).isWellFormed()).toBe(true)
      })
    )
  })
})

describe("an entry", () => {
  const at = Instant.fromMillis(5)

  it("carries start, end, agents, names, beginning and a way back through JSON, for chats without any too (H1)", () => {
    const full: ActivityEntry.ActivityEntry = {
      _tag: "Chat",
      id: Id.ChatId.make("c1"),
      at,
      endedAt: Instant.fromMillis(9),
      outcome: "served",
      servedBy: [Id.AgentId.make("100"), Id.AgentId.make("101")],
      agentNames: ["Sam", "Kim"],
      recordName: "Ann Archer",
      visitorName: "ann",
      beginning: "Hello",
      rating: "good",
      comment: "Thanks",
      tags: ["sales"],
      chatUrl: "https://chat.example/c1"
    }
    const erased = { ...full, visitorName: null, beginning: null, rating: null, comment: null, chatUrl: null }
    for (const entry of [full, erased]) {
      const json = JSON.stringify(Schema.encodeSync(ActivityEntry.ActivityEntry)(entry))
      expect(Schema.decodeUnknownSync(ActivityEntry.ActivityEntry)(JSON.parse(json))).toEqual(entry)
    }
  })

  it("may be the record's own entry that it was added from Chat (H1)", () => {
    const activity = {
      _tag: "AddedFromChat",
      id: Id.ActivityId.make("a1"),
      record: { kind: "lead", id: "l1" },
      at,
      by: Actor.system,
      chatId: Id.ChatId.make("c1")
    }
    const entry = { _tag: "Activity", id: "a1", at, activity, byName: null }
    expect(Schema.is(ActivityEntry.ActivityEntry)(entry)).toBe(true)
    expect(Schema.is(ActivityEntry.ActivityEntry)({ ...entry, activity: { ...activity, _tag: "Chat" } })).toBe(false)
  })
})
