import { Result } from "effect"
import * as fc from "fast-check"
import { Instant, SearchCursor } from "leadline"
import { describe, expect, it } from "vitest"

const cursor = { at: Instant.fromMillis(7), id: "c-1" }

describe("the cursor of a search (H4)", () => {
  it("comes back as it was, for the search it was made for", () => {
    const text = SearchCursor.encode(cursor, "a")
    expect(SearchCursor.decode(text, "a")).toEqual(Result.succeed(cursor))
    expect(SearchCursor.decode(text, "b")).toEqual(Result.fail({ _tag: "BadCursor", reason: "otherSearch" }))
  })

  it("is refused when it is none, whatever it is", () => {
    const unreadable = Result.fail({ _tag: "BadCursor", reason: "unreadable" })
    const forged = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
    for (const text of ["", "?", forged({ search: "a" }), forged({ search: "a", cursor: { at: 1, id: "a b" } })]) {
      expect(SearchCursor.decode(text, "a")).toEqual(unreadable)
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(Result.isFailure(SearchCursor.decode(text, "a"))).toBe(true)
      })
    )
  })
})
