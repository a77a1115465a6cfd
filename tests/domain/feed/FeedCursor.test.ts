import { Result } from "effect"
import fc from "fast-check"
import { FeedCursor, Instant } from "leadline"
import { describe, expect, it } from "vitest"

const { decode, encode } = FeedCursor

/** Source: ECMA-262, time values. */
const DATE_RANGE = 8.64e15

const source = fc.constantFrom("chats" as const, "activities" as const)
const cursor: fc.Arbitrary<FeedCursor.FeedCursor> = fc.record({
  at: fc.integer({ min: -DATE_RANGE, max: DATE_RANGE }).map(Instant.fromMillis),
  id: fc.string({ unit: fc.constantFrom(..."aZ9-_.:é漢🙂"), minLength: 1, maxLength: 60 }),
  after: fc.constantFrom("Chat", "Activity"),
  chatsShown: fc.nat(),
  clientLimited: fc.boolean(),
  sourceLimit: fc.option(fc.record({ source, limit: fc.nat() })),
  unavailable: fc.option(source)
})
const scope = fc.string({ unit: "grapheme" })

const base64Url = (text: string): string => Buffer.from(text).toString("base64url")

const unreadable = Result.fail({ _tag: "BadCursor", reason: "unreadable" })
const otherFeed = Result.fail({ _tag: "BadCursor", reason: "otherFeed" })

describe("a feed's cursor", () => {
  it("comes back as it was, limits that have bitten included, from characters that are safe in a URL (H4, H5)", () => {
    fc.assert(
      fc.property(cursor, scope, (one, feed) => {
        const text = encode(one, feed)
        expect(text).toMatch(/^[A-Za-z0-9_-]+$/)
        expect(decode(text, feed)).toEqual(Result.succeed(one))
      })
    )
  })

  it("is refused by every other feed and filter (H4)", () => {
    fc.assert(
      fc.property(cursor, scope, scope, (one, feed, other) => {
        fc.pre(feed !== other)
        expect(decode(encode(one, feed), other)).toEqual(otherFeed)
      })
    )
  })

  it("is refused, never thrown, when it is any other text (H4)", () => {
    const json = fc.oneof(fc.json(), fc.string({ unit: "binary" }))
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.base64String(), json.map(base64Url))
    fc.assert(
      fc.property(text, scope, (typed, feed) => {
        expect(decode(typed, feed)).toEqual(unreadable)
      }),
      { numRuns: 1000 }
    )
  })

  it("is refused when its end is cut off, or a part of it is missing or of the wrong kind (H4)", () => {
    const changed = fc.constantFrom("at", "id", "after", "chatsShown", "clientLimited", "sourceLimit", "unavailable")
    fc.assert(
      fc.property(cursor, scope, changed, fc.nat(), (one, feed, part, end) => {
        const text = encode(one, feed)
        expect(decode(text.slice(0, end % text.length), feed)).toEqual(unreadable)
        for (const value of [undefined, { not: "this" }, "1.5", Number.MAX_VALUE]) {
          if (part === "id" && typeof value === "string") continue
          const forged = JSON.stringify({ scope: feed, cursor: { ...one, [part]: value } })
          expect(decode(base64Url(forged), feed)).toEqual(unreadable)
        }
      })
    )
  })
})
